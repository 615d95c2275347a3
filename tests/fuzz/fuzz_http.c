/* fuzz_http: requests as any client may send them, at the real HTTP interface of a small town, one behind the other. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

/* Not all that the tests of the api do is done here. */
#pragma GCC diagnostic ignored "-Wunused-function"
#include "../unit/api_fixture.h"

#include "core/state.h"
#include "fuzz_row.h"

/*
 * An input is requests, parted by 0x1e. One that begins with '!' is sent as it stands behind that; one that begins with '+'
 * lets ten minutes pass; any other is a line "METHOD PATH" and, behind it, the body: the rest of the message is made right.
 */
enum {
	MARK = 0x1e,
	REQUESTS_MAX = 12,
	IDLE_MAX = 8,
	STEPS_MAX = 2000,
	REPLY_BYTES = 1 << 20,
	PASS_MS = 600000
};

static struct fixture town;
static void *kept;
static size_t kept_before, kept_behind; /* of the core's memory, before and behind its scratch */
static uint64_t kept_seq;
static int64_t kept_ms;
static char reply[REPLY_BYTES + 1];

static struct core_limits limits_small(void)
{
	struct core_limits limits;

	core_limits_default(&limits);
	limits.max[TABLE_GRID] = limits.max[TABLE_PERSON] = limits.max[TABLE_UNIT] = 32;
	limits.max[TABLE_STOCK] = limits.max[TABLE_DEVICE] = limits.max[TABLE_DUTY] = 16;
	limits.max[TABLE_PLAYBOOK] = limits.max[TABLE_SILENCE] = 8;
	limits.max[TABLE_INCIDENT] = 16;
	for (uint32_t table = TABLE_NEED; table <= TABLE_TASK; table++)
		limits.max[table] = EFFECTS_MAX + 60;
	limits.max[TABLE_IDENTITY] = 64;
	limits.texts = 4400;
	limits.text_bytes = 200000;
	return limits;
}

static void leave(void)
{
	(void)rmdir(town.folder);
}

static void core_make(const struct core_limits *limits)
{
	struct core_rules rules;
	struct travel travel = {NULL, leg};
	size_t bytes = (size_t)core_size(limits);

	core_rules_default(&rules);
	rules.evidence = true;
	town.core_memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
	FUZZ_MUST(town.core_memory != NULL);
	memset(town.core_memory, 0, bytes);
	FUZZ_MUST(core_init(town.core_memory, limits, &rules, &travel, &town.core) == DISP_OK);
}

static void core_keep(const struct core_limits *limits)
{
	kept_before = (size_t)((uint8_t *)town.core->scratch - (uint8_t *)town.core_memory);
	kept_behind = (size_t)core_size(limits) - kept_before - sizeof(struct scratch);
	kept = malloc(kept_before + kept_behind);
	FUZZ_MUST(kept != NULL);
	memcpy(kept, town.core_memory, kept_before);
	memcpy((uint8_t *)kept + kept_before, town.core->scratch + 1, kept_behind);
	kept_seq = town.seq;
	kept_ms = town.now_ms;
}

int LLVMFuzzerInitialize(int *count, char ***value)
{
	struct core_limits limits = limits_small();

	(void)count;
	(void)value;
	fuzz_asserts_abort();
	(void)signal(SIGPIPE, SIG_IGN);
	core_make(&limits);
	town.effects.item = calloc(EFFECTS_MAX, sizeof(struct effect));
	town.row = malloc(1 << 20);
	town.ring = malloc(FIXTURE_OUTBOX);
	town.message = malloc(OUTBOX_MESSAGE_MAX);
	town.alarm_memory = malloc(sizeof(*town.alarm_memory));
	town.now_ms = INT64_C(1782892800000); /* 2026-07-01T08:00:00Z */
	strcpy(town.folder, "/dev/shm/fuzz-http-XXXXXX");
	FUZZ_MUST(mkdtemp(town.folder) != NULL && atexit(leave) == 0);
	(void)snprintf(town.path, sizeof(town.path), "%s/sock", town.folder);
	town_build(&town);
	core_keep(&limits);
	return 0;
}

/* --- the town as every input finds it -------------------------------------------------------------- */

static void town_open(void)
{
	memcpy(town.core_memory, kept, kept_before);
	memcpy(town.core->scratch + 1, (uint8_t *)kept + kept_before, kept_behind);
	town.seq = kept_seq;
	town.now_ms = kept_ms;
	outbox_init(&town.outbox, town.ring, FIXTURE_OUTBOX);
	town.base = event_base_new();
	FUZZ_MUST(town.base != NULL);
	api_start(&town, (struct api_config){.connections_max = 8});
}

static void town_close(void)
{
	api_close(town.api);
	town.api = NULL;
	event_base_free(town.base);
	for (uint64_t seq = kept_seq + 1; seq <= town.seq; seq++) {
		free(town.rows[seq].bytes);
		town.rows[seq].bytes = NULL;
	}
}

/* --- a request ---------------------------------------------------------------------------------------- */

/* What comes back until the server has no more to say; a live feed never ends. */
static size_t reply_read(int fd)
{
	size_t used = 0;

	for (uint32_t idle = 0, steps = 0; idle < IDLE_MAX && steps < STEPS_MAX; steps++) {
		shell_step(&town);
		ssize_t got = recv(fd, reply + used, REPLY_BYTES - used, MSG_DONTWAIT);

		if (got == 0 || (got < 0 && errno != EAGAIN) || used == REPLY_BYTES)
			break;
		idle = got > 0 ? 0 : idle + 1;
		used += got > 0 ? (size_t)got : 0;
	}
	reply[used] = '\0';
	return used;
}

static size_t ask(const char *bytes, size_t len)
{
	int fd = client_open(&town);

	client_write(&town, fd, bytes, len);
	(void)shutdown(fd, SHUT_WR);
	size_t used = reply_read(fd);

	close(fd);
	shell_step(&town);
	return used;
}

/* An answer is whole, and what says it is JSON is. */
static void reply_check(size_t used)
{
	struct json_doc doc;
	struct json_error error;
	char *body = strstr(reply, "\r\n\r\n");

	if (used == 0)
		return;
	FUZZ_MUST(strncmp(reply, "HTTP/1.", 7) == 0 && body != NULL);
	int status = atoi(reply + 9);
	size_t len = used - (size_t)(body + 4 - reply);

	FUZZ_MUST(status >= 100 && status < 600);
	*body = '\0';
	if (len == 0 || strstr(reply, "application/json") == NULL)
		return;
	enum disp_err err = json_read(&doc, body + 4, len, fuzz_token, FUZZ_TOKENS, &error);

	if (err != DISP_OK)
		dprintf(STDERR_FILENO, "%s at %u of %s\n", error.message, error.at, body + 4);
	FUZZ_MUST(err == DISP_OK);
}

/* "METHOD PATH\nbody" as a message. */
static void ask_whole(const char *bytes, size_t len)
{
	const char *end = memchr(bytes, '\n', len);
	size_t line = end == NULL ? len : (size_t)(end - bytes), body = end == NULL ? 0 : len - line - 1;
	char *message = malloc(len + 128);

	FUZZ_MUST(message != NULL);
	memcpy(message, bytes, line);
	size_t used =
		line + (size_t)sprintf(message + line,
			       " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n",
			       body);

	if (body > 0)
		memcpy(message + used, end + 1, body);
	reply_check(ask(message, used + body));
	free(message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	const uint8_t *bytes;
	size_t len;

	town_open();
	for (uint32_t count = 0; count < REQUESTS_MAX && fuzz_part(&input, MARK, &bytes, &len); count++) {
		if (len > 0 && bytes[0] == '!')
			(void)ask((const char *)bytes + 1, len - 1);
		else if (len > 0 && bytes[0] == '+')
			town.now_ms += PASS_MS;
		else if (len > 0)
			ask_whole((const char *)bytes, len);
		shell_step(&town);
	}
	FUZZ_MUST(core_digest(town.core) == core_digest_full(town.core));
	town_close();
	return 0;
}
