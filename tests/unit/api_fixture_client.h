/* api_fixture_client: a client of the api, which runs the server while it waits; for the tests of the api. */
#ifndef TESTS_API_FIXTURE_CLIENT_H
#define TESTS_API_FIXTURE_CLIENT_H

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "api_fixture_shell.h"
#include "wire/json_read.h"

struct reply {
	int status;
	char *bytes, *body;
	size_t len, body_len;
	struct json_doc doc;
	struct json_token *token;
};

static int client_open(const struct fixture *f)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	strcpy(address.sun_path, f->path);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static void client_write(struct fixture *f, int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);

		if (sent < 0 && errno != EAGAIN)
			return; /* the server has cut it off */
		if (sent > 0) {
			bytes += sent;
			len -= (size_t)sent;
		}
		shell_step(f);
	}
}

static void client_ask(struct fixture *f, int fd, const char *method, const char *path, const char *body)
{
	size_t len = body == NULL ? 0 : strlen(body), size = strlen(path) + len + 256;
	char *bytes = malloc(size);
	int used = snprintf(bytes, size,
		"%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s", method,
		path, len, body == NULL ? "" : body);

	client_write(f, fd, bytes, (size_t)used);
	free(bytes);
}

/* Reads until the server ends it, running the server meanwhile. */
static struct reply client_read(struct fixture *f, int fd)
{
	struct reply reply = {0};
	size_t size = 1 << 16;

	reply.bytes = malloc(size);
	for (;;) {
		struct pollfd pollfd = {.fd = fd, .events = POLLIN};
		ssize_t got;

		shell_step(f);
		(void)poll(&pollfd, 1, 1);
		if (reply.len + 4096 > size)
			reply.bytes = realloc(reply.bytes, size *= 2);
		got = recv(fd, reply.bytes + reply.len, size - reply.len - 1, 0);
		if (got == 0 || (got < 0 && errno != EAGAIN))
			break;
		reply.len += got > 0 ? (size_t)got : 0;
	}
	reply.bytes[reply.len] = '\0';
	close(fd);
	reply.body = strstr(reply.bytes, "\r\n\r\n");
	if (reply.body != NULL) {
		reply.status = atoi(reply.bytes + 9);
		reply.body += 4;
		reply.body_len = reply.len - (size_t)(reply.body - reply.bytes);
	}
	return reply;
}

static void reply_free(struct reply *reply)
{
	free(reply->bytes);
	free(reply->token);
}

static struct reply call(struct fixture *f, const char *method, const char *path, const char *body)
{
	int fd = client_open(f);

	client_ask(f, fd, method, path, body);
	return client_read(f, fd);
}

/* The body must be JSON. */
static inline struct reply call_json(
	struct fixture *f, const char *method, const char *path, const char *body, int status)
{
	struct reply reply = call(f, method, path, body);
	struct json_error error;

	reply.token = malloc(TOKENS_MAX * sizeof(*reply.token));
	if (reply.status != status)
		print_error(
			"%s %s: %d %s\n", method, path, reply.status, reply.body == NULL ? "" : reply.body);
	assert_int_equal(reply.status, status);
	if (json_read(&reply.doc, reply.body, reply.body_len, reply.token, TOKENS_MAX, &error) != DISP_OK)
		fail_msg("%s %s: %s at %u of %.2000s", method, path, error.message, error.at, reply.body);
	return reply;
}

/* The member, as it is written; "" when it is not there. */
static inline const char *member(const struct reply *reply, const char *key)
{
	static char out[512];
	uint32_t object = json_kind(&reply->doc, 0) == JSON_KIND_ARRAY ? json_first(&reply->doc, 0) : 0;
	struct text raw = json_raw(
		&reply->doc, json_find(&reply->doc, object, (struct text){key, (uint32_t)strlen(key)}));

	(void)snprintf(out, sizeof(out), "%.*s", (int)raw.len, raw.ptr == NULL ? "" : raw.ptr);
	return out;
}

/* Sends a command; the body of the answer must be JSON, with this status. */
static inline struct reply call_command(struct fixture *f, const char *name, const char *body, int status)
{
	char path[96];

	(void)snprintf(path, sizeof(path), "/v1/commands/%s", name);
	return call_json(f, "POST", path, body, status);
}

#endif
