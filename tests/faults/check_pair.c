/* check_pair: see the header. The lease is that of shell/lease.h, by what server and net have seen of it, and by the true time. */
#include "check_pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices.h"
#include "json.h"
#include "officer.h"
#include "shell/lease.h"
#include "wire/row.h"

enum { ASKS_MAX = 64, EPOCHS_MAX = 8192, ORDERS_MAX = 1 << 23, OBEYED_MAX = 65536, STRAY_ORDERS_MAX = 65536 };

struct order_said {
	uint32_t order;
	uint64_t seq, epoch; /* epoch: of a row that was set aside */
};

static struct {
	int64_t until_ms; /* it may send before this */
	struct {
		int64_t asked_ms, true_ms;
	} ask[ASKS_MAX];
	uint32_t asks;
} at_node[NODES_MAX];
static uint8_t holder[EPOCHS_MAX]; /* node + 1 */
static uint64_t epoch_taken;
static uint32_t take_overs;
static uint32_t order_seq[ORDERS_MAX]; /* of the journal; 0: no such order */
static struct order_said obeyed[OBEYED_MAX], stray_order[STRAY_ORDERS_MAX];
static uint32_t obeyed_count, stray_orders;
static struct effects effects;
static struct row_scratch *scratch;

bool check_is_pair(void)
{
	return node_count > 1;
}

/* --- the lease --------------------------------------------------------------------------------------- */

static void leased(const struct pg_lease *row)
{
	uint32_t node = (uint32_t)(row->holder[1] - '0');

	sim_note("lease.taken", node, row->epoch);
	if (row->epoch <= epoch_taken || row->epoch >= EPOCHS_MAX || row->holder[0] != 'n' ||
		node >= node_count)
		sim_violation("epochs rise", "the lease has epoch %llu of %s after %llu",
			(unsigned long long)row->epoch, row->holder, (unsigned long long)epoch_taken);
	take_overs += epoch_taken != 0 && holder[epoch_taken] != node + 1;
	epoch_taken = row->epoch;
	holder[row->epoch] = (uint8_t)(node + 1);
}

static void renew(uint32_t number, int64_t sent_ms)
{
	if (sent_ms + LEASE_MS > at_node[number].until_ms)
		at_node[number].until_ms = sent_ms + LEASE_MS;
}

static void line_asks(uint32_t number, const char *text, uint32_t bytes)
{
	uint32_t at = at_node[number].asks++ % ASKS_MAX;

	(void)bytes;
	at_node[number].ask[at].asked_ms = json_say_number(text, "asked_ms", -1);
	at_node[number].ask[at].true_ms = sim.now_ms;
}

static void line_told(uint32_t number, const char *text, uint32_t bytes)
{
	char kind[16] = "";
	int64_t asked_ms = json_say_number(text, "asked_ms", -2);

	(void)bytes;
	if (!json_say_text(text, "kind", kind, sizeof kind) || strcmp(kind, "granted") != 0)
		return;
	for (uint32_t at = 0; at < ASKS_MAX; at++)
		if (at_node[number].ask[at].asked_ms == asked_ms)
			renew(number, at_node[number].ask[at].true_ms);
}

void check_pair_died(uint32_t number)
{
	memset(&at_node[number], 0, sizeof at_node[number]);
}

uint32_t check_pair_holder(uint64_t epoch)
{
	return epoch < EPOCHS_MAX && holder[epoch] != 0 ? holder[epoch] - 1u : UINT32_MAX;
}

void check_pair_sends(uint32_t number, uint64_t epoch, const char *what)
{
	if (epoch != 0 && check_pair_holder(epoch) != number)
		sim_violation("one leads", "n%u sends %s of epoch %llu, which it has not taken", number, what,
			(unsigned long long)epoch);
	if (sim.now_ms >= at_node[number].until_ms)
		sim_violation("one leads", "n%u sends %s %lld ms after its lease", number, what,
			(long long)(sim.now_ms - at_node[number].until_ms));
	for (uint32_t other = 0; other < node_count; other++)
		if (other != number && sim.now_ms < at_node[other].until_ms)
			sim_violation("one leads", "n%u sends %s while n%u may for %lld ms", number, what,
				other, (long long)(at_node[other].until_ms - sim.now_ms));
}

uint32_t check_pair_take_overs(void)
{
	return take_overs;
}

uint32_t check_pair_leader(void)
{
	uint32_t leader = UINT32_MAX;

	for (uint32_t number = 0; number < node_count; number++) {
		if (!life_leads(&nodes[number]))
			continue;
		if (leader != UINT32_MAX)
			return UINT32_MAX;
		leader = number;
	}
	return leader;
}

/* --- rows: who writes them, and what becomes of those that are not in force ---------------------------- */

static void committed(const struct pg_row *row, bool aside)
{
	if (pg.lease.epoch == 0 || pg.lease.holder[1] - '0' != (int)pg.writer)
		sim_violation("one writes", "n%u writes row %llu, and %s has the lease", pg.writer,
			(unsigned long long)row->seq, pg.lease.holder);
	if (check_pair_holder(row->epoch) != pg.writer)
		sim_violation("one writes", "n%u writes row %llu of epoch %llu, which it has not had",
			pg.writer, (unsigned long long)row->seq, (unsigned long long)row->epoch);
	if (!aside)
		for (uint64_t seq = row->seq - 1; seq > 0 && row->seq - seq < 64; seq--) {
			const struct pg_row *before = pg_find(seq);

			if (before != NULL && before->epoch > row->epoch)
				sim_violation("one writes", "row %llu of epoch %llu behind epoch %llu",
					(unsigned long long)row->seq, (unsigned long long)row->epoch,
					(unsigned long long)before->epoch);
		}
	check_journal_grew();
}

static void note_order(struct order_said *list, uint32_t *count, uint32_t max, struct order_said said)
{
	if (*count == max)
		sim_violation("the simulator", "too many orders");
	list[(*count)++] = said;
}

static void strayed(const struct pg_row *row)
{
	struct event event;

	sim_note("stray.row", row->seq, row->epoch);
	if (row_decode(row->body, row->size, &event, &effects, scratch) != DISP_OK)
		sim_violation(
			"rows can be read", "row %llu that was set aside", (unsigned long long)row->seq);
	check_stray_event(&event);
	for (uint32_t index = 0; index < effects.count; index++)
		if (effects.item[index].kind == EFFECT_ORDER)
			note_order(stray_order, &stray_orders, STRAY_ORDERS_MAX,
				(struct order_said){
					effects.item[index].u.order.number, row->seq, row->epoch});
}

/* That the officer was told of it: the facts are rows, too. */
struct told {
	uint64_t epoch, seq;
};
static struct told *told;
static uint32_t told_count, told_max;

static void note_told(struct text id)
{
	char copy[64] = "";
	unsigned long long epoch, seq;

	memcpy(copy, id.ptr, id.len < sizeof copy ? id.len : sizeof copy - 1);
	if (sscanf(copy, "other-%llu-%llu", &epoch, &seq) != 2)
		return;
	if (told_count == told_max) {
		told_max = told_max == 0 ? 1024 : 2 * told_max;
		told = realloc(told, told_max * sizeof *told);
		if (told == NULL)
			abort();
	}
	told[told_count++] = (struct told){epoch, seq};
}

static bool was_told(uint64_t epoch, uint64_t seq)
{
	for (uint32_t index = 0; index < told_count; index++)
		if (told[index].epoch == epoch && told[index].seq == seq)
			return true;
	return false;
}

void check_pair_row(const struct event *event, const struct effects *of)
{
	if (event->kind == EVENT_ASIDE)
		note_told(event->u.aside.id);
	for (uint32_t index = 0; index < of->count; index++)
		if (of->item[index].kind == EFFECT_ORDER && of->item[index].u.order.number < ORDERS_MAX)
			order_seq[of->item[index].u.order.number] = (uint32_t)event->seq;
}

/* --- orders that were obeyed --------------------------------------------------------------------------- */

void check_obeyed(uint32_t order, uint64_t seq)
{
	if (check_is_pair())
		note_order(obeyed, &obeyed_count, OBEYED_MAX, (struct order_said){order, seq, 0});
}

bool check_order_stands(uint32_t order, uint64_t seq)
{
	return order < ORDERS_MAX && order_seq[order] != 0 && order_seq[order] == seq;
}

static bool is_told(const struct order_said *said)
{
	for (uint32_t index = 0; index < stray_orders; index++)
		if (stray_order[index].order == said->order && stray_order[index].seq == said->seq &&
			was_told(stray_order[index].epoch, said->seq))
			return true;
	return false;
}

const char *check_pair_unfinished(void)
{
	uint32_t leader = check_pair_leader();

	if (leader == UINT32_MAX)
		return "not exactly one daemon leads";
	for (uint32_t index = 0; index < pg.stray_count; index++)
		if (pg.stray[index].brought_seq == 0 && !pg.stray[index].refused)
			return "a row that was set aside is not brought in";
	if (check_durable(&nodes[1 - leader]) != check_durable(&nodes[leader]))
		return "who stands by does not have all rows";
	return NULL;
}

void check_pair_finished(void)
{
	for (uint32_t index = 0; index < obeyed_count; index++)
		if (!check_order_stands(obeyed[index].order, obeyed[index].seq) && !is_told(&obeyed[index]))
			sim_violation("an order that was obeyed is known",
				"O%u of row %llu stands neither in the journal nor among what was set aside",
				obeyed[index].order, (unsigned long long)obeyed[index].seq);
	for (uint32_t index = 0; index < pg.stray_count; index++)
		if (pg.stray[index].refused)
			sim_violation("rows can be read", "row %llu that was set aside was refused",
				(unsigned long long)pg.stray[index].row.seq);
}

void check_pair_begin(void)
{
	memset(at_node, 0, sizeof at_node);
	memset(holder, 0, sizeof holder);
	memset(order_seq, 0, sizeof order_seq);
	epoch_taken = 0;
	take_overs = obeyed_count = stray_orders = told_count = 0;
	if (!check_is_pair())
		return;
	if (scratch == NULL) {
		effects.item = calloc(EFFECTS_MAX, sizeof(struct effect));
		scratch = calloc(1, sizeof *scratch);
		if (effects.item == NULL || scratch == NULL)
			abort();
	}
	pg.committed = committed;
	pg.leased = leased;
	pg.strayed = strayed;
	pq_leased = renew;
	net_line_asks = line_asks;
	net_line_told = line_told;
}
