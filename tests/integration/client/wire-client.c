/* wire-client: sends the lines it is given as ZeroMQ messages and prints what comes; any bytes, any envelope. No test itself. */
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

/*
 * wire-client [--key-file FILE] dealer|req|sub ENDPOINT
 * FILE: three lines, the daemon's public key, our public key, our secret key
 * Lines on stdin:  send TEXT     one message
 *                  hex BYTES     one message, two hexadecimal digits a byte
 *                  empty TEXT    an empty frame first, as a REQ sends
 *                  frames TEXT   TEXT twice, as two frames
 *                  fill N HEAD   HEAD, then spaces up to N bytes
 *                  again         leave, and connect anew
 * Lines on stdout: each message that comes; "!connected" and "!disconnected".
 */
enum { FILL_MAX = 64 * 1024 * 1024 };

static void *context, *link_, *monitor;
static int kind;
static const char *endpoint, *key_file;

static void die(const char *what)
{
	fprintf(stderr, "wire-client: %s: %s\n", what, zmq_strerror(zmq_errno()));
	exit(2);
}

static void keys_use(void)
{
	static const int option[] = {ZMQ_CURVE_SERVERKEY, ZMQ_CURVE_PUBLICKEY, ZMQ_CURVE_SECRETKEY};
	FILE *from = fopen(key_file, "r");
	char line[64];

	for (size_t i = 0; i < sizeof option / sizeof option[0]; i++) {
		if (from == NULL || fgets(line, sizeof line, from) == NULL)
			die(key_file);
		line[strcspn(line, "\r\n")] = '\0';
		if (zmq_setsockopt(link_, option[i], line, strlen(line) + 1) != 0)
			die(key_file);
	}
	fclose(from);
}

static void link_open(void)
{
	static int turn;
	char place[40];
	int zero = 0;

	(void)snprintf(place, sizeof place, "inproc://monitor-%d", turn++);
	link_ = zmq_socket(context, kind);
	monitor = zmq_socket(context, ZMQ_PAIR);
	zmq_setsockopt(link_, ZMQ_LINGER, &zero, sizeof zero);
	if (key_file != NULL)
		keys_use();
	if (kind == ZMQ_SUB)
		zmq_setsockopt(link_, ZMQ_SUBSCRIBE, "", 0); /* everything */
	if (zmq_socket_monitor(link_, place, ZMQ_EVENT_CONNECTED | ZMQ_EVENT_DISCONNECTED) != 0 ||
		zmq_connect(monitor, place) != 0 || zmq_connect(link_, endpoint) != 0)
		die(endpoint);
}

static void link_close(void)
{
	zmq_socket_monitor(link_, NULL, 0);
	zmq_close(link_);
	zmq_close(monitor);
}

static void put(const void *bytes, size_t len, int flags)
{
	if (zmq_send(link_, bytes, len, flags) < 0)
		printf("!%s\n", zmq_strerror(zmq_errno()));
}

static void put_hex(char *text)
{
	size_t len = 0;

	for (unsigned byte; sscanf(text + 2 * len, "%2x", &byte) == 1 && text[2 * len + 1] != '\0'; len++)
		text[len] = (char)byte;
	put(text, len, 0);
}

static void put_fill(const char *text)
{
	char *head;
	size_t len = strtoul(text, &head, 10), head_len;
	char *bytes = len <= FILL_MAX ? malloc(len) : NULL;

	head += *head == ' ';
	head_len = strlen(head);
	if (bytes == NULL || head_len > len)
		die("fill");
	memset(bytes, ' ', len);
	memcpy(bytes, head, head_len);
	put(bytes, len, 0);
	free(bytes);
}

static void obey(char *line)
{
	char *text = line + strcspn(line, " ");

	if (*text != '\0')
		*text++ = '\0';
	if (strcmp(line, "send") == 0) {
		put(text, strlen(text), 0);
	} else if (strcmp(line, "hex") == 0) {
		put_hex(text);
	} else if (strcmp(line, "empty") == 0) {
		put("", 0, ZMQ_SNDMORE);
		put(text, strlen(text), 0);
	} else if (strcmp(line, "frames") == 0) {
		put(text, strlen(text), ZMQ_SNDMORE);
		put(text, strlen(text), 0);
	} else if (strcmp(line, "fill") == 0) {
		put_fill(text);
	} else if (strcmp(line, "again") == 0) {
		link_close();
		link_open();
	} else {
		die(line);
	}
}

static void hear(void)
{
	zmq_msg_t frame;

	zmq_msg_init(&frame);
	while (zmq_msg_recv(&frame, link_, ZMQ_DONTWAIT) >= 0) {
		fwrite(zmq_msg_data(&frame), 1, zmq_msg_size(&frame), stdout);
		if (!zmq_msg_more(&frame))
			putchar('\n');
	}
	zmq_msg_close(&frame);
}

static void watch(void)
{
	char event[8], place[256];
	uint16_t what;

	while (zmq_recv(monitor, event, sizeof event, ZMQ_DONTWAIT) >= 0) {
		(void)zmq_recv(monitor, place, sizeof place, 0);
		memcpy(&what, event, sizeof what);
		puts(what == ZMQ_EVENT_CONNECTED ? "!connected" : "!disconnected");
	}
}

int main(int argc, char **argv)
{
	char *line = NULL;
	size_t size = 0;

	if (argc == 5 && strcmp(argv[1], "--key-file") == 0) {
		key_file = argv[2];
		argv += 2;
		argc -= 2;
	}
	if (argc != 3) {
		fputs("usage: wire-client [--key-file FILE] dealer|req|sub ENDPOINT\n", stderr);
		return 2;
	}
	kind = strcmp(argv[1], "req") == 0 ? ZMQ_REQ : strcmp(argv[1], "sub") == 0 ? ZMQ_SUB : ZMQ_DEALER;
	endpoint = argv[2];
	setvbuf(stdout, NULL, _IOLBF, 0);
	setvbuf(stdin, NULL, _IONBF, 0); /* so that what is read is what poll saw */
	context = zmq_ctx_new();
	for (link_open();;) {
		zmq_pollitem_t item[] = {{.fd = 0, .events = ZMQ_POLLIN},
			{.socket = link_, .events = ZMQ_POLLIN}, {.socket = monitor, .events = ZMQ_POLLIN}};

		if (zmq_poll(item, 3, -1) < 0)
			die("poll");
		watch();
		hear();
		if (item[0].revents == 0)
			continue;
		ssize_t len = getline(&line, &size, stdin);

		if (len <= 0)
			return 0; /* without a goodbye, as a sender that was killed */
		line[len - (line[len - 1] == '\n')] = '\0';
		obey(line);
	}
}
