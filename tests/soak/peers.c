/* peers: those that a daemon meets: terminals that obey and measure, connections that say nothing, HTTP clients that say it slowly.
 * Prints one line of figures; judges nothing. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

enum { TERMINALS_MAX = 2048, ALARMS_MAX = 100000, NAME_SIZE = 64, SILENT_MAX = 4096, AFTER_LAST_MS = 3000 };

static const char usage[] =
	"usage: peers orders ALARMS UNITS TERMINALS PLACES RATE   obey at once; how long from an alarm to "
	"its first order\n"
	"       peers come UNITS TERMINALS        say hello, all at once; how long until each has its "
	"answer\n"
	"       peers silent ENDPOINT COUNT       connect, say nothing, until stdin ends; how many were cut\n"
	"       peers slow SOCKET COUNT           HTTP requests, one byte a second; how long until each is "
	"cut\n"
	"TERMINALS: a file, one unit a line. PLACES: a file, an alarm a line: SOURCE LON LAT.\n";

static int64_t now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

static _Noreturn void fail(const char *what, const char *why)
{
	fprintf(stderr, "peers: %s: %s\n", what, why);
	exit(2);
}

static void raise_limit(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
}

/* --- orders ------------------------------------------------------------------------------------------ */

/* One alarm on its way; the incident is known from the reply, which may come after the order. */
struct wait {
	int64_t sent_us;
	char incident[NAME_SIZE];
};

/* An incident's first order. */
struct first {
	char incident[NAME_SIZE];
	int64_t at_us;
};

static struct {
	void *context, *sender, *terminal[TERMINALS_MAX];
	size_t terminals, sent, replies, firsts;
	struct wait *wait;
	struct first *first;
	char run[NAME_SIZE];
} crowd;

static void *dial(const char *endpoint)
{
	void *socket = zmq_socket(crowd.context, ZMQ_DEALER);
	int mark = 100000, linger_ms = 0;

	if (socket == NULL)
		fail("socket", zmq_strerror(zmq_errno()));
	(void)zmq_setsockopt(socket, ZMQ_SNDHWM, &mark, sizeof mark);
	(void)zmq_setsockopt(socket, ZMQ_RCVHWM, &mark, sizeof mark);
	(void)zmq_setsockopt(socket, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
	if (zmq_connect(socket, endpoint) != 0)
		fail(endpoint, zmq_strerror(zmq_errno()));
	return socket;
}

static void say(void *socket, const char *text)
{
	if (zmq_send(socket, text, strlen(text), ZMQ_DONTWAIT) < 0)
		fail("send", zmq_strerror(zmq_errno()));
}

static void terminals_open(const char *endpoint, const char *path)
{
	FILE *from = fopen(path, "r");
	char unit[NAME_SIZE], text[160];

	if (from == NULL)
		fail(path, strerror(errno));
	while (crowd.terminals < TERMINALS_MAX && fscanf(from, "%63s", unit) == 1) {
		void *socket = dial(endpoint);

		(void)snprintf(
			text, sizeof text, "{\"kind\":\"hello\",\"unit\":\"%s\",\"last_seq\":0}", unit);
		say(socket, text);
		crowd.terminal[crowd.terminals++] = socket;
	}
	fclose(from);
}

static void send_alarm(const char *place)
{
	char source[NAME_SIZE], text[512], at[40];
	double lon, lat;
	struct timespec now;
	struct tm parts;

	if (sscanf(place, "%63s %lf %lf", source, &lon, &lat) != 3 || crowd.sent == ALARMS_MAX)
		return;
	(void)clock_gettime(CLOCK_REALTIME, &now);
	(void)gmtime_r(&now.tv_sec, &parts);
	size_t used = strftime(at, 32, "%Y-%m-%dT%H:%M:%S", &parts);

	(void)snprintf(at + used, sizeof at - used, ".%03ldZ", now.tv_nsec / 1000000);
	(void)snprintf(text, sizeof text,
		"{\"specversion\":\"1.0\",\"id\":\"%s-%zu\",\"source\":\"%s\",\"type\":\"alarm.medical."
		"help\",\"time\":"
		"\"%s\",\"data\":{\"state\":\"raised\",\"crs\":\"EPSG:4490\",\"position\":{\"type\":"
		"\"Point\","
		"\"coordinates\":[%.7f,%.7f]}}}",
		crowd.run, crowd.sent, source, at, lon, lat);
	crowd.wait[crowd.sent++].sent_us = now_us();
	say(crowd.sender, text);
}

static const char *text_of(const json_t *message, const char *key)
{
	const char *text = json_string_value(json_object_get(message, key));

	return text != NULL ? text : "";
}

static void take_reply(const char *bytes, size_t size)
{
	json_t *reply = json_loadb(bytes, size, 0, NULL);
	const char *id = text_of(reply, "id"), *number = strrchr(id, '-');
	size_t index = number != NULL ? strtoul(number + 1, NULL, 10) : ALARMS_MAX;

	if (index < crowd.sent && strcmp(text_of(reply, "result"), "accepted") == 0) {
		crowd.replies++;
		(void)snprintf(crowd.wait[index].incident, NAME_SIZE, "%s", text_of(reply, "incident"));
	}
	json_decref(reply);
}

static void take_order(void *socket, const char *bytes, size_t size)
{
	int64_t at_us = now_us();
	json_t *message = json_loadb(bytes, size, 0, NULL);
	const char *order = text_of(message, "order"), *incident = text_of(message, "incident");
	char text[160];
	size_t at = 0;

	if (strcmp(text_of(message, "kind"), "order") == 0) {
		(void)snprintf(text, sizeof text,
			"{\"kind\":\"answer\",\"order\":\"%s\",\"answer\":\"accept\"}", order);
		say(socket, text);
		(void)snprintf(text, sizeof text, "{\"kind\":\"done\",\"order\":\"%s\"}", order);
		say(socket, text);
		while (at < crowd.firsts &&
			strcmp(crowd.first[crowd.firsts - 1 - at].incident, incident) != 0)
			at++;
		if (at == crowd.firsts && crowd.firsts < ALARMS_MAX) {
			(void)snprintf(crowd.first[crowd.firsts].incident, NAME_SIZE, "%s", incident);
			crowd.first[crowd.firsts++].at_us = at_us;
		}
	}
	json_decref(message);
}

static void hear(zmq_pollitem_t *item, int timeout_ms)
{
	static char bytes[1 << 17];

	if (zmq_poll(item, (int)crowd.terminals + 1, timeout_ms) <= 0)
		return;
	for (size_t index = 0; index <= crowd.terminals; index++) {
		int got;

		while ((item[index].revents & ZMQ_POLLIN) != 0 &&
			(got = zmq_recv(item[index].socket, bytes, sizeof bytes, ZMQ_DONTWAIT)) >= 0) {
			if ((size_t)got > sizeof bytes)
				continue;
			if (index == crowd.terminals)
				take_reply(bytes, (size_t)got);
			else
				take_order(item[index].socket, bytes, (size_t)got);
		}
	}
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* Alarms that joined an incident which has its crew already have no first order of their own: they are not counted. */
static void orders_sum_up(void)
{
	double *took = calloc(crowd.firsts + 1, sizeof *took);
	size_t count = 0;

	for (size_t order = 0; took != NULL && order < crowd.firsts; order++) {
		size_t at = 0;

		while (at < crowd.sent && strcmp(crowd.wait[at].incident, crowd.first[order].incident) != 0)
			at++;
		if (at < crowd.sent)
			took[count++] = (double)(crowd.first[order].at_us - crowd.wait[at].sent_us) / 1000;
	}
	if (count == 0)
		fail("orders", "no alarm led to an order");
	qsort(took, count, sizeof *took, by_value);
	printf("alarms=%zu replies=%zu orders=%zu p50_ms=%.2f p99_ms=%.2f\n", crowd.sent, crowd.replies,
		count, took[count / 2], took[count * 99 / 100]);
	free(took);
}

static void orders(
	const char *alarms, const char *units, const char *terminals, const char *places, double rate)
{
	static zmq_pollitem_t item[TERMINALS_MAX + 1];
	FILE *from = fopen(places, "r");
	char place[160];
	int64_t next_us, last_us;

	crowd.context = zmq_ctx_new();
	(void)zmq_ctx_set(crowd.context, ZMQ_MAX_SOCKETS, 2 * TERMINALS_MAX);
	crowd.wait = calloc(ALARMS_MAX, sizeof *crowd.wait);
	crowd.first = calloc(ALARMS_MAX, sizeof *crowd.first);
	if (from == NULL || crowd.wait == NULL || crowd.first == NULL || rate <= 0)
		fail(places, "no places, no memory or no rate");
	(void)snprintf(crowd.run, sizeof crowd.run, "peers%ld%ld", (long)time(NULL), (long)getpid());
	terminals_open(units, terminals);
	crowd.sender = dial(alarms);
	for (size_t index = 0; index <= crowd.terminals; index++)
		item[index] = (zmq_pollitem_t){
			.socket = index < crowd.terminals ? crowd.terminal[index] : crowd.sender,
			.events = ZMQ_POLLIN};
	for (next_us = now_us() + 1000000; now_us() < next_us;) /* the hellos are rows of their own */
		hear(item, 20);
	for (last_us = next_us; now_us() < last_us + AFTER_LAST_MS * INT64_C(1000);) {
		if (now_us() >= next_us && fgets(place, sizeof place, from) != NULL) {
			send_alarm(place);
			last_us = next_us;
			next_us += (int64_t)(1e6 / rate);
		}
		hear(item, 1);
	}
	fclose(from);
	orders_sum_up();
	exit(0); /* without goodbyes: a context with a thousand sockets is slow to end */
}

/* --- coming ------------------------------------------------------------------------------------------ */

/* A pong shows that the hello before it has been taken. Whoever ends here leaves without goodbye. */
static void come(const char *units, const char *terminals)
{
	static zmq_pollitem_t item[TERMINALS_MAX];
	static char bytes[1 << 17];
	int64_t began_us = now_us();
	size_t left;

	crowd.context = zmq_ctx_new();
	(void)zmq_ctx_set(crowd.context, ZMQ_MAX_SOCKETS, 2 * TERMINALS_MAX);
	terminals_open(units, terminals);
	for (size_t index = 0; index < crowd.terminals; index++) {
		item[index] = (zmq_pollitem_t){.socket = crowd.terminal[index], .events = ZMQ_POLLIN};
		say(crowd.terminal[index], "{\"kind\":\"ping\"}");
	}
	for (left = crowd.terminals; left > 0 && now_us() - began_us < INT64_C(60000000);) {
		(void)zmq_poll(item, (int)crowd.terminals, 100);
		for (size_t index = 0; index < crowd.terminals; index++) {
			int got = item[index].revents != 0
					  ? zmq_recv(item[index].socket, bytes, sizeof bytes, ZMQ_DONTWAIT)
					  : -1;

			if (got > 0 && item[index].events != 0 &&
				memmem(bytes, (size_t)got, "\"pong\"", 6) != NULL) {
				item[index].events = 0;
				left--;
			}
		}
	}
	printf("terminals=%zu unanswered=%zu ms=%lld\n", crowd.terminals, left,
		(long long)((now_us() - began_us) / 1000));
	fflush(stdout);
	_exit(left == 0 ? 0 : 1);
}

/* --- silence ------------------------------------------------------------------------------------------- */

/* tcp://HOST:PORT or the path of a socket. */
static int connect_to(const char *endpoint)
{
	struct addrinfo hint = {.ai_socktype = SOCK_STREAM}, *found = NULL;
	struct sockaddr_un path = {.sun_family = AF_UNIX};
	char host[NAME_SIZE], port[16];
	int fd = -1;

	if (sscanf(endpoint, "tcp://%63[^:]:%15[0-9]", host, port) == 2) {
		if (getaddrinfo(host, port, &hint, &found) == 0)
			fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fd < 0 || connect(fd, found->ai_addr, found->ai_addrlen) != 0)
			fail(endpoint, strerror(errno));
		freeaddrinfo(found);
		return fd;
	}
	(void)snprintf(path.sun_path, sizeof path.sun_path, "%s", endpoint);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&path, sizeof path) != 0)
		fail(endpoint, strerror(errno));
	return fd;
}

/* Reads and drops what has come; whether the other side has closed. */
static bool is_cut(int fd)
{
	char bytes[4096];
	ssize_t got;

	while ((got = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT)) > 0)
		;
	return got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

static void silent(const char *endpoint, size_t count)
{
	static struct pollfd item[SILENT_MAX + 1];
	size_t cut = 0;

	if (count > SILENT_MAX)
		fail("silent", "too many");
	for (size_t index = 0; index < count; index++)
		item[index] = (struct pollfd){.fd = connect_to(endpoint), .events = POLLIN};
	item[count] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
	puts("connected");
	fflush(stdout);
	while (poll(item, count + 1, -1) >= 0 && item[count].revents == 0)
		for (size_t index = 0; index < count; index++)
			if (item[index].revents != 0 && is_cut(item[index].fd)) {
				close(item[index].fd);
				item[index].fd = -1;
				cut++;
			}
	printf("silent=%zu cut=%zu\n", count, cut);
}

static void slow(const char *path, size_t count)
{
	static const char request[] = "GET /v1/status HTTP/1.1\r\nHost: localhost\r\nX-Patience: "
				      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
	static int fd[SILENT_MAX];
	int64_t began_us = now_us();
	double longest_s = 0;
	size_t open_count = count;

	if (count > SILENT_MAX)
		fail("slow", "too many");
	for (size_t index = 0; index < count; index++)
		fd[index] = connect_to(path);
	for (size_t at = 0; open_count > 0 && at < sizeof request - 1; at++) {
		for (size_t index = 0; index < count; index++)
			if (fd[index] >= 0)
				(void)!send(fd[index], request + at, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
		for (int64_t until_us = now_us() + 1000000; now_us() < until_us && open_count > 0;) {
			(void)usleep(20000);
			for (size_t index = 0; index < count; index++)
				if (fd[index] >= 0 && is_cut(fd[index])) {
					close(fd[index]);
					fd[index] = -1;
					open_count--;
					longest_s = (double)(now_us() - began_us) / 1e6;
				}
		}
	}
	printf("slow=%zu never_cut=%zu longest_s=%.1f\n", count, open_count, longest_s);
}

int main(int argc, char **argv)
{
	raise_limit();
	if (argc == 7 && strcmp(argv[1], "orders") == 0)
		orders(argv[2], argv[3], argv[4], argv[5], atof(argv[6]));
	else if (argc == 4 && strcmp(argv[1], "come") == 0)
		come(argv[2], argv[3]);
	else if (argc == 4 && strcmp(argv[1], "silent") == 0)
		silent(argv[2], strtoul(argv[3], NULL, 10));
	else if (argc == 4 && strcmp(argv[1], "slow") == 0)
		slow(argv[2], strtoul(argv[3], NULL, 10));
	else
		fputs(usage, stderr);
	return argc < 4 ? 2 : 0;
}
