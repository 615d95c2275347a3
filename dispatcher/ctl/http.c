/* http: libcurl's easy interface with our limits; the only user of libcurl. */
#include "ctl/http.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { CONNECT_WITHIN_S = 5, ANSWER_WITHIN_S = 60, BASE_MAX = 512, URL_MAX = 16 * 1024, TOKEN_MAX = 256 };

struct http {
	CURL *curl;
	char base[BASE_MAX];   /* "http://localhost", before the path */
	char socket[BASE_MAX]; /* "" for TCP */
	char detail[CURL_ERROR_SIZE > HTTP_DETAIL_MAX ? CURL_ERROR_SIZE : HTTP_DETAIL_MAX];
	int os_error;                  /* of the last failure; 0: it was none of the system's */
	char cacert[BASE_MAX];         /* "": the system's */
	char authorization[TOKEN_MAX]; /* a header; "": none */
	bool too_long, unsent;
};

struct piece_to {
	http_piece *piece;
	void *context;
	const volatile sig_atomic_t *stop;
	bool ended_by_us;
};

static bool server_read(struct http *http, const char *server)
{
	bool is_unix = strncmp(server, "unix:", 5) == 0;
	size_t len = strlen(server);

	if (len >= BASE_MAX)
		return false;
	if (is_unix) {
		memcpy(http->socket, server + 5, len - 4);
		memcpy(http->base, "http://localhost", sizeof("http://localhost"));
		return http->socket[0] != '\0';
	}
	if (strncmp(server, "http://", 7) != 0 && strncmp(server, "https://", 8) != 0)
		return false;
	memcpy(http->base, server, len + 1);
	while (len > 0 && http->base[len - 1] == '/')
		http->base[--len] = '\0';
	return strchr(http->base, '/') != NULL; /* "https://" alone has lost both */
}

enum disp_err http_open(const char *server, struct http **out)
{
	struct http *http = calloc(1, sizeof(*http));

	ASSERT(http != NULL);
	*out = NULL;
	if (!server_read(http, server)) {
		free(http);
		return DISP_E_INPUT;
	}
	http->curl = curl_easy_init();
	ASSERT(http->curl != NULL);
	*out = http;
	return DISP_OK;
}

void http_close(struct http *http)
{
	if (http == NULL)
		return;
	curl_easy_cleanup(http->curl);
	explicit_bzero(http->authorization, sizeof(http->authorization));
	free(http);
}

void http_trust(struct http *http, const char *cacert)
{
	snprintf(http->cacert, sizeof(http->cacert), "%s", cacert == NULL ? "" : cacert);
}

/* The first line of the file, behind what is in `out` already. */
static enum disp_err token_read(struct http *http, FILE *from)
{
	static const char scheme[] = "Authorization: Bearer ";
	char *out = http->authorization, *token;
	size_t len = sizeof(scheme) - 1, end;
	struct stat file;

	if (fstat(fileno(from), &file) != 0 || (file.st_mode & 077) != 0)
		return DISP_E_INPUT;
	memcpy(out, scheme, sizeof(scheme));
	setvbuf(from, NULL, _IONBF, 0); /* no copy of it stays behind */
	len += fread(out + len, 1, TOKEN_MAX - len - 1, from);
	out[len] = '\0';
	token = out + sizeof(scheme) - 1;
	end = strcspn(token, "\r\n");
	if (len == TOKEN_MAX - 1 || token[end + strspn(token + end, "\r\n")] != '\0' ||
		strcspn(token, " \t.") == end || strcspn(token, " \t") < end)
		return DISP_E_DAMAGED;
	token[end] = '\0';
	return DISP_OK;
}

enum disp_err http_token(struct http *http, const char *path)
{
	FILE *from = fopen(path, "re");
	enum disp_err err;

	if (from == NULL) {
		snprintf(http->detail, sizeof(http->detail), "%s", strerror(errno));
		return DISP_E_IO;
	}
	err = token_read(http, from);
	fclose(from);
	if (err != DISP_OK)
		explicit_bzero(http->authorization, sizeof(http->authorization));
	return err;
}

/* Headers of a request: one more (NULL: none) and, over TLS, who asks; freed by curl_slist_free_all. */
static struct curl_slist *headers_make(const struct http *http, const char *header)
{
	bool known = http->authorization[0] != '\0' && strncmp(http->base, "https://", 8) == 0;
	struct curl_slist *first = header == NULL ? NULL : curl_slist_append(NULL, header), *both = first;

	ASSERT(header == NULL || first != NULL);
	if (known) {
		both = curl_slist_append(first, http->authorization);
		ASSERT(both != NULL);
	}
	return both;
}

const char *http_detail(const struct http *http)
{
	return http->detail;
}

bool http_unsent(const struct http *http)
{
	return http->unsent;
}

int http_os_error(const struct http *http)
{
	return http->os_error;
}

static void option_text(struct http *http, CURLoption option, const char *value)
{
	ASSERT(curl_easy_setopt(http->curl, option, value) == CURLE_OK);
}

static void option_long(struct http *http, CURLoption option, long value)
{
	ASSERT(curl_easy_setopt(http->curl, option, value) == CURLE_OK);
}

/* Everything that each request has; false: the path is too long. */
static bool request_begin(struct http *http, const char *path)
{
	char url[URL_MAX];
	int len = snprintf(url, sizeof(url), "%s%s", http->base, path);

	if (len < 0 || (size_t)len >= sizeof(url)) {
		snprintf(http->detail, sizeof(http->detail), "the request is too long");
		return false;
	}
	curl_easy_reset(http->curl);
	http->detail[0] = '\0';
	http->os_error = 0;
	http->unsent = false;
	option_text(http, CURLOPT_URL, url);
	option_text(http, CURLOPT_PROTOCOLS_STR, "http,https");
	option_text(http, CURLOPT_USERAGENT, "dispatchctl");
	option_long(http, CURLOPT_CONNECTTIMEOUT, CONNECT_WITHIN_S);
	option_long(http, CURLOPT_NOSIGNAL, 1);
	option_long(http, CURLOPT_PATH_AS_IS, 1); /* an id may be "..", and must not lead elsewhere */
	ASSERT(curl_easy_setopt(http->curl, CURLOPT_ERRORBUFFER, http->detail) == CURLE_OK);
	if (http->cacert[0] != '\0')
		option_text(http, CURLOPT_CAINFO, http->cacert);
	if (http->socket[0] != '\0') {
		option_text(http, CURLOPT_UNIX_SOCKET_PATH, http->socket);
		option_text(http, CURLOPT_PROXY, "");
	}
	return true;
}

/* The system's own number where libcurl has one, or knows what comes to the same; 0: neither. */
static int os_error_of(struct http *http, CURLcode code)
{
	long os_error = 0;

	if (code == CURLE_OPERATION_TIMEDOUT)
		return ETIMEDOUT;
	if (code == CURLE_GOT_NOTHING)
		return ECONNRESET;
	if ((code != CURLE_COULDNT_CONNECT && code != CURLE_RECV_ERROR && code != CURLE_SEND_ERROR) ||
		curl_easy_getinfo(http->curl, CURLINFO_OS_ERRNO, &os_error) != CURLE_OK)
		return 0;
	return (int)os_error;
}

/* What the detail says when libcurl itself has not filled it. */
static enum disp_err request_failed(struct http *http, CURLcode code)
{
	curl_off_t sent_after_us = 0;

	http->os_error = os_error_of(http, code);
	/* 0: it never came so far as to send */
	http->unsent =
		curl_easy_getinfo(http->curl, CURLINFO_PRETRANSFER_TIME_T, &sent_after_us) == CURLE_OK &&
		sent_after_us == 0;
	/* libcurl would speak of a port where there is none */
	if (http->socket[0] != '\0' && http->os_error != 0)
		snprintf(http->detail, sizeof(http->detail), "%s", strerror(http->os_error));
	if (http->detail[0] == '\0')
		snprintf(http->detail, sizeof(http->detail), "%s", curl_easy_strerror(code));
	return DISP_E_IO;
}

struct growing {
	struct http *http;
	struct http_reply *reply;
	size_t room;
};

static size_t reply_grow(char *bytes, size_t size, size_t count, void *context)
{
	struct growing *to = context;
	size_t len = size * count, need = to->reply->len + len + 1;

	if (need > HTTP_REPLY_MAX) {
		to->http->too_long = true;
		return 0;
	}
	if (need > to->room) {
		size_t room = to->room * 2 > need ? to->room * 2 : need + 4096;
		char *grown = realloc(to->reply->body, room);

		ASSERT(grown != NULL);
		to->reply->body = grown;
		to->room = room;
	}
	memcpy(to->reply->body + to->reply->len, bytes, len);
	to->reply->len += len;
	to->reply->body[to->reply->len] = '\0';
	return len;
}

enum disp_err http_send(
	struct http *http, const char *method, const char *path, const char *body, struct http_reply *reply)
{
	struct growing to = {.http = http, .reply = reply};
	struct curl_slist *headers;
	CURLcode code;

	*reply = (struct http_reply){0};
	http->too_long = false;
	if (!request_begin(http, path))
		return DISP_E_IO;
	headers = headers_make(http, strcmp(method, "GET") == 0 ? NULL : "Content-Type: application/json");
	option_long(http, CURLOPT_TIMEOUT, ANSWER_WITHIN_S);
	if (strcmp(method, "GET") != 0) {
		option_text(http, CURLOPT_CUSTOMREQUEST, method);
		option_text(http, CURLOPT_POSTFIELDS, body == NULL ? "" : body);
	}
	ASSERT(curl_easy_setopt(http->curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK);
	ASSERT(curl_easy_setopt(http->curl, CURLOPT_WRITEFUNCTION, reply_grow) == CURLE_OK);
	ASSERT(curl_easy_setopt(http->curl, CURLOPT_WRITEDATA, &to) == CURLE_OK);
	code = curl_easy_perform(http->curl);
	curl_slist_free_all(headers);
	if (code != CURLE_OK) {
		http_reply_free(reply);
		return http->too_long ? DISP_E_FULL : request_failed(http, code);
	}
	ASSERT(curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &reply->status) == CURLE_OK);
	if (reply->body == NULL) {
		reply->body = calloc(1, 1);
		ASSERT(reply->body != NULL);
	}
	return DISP_OK;
}

void http_reply_free(struct http_reply *reply)
{
	free(reply->body);
	*reply = (struct http_reply){0};
}

static size_t piece_pass(char *bytes, size_t size, size_t count, void *context)
{
	struct piece_to *to = context;

	if (to->piece(to->context, bytes, size * count))
		return size * count;
	to->ended_by_us = true;
	return 0;
}

static int stop_look(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	struct piece_to *to = context;

	(void)a, (void)b, (void)c, (void)d; /* how far it has come: it never ends */
	to->ended_by_us = to->ended_by_us || *to->stop != 0;
	return *to->stop != 0;
}

enum disp_err http_stream(struct http *http, const char *path, const char *header,
	const volatile sig_atomic_t *stop, long *status, http_piece *piece, void *context)
{
	struct piece_to to = {.piece = piece, .context = context, .stop = stop};
	struct curl_slist *headers;
	CURLcode code;

	*status = 0;
	if (!request_begin(http, path))
		return DISP_E_IO;
	option_long(http, CURLOPT_TCP_KEEPALIVE, 1);
	option_long(http, CURLOPT_NOPROGRESS, 0);
	ASSERT(curl_easy_setopt(http->curl, CURLOPT_XFERINFOFUNCTION, stop_look) == CURLE_OK);
	ASSERT(curl_easy_setopt(http->curl, CURLOPT_XFERINFODATA, &to) == CURLE_OK);
	headers = headers_make(http, header);
	ASSERT(curl_easy_setopt(http->curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK);
	ASSERT(curl_easy_setopt(http->curl, CURLOPT_WRITEFUNCTION, piece_pass) == CURLE_OK);
	ASSERT(curl_easy_setopt(http->curl, CURLOPT_WRITEDATA, &to) == CURLE_OK);
	code = curl_easy_perform(http->curl);
	curl_slist_free_all(headers);
	ASSERT(curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, status) == CURLE_OK);
	if (code != CURLE_OK && !to.ended_by_us)
		return request_failed(http, code);
	return DISP_OK;
}

static bool passes(char letter)
{
	return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
	       (letter >= '0' && letter <= '9') || (letter != '\0' && strchr("-._~", letter) != NULL);
}

bool http_escape(const char *text, char *out, size_t size)
{
	size_t at = 0;

	for (; *text != '\0'; text++) {
		if (at + 4 > size)
			return false;
		if (passes(*text))
			out[at++] = *text;
		else
			at += (size_t)snprintf(out + at, 4, "%%%02X", (unsigned char)*text);
	}
	if (at >= size)
		return false;
	out[at] = '\0';
	return true;
}
