/* http: requests to the daemon over its unix socket or TCP, by libcurl. Knows no command. */
#ifndef CTL_HTTP_H
#define CTL_HTTP_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/error.h"

enum { HTTP_DETAIL_MAX = 256, HTTP_REPLY_MAX = 256 * 1024 * 1024 };

struct http; /* one connection, kept open between requests */

struct http_reply {
	long status; /* 200, 404 … */
	char *body;  /* terminated; freed by http_reply_free */
	size_t len;
};

/*
 * http_open - what the requests go through. Nothing is sent yet.
 *
 * Shapes  server: "unix:PATH", "http://HOST:PORT" or "https://HOST:PORT".
 * Errors  DISP_E_INPUT  another form.
 * Memory  *out is the caller's until http_close; NULL may be closed.
 */
enum disp_err http_open(const char *server, struct http **out) DISP_MUSTCHECK;
void http_close(struct http *http);

/* The certificates (PEM) that https:// trusts; NULL: the system's. */
void http_trust(struct http *http, const char *cacert);

/*
 * http_token - from now on each request over https:// carries the token that the file holds; over nothing else, ever.
 *
 * Shapes  the file: ID.SECRET and at most a line break, to be read by its owner alone.
 * Errors  DISP_E_IO  it cannot be read, http_detail says why; DISP_E_INPUT  others can read it; DISP_E_DAMAGED  it holds
 *         something else.
 * Memory  the token stays in *http alone, and is wiped with it.
 */
enum disp_err http_token(struct http *http, const char *path) DISP_MUSTCHECK;

/*
 * http_send - one request and its whole reply.
 *
 * Shapes  path with its query, from "/". body: JSON, or NULL for none.
 * Errors  DISP_E_IO    nobody answers there; http_detail says why.
 *         DISP_E_FULL  a reply longer than HTTP_REPLY_MAX
 */
enum disp_err http_send(struct http *http, const char *method, const char *path, const char *body,
	struct http_reply *reply) DISP_MUSTCHECK;
void http_reply_free(struct http_reply *reply);

/* A piece of a stream, as it comes in; false ends the stream. */
typedef bool http_piece(void *context, const char *bytes, size_t len);

/*
 * http_stream - a reply that does not end: each piece goes to `piece` until that says false or the other side ends.
 *
 * Shapes  header: one more of the request, "Last-Event-ID: 7", or NULL. *status is the reply's; the pieces of a
 *         reply that is not 200 go to `piece` too.
 *         *stop: looked at every second; not 0 ends the stream as `piece` would.
 * Errors  DISP_E_IO  nobody answers there, or the connection broke.
 */
enum disp_err http_stream(struct http *http, const char *path, const char *header,
	const volatile sig_atomic_t *stop, long *status, http_piece *piece, void *context) DISP_MUSTCHECK;

/* Why the last request failed: one line in libcurl's English. */
const char *http_detail(const struct http *http);
/* Whether the last request that failed cannot have reached anybody. */
bool http_unsent(const struct http *http);
/* The system's number for it; 0: it has none. */
int http_os_error(const struct http *http);

/* A text as it may stand in a path or query: letters, figures and "-._~" as they are, the rest as %XX. Grows out by
 * at most 3 * strlen(text); out is terminated. False: it does not fit into size. */
bool http_escape(const char *text, char *out, size_t size) DISP_MUSTCHECK;

#endif
