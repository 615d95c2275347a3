/* lead: of two daemons the one that leads: the lease's row, the line to the other one, the beginning and the end of it. */
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "core/query.h"
#include "daemon.h"
#include "shell/say.h"

enum {
	FRESH_MS = 1000,      /* what stands by may take over when it has followed all rows so lately */
	MESSAGES_A_TURN = 64, /* of the other one */
	ANSWERS_A_TURN = 4    /* of PostgreSQL */
};

bool lead_may(const struct daemon *daemon)
{
	return daemon->lead.begun && lease_may_send(&daemon->lead.lease, clock_boot_ms());
}

static bool shell_leads(void *context)
{
	return lead_may(context);
}

/* --- rows of the one that leads -------------------------------------------------------------------------- */

/* The screens of the api are told as after a restart: the rows of another are nobody's requests here. */
static enum disp_err take_row(void *context, const struct store_row *row)
{
	struct daemon *daemon = context;
	struct origin nobody = {.door = DOOR_COUNT};
	struct event event;
	enum disp_err err =
		row_decode(row->body, row->size, &event, &daemon->scratch_effects, daemon->row_scratch);

	if (err == DISP_OK)
		err = core_apply(daemon->core, &event, &daemon->scratch_effects);
	if (err != DISP_OK) {
		say(SAY_ERROR, "follow.row",
			"seq=%llu err=%d detail=\"it does not fit this program; this daemon cannot take "
			"over\"",
			(unsigned long long)row->seq, (int)err);
		return err;
	}
	story_note(daemon->story, &event, &daemon->scratch_effects);
	if (daemon->api != NULL)
		(void)api_prepare(daemon->api, &event, &daemon->scratch_effects, &nobody, NULL);
	return DISP_OK;
}

/* --- beginning ------------------------------------------------------------------------------------------- */

bool lead_open(struct daemon *daemon)
{
	struct lead *lead = &daemon->lead;
	struct pair_config wanted = {.town = daemon->town_code};
	uint64_t epoch = query_town(daemon->core)->epoch;
	char error[PAIR_ERROR_SIZE];

	if (daemon->config->pair.listen == NULL) {
		lease_init(&lead->lease, false, epoch, clock_boot_ms());
		lead->begun = true;
		return true;
	}
	wanted.listen = daemon->config->pair.listen;
	wanted.peer = daemon->config->pair.peer;
	if (!keys_pair(daemon, &wanted))
		return false;
	enum disp_err opened = pair_open(&lead->pair, &wanted, error);

	sodium_memzero(wanted.secret_key, sizeof wanted.secret_key);
	if (opened != DISP_OK) {
		say(SAY_ERROR, "pair", "detail=\"%s\"", error);
		return false;
	}
	if (seat_open(&lead->seat, &daemon->store_config) != DISP_OK)
		return false;
	lease_init(&lead->lease, true, epoch, clock_boot_ms());
	daemon->shell.leads = shell_leads;
	daemon->shell.leads_context = daemon;
	store_follow(daemon->store, take_row, daemon);
	say(SAY_INFO, "lead.stands_by", "name=\"%s\" epoch=%llu pair=%s", daemon->store_config.holder,
		(unsigned long long)epoch, wanted.peer);
	return true;
}

void lead_close(struct daemon *daemon)
{
	seat_close(daemon->lead.seat);
	pair_close(daemon->lead.pair);
	daemon->lead.seat = NULL;
	daemon->lead.pair = NULL;
}

/* What the other one has loaded stays in force: our files may be older. */
static void compare_files(const struct daemon *daemon)
{
	const struct town_state *town = query_town(daemon->core);

	if (memcmp(town->pack_hash, daemon->town_hash, PLAYBOOK_HASH_BYTES) != 0)
		say(SAY_WARNING, "lead.town",
			"detail=\"the town pack here is not the one in force: town load DIR\"");
}

/* Who leads now, and by whose word, stands in the journal. */
static void put_lead(struct daemon *daemon)
{
	struct lead *lead = &daemon->lead;
	struct event event = lead->word;

	event.kind = EVENT_LEAD;
	event.u.lead.holder = (struct text){daemon->holder, (uint32_t)strlen(daemon->holder)};
	event.u.lead.forced = lead->word.kind != EVENT_NONE;
	if (load_event(daemon, &event) != DISP_OK)
		say(SAY_ERROR, "lead.row", "detail=\"the log takes no rows\"");
	lead->word = (struct event){.kind = EVENT_NONE};
}

/* All rows of who led before are in: from here on as at any start. */
static void begin(struct daemon *daemon, int64_t real_ms)
{
	struct lead *lead = &daemon->lead;
	bool new_town = query_town(daemon->core)->seq == 0;

	lead->begun = true;
	daemon->shell.epoch = lead->lease.epoch;
	store_lead(daemon->store, lead->lease.epoch, bring_row, daemon);
	ingest_lead(daemon->ingest, true, lead->lease.epoch);
	api_lead(daemon->api, true);
	shell_look(&daemon->shell);
	if (!start_lead(daemon, new_town))
		say(SAY_ERROR, "lead.begin", "detail=\"not all of it; what is in force stays so\"");
	put_lead(daemon);
	compare_files(daemon);
	say(SAY_WARNING, "lead.begins", "epoch=%llu seq=%llu ms=%lld%s",
		(unsigned long long)lead->lease.epoch, (unsigned long long)query_town(daemon->core)->seq,
		(long long)(real_ms - lead->taken_ms), lead->lease.forced ? " forced" : "");
}

/* A person has said that the other one is off while we led, and were held: the word raises the epoch. */
static void go_on(struct daemon *daemon)
{
	uint64_t epoch = daemon->lead.lease.epoch;

	daemon->shell.epoch = epoch;
	store_lead(daemon->store, epoch, bring_row, daemon);
	ingest_lead(daemon->ingest, true, epoch);
	shell_look(&daemon->shell);
	if (!start_lead(daemon, false))
		say(SAY_ERROR, "lead.begin", "detail=\"the log takes no rows\"");
	put_lead(daemon);
}

/* Another leads, or has led: what this process has in memory is not what is in force. */
static void start_anew(struct daemon *daemon, uint64_t stray_from, const char *why)
{
	struct lead *lead = &daemon->lead;

	say(SAY_WARNING, "lead.anew", "epoch=%llu stray_from=%llu detail=\"%s\"",
		(unsigned long long)lead->lease.epoch, (unsigned long long)stray_from, why);
	lead->stray_from = stray_from;
	lead->again = true;
	daemon->ending = true;
}

/* --- a turn ---------------------------------------------------------------------------------------------- */

static bool followed_all(const struct daemon *daemon, int64_t since_ms)
{
	struct store_following following;

	store_get_following(daemon->store, &following);
	return following.connected && following.forked_seq == 0 && following.stopped == DISP_OK &&
	       following.reached_ms != 0 && following.reached_ms >= since_ms;
}

static void hear_seat(struct daemon *daemon, int64_t real_ms)
{
	struct lead *lead = &daemon->lead;
	struct lease *lease = &lead->lease;
	struct seat_answer answer;

	for (int count = 0; count < ANSWERS_A_TURN && seat_work(lead->seat, real_ms, &answer); count++) {
		if (answer.failed) {
			lease_failed(lease, real_ms);
		} else if (answer.of == SEAT_LOOK) {
			lease_seen(lease, answer.epoch, answer.beat, real_ms);
			snprintf(lead->leader, sizeof lead->leader, "%s", answer.holder);
		} else if (answer.of == SEAT_BEAT) {
			lease_beaten(lease, answer.taken, answer.epoch, real_ms);
		} else {
			lease_taken(lease, answer.taken, real_ms);
			if (answer.taken && !lead->begun)
				lead->taken_ms = real_ms;
			if (answer.taken)
				say(SAY_WARNING, "lead.taken", "epoch=%llu",
					(unsigned long long)lease->epoch);
		}
	}
}

static void hear_pair(struct daemon *daemon, int64_t real_ms)
{
	struct lead *lead = &daemon->lead;
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
static void speak(struct daemon *daemon, int64_t real_ms)
{
	struct lead *lead = &daemon->lead;
	struct lease *lease = &lead->lease;
	enum lease_want want = lease_want(lease, real_ms);
	static const enum seat_ask ask[] = {
		[LEASE_BEAT] = SEAT_BEAT, [LEASE_LOOK] = SEAT_LOOK, [LEASE_TAKE] = SEAT_TAKE};

	if (want == LEASE_TAKE && !lease->forced && !followed_all(daemon, real_ms - FRESH_MS))
		want = LEASE_LOOK;
	if (want != LEASE_NOTHING) {
		bool sent = seat_send(lead->seat, ask[want],
			want == LEASE_TAKE ? lease_next_epoch(lease) : lease->epoch, lease->row_epoch,
			lease->row_beat, real_ms);

		lease_sent(lease, !sent && want == LEASE_TAKE ? LEASE_LOOK : want, real_ms);
		if (!sent)
			lease_failed(lease, real_ms);
	}
	if (lease_asks(lease, real_ms)) {
		pair_ask(lead->pair, lease->epoch, real_ms);
		lease_asked(lease, real_ms);
	}
}

static void say_held(struct daemon *daemon, int64_t real_ms)
{
	struct lead *lead = &daemon->lead;
	bool held = lead->begun && !lease_may_send(&lead->lease, real_ms);

	if (held == lead->held)
		return;
	lead->held = held;
	ingest_lead(daemon->ingest, !held, lead->lease.epoch);
	api_lead(daemon->api, !held);
	if (held)
		say(SAY_ERROR, "lead.held",
			"detail=\"neither PostgreSQL nor the other daemon answers: nothing leaves until one "
			"does, or a person says that the other one is off: dispatchctl lead --force\"");
	else
		say(SAY_WARNING, "lead.again", "epoch=%llu", (unsigned long long)lead->lease.epoch);
}

/* Rows of ours that are not in force; while leading only the journal's writer sees them. */
static void look_for_fork(struct daemon *daemon)
{
	struct store_following following;
	struct store_state state;

	if (daemon->lead.begun) {
		store_get_state(daemon->store, &state);
		if (state.conflict)
			start_anew(daemon, state.conflict_seq, "the journal has other rows than we");
		return;
	}
	store_get_following(daemon->store, &following);
	if (following.forked_seq != 0)
		start_anew(daemon, following.forked_seq, "another daemon has written other rows");
}

void lead_turn(struct daemon *daemon, int64_t real_ms)
{
	struct lead *lead = &daemon->lead;

	if (lead->pair == NULL || lead->again)
		return;
	hear_seat(daemon, real_ms);
	hear_pair(daemon, real_ms);
	speak(daemon, real_ms);
	look_for_fork(daemon);
	if (lead->again)
		return;
	if (lead->lease.state == LEASE_LOST)
		start_anew(daemon, 0, "another daemon leads");
	else if (!lead->begun && lead->lease.state == LEASE_LEADS &&
		 (lead->lease.forced || followed_all(daemon, lead->taken_ms)))
		begin(daemon, real_ms);
	else if (lead->begun && daemon->shell.epoch != lead->lease.epoch)
		go_on(daemon);
	else
		say_held(daemon, real_ms);
}

/* --- what the loop waits for ----------------------------------------------------------------------------- */

uint32_t lead_fds(const struct daemon *daemon, struct watched *out)
{
	struct store_pollfd seat;
	int fd[PAIR_FDS];
	uint32_t count = 0;

	if (daemon->lead.pair == NULL)
		return 0;
	pair_fds(daemon->lead.pair, fd);
	for (uint32_t index = 0; index < PAIR_FDS; index++)
		out[count++] = (struct watched){.fd = fd[index], .events = EV_READ};
	if (seat_pollfd(daemon->lead.seat, &seat))
		out[count++] = (struct watched){.fd = seat.fd,
			.events = (short)((seat.events & POLLIN ? EV_READ : 0) |
					  (seat.events & POLLOUT ? EV_WRITE : 0))};
	return count;
}

int64_t lead_due_ms(struct daemon *daemon)
{
	const struct lead *lead = &daemon->lead;

	if (lead->pair == NULL)
		return INT64_MAX;
	if (pair_ready(lead->pair))
		return INT64_MIN;
	int64_t lease_due = lease_due_ms(&lead->lease), seat_due = seat_due_ms(lead->seat);

	return lease_due < seat_due ? lease_due : seat_due;
}

/* --- what people see ------------------------------------------------------------------------------------- */

static const char *state_of(const struct daemon *daemon, int64_t real_ms)
{
	const struct lead *lead = &daemon->lead;

	if (lead->lease.state == LEASE_LOST || lead->again)
		return "lost";
	if (lead->begun)
		return lease_may_send(&lead->lease, real_ms) ? "leads" : "held";
	return lead->lease.state == LEASE_STANDS_BY ? "stands_by" : "takes";
}

void lead_status(const struct daemon *daemon, struct api_pair *out)
{
	const struct lead *lead = &daemon->lead;
	int64_t real_ms = clock_boot_ms();
	struct store_following following;

	if (lead->pair == NULL)
		return;
	store_get_following(daemon->store, &following);
	*out = (struct api_pair){.state = state_of(daemon, real_ms),
		.holder = daemon->holder,
		.leader = lead->begun               ? daemon->holder
			  : lead->leader[0] != '\0' ? lead->leader
						    : NULL,
		.epoch = lead->lease.epoch,
		.heard_ms = pair_heard_ms(lead->pair) == 0 ? -1 : real_ms - pair_heard_ms(lead->pair),
		.behind_ms = lead->begun                 ? 0
			     : following.reached_ms == 0 ? -1
							 : real_ms - following.reached_ms,
		.forced = lead->lease.forced};
}

/* --- people ---------------------------------------------------------------------------------------------- */

static struct text keep_text(char *to, struct text from)
{
	snprintf(to, sizeof((struct lead *)NULL)->word_text[0], "%.*s", (int)from.len, from.ptr);
	return (struct text){to, (uint32_t)strlen(to)};
}

/* The record of it is written when rows may be. */
static void keep_word(struct lead *lead, const struct event *asked)
{
	lead->word = *asked;
	lead->word.by = keep_text(lead->word_text[0], asked->by);
	lead->word.channel = keep_text(lead->word_text[1], asked->channel);
	lead->word.from = keep_text(lead->word_text[2], asked->from);
	lead->word.u.lead.reason = keep_text(lead->word_text[3], asked->u.lead.reason);
}

bool lead_force(struct daemon *daemon, const struct event *asked, struct text *detail)
{
	struct lead *lead = &daemon->lead;

	if (lead->pair == NULL) {
		*detail = TEXT("there is no other daemon: this one leads");
		return false;
	}
	if (lead_may(daemon)) {
		*detail = TEXT("this one leads already");
		return false;
	}
	keep_word(lead, asked);
	say(SAY_WARNING, "lead.forced", "by=\"%s\" reason=\"%s\"", lead->word_text[0], lead->word_text[3]);
	lease_force(&lead->lease, clock_boot_ms());
	lead->taken_ms = clock_boot_ms();
	return true;
}
