/* board: the pages for paper out of the api: what the journal knows is handed to them; they are made in dispatcher/board/. */
#include "board/board.h"

#include <stdlib.h>

#include "api/told.h"

/* A page waits for so many rows of the journal at most; the rest is there with the next one. */
enum { ROWS_READ_MAX = 40 };

struct asked {
	struct api *api;
	uint32_t rows_left;
	struct tell tell;
};

static bool may_ask(struct asked *asked, uint32_t incident)
{
	if (told_kept(asked->api, incident))
		return true;
	if (asked->rows_left == 0)
		return false;
	asked->rows_left--;
	return true;
}

static struct board_told told(void *context, uint32_t incident)
{
	struct asked *asked = context;
	const struct told *told = told_of(may_ask(asked, incident) ? asked->api : NULL, incident);

	return (struct board_told){told->caller, told->phone, told->text, told->where};
}

static struct text words(void *context, const struct task *task)
{
	struct asked *asked = context;

	words_to_say(
		&asked->tell, asked->api->core, may_ask(asked, task->incident) ? asked->api : NULL, task);
	return (struct text){asked->tell.zh, asked->tell.zh_len};
}

struct board_note shift_note(struct api *api, uint64_t seq)
{
	struct event event;
	struct effects effects;

	if (seq == 0 || !row_read(api, seq, &event, &effects) || event.kind != EVENT_SHIFT)
		return (struct board_note){.at_ms = 0};
	return (struct board_note){event.u.shift.note, event.by, event.at_ms};
}

static struct board_note note(void *context, uint64_t seq)
{
	const struct asked *asked = context;

	return shift_note(asked->api, seq);
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
		.conflict = status.conflict,
		.fenced = status.fenced,
		.holder = status.pair.holder,
		.leader = status.pair.leader,
		.state = status.pair.state,
		.every_s = every_s,
		.source = {asked, told, words, note}};
}

void api_idle(struct api *api)
{
	told_warm(api);
}

enum disp_err api_board(struct api *api, uint32_t every_s, char **out, size_t *count)
{
	struct asked asked = {.api = api, .rows_left = ROWS_READ_MAX};
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
	struct asked asked = {.api = request->api, .rows_left = ROWS_READ_MAX};
	struct board_view view = view_of(&asked, 0);
	char *bytes;
	size_t count;

	if (!ask_bool(request, "short", &view.brief))
		return;
	enum disp_err err = board_render(&view, &bytes, &count);

	reply_made(request, err, "text/html; charset=utf-8", bytes, count);
}

void get_shift(struct request *request)
{
	struct asked asked = {.api = request->api, .rows_left = ROWS_READ_MAX};
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
