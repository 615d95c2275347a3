/* fuzz_trial: how a fuzz target drives a core on trial: one decision, and all that is due; what it does with a row is its own. */
#ifndef TESTS_FUZZ_FUZZ_TRIAL_H
#define TESTS_FUZZ_FUZZ_TRIAL_H

#include "../property/core_random_books.h"
#include "fuzz.h"

enum { FUZZ_TICKS_MAX = 400 };

/* Stamps the event and decides, in memory that holds rubbish; deciding changes nothing. */
static inline void fuzz_trial_decide(struct world *world, struct event *event, uint64_t seq)
{
	uint64_t before = core_digest(world->core);

	event->seq = seq;
	event->epoch = 1;
	event->at_ms = world->now_ms;
	memset(world->item, 0xa5, sizeof(world->item));
	enum disp_err err = core_decide(world->core, event, &world->row);

	FUZZ_MUST(err == DISP_OK || err == DISP_E_FULL);
	FUZZ_MUST(world->row.count <= EFFECTS_MAX && core_digest(world->core) == before);
}

/* All that the core owes by now, each tick through the target's own one_row; then its books balance. */
static inline void fuzz_trial_drain(struct trial *trial, void (*one_row)(struct event *event))
{
	struct world *world = &trial->world;

	for (uint32_t ticks = 0; core_due_ms(world->core) <= world->now_ms; ticks++) {
		struct event tick = {.kind = EVENT_TICK};

		trial->drained = false;
		FUZZ_MUST(ticks < FUZZ_TICKS_MAX);
		one_row(&tick);
	}
	trial->drained = true;
	check_books(trial);
}

#endif
