/* outbox: a ring of messages; see the header. */
#include "wire/outbox.h"

#include <string.h>

void outbox_init(struct outbox *outbox, uint8_t *memory, uint64_t size)
{
	ASSERT((size & (size - 1)) == 0 && size >= 2 * OUTBOX_MESSAGE_MAX);
	*outbox = (struct outbox){.ring = memory, .size = size};
}

uint64_t outbox_room(const struct outbox *outbox)
{
	return outbox->size - (outbox->tail - outbox->head);
}

static void put(struct outbox *outbox, const void *bytes, uint64_t count)
{
	uint64_t at = outbox->tail & (outbox->size - 1);
	uint64_t first = count < outbox->size - at ? count : outbox->size - at;

	if (count == 0)
		return;
	memcpy(outbox->ring + at, bytes, first);
	if (count > first)
		memcpy(outbox->ring, (const uint8_t *)bytes + first, count - first);
	outbox->tail += count;
}

static uint64_t get(const struct outbox *outbox, uint64_t from, void *bytes, uint64_t count)
{
	uint64_t at = from & (outbox->size - 1);
	uint64_t first = count < outbox->size - at ? count : outbox->size - at;

	if (count == 0)
		return from;
	memcpy(bytes, outbox->ring + at, first);
	if (count > first)
		memcpy((uint8_t *)bytes + first, outbox->ring, count - first);
	return from + count;
}

enum disp_err outbox_put(
	struct outbox *outbox, uint64_t seq, const struct origin *to, const void *bytes, uint32_t count)
{
	struct outbox_entry entry = {.seq = seq,
		.ticket = to->ticket,
		.bytes = count,
		.peer_bytes = to->peer_bytes,
		.door = to->door,
		.flags = to->flags};

	if (count > OUTBOX_MESSAGE_MAX || outbox_room(outbox) < sizeof entry + to->peer_bytes + count)
		return DISP_E_FULL;
	put(outbox, &entry, sizeof entry);
	put(outbox, to->peer, to->peer_bytes);
	put(outbox, bytes, count);
	return DISP_OK;
}

enum disp_err outbox_peek(const struct outbox *outbox, uint64_t released_seq, struct outbox_entry *entry,
	struct origin *to, uint8_t *bytes, uint32_t size)
{
	if (outbox->head == outbox->tail)
		return DISP_E_AGAIN;
	uint64_t from = get(outbox, outbox->head, entry, sizeof *entry);

	if (entry->seq > released_seq)
		return DISP_E_AGAIN;
	ASSERT(entry->bytes <= size);
	to->door = entry->door;
	to->flags = entry->flags;
	to->ticket = entry->ticket;
	to->peer_bytes = entry->peer_bytes;
	from = get(outbox, from, to->peer, entry->peer_bytes);
	(void)get(outbox, from, bytes, entry->bytes);
	return DISP_OK;
}

void outbox_pop(struct outbox *outbox)
{
	struct outbox_entry entry;

	ASSERT(outbox->head != outbox->tail);
	(void)get(outbox, outbox->head, &entry, sizeof entry);
	outbox->head += sizeof entry + entry.peer_bytes + entry.bytes;
}
