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

enum { BUSY_TRIES = 10, ADDRESS_MAX = 1024 };

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
	session_trust(session, getenv("DISPATCH_CA"), getenv("DISPATCH_TOKEN_FILE"));
}

/* Where the second address begins; NULL: there is one alone. A comma may be part of a path. */
static const char *second_of(const char *server)
{
	for (const char *comma = strchr(server, ','); comma != NULL; comma = strchr(comma + 1, ','))
		if (strncmp(comma + 1, "unix:", 5) == 0 || strncmp(comma + 1, "http://", 7) == 0 ||
			strncmp(comma + 1, "https://", 8) == 0)
			return comma + 1;
	return NULL;
}

/* The address that is asked now. */
static void address_of(const struct session *session, char *out, size_t size)
{
	const char *second = second_of(session->server);

	if (second == NULL)
		screen_format(out, size, "%s", session->server);
	else if (session->second)
		screen_format(out, size, "%s", second);
	else
		screen_format(out, size, "%.*s", (int)(second - session->server - 1), session->server);
}

bool session_other(struct session *session)
{
	if (second_of(session->server) == NULL)
		return false;
	session->second = !session->second;
	http_close(session->http);
	session->http = NULL;
	return true;
}

static bool is_https(const char *address)
{
	return address != NULL && strncmp(address, "https://", 8) == 0;
}

static bool token_signs(const struct session *session)
{
	const char *said = getenv("DISPATCH_BY");

	return session->token_file != NULL &&
	       (is_https(session->server) || is_https(second_of(session->server))) &&
	       (said == NULL || said[0] == '\0');
}

void session_trust(struct session *session, const char *cacert, const char *token_file)
{
	if (cacert != NULL && cacert[0] != '\0')
		session->cacert = cacert;
	if (token_file != NULL && token_file[0] != '\0')
		session->token_file = token_file;
	if (token_signs(session))
		session->by[0] = '\0';
}

void session_learn_by(struct session *session)
{
	json_t *reply = session->by[0] == '\0' ? session_peek(session, "/v1/whoami") : NULL;

	if (reply != NULL)
		screen_format(session->by, sizeof(session->by), "%s", value_string(reply, "by"));
	json_decref(reply);
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

/* False: *token says what is wrong with the token; DISP_OK: it is the address. */
static bool session_dial(const struct session *session, struct http **out, enum disp_err *token)
{
	char address[ADDRESS_MAX];

	*token = DISP_OK;
	*out = NULL;
	address_of(session, address, sizeof(address));
	if (http_open(address, out) != DISP_OK)
		return false;
	http_trust(*out, session->cacert);
	if (session->token_file == NULL || !is_https(address))
		return true;
	*token = http_token(*out, session->token_file);
	return *token == DISP_OK;
}

bool session_http(const struct session *session, struct http **out)
{
	enum disp_err token;

	if (session_dial(session, out, &token))
		return true;
	http_close(*out);
	*out = NULL;
	return false;
}

static void address_complain(const struct session *session, enum disp_err token)
{
	if (token == DISP_OK)
		session_complain(session,
			"'%s' is no address; write unix:PATH, https://HOST:PORT or http://HOST:PORT; of two "
			"daemons "
			"both, a comma between",
			session->server);
	else if (token == DISP_E_IO)
		session_complain(
			session, "cannot read %s: %s", session->token_file, http_detail(session->http));
	else if (token == DISP_E_INPUT)
		session_complain(session, "%s: others can read this token; its file needs mode 0600",
			session->token_file);
	else
		session_complain(
			session, "%s holds no token, which is one line ID.SECRET", session->token_file);
}

int session_connect(struct session *session)
{
	enum disp_err token;

	if (session->http != NULL || session_dial(session, &session->http, &token))
		return EXIT_DONE;
	address_complain(session, token);
	http_close(session->http);
	session->http = NULL;
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

/* Too many tokens are being looked at, as after a start; nothing was done. */
static bool is_busy(const struct http_reply *reply)
{
	return reply->status == 429 && strstr(reply->body, "\"overloaded\"") != NULL;
}

static enum disp_err send_patiently(struct session *session, const char *method, const char *path,
	const char *body, struct http_reply *reply)
{
	enum disp_err err = http_send(session->http, method, path, body, reply);

	for (int tries = 0; tries < BUSY_TRIES && err == DISP_OK && is_busy(reply); tries++) {
		http_reply_free(reply);
		sleep(1);
		err = http_send(session->http, method, path, body, reply);
	}
	return err;
}

static bool stands_by(const struct http_reply *reply)
{
	return reply->status == 503 && strstr(reply->body, "\"not_leader\"") != NULL;
}

/* Nothing was done there, so that the other one may be asked for the same. */
static bool may_ask_other(
	const struct session *session, const char *method, enum disp_err err, const struct http_reply *reply)
{
	if (err == DISP_OK)
		return stands_by(reply);
	return err == DISP_E_IO && (strcmp(method, "GET") == 0 || http_unsent(session->http));
}

/* Asks the other of two addresses for the same, and goes on asking there; back again where that stands by, too. */
static enum disp_err ask_other(struct session *session, const char *method, const char *path,
	const char *body, enum disp_err first_err, struct http_reply *reply)
{
	struct http_reply first = *reply;
	enum disp_err err;

	if (!session_other(session))
		return first_err;
	err = session_connect(session) != EXIT_DONE ? DISP_E_INPUT
						    : send_patiently(session, method, path, body, reply);
	if (first_err == DISP_OK && (err != DISP_OK || stands_by(reply))) {
		if (err == DISP_OK)
			http_reply_free(reply);
		(void)session_other(session);
		*reply = first;
		return DISP_OK;
	}
	http_reply_free(&first);
	return err;
}

static int exchange(struct session *session, const char *method, const char *path, const char *body,
	struct http_reply *reply)
{
	enum disp_err err;
	int code = session_connect(session);

	if (code != EXIT_DONE)
		return code;
	err = send_patiently(session, method, path, body, reply);
	if (may_ask_other(session, method, err, reply))
		err = ask_other(session, method, path, body, err, reply);
	if (err == DISP_E_INPUT) /* the other is no address, which was said */
		return EXIT_USAGE;
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

	if (session->http == NULL && !session_http(session, &session->http))
		return NULL;
	if (http_send(session->http, "GET", path, NULL, &raw) != DISP_OK &&
		(!session_other(session) || !session_http(session, &session->http) ||
			http_send(session->http, "GET", path, NULL, &raw) != DISP_OK))
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
