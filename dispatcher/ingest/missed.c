/* missed: what a terminal has to be told when it comes (again): a chain of orders and notices for each of them. */
#include <stdlib.h>
#include <string.h>

#include "ingest/door.h"

enum { RECALLS_MAX = 64, NEWEST_MAX = 1024 };
#define RECALL_KEEP_MS (24 * 3600 * INT64_C(1000)) /* a terminal that was off for longer asks its people */

static bool chain_open(struct chain *chain, const struct core *core, enum table table)
{
	chain->slots = query_limits(core)->max[table];
	chain->stale = true;
	chain->next = calloc(chain->slots + (size_t)1, sizeof(uint32_t));
	chain->number = calloc(chain->slots + (size_t)1, sizeof(uint32_t));
	for (uint32_t target = TARGET_UNIT; target <= TARGET_DEVICE; target++) {
		size_t heads = query_limits(core)->max[target_table(target)] + (size_t)1;

		chain->head[target] = calloc(heads, sizeof(uint32_t));
		if (!chain->head[target])
			return false;
	}
	return chain->next && chain->number;
}

bool missed_open(struct ingest *ingest)
{
	return chain_open(&ingest->orders, ingest->core, TABLE_ORDER) &&
	       chain_open(&ingest->notices, ingest->core, TABLE_NOTICE);
}

static void chain_close(struct chain *chain)
{
	for (uint32_t target = TARGET_UNIT; target <= TARGET_DEVICE; target++)
		free(chain->head[target]);
	free(chain->next);
	free(chain->number);
}

void missed_close(struct ingest *ingest)
{
	chain_close(&ingest->orders);
	chain_close(&ingest->notices);
}

/* --- keeping the chains --------------------------------------------------------------------------- */

static void chain_add(struct chain *chain, uint8_t target, uint32_t who, uint32_t slot, uint32_t number)
{
	if (slot == 0 || who == 0 || target < TARGET_UNIT || target > TARGET_DEVICE)
		return;
	if (chain->number[slot] == number)
		return;
	if (chain->number[slot] != 0) {
		chain->stale = true; /* it stands in the middle of another chain */
		return;
	}
	chain->number[slot] = number;
	chain->next[slot] = chain->head[target][who];
	chain->head[target][who] = slot;
}

/* A notice that goes to another terminal than it went to first stands in the chain of the first. */
static void note_try(struct ingest *ingest, const struct effect_notice_try *again)
{
	struct chain *chain = &ingest->notices;
	uint32_t slot = query_slot(ingest->core, TABLE_NOTICE, again->notice), at;

	if (again->unit == 0 || chain->stale)
		return;
	for (at = chain->head[TARGET_UNIT][again->unit]; at != 0 && at != slot; at = chain->next[at])
		;
	if (at != slot && chain->number[slot] != 0)
		chain->stale = true;
	else
		chain_add(chain, TARGET_UNIT, again->unit, slot, again->notice);
}

void missed_note(struct ingest *ingest, const struct effects *effects)
{
	const struct core *core = ingest->core;

	for (uint32_t i = 0; i < effects->count; i++) {
		const struct effect_order *order = &effects->item[i].u.order;
		const struct effect_notice *notice = &effects->item[i].u.notice;

		if (effects->item[i].kind == EFFECT_NOTICE_TRY)
			note_try(ingest, &effects->item[i].u.notice_try);

		if (effects->item[i].kind == EFFECT_ORDER && !ingest->orders.stale)
			chain_add(&ingest->orders, order->target, order->who,
				query_slot(core, TABLE_ORDER, order->number), order->number);
		if (effects->item[i].kind == EFFECT_NOTICE && !ingest->notices.stale)
			chain_add(&ingest->notices, TARGET_UNIT, notice->unit,
				query_slot(core, TABLE_NOTICE, notice->number), notice->number);
	}
}

static void chain_clear(struct ingest *ingest, struct chain *chain)
{
	memset(chain->next, 0, (chain->slots + (size_t)1) * sizeof(uint32_t));
	memset(chain->number, 0, (chain->slots + (size_t)1) * sizeof(uint32_t));
	for (uint32_t target = TARGET_UNIT; target <= TARGET_DEVICE; target++)
		memset(chain->head[target], 0, (ingest->numbers[target] + (size_t)1) * sizeof(uint32_t));
	chain->stale = false;
}

/* Once after the start, and when a full table has begun to use its slots again: one walk over the table. */
static void refresh(struct ingest *ingest)
{
	const struct core *core = ingest->core;

	if (ingest->orders.stale) {
		chain_clear(ingest, &ingest->orders);
		for (uint32_t slot = 1; slot <= query_used(core, TABLE_ORDER); slot++) {
			const struct order *order = query_at(core, TABLE_ORDER, slot);

			if (order)
				chain_add(&ingest->orders, order->target, order->who, slot, order->r.number);
		}
	}
	if (ingest->notices.stale) {
		chain_clear(ingest, &ingest->notices);
		for (uint32_t slot = 1; slot <= query_used(core, TABLE_NOTICE); slot++) {
			const struct notice *notice = query_at(core, TABLE_NOTICE, slot);

			if (notice)
				chain_add(
					&ingest->notices, TARGET_UNIT, notice->unit, slot, notice->r.number);
		}
	}
}

/* --- telling -------------------------------------------------------------------------------------- */

/* An order, or a notice, that is told again. */
struct missed {
	uint64_t seq;
	uint32_t slot, number;
	bool is_notice;
};

static int by_seq(const void *left, const void *right)
{
	const struct missed *a = left, *b = right;

	if (a->seq != b->seq)
		return a->seq < b->seq ? -1 : 1;
	if (a->is_notice != b->is_notice)
		return a->is_notice ? 1 : -1;
	return a->number < b->number ? -1 : a->number > b->number;
}

static uint32_t gather_orders(
	const struct ingest *ingest, uint8_t target, uint32_t who, uint64_t last_seq, struct missed *missed)
{
	uint32_t count = 0;

	for (uint32_t slot = ingest->orders.head[target][who]; slot != 0 && count < NEWEST_MAX;
		slot = ingest->orders.next[slot]) {
		const struct order *order = query_at(ingest->core, TABLE_ORDER, slot);

		if (!order || order->r.number != ingest->orders.number[slot] ||
			!query_order_live(order->state))
			continue;
		if (order->seq > last_seq || order->state == ORDER_ISSUED)
			missed[count++] = (struct missed){order->seq, slot, order->r.number, false};
	}
	return count;
}

static uint32_t gather_notices(const struct ingest *ingest, uint32_t unit, struct missed *missed)
{
	uint32_t count = 0;

	for (uint32_t slot = ingest->notices.head[TARGET_UNIT][unit]; slot != 0 && count < NEWEST_MAX;
		slot = ingest->notices.next[slot]) {
		const struct notice *notice = query_at(ingest->core, TABLE_NOTICE, slot);

		if (notice && notice->r.number == ingest->notices.number[slot] &&
			notice->state == NOTICE_PENDING)
			missed[count++] = (struct missed){notice->seq, slot, notice->r.number, true};
	}
	return count;
}

/*
 * Whether others may have ended it: of an end that the terminal has said itself it need not hear, and a breakdown may
 * have been said by it or by the desk.
 */
static bool ended_by_others(const struct order *order)
{
	switch (order->state) {
	case ORDER_RECALLED:
	case ORDER_EXPIRED:
	case ORDER_FAILED:
		return true;
	case ORDER_DONE:
		return order->answered_by != 0 || order->said_seq == 0; /* it ended with its case */
	case ORDER_DECLINED:
		return order->answered_by != 0;
	default:
		return false;
	}
}

/* Orders that it may hold and that were ended by others while it was away. */
static void tell_recalls(struct telling *telling, uint8_t target, uint32_t who, uint64_t last_seq)
{
	const struct ingest *ingest = telling->ingest;
	uint32_t told = 0;

	for (uint32_t slot = ingest->orders.head[target][who]; slot != 0 && told < RECALLS_MAX;
		slot = ingest->orders.next[slot]) {
		const struct order *order = query_at(ingest->core, TABLE_ORDER, slot);

		if (!order || order->r.number != ingest->orders.number[slot] || order->seq > last_seq)
			continue;
		if (telling->event->at_ms - order->ended_ms > RECALL_KEEP_MS)
			continue;
		if (ended_by_others(order)) {
			tell_recall(telling, order, words_of(WORDS_ORDER_STATE, order->state));
			told++;
		}
	}
}

void tell_missed(struct telling *telling, uint8_t target, uint32_t who, uint64_t last_seq)
{
	struct ingest *ingest = telling->ingest;
	struct missed missed[2 * NEWEST_MAX];
	uint32_t count;

	if (who == 0 || !terminal_by_target(ingest, target, who))
		return;
	refresh(ingest);
	tell_recalls(telling, target, who, last_seq);
	count = gather_orders(ingest, target, who, last_seq, missed);
	if (target == TARGET_UNIT)
		count += gather_notices(ingest, who, missed + count);
	qsort(missed, count, sizeof(missed[0]), by_seq);
	for (uint32_t i = 0; i < count; i++) {
		if (missed[i].is_notice)
			tell_notice(telling, query_at(ingest->core, TABLE_NOTICE, missed[i].slot));
		else
			tell_order(telling, query_at(ingest->core, TABLE_ORDER, missed[i].slot));
	}
}
