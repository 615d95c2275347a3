/* life_pair: what a life has besides when it is one of two daemons, over dispatcher/lead.c and bring.c; as pair.c and main.c of the daemon. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bring.h"
#include "check_pair.h"
#include "life.h"
#include "net.h"
#include "shell/say.h"
#include "town.h"

enum { STRAY_WAIT_MS = 30000 };

static enum disp_err take_row(void *context, const struct store_row *row)
{
	struct node *node = context;
	struct life *life = node->life;
	struct effects *effects = &life->recovered.effects;
	struct event event;
	enum disp_err err = row_decode(row->body, row->size, &event, effects, life->recovered.row);

	if (err == DISP_OK)
		err = core_apply(life->core, &event, effects);
	if (err != DISP_OK)
		sim_violation("who stands by can follow", "row %llu: error %d", (unsigned long long)row->seq,
			(int)err);
	return err;
}

static enum disp_err take_stray(void *context, const struct store_row *row)
{
	struct node *node = context;
	struct life *life = node->life;
	const struct bring bring = {
		&life->shell, &life->recovered.effects, life->recovered.row, clock_now_ms(&life->clock)};

	sim_note("lead.brings", node->number, row->seq);
	return bring_row(&bring, row);
}

static void begins(void *context, bool again)
{
	struct node *node = context;
	struct life *life = node->life;
	struct event event = {.kind = EVENT_LEAD};

	check_new_epoch(node, life->shell.epoch);
	clock_start(&life->clock, clock_wall_ms(), clock_wall_ms(), 1000, query_town(life->core)->at_ms);
	if (!life_note_start(life) && !again)
		sim_note("lead.begin", node->number, 0);
	event.u.lead.holder = (struct text){life->holder, (uint32_t)strlen(life->holder)};
	if (shell_take(&life->shell, &event, clock_now_ms(&life->clock), NULL) != DISP_OK)
		sim_note("lead.row", node->number, 0);
}

static void tells(void *context, bool leads)
{
	struct node *node = context;

	sim_note(leads ? "lead.leads" : "lead.held", node->number, node->life->lead.lease.epoch);
	ingest_lead(node->life->ingest, leads, node->life->lead.lease.epoch);
}

bool life_pair_open(struct node *node)
{
	static const char *const at[2] = {"inproc://pair-0", "inproc://pair-1"};
	struct life *life = node->life;
	const struct pair_config wanted = {at[node->number], at[1 - node->number], "sim", .curve = false};
	char error[PAIR_ERROR_SIZE];

	life->lead = (struct lead){.store = life->store,
		.shell = &life->shell,
		.stray_take = take_stray,
		.context = node,
		.begins = begins,
		.tells = tells};
	net_opens_pair(true);
	enum disp_err opened = pair_open(&life->lead.pair, &wanted, error);

	net_opens_pair(false);
	if (opened != DISP_OK || seat_open(&life->lead.seat, &life->config) != DISP_OK)
		return false;
	ingest_lead(life->ingest, false, 0);
	store_follow(life->store, take_row, node);
	lead_open(&life->lead, query_town(life->core)->epoch, clock_boot_ms());
	return true;
}

/* Another leads: the parts are closed, what is not in force is set aside, and the process starts anew. */
void life_pair_end(struct node *node)
{
	struct life *life = node->life;
	uint64_t from_seq = life->lead.stray_from;

	ingest_close(life->ingest);
	seat_close(life->lead.seat);
	pair_close(life->lead.pair);
	if (store_close(life->store) != DISP_OK)
		sim_note("store.close", node->number, 0);
	shell_free(&life->shell);
	sim_note("lead.anew", node->number, from_seq);
	if (from_seq == 0)
		return;
	check_sets_stray(node, from_seq);
	enum disp_err err = store_set_stray(&life->config, from_seq, STRAY_WAIT_MS);

	sim_note("lead.stray", node->number, (uint64_t)err);
}

bool life_leads(const struct node *node)
{
	return node->state == NODE_UP && lead_may(&node->life->lead);
}
