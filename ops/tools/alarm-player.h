/* alarm-player: what alarm-player.c plays: its options and state, the event clock, and the file. No connection. */
#ifndef OPS_ALARM_PLAYER_H
#define OPS_ALARM_PLAYER_H

#include <curl/curl.h>
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

#include "wire/time_text.h"

enum {
	CONNECTIONS_MAX = 64,
	DAEMONS_MAX = 2,
	KEY_SIZE = 41,
	KEY_LINES = 3,
	REPLY_MAX = 16 * 1024,
	RESULTS_MAX = 24,
	WORD_SIZE = 24,
	OFFSET_MIN = 480,
	AWAY_US = 1000000,      /* without a connection: the other daemon of a pair is asked */
	AGAIN_MIN_US = 2000000, /* a refused connection is opened anew after that, then twice as late, */
	AGAIN_MAX_US = 15000000 /* up to that; one that does not come up, after that */
};

struct alarm {
	char *bytes;
	size_t len;
	char *key, *name, *note, *expect, *type;
	int64_t at_ms;             /* event time to be sent at */
	int64_t first_us, last_us; /* monotonic, sent; last_us may lie ahead: not to be repeated before */
	uint32_t attempts, connection;
	bool anonymous; /* its reply names no id */
	bool answered;
	struct alarm *same; /* the next of the same key */
};

struct tally {
	char word[RESULTS_MAX][WORD_SIZE];
	uint32_t of[RESULTS_MAX], count;
};

/* Times are monotonic. */
struct connection {
	void *socket, *monitor;
	bool up;
	int64_t down_us;    /* since when, unless it is up */
	int64_t again_us;   /* to be opened anew then, unless it is up */
	int64_t backoff_us; /* the next wait after a refusal; 0: the first one */
};

static struct player {
	const char *endpoint[DAEMONS_MAX], *env_file, *server, *key_file[DAEMONS_MAX], *log_path;
	uint32_t connections, window;
	uint32_t daemons, key_files, leader; /* leader: the one that is asked now */
	double resend_s, give_up_s, rate;
	bool relative, fast, zh, quiet, fixed_clock;
	int64_t base_ms, base_us; /* event time base_ms was at monotonic base_us */
	int64_t status_us, reply_us;
	void *context;
	struct connection connection[CONNECTIONS_MAX * DAEMONS_MAX];
	char key[DAEMONS_MAX][KEY_LINES][KEY_SIZE];
	CURL *curl;
	FILE *log;
	struct hsearch_data by_key;
	struct alarm *entry;
	size_t count, next, answered, oldest, unexpected, repeats, strays;
	double *reply_ms;
	struct tally result, reason;
	char here[2][256]; /* endpoint and server from env_file */
} player = {.connections = 1, .window = 1000, .resend_s = 3, .give_up_s = 30, .rate = 1};

_Noreturn static void die(const char *what, const char *which)
{
	fprintf(stderr, "alarm-player: %s%s%s\n", what, which[0] != '\0' ? " " : "", which);
	exit(2);
}

static void *need(void *memory)
{
	if (memory == NULL)
		die("out of memory", "");
	return memory;
}

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

static int64_t event_now_ms(void)
{
	return player.base_ms + (int64_t)((double)(now_us() - player.base_us) * player.rate / 1000);
}

/* --- the daemon's clock -------------------------------------------------------------------------- */

static size_t take_body(char *bytes, size_t size, size_t count, void *to)
{
	return fwrite(bytes, size, count, to) * size;
}

/* GET /v1/status; NULL while nobody answers. */
static json_t *status_read(void)
{
	char url[300], *body = NULL;
	size_t len = 0;
	FILE *to = need(open_memstream(&body, &len));
	bool is_unix = strncmp(player.server, "unix:", 5) == 0;

	snprintf(url, sizeof url, "%s/v1/status", is_unix ? "http://localhost" : player.server);
	curl_easy_reset(player.curl);
	curl_easy_setopt(player.curl, CURLOPT_URL, url);
	if (is_unix)
		curl_easy_setopt(player.curl, CURLOPT_UNIX_SOCKET_PATH, player.server + 5);
	curl_easy_setopt(player.curl, CURLOPT_TIMEOUT_MS, 1000L);
	curl_easy_setopt(player.curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(player.curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(player.curl, CURLOPT_WRITEDATA, to);
	CURLcode code = curl_easy_perform(player.curl);

	fclose(to);
	json_t *status = code == CURLE_OK ? json_loads(body, 0, NULL) : NULL;

	free(body);
	return status;
}

static bool clock_read(void)
{
	int64_t before_us = now_us(), ms;
	json_t *status = status_read();
	const char *now = json_string_value(json_object_get(status, "now"));
	double rate = json_number_value(json_object_get(status, "clock_rate"));
	bool good = now != NULL && rate > 0 &&
		    time_parse((struct text){now, (uint32_t)strlen(now)}, &ms) == DISP_OK;

	player.status_us = now_us();
	if (good) {
		player.base_ms = ms;
		player.base_us = (before_us + player.status_us) / 2;
		player.rate = rate;
	}
	json_decref(status);
	return good;
}

static void clock_begin(void)
{
	struct timespec wall;

	if (player.fixed_clock)
		return;
	clock_gettime(CLOCK_REALTIME, &wall);
	player.base_ms = wall.tv_sec * INT64_C(1000) + wall.tv_nsec / 1000000;
	player.base_us = now_us();
	for (int left = 100; player.server != NULL && !clock_read(); left--) {
		if (left == 0)
			die("no clock at", player.server);
		nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
	}
}

/* --- the file -------------------------------------------------------------------------------------- */

static char *take_text(json_t *object, const char *field)
{
	const char *text = json_string_value(json_object_get(object, field));
	char *copy = text != NULL ? need(strdup(text)) : NULL;

	json_object_del(object, field);
	return copy;
}

static double take_number(json_t *object, const char *field)
{
	double number = json_number_value(json_object_get(object, field));

	json_object_del(object, field);
	return number;
}

static void put_time(json_t *alarm, int64_t ms)
{
	char text[TIME_TEXT_LEN + 1] = "";

	time_format(ms, text);
	json_object_set_new(alarm, "time", json_string(text));
}

/* time, id and specversion of a line that says after_s. */
static void fill_in(json_t *alarm, struct alarm *entry, int64_t shift_ms)
{
	char id[64];

	snprintf(id, sizeof id, "p%lld-%zu", (long long)(player.base_ms / 1000),
		(size_t)(entry - player.entry) + 1);
	if (json_object_get(alarm, "specversion") == NULL)
		json_object_set_new(alarm, "specversion", json_string("1.0"));
	if (json_object_get(alarm, "id") == NULL)
		json_object_set_new(alarm, "id", json_string(id));
	if (json_object_get(alarm, "time") == NULL)
		put_time(alarm, entry->at_ms + shift_ms);
}

static char *pad_to(json_t *alarm, char *bytes, size_t bytes_wanted)
{
	size_t len = strlen(bytes), more = bytes_wanted > len + 12 ? bytes_wanted - len - 12 : 0;
	char *fill = need(malloc(more + 1));

	memset(fill, 'x', more);
	fill[more] = '\0';
	json_object_set_new(json_object_get(alarm, "data"), "text", json_string(fill));
	free(fill);
	free(bytes);
	return need(json_dumps(alarm, JSON_COMPACT | JSON_ENSURE_ASCII));
}

static char *key_of(const json_t *message)
{
	const char *source = json_string_value(json_object_get(message, "source"));
	const char *id = json_string_value(json_object_get(message, "id"));
	size_t size = strlen(source != NULL ? source : "") + strlen(id != NULL ? id : "") + 2;
	char *key = need(malloc(size));

	snprintf(key, size, "%s\x1f%s", source != NULL ? source : "", id != NULL ? id : "");
	return key;
}

static void entry_from_alarm(struct alarm *entry, json_t *alarm)
{
	int64_t shift_ms = (int64_t)(take_number(alarm, "shift_s") * 1000);
	size_t pad = (size_t)take_number(alarm, "pad");
	const char *time = json_string_value(json_object_get(alarm, "time"));

	if (player.relative) {
		entry->at_ms = player.base_ms + (int64_t)(take_number(alarm, "after_s") * 1000);
		fill_in(alarm, entry, shift_ms);
	} else if (time != NULL &&
		   time_parse((struct text){time, (uint32_t)strlen(time)}, &entry->at_ms) == DISP_OK &&
		   shift_ms != 0) {
		put_time(alarm, entry->at_ms + shift_ms);
	}
	const char *type = json_string_value(json_object_get(alarm, "type"));

	entry->type = type != NULL ? need(strdup(type)) : NULL;
	entry->bytes = need(json_dumps(alarm, JSON_COMPACT));
	if (pad > 0)
		entry->bytes = pad_to(alarm, entry->bytes, pad);
	entry->key = key_of(alarm);
	entry->len = strlen(entry->bytes);
	entry->anonymous = entry->len > 64 * 1024 || json_object_get(alarm, "id") == NULL;
}

/* What is no JSON object goes out as it stands, at the time of the line before. */
static void entry_read(struct alarm *entry, const char *line)
{
	json_t *alarm = json_loads(line, 0, NULL);

	entry->at_ms = entry > player.entry ? entry[-1].at_ms : player.base_ms;
	entry->name = take_text(alarm, "name");
	entry->note = take_text(alarm, "note");
	entry->expect = take_text(alarm, "expect");
	entry->bytes = take_text(alarm, "raw");
	if (json_is_object(alarm) && entry->bytes == NULL) {
		entry_from_alarm(entry, alarm);
	} else {
		if (entry->bytes == NULL)
			entry->bytes = need(strdup(line));
		if (player.relative && alarm != NULL)
			entry->at_ms = player.base_ms + (int64_t)(take_number(alarm, "after_s") * 1000);
		entry->len = strlen(entry->bytes);
		entry->key = need(strdup("\x1f"));
		entry->anonymous = true;
	}
	json_decref(alarm);
}

static void file_read(const char *path)
{
	FILE *from = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
	char *line = NULL;
	size_t size = 0, room = 0;

	if (from == NULL)
		die(strerror(errno), path);
	for (ssize_t len; (len = getline(&line, &size, from)) >= 0;) {
		while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
			line[--len] = '\0';
		if (len == 0)
			continue;
		if (player.count == room) {
			room = room == 0 ? 1024 : 2 * room;
			player.entry = need(realloc(player.entry, room * sizeof *player.entry));
		}
		player.entry[player.count] = (struct alarm){0};
		entry_read(&player.entry[player.count], line);
		player.count++;
	}
	free(line);
	if (from != stdin)
		fclose(from);
}

/* In the order of the file for equal times. */
static int by_time(const void *a, const void *b)
{
	const struct alarm *one = a, *other = b;

	return one->at_ms != other->at_ms ? (one->at_ms < other->at_ms ? -1 : 1)
					  : (one < other ? -1 : one > other);
}

static void index_entries(void)
{
	bool sorted = true;

	for (size_t i = 1; i < player.count; i++)
		sorted = sorted && player.entry[i - 1].at_ms <= player.entry[i].at_ms;
	if (!sorted)
		qsort(player.entry, player.count, sizeof *player.entry, by_time);
	player.reply_ms = need(calloc(player.count + 1, sizeof *player.reply_ms));
	if (hcreate_r(player.count * 2 + 16, &player.by_key) == 0)
		die("out of memory", "");
	for (size_t i = player.count; i-- > 0;) {
		struct alarm *entry = &player.entry[i];
		ENTRY *slot;

		if (entry->anonymous)
			continue;
		if (hsearch_r((ENTRY){entry->key, entry}, ENTER, &slot, &player.by_key) == 0)
			die("out of memory", "");
		entry->same = slot->data != entry ? slot->data : NULL;
		slot->data = entry;
	}
}

#endif
