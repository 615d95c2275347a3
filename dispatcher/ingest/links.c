/* links: which terminal is live under which routing id, and what a slow one has yet to take. No messages. */
#include <stdlib.h>
#include <string.h>

#include "ingest/door.h"

enum { SWEEP_EVERY_MS = 1000, FLUSH_EVERY_MS = 10 };

enum table target_table(uint32_t target)
{
	static const enum table table[TARGET_COUNT] = {
		[TARGET_UNIT] = TABLE_UNIT, [TARGET_DEPOT] = TABLE_DEPOT, [TARGET_DEVICE] = TABLE_DEVICE};

	ASSERT(target == TARGET_UNIT || target == TARGET_DEPOT || target == TARGET_DEVICE);
	return table[target];
}

bool links_open(struct ingest *ingest)
{
	ingest->link = calloc(LINKS_MAX + 1, sizeof(*ingest->link));
	ingest->bucket = calloc(LINK_BUCKETS, sizeof(*ingest->bucket));
	ingest->news = calloc(NEWS_MAX, sizeof(*ingest->news));
	if (!ingest->link || !ingest->bucket || !ingest->news)
		return false;
	for (uint32_t target = TARGET_UNIT; target <= TARGET_DEVICE; target++) {
		ingest->numbers[target] = query_limits(ingest->core)->max[target_table(target)];
		ingest->link_of[target] = calloc(ingest->numbers[target] + (size_t)1, sizeof(uint32_t));
		if (!ingest->link_of[target])
			return false;
	}
	return true;
}

static void forget_waiting(struct link *link)
{
	while (link->first) {
		struct waiting *next = link->first->next;

		free(link->first);
		link->first = next;
	}
	link->last = NULL;
	link->waiting_count = 0;
}

void links_close(struct ingest *ingest)
{
	for (uint32_t i = 1; ingest->link && i <= ingest->used_links; i++)
		forget_waiting(&ingest->link[i]);
	for (uint32_t target = TARGET_UNIT; target <= TARGET_DEVICE; target++)
		free(ingest->link_of[target]);
	free(ingest->link);
	free(ingest->bucket);
	free(ingest->news);
}

/* --- finding, binding ----------------------------------------------------------------------------- */

/* FNV-1a; a stranger who makes collisions slows down nobody but the others of his bucket, LINKS_MAX at most. */
static uint32_t *bucket_of(struct ingest *ingest, const uint8_t *peer, uint16_t peer_bytes)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (uint32_t i = 0; i < peer_bytes; i++)
		hash = (hash ^ peer[i]) * UINT64_C(0x100000001b3);
	return &ingest->bucket[(hash ^ hash >> 32) & (LINK_BUCKETS - 1)];
}

static bool is_peer(const struct link *link, const uint8_t *peer, uint16_t peer_bytes)
{
	return link->peer_bytes == peer_bytes && memcmp(link->peer, peer, peer_bytes) == 0;
}

struct link *terminal_by_peer(struct ingest *ingest, const uint8_t *peer, uint16_t peer_bytes)
{
	for (uint32_t at = *bucket_of(ingest, peer, peer_bytes); at != 0; at = ingest->link[at].next) {
		if (is_peer(&ingest->link[at], peer, peer_bytes))
			return &ingest->link[at];
	}
	return NULL;
}

struct link *terminal_by_target(struct ingest *ingest, uint32_t target, uint32_t who)
{
	if (target < TARGET_UNIT || target > TARGET_DEVICE || who > ingest->numbers[target])
		return NULL;
	uint32_t at = ingest->link_of[target][who];

	return at != 0 ? &ingest->link[at] : NULL;
}

/* One that was given back, else the next that nobody has used yet; 0: none is left. */
static uint32_t link_take(struct ingest *ingest)
{
	uint32_t at = ingest->free_link;

	if (at != 0)
		ingest->free_link = ingest->link[at].next;
	else if (ingest->used_links < LINKS_MAX)
		at = ++ingest->used_links;
	return at;
}

struct link *terminal_bind(struct ingest *ingest, const struct origin *origin, uint8_t target, uint32_t who)
{
	struct link *link = terminal_by_peer(ingest, origin->peer, origin->peer_bytes);
	uint32_t *bucket = bucket_of(ingest, origin->peer, origin->peer_bytes);

	ASSERT(who <= ingest->numbers[target] && origin->peer_bytes <= PEER_MAX);
	if (!link) {
		uint32_t at = link_take(ingest);

		if (at == 0)
			return NULL;
		link = &ingest->link[at];
		link->next = *bucket;
		*bucket = at;
		ingest->count.links++;
	}
	link->target = target;
	link->who = who;
	link->flags = origin->flags & ORIGIN_DELIMITER;
	link->peer_bytes = origin->peer_bytes;
	memcpy(link->peer, origin->peer, origin->peer_bytes);
	link->heard_ms = ingest->now_ms;
	gate_sign(ingest, link);
	ingest->link_of[target][who] = (uint32_t)(link - ingest->link);
	return link;
}

static void report_down(struct ingest *ingest, uint8_t target, uint32_t who)
{
	if (ingest->news_tail - ingest->news_head < NEWS_MAX)
		ingest->news[ingest->news_tail++ & (NEWS_MAX - 1)] =
			(struct news){.target = target, .down = true, .who = who};
}

void terminal_drop(struct ingest *ingest, struct link *link, bool lost)
{
	uint32_t self = (uint32_t)(link - ingest->link);
	uint32_t *at = bucket_of(ingest, link->peer, link->peer_bytes);

	while (*at != self)
		at = &ingest->link[*at].next;
	*at = link->next;
	ingest->link_of[link->target][link->who] = 0;
	if (lost) {
		ingest->count.links_lost++;
		report_down(ingest, link->target, link->who);
	}
	if (link->first)
		ingest->slow_links--;
	forget_waiting(link);
	*link = (struct link){.next = ingest->free_link};
	ingest->free_link = self;
	ingest->count.links--;
}

/* --- news ----------------------------------------------------------------------------------------- */

/* Told only while there is room to tell of every link that might go down; the terminal's own answer says as much. */
static void report_delivered(struct ingest *ingest, const struct link *link, uint64_t order)
{
	if (order != 0 && ingest->news_tail - ingest->news_head < NEWS_MAX - LINKS_MAX)
		ingest->news[ingest->news_tail++ & (NEWS_MAX - 1)] =
			(struct news){.target = link->target, .who = link->who, .order = (uint32_t)order};
}

static bool news_event(struct ingest *ingest, const struct news *news, struct event *event)
{
	const struct core *core = ingest->core;
	struct text id = query_id(core, target_table(news->target), news->who);

	event->channel = TEXT("terminal");
	if (news->down) {
		event->kind = EVENT_LINK;
		event->u.link = (struct event_link){.id = id, .target = news->target};
		return !terminal_by_target(ingest, news->target, news->who); /* it may be back */
	}
	const struct order *order = query_at(core, TABLE_ORDER, query_slot(core, TABLE_ORDER, news->order));

	event->kind = EVENT_ANSWER;
	event->u.answer = (struct event_answer){.order = news->order, .answer = ANSWER_DELIVERED, .who = id};
	if (!order || order->state == ORDER_ISSUED)
		return order != NULL;
	const struct task *call = query_at(core, TABLE_TASK, query_slot(core, TABLE_TASK, order->call_task));

	return !query_order_live(order->state) && call &&
	       call->state < TASK_DONE; /* a recall spares the call */
}

bool news_take(struct ingest *ingest, struct event *event)
{
	while (ingest->news_head != ingest->news_tail) {
		if (news_event(ingest, &ingest->news[ingest->news_head++ & (NEWS_MAX - 1)], event))
			return true;
	}
	memset(event, 0, sizeof(*event));
	return false;
}

/* --- sending -------------------------------------------------------------------------------------- */

static bool keep(
	struct ingest *ingest, struct link *link, uint64_t ticket, const uint8_t *bytes, uint32_t count)
{
	struct waiting *waiting =
		link->waiting_count < LINK_WAITING_MAX ? malloc(sizeof(*waiting) + count) : NULL;

	if (!waiting)
		return false;
	*waiting = (struct waiting){.ticket = ticket, .bytes = count};
	memcpy(waiting->data, bytes, count);
	if (link->last) {
		link->last->next = waiting;
	} else {
		link->first = waiting;
		ingest->slow_links++;
	}
	link->last = waiting;
	link->waiting_count++;
	ingest->count.kept++;
	return true;
}

static void send_to_link(
	struct ingest *ingest, struct link *link, uint64_t ticket, const uint8_t *bytes, uint32_t count)
{
	enum sent sent = SENT_FULL;

	if (!gate_is_there(link))
		sent = SENT_GONE;
	else if (!link->first) /* nothing may overtake what waits */
		sent = peer_send(ingest, DOOR_UNITS, link->peer, link->peer_bytes, link->flags, bytes, count);
	if (sent == SENT)
		report_delivered(ingest, link, ticket);
	else if (sent == SENT_GONE || !keep(ingest, link, ticket, bytes, count))
		terminal_drop(ingest, link, true);
}

void terminal_send(struct ingest *ingest, const struct origin *to, const uint8_t *bytes, uint32_t count)
{
	struct link *link = terminal_by_peer(ingest, to->peer, to->peer_bytes);

	if (link) {
		if (to->ticket != 0 && (to->ticket & TICKET_RECALL) == 0)
			ingest->count.orders++;
		send_to_link(ingest, link, to->ticket, bytes, count);
	} else if (!(to->flags & ORIGIN_LINKED) && to->peer_bytes > 0) {
		(void)peer_send(ingest, DOOR_UNITS, to->peer, to->peer_bytes, to->flags, bytes, count);
	}
}

static bool may_send(const struct ingest *ingest)
{
	return ingest->config.may_send == NULL || ingest->config.may_send(ingest->config.may_send_context);
}

/* Tries again what waits; of two daemons only while this one leads: what waits is asked for again at the next hello. */
static void flush(struct ingest *ingest, struct link *link)
{
	while (link->first) {
		struct waiting *waiting = link->first;
		enum sent sent = SENT_GONE;

		if (!may_send(ingest))
			return;
		if (gate_is_there(link))
			sent = peer_send(ingest, DOOR_UNITS, link->peer, link->peer_bytes, link->flags,
				waiting->data, waiting->bytes);

		if (sent == SENT_FULL)
			return;
		if (sent == SENT_GONE) {
			terminal_drop(ingest, link, true);
			return;
		}
		report_delivered(ingest, link, waiting->ticket);
		link->first = waiting->next;
		link->waiting_count--;
		free(waiting);
	}
	link->last = NULL;
	ingest->slow_links--;
}

/* --- the clock ------------------------------------------------------------------------------------ */

static bool linked_in_core(const struct core *core, uint32_t target, uint32_t who)
{
	const void *record = query_at(core, target_table(target), who);

	if (!record)
		return false;
	if (target == TARGET_UNIT)
		return ((const struct unit *)record)->link;
	if (target == TARGET_DEPOT)
		return ((const struct depot *)record)->link;
	return ((const struct device *)record)->link;
}

/* Links that the core remembers from before a restart, and whose terminals did not come again. */
static void report_orphans(struct ingest *ingest)
{
	for (uint32_t target = TARGET_UNIT; target <= TARGET_DEVICE; target++) {
		for (uint32_t who = 1; who <= query_used(ingest->core, target_table(target)); who++) {
			if (linked_in_core(ingest->core, target, who) &&
				!terminal_by_target(ingest, target, who))
				report_down(ingest, (uint8_t)target, who);
		}
	}
	ingest->orphans_found = true;
}

void links_heard(struct ingest *ingest)
{
	for (uint32_t i = 1; i <= LINKS_MAX; i++)
		if (ingest->link[i].target != TARGET_NONE)
			ingest->link[i].heard_ms = ingest->now_ms;
}

void links_tick(struct ingest *ingest)
{
	bool sweep = ingest->now_ms - ingest->swept_ms >= SWEEP_EVERY_MS;

	if (!sweep && (ingest->slow_links == 0 || ingest->now_ms - ingest->flushed_ms < FLUSH_EVERY_MS))
		return;
	ingest->flushed_ms = ingest->now_ms;
	for (uint32_t i = 1; i <= ingest->used_links; i++) {
		struct link *link = &ingest->link[i];

		if (link->target != TARGET_NONE && link->first)
			flush(ingest, link);
		if (link->target != TARGET_NONE && ingest->hold != HOLD_ALL &&
			ingest->now_ms - link->heard_ms > ingest->config.link_timeout_ms)
			terminal_drop(ingest, link, true);
	}
	if (sweep)
		ingest->swept_ms = ingest->now_ms;
	if (ingest->leads && !ingest->orphans_found &&
		ingest->now_ms - ingest->first_tick_ms > ingest->config.link_timeout_ms)
		report_orphans(ingest);
}
