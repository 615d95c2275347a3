/* lead: the lease's row, the line to the other daemon, the beginning and the end of leading; see lead.h. */
#include "lead.h"

#include <stdio.h>
#include <string.h>

#include "clock/clock.h"
#include "shell/say.h"

enum {
	FRESH_MS = 1000,    /* what stands by may take over when it has followed all rows so lately */
	FORCE_MS = 1500,    /* so long PostgreSQL is given to confirm a person's word */
	ASK_MS = 1000,      /* the other one is asked so often also while PostgreSQL answers: is it there? */
	MISSING_MS = 10000, /* it is not */
	MESSAGES_A_TURN = 64, /* of the other one */
	ANSWERS_A_TURN = 4    /* of PostgreSQL */
};

bool lead_may(const struct lead *lead)
{
	return lead->begun && !lead->again && lease_may_send(&lead->lease, clock_boot_ms());
}

static bool shell_leads(void *context)
{
	return lead_may(context);
}

void lead_open(struct lead *lead, uint64_t epoch, int64_t real_ms)
{
	lease_init(&lead->lease, lead->pair != NULL, epoch, real_ms);
	lead->begun = lead->pair == NULL;
	if (lead->begun)
		return;
	lead->shell->leads = shell_leads;
	lead->shell->leads_context = lead;
	say(SAY_INFO, "lead.stands_by", "epoch=%llu", (unsigned long long)epoch);
}

/* --- beginning and end ----------------------------------------------------------------------------------- */

/* All rows of who led before are in; or we had begun, and the epoch was raised by a person. */
static void begin(struct lead *lead, int64_t real_ms)
{
	bool again = lead->begun;

	lead->begun = true;
	lead->begun_ms = real_ms;
	lead->shell->epoch = lead->lease.epoch;
	store_lead(lead->store, lead->lease.epoch, lead->stray_take, lead->context);
	lead->tells(lead->context, true);
	shell_look(lead->shell);
	lead->begins(lead->context, again);
	say(SAY_WARNING, "lead.begins", "epoch=%llu ms=%lld%s", (unsigned long long)lead->lease.epoch,
		(long long)(real_ms - lead->taken_ms), lead->lease.forced ? " forced" : "");
}

/* Another leads, or has led: what this life has in memory is not what is in force. */
static void start_anew(struct lead *lead, uint64_t stray_from, const char *why)
{
	say(SAY_WARNING, "lead.anew", "epoch=%llu stray_from=%llu detail=\"%s\"",
		(unsigned long long)lead->lease.epoch, (unsigned long long)stray_from, why);
	lead->stray_from = stray_from;
	lead->again = true;
}

/* --- a turn ---------------------------------------------------------------------------------------------- */

/* Nor may it lead when its own disk takes nothing, or has not taken all of it yet: the journal's writer begins with what the log
 * has, and rows that are not in it would be another one's to it. */
static bool followed_all(const struct lead *lead, int64_t since_ms)
{
	struct store_following following;
	struct store_state state;

	store_get_following(lead->store, &following);
	store_get_state(lead->store, &state);
	return !state.log_failed && state.log_seq == state.appended_seq && following.connected &&
	       following.forked_seq == 0 && following.stopped == DISP_OK && following.reached_ms != 0 &&
	       following.reached_ms >= since_ms;
}

static void take_lease(struct lead *lead, bool taken, int64_t real_ms)
{
	lease_taken(&lead->lease, taken, real_ms);
	if (!taken)
		return;
	if (!lead->begun)
		lead->taken_ms = real_ms;
	say(SAY_WARNING, "lead.taken", "epoch=%llu", (unsigned long long)lead->lease.epoch);
}

/* The row has our name from a life before this one; who goes on beating while we stand by is another one. */
static void look_for_name(struct lead *lead, const struct seat_answer *row)
{
	const struct lease *lease = &lead->lease;

	if (lead->begun || lead->holder == NULL || lease->state != LEASE_STANDS_BY ||
		strcmp(row->holder, lead->holder) != 0)
		lead->holder_twice = 0;
	else if (row->epoch == lease->row_epoch && row->beat != lease->row_beat &&
		 lead->holder_twice < LEAD_TWICE && ++lead->holder_twice == LEAD_TWICE)
		say(SAY_ERROR, "pair.name",
			"name=\"%s\" detail=\"another daemon leads under the same name: give each its own "
			"pair.name\"",
			lead->holder);
}

static void hear_seat(struct lead *lead, int64_t real_ms)
{
	struct seat_answer answer;

	for (int count = 0; count < ANSWERS_A_TURN && seat_work(lead->seat, real_ms, &answer); count++) {
		if (answer.failed) {
			lease_failed(&lead->lease, real_ms);
		} else if (answer.of == SEAT_LOOK) {
			look_for_name(lead, &answer);
			lease_seen(&lead->lease, answer.epoch, answer.beat, real_ms);
			snprintf(lead->leader, sizeof lead->leader, "%s", answer.holder);
		} else if (answer.of == SEAT_BEAT) {
			lease_beaten(&lead->lease, answer.taken, answer.epoch, real_ms);
		} else {
			take_lease(lead, answer.taken, real_ms);
		}
	}
}

static void hear_pair(struct lead *lead, int64_t real_ms)
{
	struct pair_message message;

	pair_tick(lead->pair, real_ms);
	for (int count = 0; count < MESSAGES_A_TURN && pair_next(lead->pair, &message) != PAIR_NOTHING;
		count++) {
		if (message.what == PAIR_ASKS)
			pair_answer(lead->pair, lease_grant(&lead->lease, message.epoch, real_ms),
				lead->lease.epoch);
		else if (message.what == PAIR_GRANTS)
			lease_granted(&lead->lease, message.asked_ms);
		else
			lease_refused(&lead->lease, message.epoch);
	}
}

/* Who has not followed all rows must not take over, but by a person's word. */
static void speak(struct lead *lead, int64_t real_ms)
{
	static const enum seat_ask ask[] = {
		[LEASE_BEAT] = SEAT_BEAT, [LEASE_LOOK] = SEAT_LOOK, [LEASE_TAKE] = SEAT_TAKE};
	struct lease *lease = &lead->lease;
	enum lease_want want = lease_want(lease, real_ms);

	if (want == LEASE_TAKE && !lease->forced && !followed_all(lead, real_ms - FRESH_MS))
		want = LEASE_LOOK;
	if (want != LEASE_NOTHING) {
		bool sent = seat_send(lead->seat, ask[want],
			want == LEASE_TAKE ? lease_next_epoch(lease) : lease->epoch, lease->row_epoch,
			lease->row_beat, real_ms);

		lease_sent(lease, !sent && want == LEASE_TAKE ? LEASE_LOOK : want, real_ms);
		if (!sent)
			lease_failed(lease, real_ms);
	}
	if (lease_asks(lease, real_ms) || (lead->begun && real_ms - lease->asked_ms >= ASK_MS)) {
		pair_ask(lead->pair, lease->epoch, real_ms);
		lease_asked(lease, real_ms);
	}
}

static void say_held(struct lead *lead, int64_t real_ms)
{
	bool held = lead->begun && !lease_may_send(&lead->lease, real_ms);

	if (held == lead->held)
		return;
	lead->held = held;
	lead->tells(lead->context, !held);
	if (held)
		say(SAY_ERROR, "lead.held",
			"detail=\"neither PostgreSQL nor the other daemon answers: nothing leaves until one "
			"does, or a person says that the other one is off: dispatchctl lead --force\"");
	else
		say(SAY_WARNING, "lead.again", "epoch=%llu", (unsigned long long)lead->lease.epoch);
}

static void say_missing(struct lead *lead, int64_t real_ms)
{
	int64_t heard_ms = pair_heard_ms(lead->pair);
	bool missing = lead->begun &&
		       real_ms - (heard_ms > lead->begun_ms ? heard_ms : lead->begun_ms) >= MISSING_MS;

	if (missing == lead->missing)
		return;
	lead->missing = missing;
	if (missing)
		say(SAY_ERROR, "pair.missing",
			"detail=\"the other daemon does not answer: is it there, and are name, keys and town "
			"right? "
			"Without it nobody takes over\"");
	else
		say(SAY_INFO, "pair.there", "epoch=%llu", (unsigned long long)lead->lease.epoch);
}

/* Rows of ours that are not in force. Of who leads the journal's writer sees that there are some; where they begin the next
 * life finds out, which follows. */
static void look_for_fork(struct lead *lead)
{
	struct store_following following;
	struct store_state state;

	if (lead->begun) {
		store_get_state(lead->store, &state);
		if (state.conflict)
			start_anew(lead, 0, "the journal has other rows than we");
		return;
	}
	store_get_following(lead->store, &following);
	if (following.forked_seq != 0)
		start_anew(lead, following.forked_seq, "another daemon has written other rows");
}

static bool may_begin(const struct lead *lead, int64_t real_ms)
{
	if (lead->lease.state != LEASE_LEADS)
		return false;
	if (lead->begun)
		return lead->shell->epoch != lead->lease.epoch;
	/* PostgreSQL that answers takes a person's word, too: then nothing is lost by it. */
	return lead->lease.forced ? real_ms - lead->taken_ms >= FORCE_MS : followed_all(lead, lead->taken_ms);
}

bool lead_turn(struct lead *lead, int64_t real_ms)
{
	if (lead->pair == NULL || lead->again)
		return !lead->again;
	hear_seat(lead, real_ms);
	hear_pair(lead, real_ms);
	speak(lead, real_ms);
	look_for_fork(lead);
	if (lead->lease.state == LEASE_LOST && !lead->again)
		start_anew(lead, 0, "another daemon leads");
	if (lead->again)
		return false;
	if (may_begin(lead, real_ms))
		begin(lead, real_ms);
	say_held(lead, real_ms);
	say_missing(lead, real_ms);
	return true;
}

void lead_force(struct lead *lead, int64_t real_ms)
{
	lease_force(&lead->lease, real_ms);
	lead->taken_ms = real_ms;
}

int64_t lead_due_ms(const struct lead *lead)
{
	if (lead->pair == NULL)
		return INT64_MAX;
	if (pair_ready(lead->pair))
		return INT64_MIN;
	int64_t lease_due = lease_due_ms(&lead->lease), seat_due = seat_due_ms(lead->seat);

	return lease_due < seat_due ? lease_due : seat_due;
}
