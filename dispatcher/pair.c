/* pair: this program as one of two: opens the parts of lead.c, applies the other one's rows, begins to lead, says who leads. */
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "core/query.h"
#include "daemon.h"
#include "shell/say.h"

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
	if (daemon->api != NULL &&
		api_prepare(daemon->api, &event, &daemon->scratch_effects, &nobody, NULL) != DISP_OK)
		say(SAY_WARNING, "follow.screen", "seq=%llu detail=\"not on the lists of the latest\"",
			(unsigned long long)row->seq);
	return DISP_OK;
}

/* One that is not in force. */
static enum disp_err take_stray(void *context, const struct store_row *row)
{
	struct daemon *daemon = context;
	const struct bring bring = {
		&daemon->shell, &daemon->scratch_effects, daemon->row_scratch, daemon_now_ms(daemon)};

	return bring_row(&bring, row);
}

/* --- beginning ------------------------------------------------------------------------------------------- */

/* What the other one has loaded stays in force: our files may be older. */
static void compare_files(const struct daemon *daemon)
{
	const struct town_state *town = query_town(daemon->core);

	if (memcmp(town->pack_hash, daemon->town_hash, PLAYBOOK_HASH_BYTES) != 0)
		say(SAY_WARNING, "lead.town",
			"detail=\"the town pack here is not the one in force: town load DIR\"");
	if (memcmp(town->plan_hash, daemon->plan_hash, PLAYBOOK_HASH_BYTES) != 0)
		say(SAY_WARNING, "lead.playbooks",
			"detail=\"the playbooks here are not those in force; HUP would load them\"");
}

/* Who leads now, and by whose word, stands in the journal. */
static void put_lead(struct daemon *daemon)
{
	struct event event = daemon->word;

	event.kind = EVENT_LEAD;
	event.u.lead.holder = (struct text){daemon->holder, (uint32_t)strlen(daemon->holder)};
	event.u.lead.forced = daemon->word.kind != EVENT_NONE;
	if (load_event(daemon, &event) != DISP_OK)
		say(SAY_ERROR, "lead.row", "detail=\"the log takes no rows\"");
	daemon->word = (struct event){.kind = EVENT_NONE};
}

/* A new town has its files read; a known one goes on with what is in force. */
static void begins(void *context, bool again)
{
	struct daemon *daemon = context;

	if (!start_lead(daemon, !again && query_town(daemon->core)->seq == 0))
		say(SAY_ERROR, "lead.begin", "detail=\"not all of it; what is in force stays so\"");
	put_lead(daemon);
	compare_files(daemon);
}

static void tells(void *context, bool leads)
{
	struct daemon *daemon = context;

	ingest_lead(daemon->ingest, leads, daemon->lead.lease.epoch);
	api_lead(daemon->api, leads);
}

static bool open_parts(struct daemon *daemon)
{
	struct pair_config wanted = {.listen = daemon->config->pair.listen,
		.peer = daemon->config->pair.peer,
		.town = daemon->town_code};
	char error[PAIR_ERROR_SIZE];

	if (!keys_pair(daemon, &wanted))
		return false;
	enum disp_err opened = pair_open(&daemon->lead.pair, &wanted, error);

	sodium_memzero(wanted.secret_key, sizeof wanted.secret_key);
	if (opened != DISP_OK)
		say(SAY_ERROR, "pair", "detail=\"%s\"", error);
	return opened == DISP_OK && seat_open(&daemon->lead.seat, &daemon->store_config) == DISP_OK;
}

bool pair_begin(struct daemon *daemon)
{
	daemon->lead = (struct lead){.store = daemon->store,
		.shell = &daemon->shell,
		.stray_take = take_stray,
		.context = daemon,
		.begins = begins,
		.tells = tells,
		.holder = daemon->holder};
	if (daemon->config->pair.listen != NULL) {
		if (!open_parts(daemon))
			return false;
		store_follow(daemon->store, take_row, daemon);
	}
	lead_open(&daemon->lead, query_town(daemon->core)->epoch, clock_boot_ms());
	return true;
}

void pair_end(struct daemon *daemon)
{
	seat_close(daemon->lead.seat);
	pair_close(daemon->lead.pair);
	daemon->lead.seat = NULL;
	daemon->lead.pair = NULL;
}

/* --- what the loop waits for ----------------------------------------------------------------------------- */

uint32_t pair_watched(const struct daemon *daemon, struct watched *out)
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

/* --- what people see, and say ---------------------------------------------------------------------------- */

static const char *state_of(const struct lead *lead)
{
	if (lead->lease.state == LEASE_LOST || lead->again)
		return "lost";
	if (lead->begun)
		return lead_may(lead) ? "leads" : "held";
	return lead->lease.state == LEASE_STANDS_BY ? "stands_by" : "takes";
}

void pair_status(const struct daemon *daemon, struct api_pair *out)
{
	const struct lead *lead = &daemon->lead;
	int64_t real_ms = clock_boot_ms();
	struct store_following following;

	if (lead->pair == NULL)
		return;
	store_get_following(daemon->store, &following);
	*out = (struct api_pair){.state = state_of(lead),
		.holder = daemon->holder,
		.leader = lead->begun               ? daemon->holder
			  : lead->leader[0] != '\0' ? lead->leader
						    : NULL,
		.epoch = lead->lease.epoch,
		.heard_ms = pair_heard_ms(lead->pair) == 0 ? -1 : real_ms - pair_heard_ms(lead->pair),
		.behind_ms = lead->begun                 ? 0
			     : following.reached_ms == 0 ? -1
							 : real_ms - following.reached_ms,
		.forced = lead->lease.forced,
		.holder_twice = lead->holder_twice >= LEAD_TWICE};
}

static struct text keep_text(char to[WORD_TEXT_MAX], struct text from)
{
	snprintf(to, WORD_TEXT_MAX, "%.*s", (int)from.len, from.ptr);
	return (struct text){to, (uint32_t)strlen(to)};
}

/* The record of it is written when rows may be. */
static void keep_word(struct daemon *daemon, const struct event *asked)
{
	struct event *word = &daemon->word;

	*word = *asked;
	word->by = keep_text(daemon->word_text[0], asked->by);
	word->channel = keep_text(daemon->word_text[1], asked->channel);
	word->from = keep_text(daemon->word_text[2], asked->from);
	word->u.lead.reason = keep_text(daemon->word_text[3], asked->u.lead.reason);
}

bool pair_force(void *context, const struct event *asked, struct text *detail)
{
	struct daemon *daemon = context;

	if (daemon->lead.pair == NULL || lead_may(&daemon->lead)) {
		*detail = daemon->lead.pair == NULL ? TEXT("there is no other daemon: this one leads")
						    : TEXT("this one leads already");
		return false;
	}
	keep_word(daemon, asked);
	say(SAY_WARNING, "lead.forced", "by=\"%s\" reason=\"%s\"", daemon->word_text[0],
		daemon->word_text[3]);
	lead_force(&daemon->lead, clock_boot_ms());
	return true;
}
