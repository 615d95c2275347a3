/* api_fixture_shell: what the tests of the api run on: a core, an outbox, a shell of thirty lines, all in one thread. */
#ifndef TESTS_API_FIXTURE_SHELL_H
#define TESTS_API_FIXTURE_SHELL_H

#include <event2/event.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "core/query.h"
#include "wire/row.h"

enum { ROWS_MAX = 65536, FIXTURE_OUTBOX = 8 << 20, TOKENS_MAX = 1 << 20 };

struct fixture {
	struct core *core;
	void *core_memory;
	struct event_base *base;
	struct api *api;
	char folder[64], path[96];
	int64_t now_ms;
	uint64_t seq, released;
	struct effects effects;
	uint8_t *row;
	struct {
		uint8_t *bytes;
		size_t size;
	} rows[ROWS_MAX];
	struct outbox outbox;
	uint8_t *ring, *message;
	struct alarm_memory *alarm_memory;
	bool hold;            /* nothing is released */
	bool no_shell;        /* api_next is not called */
	struct api_pair pair; /* as status has it */
	uint32_t taken;
};

static struct place place_at(double lon, double lat)
{
	double a = 6378137.0, f = 1 / 298.257222101, e2 = f * (2 - f);
	double l = lon * M_PI / 180, b = lat * M_PI / 180, n = a / sqrt(1 - e2 * sin(b) * sin(b));

	return (struct place){(int32_t)lround(lat * 1e7), (int32_t)lround(lon * 1e7),
		{llround(n * cos(b) * cos(l) * 1e3), llround(n * cos(b) * sin(l) * 1e3),
			llround(n * (1 - e2) * sin(b) * 1e3)}};
}

static void leg(const void *context, const struct place *from, const struct place *to, int32_t speed_mm_s,
	int64_t *range_mm, int64_t *time_ms)
{
	double sum = 0;

	(void)context;
	for (int i = 0; i < 3; i++)
		sum += pow((double)(from->ecef_mm[i] - to->ecef_mm[i]), 2);
	*range_mm = (int64_t)ceil(sqrt(sum) * 1.001);
	*time_ms = *range_mm * 1000 / speed_mm_s;
}

static void row_store(struct fixture *f, const struct event *event)
{
	size_t size = row_encode(event, &f->effects, f->row, 1 << 20);

	assert_true(size > 0 && event->seq < ROWS_MAX);
	f->rows[event->seq].bytes = malloc(size);
	f->rows[event->seq].size = size;
	memcpy(f->rows[event->seq].bytes, f->row, size);
}

static void take_event(struct fixture *f, struct event *event, const struct origin *origin)
{
	enum disp_err err;

	event->seq = ++f->seq;
	event->epoch = 1;
	event->at_ms = f->now_ms;
	f->effects.count = 0;
	err = core_decide(f->core, event, &f->effects);
	assert_true(err == DISP_OK || err == DISP_E_FULL);
	row_store(f, event);
	assert_int_equal(core_apply(f->core, event, &f->effects), DISP_OK);
	if (f->api != NULL)
		assert_int_equal(api_prepare(f->api, event, &f->effects, origin, &f->outbox), DISP_OK);
}

static void take(struct fixture *f, struct event event)
{
	take_event(f, &event, NULL);
}

static void release_rows(struct fixture *f)
{
	struct outbox_entry entry;
	struct origin to;

	while (!f->hold &&
		outbox_peek(&f->outbox, f->seq, &entry, &to, f->message, OUTBOX_MESSAGE_MAX) == DISP_OK) {
		api_send(f->api, &to, f->message, entry.bytes);
		outbox_pop(&f->outbox);
	}
}

static void shell_step(struct fixture *f)
{
	struct event event;
	struct origin origin;

	event_base_loop(f->base, EVLOOP_NONBLOCK);
	while (!f->no_shell && api_next(f->api, f->now_ms, &event, &origin) == DISP_OK) {
		f->taken++;
		take_event(f, &event, &origin);
	}
	while (core_due_ms(f->core) <= f->now_ms)
		take(f, (struct event){.kind = EVENT_TICK});
	release_rows(f);
}

/* Lets time pass, from one due time to the next. */
static inline void shell_pass(struct fixture *f, int64_t ms)
{
	int64_t until_ms = f->now_ms + ms;

	while (core_due_ms(f->core) <= until_ms) {
		if (core_due_ms(f->core) > f->now_ms)
			f->now_ms = core_due_ms(f->core);
		shell_step(f);
	}
	f->now_ms = until_ms;
	shell_step(f);
}

#endif
