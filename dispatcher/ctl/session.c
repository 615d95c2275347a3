/* session: requests of one user to one daemon, and what goes wrong with them; shows no good reply. */
#include "ctl/session.h"

#include <errno.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/fields.h"
#include "ctl/trouble.h"
#include "ctl/value.h"
#include "wire/time_text.h"
#include "wire/utf8.h"

/* Who signs: DISPATCH_BY, else the login name. */
static void signer_name(char *out, size_t size)
{
	const struct passwd *entry = getpwuid(geteuid());

	const char *said = getenv("DISPATCH_BY");

	if (said != NULL && said[0] != '\0')
		screen_format(out, size, "%s", said);
	else if (getlogin_r(out, size) != 0 || out[0] == '\0')
		screen_format(out, size, "%s", entry == NULL ? "console" : entry->pw_name);
	if (!utf8_valid((struct text){out, (uint32_t)strlen(out)}))
		screen_format(out, size, "console");
}

void session_open(struct session *session, const char *server, bool json, enum lang lang)
{
	const char *environment = getenv("DISPATCH_SERVER");

	*session = (struct session){.json = json, .server = server};
	if (server == NULL)
		session->server =
			environment == NULL || environment[0] == '\0' ? SESSION_SERVER_DEFAULT : environment;
	screen_open(&session->screen, stdout, lang);
	screen_open(&session->errors, stderr, lang);
	signer_name(session->by, sizeof(session->by));
}

void session_close(struct session *session)
{
	http_close(session->http);
	session->http = NULL;
}

void session_complain(const struct session *session, const char *msgid, ...)
{
	va_list list;

	char *text;
	int len;

	va_start(list, msgid);
	len = vasprintf(&text, screen_say(&session->errors, msgid), list);
	va_end(list);
	ASSERT(len >= 0);
	(void)utf8_make_harmless(
		text, (size_t)len); /* words that were typed, or came from the daemon, are in it */
	fprintf(stderr, "dispatchctl: %s\n", text);
	free(text);
}

/* --- what goes wrong ------------------------------------------------------------------------------- */

const char *session_trouble(const struct session *session)
{
	int os_error = http_os_error(session->http);

	return os_error == 0 ? http_detail(session->http) : trouble_say(&session->errors, os_error);
}

static int no_daemon(const struct session *session)
{
	session_complain(session,
		"no daemon at %s: %s. See that it runs (make run), or name its address with --server or "
		"DISPATCH_SERVER.",
		session->server, session_trouble(session));
	return EXIT_NO_DAEMON;
}

int session_connect(struct session *session)
{
	if (session->http != NULL || http_open(session->server, &session->http) == DISP_OK)
		return EXIT_DONE;
	session_complain(session, "'%s' is no address; write unix:PATH or http://HOST:PORT", session->server);
	return EXIT_USAGE;
}

static int exit_of_status(long status)
{
	if (status >= 200 && status < 300)
		return EXIT_DONE;
	if (status == 404)
		return EXIT_NOT_FOUND;
	return status == 401 || status == 403 ? EXIT_NOT_PERMITTED : EXIT_REFUSED;
}

static void refused_say(const struct session *session, long status, const json_t *reply)
{
	const char *word = value_string(reply, "error");
	const char *detail = value_said(&session->errors, reply, "detail");
	const json_t *fault;
	size_t index;

	const char *said = word[0] == '\0' ? "HTTP" : value_word(&session->errors, WORDS_OUTCOME, word);

	bool known = words_find(WORDS_OUTCOME, (struct text){word, (uint32_t)strlen(word)}) != UINT32_MAX;

	bool lists = session->errors.lang == LANG_ZH &&
		     strncmp(detail, "\u6ca1\u6709", 6) == 0; /* says what there is */

	if (detail[0] != '\0' && (lists || strncmp(detail, said, strlen(said)) == 0 ||
					 (session->errors.lang == LANG_ZH && word[0] != '\0' && !known)))
		session_complain(
			session, "%s", detail); /* it says so itself, or we have no Chinese for the word */
	else
		session_complain(session, "%s: %s", said, detail[0] == '\0' ? word : detail);
	if (word[0] == '\0')
		fprintf(stderr, "  (HTTP %ld)\n", status);
	if (json_array_size(value_at(reply, "candidates")) > 0)
		value_list(&session->errors, value_at(reply, "candidates"), fields_place, 2);
	VALUE_EACH(value_at(reply, "faults"), index, fault)
	{
		fprintf(stderr, "%s\n", json_is_string(fault) ? json_string_value(fault) : "");
	}
}

/* --- requests -------------------------------------------------------------------------------------- */

static int exchange(struct session *session, const char *method, const char *path, const char *body,
	struct http_reply *reply)
{
	enum disp_err err;
	int code = session_connect(session);

	if (code != EXIT_DONE)
		return code;
	err = http_send(session->http, method, path, body, reply);
	if (err == DISP_E_FULL) {
		session_complain(session, "the reply is too long");
		return EXIT_REFUSED;
	}
	return err == DISP_OK ? EXIT_DONE : no_daemon(session);
}

static int refused(const struct session *session, const struct http_reply *raw, const json_t *reply)
{
	int code = exit_of_status(raw->status);

	if (code == EXIT_DONE)
		return code;
	json_t *shown = json_deep_copy(reply);

	value_clean(shown); /* with --json the reply itself stays as it came */
	refused_say(session, raw->status, shown);
	json_decref(shown);
	if (session->json && reply != NULL)
		session_print(session, reply);
	return code;
}

/* speaks: a refusal is said, too. */
static int reply_get(struct session *session, const char *method, const char *path, const char *body,
	bool speaks, json_t **reply)
{
	struct http_reply raw;
	json_error_t error;
	int code = exchange(session, method, path, body, &raw);

	*reply = NULL;
	if (code != EXIT_DONE)
		return code;
	*reply = json_loadb(raw.body, raw.len, 0, &error);
	if (!session->json)
		value_clean(*reply);
	code = speaks ? refused(session, &raw, *reply) : exit_of_status(raw.status);
	if (code == EXIT_DONE && *reply == NULL) {
		session_complain(session, "the daemon's reply is not JSON: %s", error.text);
		code = EXIT_REFUSED;
	}
	http_reply_free(&raw);
	return code;
}

int session_send(
	struct session *session, const char *method, const char *path, const char *body, json_t **reply)
{
	return reply_get(session, method, path, body, true, reply);
}

int session_ask(
	struct session *session, const char *method, const char *path, const char *body, json_t **reply)
{
	return reply_get(session, method, path, body, false, reply);
}

int session_fetch(struct session *session, const char *method, const char *path, const char *body, char **out)
{
	struct http_reply raw;
	int code = exchange(session, method, path, body, &raw);

	*out = NULL;
	if (code != EXIT_DONE)
		return code;
	if (exit_of_status(raw.status) != EXIT_DONE) {
		json_t *reply = json_loadb(raw.body, raw.len, 0, NULL);

		code = refused(session, &raw, reply);
		json_decref(reply);
		http_reply_free(&raw);
		return code;
	}
	*out = raw.body;
	return EXIT_DONE;
}

json_t *session_peek(struct session *session, const char *path)
{
	struct http_reply raw;
	json_t *reply;

	if (session->http == NULL && http_open(session->server, &session->http) != DISP_OK)
		return NULL;
	if (http_send(session->http, "GET", path, NULL, &raw) != DISP_OK)
		return NULL;
	reply = raw.status == 200 ? json_loadb(raw.body, raw.len, 0, NULL) : NULL;
	http_reply_free(&raw);
	value_clean(reply);
	return reply;
}

void session_ask_now(struct session *session)
{
	json_t *reply = session_peek(session, "/v1/status");
	const char *now = value_string(reply, "now");
	int64_t ms;

	if (time_parse((struct text){now, (uint32_t)strlen(now)}, &ms) == DISP_OK)
		session->screen.now_ms = ms;
	json_decref(reply);
}

/* --- documents ------------------------------------------------------------------------------------- */

char *session_text(const json_t *document)
{
	char *text = json_dumps(document, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));

	ASSERT(text != NULL);
	return text;
}

void session_print(const struct session *session, const json_t *document)
{
	char *text = json_dumps(document, JSON_INDENT(2) | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));

	ASSERT(text != NULL);
	screen_json(&session->screen, text);
	free(text);
}

void session_show(const struct session *session, const struct command *command, const json_t *reply)
{
	if (session->json)
		session_print(session, reply);
	else if (command->show != NULL)
		command->show(&session->screen, reply);
	else if (command->fields != NULL)
		value_list(&session->screen, reply, command->fields, 0);
}

static char *stream_read(FILE *from)
{
	char *text = NULL;
	size_t len = 0, room = 0;

	do {
		if (room - len < 4096) {
			char *grown = realloc(text, room + 65536);

			ASSERT(grown != NULL);
			text = grown;
			room += 65536;
		}
		len += fread(text + len, 1, room - len - 1, from);
	} while (!feof(from) && !ferror(from));
	text[len] = '\0';
	return text;
}

char *session_read_file(const struct session *session, const char *path)
{
	bool standard = strcmp(path, "-") == 0;
	FILE *from = standard ? stdin : fopen(path, "r");
	char *text;

	if (from == NULL) {
		session_complain(session, "cannot read %s: %s", path, trouble_say(&session->errors, errno));
		return NULL;
	}
	text = stream_read(from);
	if (!standard)
		fclose(from);
	return text;
}
