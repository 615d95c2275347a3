/* run_page: answers that are pages already, for people or paper: reports, the hand-over of a shift, the board. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/run.h"
#include "ctl/value.h"
#include "wire/utf8.h"

/* A page is lines; whatever else could move the cursor is taken out of each. */
static void page_clean(char *text)
{
	for (char *line = text; *line != '\0';) {
		size_t len = strcspn(line, "\n");

		(void)utf8_make_harmless(line, len);
		line += len + (line[len] == '\n');
	}
}

/* With --json the page is the member `text` of a document. */
static int page_print(struct session *session, const char *path)
{
	char *text;
	int code = session_fetch(session, "GET", path, NULL, &text);

	if (code == EXIT_DONE && session->json) {
		json_t *document = json_pack("{s:s}", "text", text);

		if (document != NULL)
			session_print(session, document);
		json_decref(document);
	} else if (code == EXIT_DONE) {
		page_clean(text);
		fputs(text, session->screen.to);
		if (text[0] != '\0' && text[strlen(text) - 1] != '\n')
			fputc('\n', session->screen.to);
	}
	free(text);
	return code;
}

/* The path with one more argument of its query. */
static bool path_make(
	const struct session *session, const struct args *args, const char *more, char path[SESSION_PATH_MAX])
{
	json_t *body;
	size_t len;

	if (!session_request(session, args, path, &body))
		return false;
	json_decref(body);
	len = strlen(path);
	return more[0] == '\0' || screen_format(path + len, SESSION_PATH_MAX - len, "%s%s",
					  strchr(path, '?') == NULL ? "?" : "&", more) > strlen(more);
}

int run_incident_report(struct session *session, const struct args *args)
{
	char path[SESSION_PATH_MAX], more[64];
	json_t *reply;
	int code;

	screen_format(more, sizeof(more), "lang=%s%s", session->screen.lang == LANG_ZH ? "zh" : "en",
		session->json ? "&json=true" : "");
	if (!path_make(session, args, more, path))
		return EXIT_USAGE;
	if (!session->json)
		return page_print(session, path);
	code = session_send(session, "GET", path, NULL, &reply);
	if (code == EXIT_DONE)
		session_print(session, reply);
	json_decref(reply);
	return code;
}

int run_shift_show(struct session *session, const struct args *args)
{
	char path[SESSION_PATH_MAX];
	json_t *reply;
	int code;

	if (!path_make(session, args, "json=true", path))
		return EXIT_USAGE;
	code = session_send(session, "GET", path, NULL, &reply);
	if (code == EXIT_DONE)
		session_show(session, args->command, reply);
	json_decref(reply);
	return code;
}

int run_shift_page(struct session *session, const struct args *args)
{
	char path[SESSION_PATH_MAX];

	if (!path_make(session, args, args_text(args, "--html") == NULL ? "text=true" : "", path))
		return EXIT_USAGE;
	return page_print(session, path);
}

/* A page for paper is no reading on a terminal: there it is said how to have it. */
int run_board_show(struct session *session, const struct args *args)
{
	char path[SESSION_PATH_MAX];

	if (!session->json && isatty(STDOUT_FILENO) == 1) {
		fprintf(session->screen.to, "%s\n",
			screen_say(&session->screen, "The board is a page to print: dispatchctl board show > "
						     "board.html. The daemon writes it every "
						     "minute, too: var/run/board.html, unless its "
						     "configuration says another file."));
		return EXIT_DONE;
	}
	return path_make(session, args, "", path) ? page_print(session, path) : EXIT_USAGE;
}

int run_whoami(struct session *session, const struct args *args)
{
	const char *by = args_text(args, "--by");
	char path[SESSION_PATH_MAX], escaped[SESSION_PATH_MAX / 2];
	json_t *reply;
	int code;

	if (!http_escape(by == NULL ? session->by : by, escaped, sizeof(escaped)))
		return EXIT_USAGE;
	screen_format(path, sizeof(path), "/v1/whoami?by=%s", escaped);
	code = session_send(session, "GET", path, NULL, &reply);
	if (code == EXIT_DONE)
		session_show(session, args->command, reply);
	json_decref(reply);
	return code;
}
