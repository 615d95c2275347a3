/* alarm_send: lines of alarms to the daemon in batches, its replies as they come, a line each; understands no alarm. */
#include <stdlib.h>
#include <string.h>

#include "ctl/run.h"
#include "ctl/value.h"

enum { BATCH_LINES = 256, BATCH_BYTES = 512 * 1024 };

struct sending {
	struct session *session;
	json_t *replies; /* with --json */
	char *batch;     /* whole lines */
	size_t len, room;
	uint32_t lines;
	bool rejected;
};

/* Which member of the alarm it is about: what the detail begins with. */
static void rejected_say(const struct screen *screen, const json_t *reply, char *out, size_t size)
{
	const char *detail = value_string(reply, "detail");
	size_t len = strcspn(detail, ": ");
	const char *reason = value_word(screen, WORDS_REJECT, value_string(reply, "reason"));

	if (screen->lang != LANG_ZH)
		screen_format(out, size, "%s: %.400s", reason, detail);
	else if (detail[len] == ':' && len > 0)
		screen_format(out, size, "%s(%.*s)", reason, (int)len, detail);
	else
		screen_format(out, size, "%s", reason);
}

/* For a person: "w-1  rcam-01  已受理  2026-000012". */
static void reply_show(const struct screen *screen, const json_t *reply)
{
	const char *result = value_string(reply, "result");
	bool rejected = strcmp(result, "rejected") == 0;
	char more[VALUE_TEXT_MAX];

	if (rejected)
		rejected_say(screen, reply, more, sizeof(more));
	else
		screen_format(more, sizeof(more), "%s", value_string(reply, "incident"));
	fprintf(screen->to, "%s  %s  %s%s%s%s%s\n",
		value_string(reply, "id")[0] == '\0' ? "-" : value_string(reply, "id"),
		value_string(reply, "source")[0] == '\0' ? "-" : value_string(reply, "source"),
		screen_tone(screen, rejected ? TONE_BAD : TONE_GOOD),
		value_word(screen, WORDS_ALARM_RESULT, result), screen_plain(screen),
		more[0] == '\0' ? "" : "  ", more);
}

static void reply_take(struct sending *sending, const char *line)
{
	json_t *reply = json_loads(line, 0, NULL);

	if (strcmp(value_string(reply, "result"), "rejected") == 0)
		sending->rejected = true;
	value_clean(reply);
	if (sending->replies == NULL)
		reply_show(&sending->session->screen, reply);
	else
		ASSERT(json_array_append_new(sending->replies,
			       reply == NULL ? json_string(line) : json_incref(reply)) == 0);
	json_decref(reply);
}

static int batch_send(struct sending *sending)
{
	char *text, *rest = NULL;
	int code;

	if (sending->lines == 0)
		return EXIT_DONE;
	code = session_fetch(sending->session, "POST", "/v1/alarms", sending->batch, &text);
	sending->len = 0;
	sending->lines = 0;
	for (char *line = code == EXIT_DONE ? strtok_r(text, "\n", &rest) : NULL; line != NULL;
		line = strtok_r(NULL, "\n", &rest))
		reply_take(sending, line);
	free(text);
	fflush(sending->session->screen.to);
	return code;
}

static int line_add(struct sending *sending, const char *line, size_t len)
{
	int code = EXIT_DONE;

	if (sending->lines == BATCH_LINES || sending->len + len + 2 > BATCH_BYTES)
		code = batch_send(sending);
	if (code != EXIT_DONE)
		return code;
	if (sending->batch == NULL || sending->len + len + 2 > sending->room) {
		size_t room = sending->len + len + 2 + BATCH_BYTES;
		char *grown = realloc(sending->batch, room);

		ASSERT(grown != NULL);
		sending->batch = grown;
		sending->room = room;
	}
	memcpy(sending->batch + sending->len, line, len);
	sending->len += len;
	sending->batch[sending->len++] = '\n';
	sending->batch[sending->len] = '\0';
	sending->lines++;
	return EXIT_DONE;
}

static bool blank(const char *line, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (strchr(" \t\r", line[i]) == NULL || line[i] == '\0')
			return false;
	return true;
}

static int lines_send(struct sending *sending, const char *text)
{
	int code = EXIT_DONE;

	while (code == EXIT_DONE && *text != '\0') {
		size_t len = strcspn(text, "\n");

		if (!blank(text, len))
			code = line_add(sending, text, len);
		text += len + (text[len] == '\n');
	}
	return code == EXIT_DONE ? batch_send(sending) : code;
}

int run_alarm_send(struct session *session, const struct args *args)
{
	struct sending sending = {.session = session, .replies = session->json ? json_array() : NULL};
	char *text = session_read_file(session, args_text(args, "FILE"));
	int code = EXIT_REFUSED;

	session->json = false; /* one document, at the end */
	if (text != NULL)
		code = lines_send(&sending, text);
	session->json = sending.replies != NULL;
	if (sending.replies != NULL && text != NULL)
		session_print(session, sending.replies);
	json_decref(sending.replies);
	free(sending.batch);
	free(text);
	return code == EXIT_DONE && sending.rejected ? EXIT_REFUSED : code;
}
