/* test_outbox: the ring of waiting messages: order, what is held back, wrap-around, full. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "wire/outbox.h"

enum { RING_BYTES = 2 * OUTBOX_MESSAGE_MAX };

struct ring {
	struct outbox outbox;
	uint8_t *memory, *bytes;
};

static int ring_make(void **state)
{
	struct ring *ring = calloc(1, sizeof *ring);

	if (ring == NULL)
		return -1;
	*state = ring;
	ring->memory = malloc(RING_BYTES);
	ring->bytes = malloc(OUTBOX_MESSAGE_MAX);
	if (ring->memory == NULL || ring->bytes == NULL)
		return -1;
	outbox_init(&ring->outbox, ring->memory, RING_BYTES);
	return 0;
}

static int ring_end(void **state)
{
	struct ring *ring = *state;

	free(ring->memory);
	free(ring->bytes);
	free(ring);
	return 0;
}

static struct origin to_peer(uint64_t ticket, const char *peer)
{
	struct origin to = {
		.door = DOOR_UNITS, .flags = 3, .ticket = ticket, .peer_bytes = (uint16_t)strlen(peer)};

	memcpy(to.peer, peer, to.peer_bytes);
	return to;
}

/* The oldest message is `text`, under this ticket, and is dropped. */
static void expect_next(struct ring *ring, uint64_t released, uint64_t ticket, const char *text)
{
	struct outbox_entry entry;
	struct origin to;

	assert_int_equal(
		outbox_peek(&ring->outbox, released, &entry, &to, ring->bytes, OUTBOX_MESSAGE_MAX), DISP_OK);
	assert_int_equal(to.ticket, ticket);
	assert_int_equal(entry.bytes, strlen(text));
	assert_memory_equal(ring->bytes, text, entry.bytes);
	outbox_pop(&ring->outbox);
}

static void expect_nothing(struct ring *ring, uint64_t released)
{
	struct outbox_entry entry;
	struct origin to;

	assert_int_equal(outbox_peek(&ring->outbox, released, &entry, &to, ring->bytes, OUTBOX_MESSAGE_MAX),
		DISP_E_AGAIN);
}

static void comes_out_as_it_went_in(void **state)
{
	struct ring *ring = *state;
	struct origin to = to_peer(7, "peer-7"), back;
	struct outbox_entry entry;

	expect_nothing(ring, UINT64_MAX);
	assert_int_equal(outbox_put(&ring->outbox, 5, &to, "hello", 5), DISP_OK);
	assert_int_equal(
		outbox_peek(&ring->outbox, 5, &entry, &back, ring->bytes, OUTBOX_MESSAGE_MAX), DISP_OK);
	assert_int_equal(entry.seq, 5);
	assert_int_equal(entry.bytes, 5);
	assert_memory_equal(ring->bytes, "hello", 5);
	assert_int_equal(back.door, DOOR_UNITS);
	assert_int_equal(back.flags, 3);
	assert_int_equal(back.ticket, 7);
	assert_int_equal(back.peer_bytes, 6);
	assert_memory_equal(back.peer, "peer-7", 6);
	expect_next(ring, 5, 7, "hello"); /* looking does not drop it */
	expect_nothing(ring, UINT64_MAX);
	assert_int_equal(outbox_room(&ring->outbox), RING_BYTES);
}

static void the_first_holds_back_the_rest(void **state)
{
	struct ring *ring = *state;
	struct origin to = to_peer(1, "p");

	assert_int_equal(outbox_put(&ring->outbox, 0, &to, "at once", 7), DISP_OK);
	assert_int_equal(outbox_put(&ring->outbox, 3, &to, "three", 5), DISP_OK);
	assert_int_equal(outbox_put(&ring->outbox, 3, &to, "three too", 9), DISP_OK);
	assert_int_equal(outbox_put(&ring->outbox, 4, &to, "four", 4), DISP_OK);
	expect_next(ring, 0, 1, "at once");
	expect_nothing(ring, 2);
	expect_next(ring, 3, 1, "three");
	expect_next(ring, 3, 1, "three too");
	expect_nothing(ring, 3);
	expect_next(ring, 4, 1, "four");
}

static void empty_messages_and_peers(void **state)
{
	struct ring *ring = *state;
	struct origin to = {.door = DOOR_FEED};

	assert_int_equal(outbox_put(&ring->outbox, 1, &to, NULL, 0), DISP_OK);
	expect_next(ring, 1, 0, "");
	expect_nothing(ring, 1);
}

/* Messages of odd lengths chase each other round the ring; heads, peers and bodies all get cut by its end. */
static void goes_round(void **state)
{
	struct ring *ring = *state;
	uint64_t put = 0, got = 0, bytes_put = 0;
	struct outbox_entry entry;
	struct origin to;
	uint8_t *body = malloc(70000);

	assert_non_null(body);
	while (bytes_put < 5 * (uint64_t)RING_BYTES) {
		uint32_t count = (uint32_t)((put * 7919) % 60001);

		to = to_peer(put, "somebody");
		memset(body, (int)(put & 0xff), count);
		if (outbox_put(&ring->outbox, put + 1, &to, body, count) == DISP_OK) {
			put++;
			bytes_put += count;
			continue;
		}
		assert_true(got < put);
		for (uint32_t drop = 0; drop < 3 && got < put; drop++, got++) {
			assert_int_equal(
				outbox_peek(&ring->outbox, put, &entry, &to, ring->bytes, OUTBOX_MESSAGE_MAX),
				DISP_OK);
			assert_int_equal(entry.seq, got + 1);
			assert_int_equal(to.ticket, got);
			assert_int_equal(entry.bytes, (got * 7919) % 60001);
			assert_memory_equal(to.peer, "somebody", 8);
			for (uint32_t index = 0; index < entry.bytes; index++)
				assert_true(ring->bytes[index] == (uint8_t)got);
			outbox_pop(&ring->outbox);
		}
	}
	free(body);
	assert_true(got > 0);
}

static void every_cut_of_a_message(void **state)
{
	struct ring *ring = *state;
	uint32_t whole = (uint32_t)sizeof(struct outbox_entry) + 4 + 6;

	for (uint32_t before_end = 0; before_end <= whole; before_end++) {
		struct origin to = to_peer(before_end, "peer");

		outbox_init(&ring->outbox, ring->memory, RING_BYTES);
		ring->outbox.head = ring->outbox.tail = 3 * (uint64_t)RING_BYTES - before_end;
		assert_int_equal(outbox_put(&ring->outbox, 1, &to, "abcdef", 6), DISP_OK);
		expect_next(ring, 1, before_end, "abcdef");
		assert_int_equal(outbox_room(&ring->outbox), RING_BYTES);
	}
}

static void full_takes_nothing(void **state)
{
	struct ring *ring = *state;
	struct origin to = to_peer(1, "p");
	uint8_t *body = calloc(1, OUTBOX_MESSAGE_MAX + 1);
	uint64_t room;

	assert_non_null(body);
	assert_int_equal(outbox_put(&ring->outbox, 1, &to, body, OUTBOX_MESSAGE_MAX + 1), DISP_E_FULL);
	assert_int_equal(outbox_room(&ring->outbox), RING_BYTES);
	assert_int_equal(outbox_put(&ring->outbox, 1, &to, body, OUTBOX_MESSAGE_MAX), DISP_OK);
	room = outbox_room(&ring->outbox);
	assert_true(room < OUTBOX_MESSAGE_MAX);
	assert_int_equal(outbox_put(&ring->outbox, 2, &to, body, OUTBOX_MESSAGE_MAX), DISP_E_FULL);
	assert_int_equal(outbox_room(&ring->outbox), room); /* not a byte of it was written */

	/* What fits exactly is taken; one byte more is not. */
	uint32_t rest = (uint32_t)(room - sizeof(struct outbox_entry) - 1);

	assert_int_equal(outbox_put(&ring->outbox, 2, &to, body, rest + 1), DISP_E_FULL);
	assert_int_equal(outbox_put(&ring->outbox, 2, &to, body, rest), DISP_OK);
	assert_int_equal(outbox_room(&ring->outbox), 0);
	assert_int_equal(outbox_put(&ring->outbox, 2, &to, NULL, 0), DISP_E_FULL);
	outbox_pop(&ring->outbox);
	assert_int_equal(outbox_put(&ring->outbox, 3, &to, "again", 5), DISP_OK);
	outbox_pop(&ring->outbox);
	expect_next(ring, 3, 1, "again");
	free(body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(comes_out_as_it_went_in, ring_make, ring_end),
		cmocka_unit_test_setup_teardown(the_first_holds_back_the_rest, ring_make, ring_end),
		cmocka_unit_test_setup_teardown(empty_messages_and_peers, ring_make, ring_end),
		cmocka_unit_test_setup_teardown(goes_round, ring_make, ring_end),
		cmocka_unit_test_setup_teardown(every_cut_of_a_message, ring_make, ring_end),
		cmocka_unit_test_setup_teardown(full_takes_nothing, ring_make, ring_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
