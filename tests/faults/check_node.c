/* check_node: nothing leaves before its row is durable; a start finds what was durable; epochs rise. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_pair.h"
#include "json.h"
#include "life.h"
#include "pg.h"

enum { GRACE_MS = 300 };

static struct {
	bool island;          /* by what can be seen: the database is gone, or silent for too long */
	uint64_t excused_seq; /* rows up to it were durable while it was */
	uint64_t epoch;       /* of the life at hand; 0 none */
	bool spoke;           /* this life has said its epoch */
	uint64_t said_seq;    /* highest in an alarm's answer of this life */
	uint64_t
		old_seq; /* of two daemons: rows up to it are older than this life, which does not know how old */
} at_node[NODES_MAX];
static uint64_t epoch_seen; /* the highest in any message of any life */

void check_report(int level, const char *text)
{
	void *arena = memory_leave();

	if (sim.trace)
		printf("                store %d: %s\n", level, text);
	if (strstr(text, "CONFLICT") != NULL)
		sim_violation("one history", "%s", text);
	memory_enter(arena);
}

void check_refused_start(struct node *self, int err)
{
	void *arena = memory_leave();

	sim_note("start.refused", self->number, (uint64_t)err);
	if (err == DISP_E_DAMAGED && self->flips == 0)
		sim_violation(
			"a start finds what it left", "it says that the log is damaged, and nothing was");
	/* What neither has: a person brings the disk's own copy back. */
	if (err == DISP_E_DAMAGED && ++self->damaged_starts >= 3)
		while (self->flips > 0)
			disk_flip_back(&self->flip[--self->flips]);
	memory_enter(arena);
}

/* Where the last row is the journal's, the state is that of the journal. */
static void check_state(struct node *self)
{
	const struct core *core = self->life->core;
	uint64_t seq = query_town(core)->seq;
	const struct check_row *row = check_row_at(seq);
	uint8_t hash[32];

	if (row == NULL || store_last_seq(self->life->store) != seq)
		return;
	store_last_hash(self->life->store, hash);
	if (memcmp(hash, row->hash, 32) == 0 && core_digest(core) != row->digest)
		sim_violation("rows say all", "the state of n%u after row %llu is not that of the rows",
			self->number, (unsigned long long)seq);
}

/* Of two daemons: what is durable here is there, what is not is in the journal; and a state is that of its rows. */
static void check_recovered_pair(struct node *self)
{
	const struct core *core = self->life->core;
	uint64_t seq = query_town(core)->seq, last = check_durable(self), shadow;

	(void)check_shadow_digest(&shadow);
	sim_note("node.recovered", seq, last);
	at_node[self->number].old_seq = seq;
	if (seq < last)
		sim_violation("recovery: all that was durable", "n%u stands at row %llu of %llu",
			self->number, (unsigned long long)seq, (unsigned long long)last);
	if (seq > last)
		sim_violation("recovery: what was durable", "n%u stands at row %llu, durable are %llu",
			self->number, (unsigned long long)seq, (unsigned long long)last);
	if (core_digest_full(core) != core_digest(core))
		sim_violation(
			"recovery: the same state", "another state after row %llu", (unsigned long long)seq);
	check_state(self);
}

void check_recovered(struct node *self)
{
	void *arena = memory_leave();

	if (check_is_pair()) {
		check_recovered_pair(self);
		memory_enter(arena);
		return;
	}
	const struct core *core = self->life->core;
	uint64_t seq = query_town(core)->seq, shadow, digest = check_shadow_digest(&shadow);

	sim_note("node.recovered", seq, shadow);
	if (seq > shadow)
		sim_violation("recovery: what was durable", "it stands at row %llu, durable are %llu",
			(unsigned long long)seq, (unsigned long long)shadow);
	if (seq < shadow)
		sim_violation("recovery: all that was durable", "it stands at row %llu of %llu",
			(unsigned long long)seq, (unsigned long long)shadow);
	if (core_digest(core) != digest || core_digest_full(core) != digest)
		sim_violation(
			"recovery: the same state", "another state after row %llu", (unsigned long long)seq);
	memory_enter(arena);
}

void check_new_epoch(struct node *self, uint64_t epoch)
{
	void *arena = memory_leave();

	at_node[self->number].epoch = epoch;
	at_node[self->number].said_seq = 0;
	at_node[self->number].spoke = false;
	sim_note("node.epoch", self->number, epoch);
	memory_enter(arena);
}

void check_died(struct node *self)
{
	check_pair_died(self->number);
	at_node[self->number].epoch = 0;
	at_node[self->number].island = true;
}

/* Island mode as the design has it, from what the server and the disk know. */
static void look_island(struct node *self)
{
	uint64_t durable = check_durable(self), acked = pq_journal_acked(self->number);
	const struct check_row *oldest = acked < durable ? check_row_of(self, acked + 1) : NULL;
	int64_t age_ms = oldest != NULL    ? node_event_ms(self) - oldest->at_ms
			 : acked < durable ? GRACE_MS /* a row that is not in this log any more */
					   : 0;

	/* nor does the time of an event say it where the town's clock stands still, behind a leader's that was ahead */
	if (check_is_pair() && acked < durable && (acked < at_node[self->number].old_seq || age_ms < 0))
		age_ms = GRACE_MS;
	bool up = pq_journal_up(self->number);

	if (!up || age_ms >= GRACE_MS)
		at_node[self->number].island = true;
	else if (age_ms <= GRACE_MS / 2)
		at_node[self->number].island = false;
	if (at_node[self->number].island)
		at_node[self->number].excused_seq = durable;
}

void check_turn(struct node *self)
{
	look_island(self);
}

void check_turned(struct node *self)
{
	if (check_is_pair()) {
		check_state(self);
		return;
	}
	const struct core *core = self->life->core;
	uint64_t shadow, digest = check_shadow_digest(&shadow);

	if (query_town(core)->seq == shadow && core_digest(core) != digest)
		sim_violation("rows say all", "the state after row %llu is not that of the rows",
			(unsigned long long)shadow);
}

void check_released(uint32_t number, uint64_t seq, const char *what)
{
	struct node *self = &nodes[number];

	if (seq > check_durable(self))
		sim_violation("released when durable", "%s left for row %llu, durable are %llu", what,
			(unsigned long long)seq, (unsigned long long)check_durable(self));
	look_island(self);
	bool there = pg_find(seq) != NULL;

	if (there && check_is_pair() && check_row_of(self, seq) != NULL)
		there = memcmp(pg_find(seq)->hash, check_row_of(self, seq)->hash, 32) == 0;
	if (!there && !at_node[number].island && seq > at_node[number].excused_seq)
		sim_violation("released when in the database",
			"%s left for row %llu, which PostgreSQL did not have and could have", what,
			(unsigned long long)seq);
}

static void check_epoch(uint32_t number, uint64_t epoch)
{
	if (check_is_pair() && epoch >= epoch_seen) {
		epoch_seen = epoch;
		return;
	}
	if (at_node[number].spoke && epoch == epoch_seen)
		return;
	at_node[number].spoke = true;
	if (epoch <= epoch_seen)
		sim_violation("epochs rise", "epoch %llu after %llu", (unsigned long long)epoch,
			(unsigned long long)epoch_seen);
	if (epoch != at_node[number].epoch)
		sim_violation("epochs rise", "epoch %llu in a life of %llu", (unsigned long long)epoch,
			(unsigned long long)at_node[number].epoch);
	epoch_seen = epoch;
}

static void look(uint32_t number, enum net_door door, const char *text, uint32_t bytes)
{
	static char copy[1 << 16];
	char kind[16] = "", result[16] = "";

	if (bytes >= sizeof copy)
		return;
	memcpy(copy, text, bytes);
	copy[bytes] = '\0';
	uint64_t seq = (uint64_t)json_say_number(copy, "seq", 0);

	sim_note(door == NET_ALARMS ? "says.answer" : "says.unit", number, seq);
	if (sim.trace)
		printf("                > %s\n", copy);
	if (check_is_pair() && door == NET_ALARMS && json_say_text(copy, "result", result, sizeof result) &&
		strcmp(result, "rejected") != 0)
		check_pair_sends(number, 0, result);
	if (door == NET_ALARMS && json_say_text(copy, "result", result, sizeof result) && seq != 0) {
		check_released(number, seq, "an answer");
		if (seq < at_node[number].said_seq)
			sim_violation("answers in order", "row %llu after %llu", (unsigned long long)seq,
				(unsigned long long)at_node[number].said_seq);
		at_node[number].said_seq = seq;
	}
	if (door != NET_UNITS || !json_say_text(copy, "kind", kind, sizeof kind) ||
		strcmp(kind, "error") == 0)
		return;
	if (check_is_pair())
		check_pair_sends(number, (uint64_t)json_say_number(copy, "epoch", 0), kind);
	check_epoch(number, (uint64_t)json_say_number(copy, "epoch", 0));
	check_released(number, seq, kind); /* a pong, too: it says that what came before it is kept */
}

void check_leaves(uint32_t number, enum net_door door, const char *text, uint32_t bytes)
{
	void *arena = memory_leave();

	look(number, door, text, bytes);
	memory_enter(arena);
}

void check_node_begin(void)
{
	memset(at_node, 0, sizeof at_node);
	epoch_seen = 0;
	for (uint32_t number = 0; number < NODES_MAX; number++)
		at_node[number].island = true;
}
