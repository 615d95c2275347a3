/* terminals: one connection each to the units' door; what they hold is checked from their side. */
#include "terminals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_pair.h"
#include "json.h"
#include "net.h"
#include "town.h"

enum {
	TERMINALS = TOWN_UNITS + TOWN_DEPOTS + TOWN_SPEAKERS,
	JOBS_MAX = 48,
	LOOK_MS = 1000,
	PING_MS = 30000,
	DEAF_MS = 75000,
	PAIR_PING_MS = 4000, /* who has another daemon to go to waits for less */
	PAIR_DEAF_MS = 10000,
	REPEAT_OVER_MS = 10 * SIM_MINUTE
};

enum stage { STAGE_NONE, STAGE_TOLD, STAGE_ACCEPTED, STAGE_EN_ROUTE, STAGE_ARRIVED, STAGE_OVER };

/* An order that it has been given. */
struct job {
	uint32_t order;
	uint64_t seq;
	enum stage stage;
	char said[12]; /* its last answer */
	int64_t next_ms;
	bool silent;
};

struct terminal {
	struct net_peer peer;
	const char *word; /* unit, depot, device */
	char id[8];
	uint32_t node; /* where it connects to */
	bool linked;
	uint64_t last_seq, epoch;
	int64_t pinged_ms, heard_ms, back_ms, thaw_ms;
	struct job job[JOBS_MAX];
};

struct terminal_habits terminal_habits;
static struct terminal terminal[TERMINALS];

static void say(struct terminal *self, const char *text)
{
	sim_note("terminal.says", self->peer.number, (uint64_t)text[9]);
	net_send(&self->peer, text, (uint32_t)strlen(text));
}

static void say_hello(struct terminal *self)
{
	char text[160];

	snprintf(text, sizeof text, "{\"kind\":\"hello\",\"%s\":\"%s\",\"last_seq\":%llu,\"epoch\":%llu}",
		self->word, self->id, (unsigned long long)self->last_seq, (unsigned long long)self->epoch);
	self->linked = false;
	self->pinged_ms = self->heard_ms = sim.now_ms;
	say(self, text);
}

static void say_answer(struct terminal *self, const struct job *job)
{
	char text[160];

	if (strcmp(job->said, "done") == 0)
		snprintf(text, sizeof text, "{\"kind\":\"done\",\"order\":\"O%u\"}", job->order);
	else
		snprintf(text, sizeof text, "{\"kind\":\"answer\",\"order\":\"O%u\",\"answer\":\"%s\"}",
			job->order, job->said);
	say(self, text);
}

/* --- jobs ------------------------------------------------------------------------------------------ */

static bool is_live(const struct job *job)
{
	return job->stage > STAGE_NONE && job->stage < STAGE_OVER;
}

static struct job *job_of(struct terminal *self, uint32_t order)
{
	for (uint32_t index = 0; index < JOBS_MAX; index++)
		if (self->job[index].order == order && order != 0)
			return &self->job[index];
	return NULL;
}

static void end(struct job *job, const char *said)
{
	job->stage = STAGE_OVER;
	snprintf(job->said, sizeof job->said, "%s", said);
	job->next_ms = sim.now_ms + REPEAT_OVER_MS;
}

/* The oldest that is over makes room. */
static struct job *job_new(struct terminal *self)
{
	struct job *oldest = NULL;

	for (uint32_t index = 0; index < JOBS_MAX; index++) {
		struct job *job = &self->job[index];

		if (job->stage == STAGE_NONE)
			return job;
		if (job->stage == STAGE_OVER && (oldest == NULL || job->next_ms < oldest->next_ms))
			oldest = job;
	}
	if (oldest == NULL)
		sim_violation("one live order", "%s holds %d orders", self->id, (int)JOBS_MAX);
	return oldest;
}

/* Of another leader, who is gone, and nobody else knows of it: the crew does what it is told now. */
static bool is_forgotten(const struct job *job)
{
	return check_is_pair() && !check_order_stands(job->order, job->seq);
}

static void take_order(struct terminal *self, uint32_t order, uint64_t seq)
{
	struct job *job = job_of(self, order);

	if (job != NULL) {
		if (job->said[0] != '\0')
			say_answer(self, job);
		return;
	}
	for (uint32_t index = 0; self->word[0] == 'u' && index < JOBS_MAX; index++)
		if (is_live(&self->job[index]) && is_forgotten(&self->job[index]))
			end(&self->job[index], "");
		else if (is_live(&self->job[index]))
			sim_violation("one live order", "%s gets O%u and holds O%u", self->id, order,
				self->job[index].order);
	job = job_new(self);
	check_obeyed(order, seq);
	*job = (struct job){.order = order,
		.seq = seq,
		.stage = STAGE_TOLD,
		.next_ms = sim.now_ms + sim_between(500, 15000),
		.silent = sim_one_in(terminal_habits.silent)};
}

static void go_on(struct terminal *self, struct job *job)
{
	static const char *const says[] = {
		[STAGE_ACCEPTED] = "accept", [STAGE_EN_ROUTE] = "en_route", [STAGE_ARRIVED] = "arrived"};

	if (job->silent && job->stage == STAGE_TOLD) {
		job->next_ms = INT64_MAX;
		return;
	}
	if (job->stage == STAGE_TOLD && sim_one_in(terminal_habits.declines)) {
		end(job, "decline");
	} else if (job->stage == STAGE_ARRIVED || (self->word[0] != 'u' && job->stage == STAGE_ACCEPTED)) {
		end(job, sim_one_in(20) ? "failed" : "done");
	} else {
		job->stage++;
		snprintf(job->said, sizeof job->said, "%s", says[job->stage]);
		job->next_ms = sim.now_ms + sim_between(5000, job->stage == STAGE_ARRIVED ? 240000 : 60000);
	}
	say_answer(self, job);
}

/* --- what it is told ---------------------------------------------------------------------------------- */

static void take_notice(struct terminal *self, const char *text)
{
	char notice[16], out[96];

	if (!json_say_text(text, "notice", notice, sizeof notice) || sim_one_in(3))
		return;
	snprintf(out, sizeof out, "{\"kind\":\"notify_answer\",\"notice\":\"%s\",\"text\":\"yes\"}", notice);
	say(self, out);
}

static void go_over(struct terminal *self)
{
	net_cut(&self->peer);
	self->peer.generation++; /* it knows, and is not told */
	self->linked = false;
	self->node = (self->node + 1) % node_count;
	self->back_ms = sim.now_ms + sim_between(50, 500);
}

static void take_error(struct terminal *self, const char *text)
{
	char reason[24] = "";

	(void)json_say_text(text, "reason", reason, sizeof reason);
	if (strcmp(reason, "not_leader") == 0 && check_is_pair()) {
		go_over(self);
		return;
	}
	if (strcmp(reason, "not_leader") == 0)
		sim_violation("epochs rise", "%s has seen a later leader than the one that leads", self->id);
	if (strcmp(reason, "not_permitted") == 0 && strstr(text, "hello first") != NULL)
		say_hello(self);
}

static void got(void *context, const char *text, uint32_t bytes)
{
	struct terminal *self = context;
	char kind[16] = "", order[16] = "";
	uint64_t seq = (uint64_t)json_say_number(text, "seq", 0),
		 epoch = (uint64_t)json_say_number(text, "epoch", 0);

	(void)bytes;
	(void)json_say_text(text, "kind", kind, sizeof kind);
	sim_note("terminal.told", self->peer.number, seq);
	self->heard_ms = sim.now_ms;
	if (strcmp(kind, "error") == 0) {
		take_error(self, text);
		return;
	}
	if (epoch < self->epoch && check_is_pair()) {
		sim_note("terminal.refuses", self->peer.number, epoch);
		return;
	}
	if (epoch < self->epoch)
		sim_violation("epochs rise", "%s is told by epoch %llu after %llu", self->id,
			(unsigned long long)epoch, (unsigned long long)self->epoch);
	self->epoch = epoch;
	self->linked = true;
	if (json_say_text(text, "order", order, sizeof order)) {
		uint32_t number = (uint32_t)strtoul(order + 1, NULL, 10);
		struct job *job = job_of(self, number);

		if (strcmp(kind, "order") == 0)
			take_order(self, number, seq);
		else if (job != NULL)
			end(job, "");
	}
	if (strcmp(kind, "notify") == 0)
		take_notice(self, text);
	if (strcmp(kind, "pong") != 0 && seq > self->last_seq)
		self->last_seq = seq;
}

/* --- coming and going ----------------------------------------------------------------------------------- */

/* It says again how each order stands: what it said may have been lost with the connection. */
static void come(struct terminal *self)
{
	if (!net_connect(&self->peer, self->node)) {
		self->node = (self->node + 1) % node_count;
		return;
	}
	say_hello(self);
	for (uint32_t index = 0; index < JOBS_MAX; index++) {
		struct job *job = &self->job[index];

		if (job->stage != STAGE_NONE && job->said[0] != '\0' &&
			(job->stage != STAGE_OVER || job->next_ms > sim.now_ms))
			say_answer(self, job);
	}
}

static void lost(void *context)
{
	struct terminal *self = context;

	self->linked = false;
	self->node = (self->node + 1) % node_count;
	self->back_ms = sim.now_ms + sim_long(50, 3000);
}

static void say_where(struct terminal *self)
{
	char text[160];
	int32_t lon, lat;

	town_point((uint32_t)sim_below(TOWN_UNITS), TOWN_UNITS, &lon, &lat);
	snprintf(text, sizeof text,
		"{\"kind\":\"position\",\"position\":{\"type\":\"Point\",\"coordinates\":[%d.%07d,%d.%07d]}}",
		lon / 10000000, lon % 10000000, lat / 10000000, lat % 10000000);
	say(self, text);
}

static void look(void *context, uint64_t arg)
{
	struct terminal *self = context;

	sim_at(sim.now_ms + LOOK_MS, look, self, arg);
	if (self->thaw_ms != 0 && sim.now_ms >= self->thaw_ms) {
		self->peer.frozen = false;
		self->thaw_ms = 0;
	}
	if (!self->peer.connected) {
		if (self->back_ms == 0)
			self->back_ms = sim.now_ms + 5000;
		if (sim.now_ms >= self->back_ms)
			come(self);
		return;
	}
	if (sim.faults && sim_one_in(terminal_habits.vanishes)) {
		net_cut(&self->peer);
		self->linked = false;
		self->back_ms = sim.now_ms + sim_long(1000, 2 * SIM_MINUTE);
		return;
	}
	if (sim.faults && self->thaw_ms == 0 && sim_one_in(terminal_habits.freezes)) {
		self->peer.frozen = true;
		self->thaw_ms = sim.now_ms + sim_long(1000, SIM_MINUTE);
	}
	if (sim.now_ms - self->heard_ms > (check_is_pair() ? PAIR_DEAF_MS : DEAF_MS)) {
		if (check_is_pair()) {
			go_over(self);
			return;
		}
		say_hello(self);
	} else if (sim.now_ms - self->pinged_ms >= (check_is_pair() ? PAIR_PING_MS : PING_MS)) {
		self->pinged_ms = sim.now_ms;
		say(self, "{\"kind\":\"ping\"}");
		if (self->word[0] == 'u' && self->linked && sim_one_in(3))
			say_where(self);
	}
	for (uint32_t index = 0; index < JOBS_MAX && self->linked; index++)
		if (is_live(&self->job[index]) && sim.now_ms >= self->job[index].next_ms)
			go_on(self, &self->job[index]);
}

uint32_t terminals_away(void)
{
	uint32_t away = 0;

	for (uint32_t index = 0; index < TERMINALS; index++)
		away += !terminal[index].linked;
	return away;
}

void terminals_begin(void)
{
	static const char *const words[3] = {"unit", "depot", "device"}, *const ids[3] = {"u", "d", "s"};

	terminal_habits = (struct terminal_habits){.declines = 12, .silent = 15};
	for (uint32_t index = 0; index < TERMINALS; index++) {
		struct terminal *self = &terminal[index];
		uint32_t kind = index < TOWN_UNITS ? 0 : index < TOWN_UNITS + TOWN_DEPOTS ? 1 : 2;
		uint32_t number = kind == 0   ? index + 1
				  : kind == 1 ? index - TOWN_UNITS + 1
					      : TOWN_DEVICES - (index - TOWN_UNITS - TOWN_DEPOTS);

		*self = (struct terminal){.word = words[kind]};
		snprintf(self->id, sizeof self->id, "%s%u", ids[kind], number);
		self->peer = (struct net_peer){.door = NET_UNITS, .context = self, .got = got, .lost = lost};
		snprintf(self->peer.name, sizeof self->peer.name, "T%u", index + 1);
		net_add(&self->peer);
		sim_at(sim.now_ms + sim_between(0, LOOK_MS), look, self, 0);
	}
}
