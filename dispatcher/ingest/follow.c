/* follow: senders of alarms who asked to be told what becomes of their incident; the oldest are forgotten first. */
#include <stdlib.h>
#include <string.h>

#include "ingest/door.h"

bool follow_open(struct ingest *ingest)
{
	ingest->follow = calloc(FOLLOWS_MAX + 1, sizeof(*ingest->follow));
	ingest->follow_bucket = calloc(FOLLOW_BUCKETS, sizeof(*ingest->follow_bucket));
	return ingest->follow && ingest->follow_bucket;
}

void follow_close(struct ingest *ingest)
{
	free(ingest->follow);
	free(ingest->follow_bucket);
}

static uint32_t *bucket_of(struct ingest *ingest, uint32_t incident)
{
	return &ingest->follow_bucket[incident & (FOLLOW_BUCKETS - 1)];
}

static void unlink_follow(struct ingest *ingest, uint32_t self)
{
	uint32_t *at = bucket_of(ingest, ingest->follow[self].incident);

	while (*at != self)
		at = &ingest->follow[*at].next;
	*at = ingest->follow[self].next;
	ingest->follow[self] = (struct follow){0};
	ingest->count.followers--;
}

/* Whether this peer need not be added: it follows already, or the incident has followers enough. */
static bool is_enough(struct ingest *ingest, uint32_t incident, const struct origin *origin)
{
	uint32_t count = 0;

	for (uint32_t at = *bucket_of(ingest, incident); at != 0; at = ingest->follow[at].next) {
		const struct follow *follow = &ingest->follow[at];

		if (follow->incident != incident)
			continue;
		if (follow->peer_bytes == origin->peer_bytes &&
			memcmp(follow->peer, origin->peer, origin->peer_bytes) == 0)
			return true;
		count++;
	}
	return count >= INGEST_FOLLOWERS_MAX;
}

void follow_add(struct ingest *ingest, uint32_t incident, const struct origin *origin)
{
	if (incident == 0 || origin->peer_bytes > PEER_MAX || is_enough(ingest, incident, origin))
		return;
	uint32_t self = ingest->follow_next++ % FOLLOWS_MAX + 1;
	struct follow *follow = &ingest->follow[self];
	uint32_t *bucket = bucket_of(ingest, incident);

	if (follow->incident != 0)
		unlink_follow(ingest, self);
	*follow = (struct follow){.incident = incident,
		.next = *bucket,
		.flags = origin->flags & ORIGIN_DELIMITER,
		.peer_bytes = (uint8_t)origin->peer_bytes};
	memcpy(follow->peer, origin->peer, origin->peer_bytes);
	*bucket = self;
	ingest->count.followers++;
}

void tell_followers(
	struct telling *telling, uint32_t incident, enum incident_state state, enum disposition disposition)
{
	struct ingest *ingest = telling->ingest;

	for (uint32_t at = *bucket_of(ingest, incident); at != 0; at = ingest->follow[at].next) {
		const struct follow *follow = &ingest->follow[at];
		struct origin to = {
			.door = DOOR_ALARMS, .flags = follow->flags, .peer_bytes = follow->peer_bytes};
		struct json_out out;

		if (follow->incident != incident)
			continue;
		memcpy(to.peer, follow->peer, follow->peer_bytes);
		json_out_init(&out, ingest->buffer, sizeof(ingest->buffer));
		alarm_follow_write(&out, incident, state, disposition);
		tell(telling, &to, &out);
	}
}
