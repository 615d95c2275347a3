/* session: one user at one daemon: what was asked for on the command line, and the connection. */
#ifndef CTL_SESSION_H
#define CTL_SESSION_H

#include "ctl/args.h"
#include "ctl/command.h"
#include "ctl/http.h"
#include "ctl/screen.h"

#define SESSION_SERVER_DEFAULT "unix:var/run/dispatch.sock"

enum { SESSION_BY_MAX = 64, SESSION_PATH_MAX = 8192 };

struct session {
	struct screen screen; /* standard output */
	struct screen errors; /* standard error */
	bool json;
	const char *server; /* one address, or two with a comma between them: of two daemons of one town */
	bool second;        /* the second of the two is asked now */
	const char *cacert; /* NULL: the system's certificates */
	const char *token_file;  /* NULL: none; used over https:// alone */
	struct http *http;       /* NULL: not needed so far */
	char by[SESSION_BY_MAX]; /* who signs; "": whose the token is, the daemon knows */
	bool shell;              /* the interactive one: questions can be asked, lists are numbered */
};

void session_open(struct session *session, const char *server, bool json, enum lang lang);
void session_close(struct session *session);

/* What was said on the command line; NULL leaves what the environment says (DISPATCH_CA, DISPATCH_TOKEN_FILE). */
void session_trust(struct session *session, const char *cacert, const char *token_file);

/* A connection of its own. False: the address or the token cannot be used; nothing is said. */
bool session_http(const struct session *session, struct http **out) DISP_MUSTCHECK;

/* From now on the other one of two addresses is asked. False: there is one alone. */
bool session_other(struct session *session);

/* Asks the daemon whose the token is, where nobody is said to sign. */
void session_learn_by(struct session *session);

/* One line on standard error, in the reader's language; format as in printf. */
void session_complain(const struct session *session, const char *msgid, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * session_send - a request to the daemon, and its reply as JSON.
 *
 * Of two addresses the other one is asked where nobody is at the first, or where it stands by; what may have been done is
 * never asked twice.
 *
 * Shapes  body: JSON text, or NULL. *reply may be an object, an array, or NULL when the reply is no JSON.
 * Errors  an exit code; then the reason stands on standard error, and with --json the reply on standard output.
 * Memory  *reply is the caller's (json_decref), also when refused.
 */
int session_send(struct session *session, const char *method, const char *path, const char *body,
	json_t **reply) DISP_MUSTCHECK;

/* The same; where it is refused nothing is said: the caller looks at the reply. Says only that nobody is there. */
int session_ask(struct session *session, const char *method, const char *path, const char *body,
	json_t **reply) DISP_MUSTCHECK;

/* A GET without a word when it fails: NULL then. The caller's (json_decref). */
json_t *session_peek(struct session *session, const char *path);

/* Why the last request reached nobody, in the reader's language. */
const char *session_trouble(const struct session *session);

/* The exit code of that address being no address, of nobody being there; once connected EXIT_DONE. */
int session_connect(struct session *session) DISP_MUSTCHECK;

/* The reply's bytes instead, for lines of JSON; *out is the caller's (free). */
int session_fetch(struct session *session, const char *method, const char *path, const char *body,
	char **out) DISP_MUSTCHECK;

/* Prints one JSON document on standard output. */
void session_print(const struct session *session, const json_t *document);

/*
 * The path and body of a request, from the command and what was typed. path[SESSION_PATH_MAX]; *body is the caller's
 * (json_decref), NULL where the method is GET. False: a value is too long.
 */
bool session_request(
	const struct session *session, const struct args *args, char *path, json_t **body) DISP_MUSTCHECK;

/* A body as text, freed by free(). */
char *session_text(const json_t *document);

/* Prints a good reply: as it is with --json, else by the command's own show or as a list of its fields. */
void session_show(const struct session *session, const struct command *command, const json_t *reply);

/* Asks the daemon for its time, for what is left until a deadline; silent where it cannot be had. */
void session_ask_now(struct session *session);

/* A file, or standard input for "-"; NULL: said on standard error. Freed by free(). */
char *session_read_file(const struct session *session, const char *path);

#endif
