/* board: the pages for paper out of the api: what the journal knows is handed to them; they are made in dispatcher/board/. */
#include "board/board.h"

#include <stdlib.h>
#include <string.h>

#include "api/told.h"

/* What a page is asked for, kept until it asks again. */
struct asked {
	struct api *api;
	struct told told;
	struct tell tell;
};

static struct board_told told(void *context, uint32_t incident)
{
	struct asked *asked = context;

	memset(&asked->told, 0, sizeof(asked->told));
	told_read(asked->api, incident, &asked->told);
	return (struct board_told){
		asked->told.caller, asked->told.phone, asked->told.text, asked->told.where};
}

static struct text words(void *context, const struct task *task)
{
	struct asked *asked = context;

	words_to_say(&asked->tell, asked->api->core, asked->api, task);
	return (struct text){asked->tell.zh, asked->tell.zh_len};
}

static struct board_view view_of(struct asked *asked, uint32_t every_s)
{
	struct api *api = asked->api;
	struct api_status status = {.version = ""};

	if (api->hooks.status != NULL)
		api->hooks.status(api->hooks.context, &status);
	return (struct board_view){.core = api->core,
		.now_ms = api->hooks.now_ms(api->hooks.context),
		.island = status.island,
		.every_s = every_s,
		.source = {asked, told, words}};
}

enum disp_err api_board(struct api *api, uint32_t every_s, char **out, size_t *count)
{
	struct asked asked = {.api = api};
	struct board_view view = view_of(&asked, every_s);

	return board_render(&view, out, count);
}

static void free_page(const void *bytes, size_t count, void *context)
{
	(void)count;
	(void)context;
	free((void *)(uintptr_t)bytes);
}

static void reply_made(
	struct request *request, enum disp_err err, const char *type, char *bytes, size_t count)
{
	if (err != DISP_OK || evbuffer_add_reference(request->body, bytes, count, free_page, NULL) != 0) {
		free(bytes);
		reply_error(request->api, request->http, 503, "overloaded", "no memory; try again soon");
		return;
	}
	reply_bytes(request->api, request->http, 200, type, request->body);
}

void get_board(struct request *request)
{
	char *bytes;
	size_t count;
	enum disp_err err = api_board(request->api, 0, &bytes, &count);

	reply_made(request, err, "text/html; charset=utf-8", bytes, count);
}

void get_shift(struct request *request)
{
	struct asked asked = {.api = request->api};
	struct board_view view = view_of(&asked, 0);
	bool text = false;
	char *bytes;
	size_t count;
	enum disp_err err;

	if (!ask_bool(request, "text", &text))
		return;
	err = board_render_shift(&view, !text, &bytes, &count);
	reply_made(
		request, err, text ? "text/plain; charset=utf-8" : "text/html; charset=utf-8", bytes, count);
}
