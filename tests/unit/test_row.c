/* test_row: every kind of row comes back as it was, by the tables; garbage is refused, never followed. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "wire/json_read.h"
#include "wire/row.h"
#include "wire/row_tables.h"
#include "row_fill.h"

enum { ROW_SIZE = 256 * 1024, EFFECTS_USED = 3 };

static struct row given, back;
static uint8_t bytes[ROW_SIZE], again[ROW_SIZE];
static char json_bytes[4 * ROW_SIZE];
static struct json_token json_tokens[1 << 16];

/* A name from the callback for some numbers, none for others. */
static struct text some_name(void *context, enum row_name kind, uint32_t number)
{
	(void)context;
	assert_true((uint32_t)kind < ROW_NAME_COUNT);
	return number % 2 ? TEXT("名称") : (struct text){NULL, 0};
}

static void check_json(const struct row *row)
{
	struct row_names names = {NULL, some_name};
	struct json_out out;
	struct json_doc doc;
	struct json_error error;
	struct text text;

	json_out_init(&out, json_bytes, sizeof(json_bytes));
	row_json(&out, &row->event, &row->effects, &names);
	assert_int_equal(json_out_finish(&out, &text), DISP_OK);
	if (json_read(&doc, text.ptr, text.len, json_tokens, 1 << 16, &error) != DISP_OK)
		fail_msg("%s at %u: %.*s", error.message, error.at, (int)text.len, text.ptr);
}

static size_t check_round_trip(uint32_t kind, const uint32_t *effect_kind, uint32_t count)
{
	size_t size, size_again;

	fill_row(&given, kind, effect_kind, count);
	size = row_encode(&given.event, &given.effects, bytes, sizeof(bytes));
	assert_true(size > 0);
	assert_int_equal(decode(&back, bytes, size), DISP_OK);
	same_row(&given, &back);
	size_again = row_encode(&back.event, &back.effects, again, sizeof(again));
	assert_int_equal(size, size_again);
	assert_memory_equal(bytes, again, size);
	check_json(&back);
	return size;
}

/* --- tests ---------------------------------------------------------------------------------------- */

static void every_kind_comes_back(void **state)
{
	(void)state;
	for (uint32_t turn = 0; turn < 40; turn++) {
		for (uint32_t kind = EVENT_NONE + 1; kind < EVENT_KIND_COUNT; kind++) {
			uint32_t effect = kind % EFFECT_KIND_COUNT;

			check_round_trip(kind, &effect, random_next() % 2);
		}
		for (uint32_t kind = EFFECT_NONE + 1; kind < EFFECT_KIND_COUNT; kind++) {
			uint32_t effect[EFFECTS_USED] = {kind, EFFECT_CHOICE, kind};

			check_round_trip(EVENT_ALARM, effect, EFFECTS_USED);
		}
	}
}

static void a_full_list_of_effects_fits(void **state)
{
	uint32_t kind[EFFECTS_MAX];

	(void)state;
	for (uint32_t i = 0; i < EFFECTS_MAX; i++)
		kind[i] = EFFECT_CHOICE;
	check_round_trip(EVENT_ALARM, kind, EFFECTS_MAX);
}

static void zeros_are_left_out(void **state)
{
	static const uint8_t tick[] = {0x08, EVENT_TICK};
	static const uint8_t playbook[] = {0x08, EVENT_PLAYBOOK, 0x3A, 0x00};

	(void)state;
	memset(&given, 0, sizeof(given));
	given.event.kind = EVENT_TICK;
	given.effects.item = given.effect;
	assert_int_equal(row_encode(&given.event, &given.effects, bytes, sizeof(bytes)), sizeof(tick));
	assert_memory_equal(bytes, tick, sizeof(tick));
	given.event.kind = EVENT_PLAYBOOK;
	given.event.u.playbook.def = &given.playbook;
	assert_int_equal(row_encode(&given.event, &given.effects, bytes, sizeof(bytes)), sizeof(playbook));
	assert_memory_equal(bytes, playbook, sizeof(playbook));
	assert_int_equal(decode(&back, playbook, sizeof(playbook)), DISP_OK);
	assert_ptr_equal(back.event.u.playbook.def, &back.scratch.playbook);
	assert_int_equal(decode(&back, playbook, 2), DISP_E_DAMAGED);
	assert_int_equal(decode(&back, playbook, 0), DISP_E_DAMAGED);
}

static void bytes_are_as_they_always_were(void **state)
{
	static const uint8_t golden[] = {0x08, 0x11, 0x10, 0xe7, 0x24, 0x18, 0x03, 0x20, 0xf6, 0xa1, 0x89,
		0xcb, 0xe3, 0x67, 0x32, 0x08, 't', 'e', 'r', 'm', 'i', 'n', 'a', 'l',               /* head */
		0x3a, 0x0c, 0x08, 0x0c, 0x10, 0x02, 0x22, 0x06, 0xe6, 0x95, 0x85, 0xe9, 0x9a, 0x9c, /* body */
		0x82, 0x05, 0x0e, 0x08, 0x0c, 0x10, 0xfb, 0x9d, 0x89, 0xc6, 0x07, 0x18, 0x02, 0x20, 0x07,
		0x28, 0x02};
	struct effect effect = {.kind = EFFECT_ORDER_STATE};
	struct effects effects = {1, &effect};
	size_t size;

	(void)state;
	memset(&given, 0, sizeof(given));
	given.event = (struct event){
		.kind = EVENT_ANSWER, .seq = 4711, .epoch = 3, .at_ms = INT64_C(1782892800123)};
	given.event.channel = TEXT("terminal");
	given.event.u.answer.order = 12;
	given.event.u.answer.answer = ANSWER_DECLINE;
	given.event.u.answer.reason = TEXT("故障");
	effect.u.order_state = (struct effect_order_state){
		12, 2026000123, ORDER_DELIVERED, ORDER_DECLINED, ANSWER_DECLINE, 0, 0, 0};
	size = row_encode(&given.event, &effects, bytes, sizeof(bytes));
	assert_int_equal(size, sizeof(golden));
	assert_memory_equal(bytes, golden, size);
}

static void json_reads_as_people_say_it(void **state)
{
	static const char expected[] =
		"{\"kind\":\"open\",\"seq\":7,\"epoch\":1,\"at\":\"2026-07-01T08:00:00.123Z\",\"by\":\"P-1\","
		"\"event\":{\"type\":\"drowning_risk\",\"position\":{\"type\":\"Point\",\"coordinates\":"
		"[113.4312,34.7801]},\"mode\":\"exercise\"},\"effects\":[{\"kind\":\"order\",\"order\":"
		"\"O4711\","
		"\"incident\":\"2026-000123\",\"target\":\"unit\",\"who\":\"名称\",\"step\":0,\"range_m\":1."
		"5,"
		"\"position_age_s\":12,\"substitute\":true,\"late\":false,\"stale\":false,\"manual\":false}]"
		"}";
	struct effect effect = {.kind = EFFECT_ORDER};
	struct effects effects = {1, &effect};
	struct row_names names = {NULL, some_name};
	struct json_out out;
	struct text text;

	(void)state;
	memset(&given, 0, sizeof(given));
	given.event =
		(struct event){.kind = EVENT_OPEN, .seq = 7, .epoch = 1, .at_ms = INT64_C(1782892800123)};
	given.event.by = TEXT("P-1");
	given.event.u.open.type = TEXT("drowning_risk");
	given.event.u.open.place = (struct place){347801000, 1134312000, {1, 2, 3}};
	given.event.u.open.mode = MODE_EXERCISE;
	effect.u.order = (struct effect_order){.number = 4711,
		.incident = 2026000123,
		.target = TARGET_UNIT,
		.who = 3,
		.range_mm = 1500,
		.travel_ms = -1,
		.position_age_ms = 12000,
		.substitute = true};
	json_out_init(&out, json_bytes, sizeof(json_bytes));
	row_json(&out, &given.event, &effects, &names);
	assert_int_equal(json_out_finish(&out, &text), DISP_OK);
	json_bytes[text.len] = '\0';
	assert_string_equal(json_bytes, expected);
}

static void unknown_fields_are_skipped(void **state)
{
	static const uint8_t row[] = {0x08, EVENT_STATUS, 0x10, 0x01, /* kind, seq */
		0xF0, 0x01, 0x81, 0x01,                               /* field 30, varint */
		0xF9, 0x01, 1, 2, 3, 4, 5, 6, 7, 8,                   /* field 31, 64 bits */
		0x3A, 0x0B, 0x0A, 0x01, 'U', 0xFD, 0x01, 1, 2, 3, 4, 0x10, UNIT_EN_ROUTE, /* body, 32 bits */
		0xF2, 0x03, 0x02, 'h', 'i'}; /* field 62, bytes */

	(void)state;
	assert_int_equal(decode(&back, row, sizeof(row)), DISP_OK);
	assert_int_equal(back.event.seq, 1);
	assert_int_equal(back.event.u.status.state, UNIT_EN_ROUTE);
	assert_int_equal(back.event.u.status.unit.len, 1);
	assert_int_equal(back.effects.count, 0);
}

static void refuse(const uint8_t *row, size_t size)
{
	uint8_t *copy = malloc(size); /* on the heap, where the sanitizer sees a read past the end */

	memcpy(copy, row, size);
	assert_int_equal(decode(&back, copy, size), DISP_E_DAMAGED);
	free(copy);
}

#define REFUSE(...)                                                                                          \
	do {                                                                                                 \
		static const uint8_t row[] = {__VA_ARGS__};                                                  \
		refuse(row, sizeof(row));                                                                    \
	} while (0)

static void what_was_never_written_is_refused(void **state)
{
	(void)state;
	REFUSE(0x00);                                                   /* field 0 */
	REFUSE(0x08, 0x00);                                             /* kind none */
	REFUSE(0x08, EVENT_KIND_COUNT);                                 /* unknown kind */
	REFUSE(0x08, EVENT_TICK, 0xC2, 0x1F, 0x00);                     /* unknown effect */
	REFUSE(0x08, EVENT_TICK, 0x0B);                                 /* wire type 3 */
	REFUSE(0x0A, 0x01, EVENT_TICK);                                 /* a number as bytes */
	REFUSE(0x08, EVENT_STATUS, 0x3A, 0x02, 0x10, UNIT_STATE_COUNT); /* no such state */
	REFUSE(0x08, EVENT_STATUS, 0x3A, 0x03, 0x10, 0x81, 0x02);       /* 257 in eight bits */
	REFUSE(0x08, EVENT_STATUS, 0x3A, 0x05, 0x10, 0x01);             /* longer than the row */
	REFUSE(0x08, EVENT_STATUS, 0x3A, 0x03, 0x0A, 0x02, 'U');        /* longer than its message */
	REFUSE(0x08, EVENT_SEND, 0x3A, 0x02, 0x20, 0x02);               /* neither true nor false */
	REFUSE(0x08, EVENT_PLAN, 0x3A, 0x03, 0x0A, 0x01, 0x00);         /* a hash of one byte */
	REFUSE(0x08, EVENT_TICK, 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
		0x02);                                              /* 65 bits */
	REFUSE(0x08, EVENT_TICK, 0x3A, 0x00, 0x08, EVENT_PLAYBOOK); /* the kind changes */
	REFUSE(0x08, EVENT_TICK, 0x3A, 0x00, 0x3A, 0x00);           /* two bodies */
	REFUSE(0x08, EVENT_TICK, 0x3A, 0x00, 0xF2, 0x04, 0x04, 0x2A, 0x02, WHY_COUNT, 1); /* no such reason */
}

static void lists_are_bounded(void **state)
{
	uint8_t row[4 + 2 * (PLAYBOOK_TYPES_MAX + 1)] = {0x08, EVENT_PLAYBOOK, 0x3A};

	(void)state;
	for (uint32_t i = 0; i <= PLAYBOOK_TYPES_MAX; i++)
		row[4 + 2 * i] = 0x22;
	row[3] = 2 * PLAYBOOK_TYPES_MAX;
	assert_int_equal(decode(&back, row, 4 + 2 * PLAYBOOK_TYPES_MAX), DISP_OK);
	assert_int_equal(back.scratch.playbook.type_count, PLAYBOOK_TYPES_MAX);
	row[3] += 2;
	refuse(row, sizeof(row));

	bytes[0] = 0x08;
	bytes[1] = EVENT_TICK;
	for (uint32_t i = 0; i <= EFFECTS_MAX; i++)
		memcpy(bytes + 2 + 3 * i, (const uint8_t[]){0x8A, 0x04, 0x00}, 3);
	assert_int_equal(decode(&back, bytes, 2 + 3 * EFFECTS_MAX), DISP_OK);
	refuse(bytes, 2 + 3 * (EFFECTS_MAX + 1));
}

static void an_overfull_list_is_not_written(void **state)
{
	(void)state;
	fill_row(&given, EVENT_PLAYBOOK, NULL, 0);
	given.playbook.step_count = PLAYBOOK_STEPS_MAX + 1;
	assert_int_equal(row_encode(&given.event, &given.effects, bytes, sizeof(bytes)), 0);
	given.playbook.step_count = 0;
	given.event.kind = EVENT_KIND_COUNT;
	assert_int_equal(row_encode(&given.event, &given.effects, bytes, sizeof(bytes)), 0);
}

static void a_small_buffer_gets_nothing(void **state)
{
	static const uint32_t kinds[] = {EFFECT_CHOICE, EFFECT_INCIDENT};

	(void)state;
	fill_row(&given, EVENT_ALARM, kinds, 2);
	for (size_t size = 0, needed = row_encode(&given.event, &given.effects, again, sizeof(again));
		size <= needed; size++) {
		uint8_t *out = malloc(size + (size == 0));

		assert_int_equal(
			row_encode(&given.event, &given.effects, out, size), size == needed ? needed : 0);
		free(out);
	}
}

/* Whatever was read from damaged bytes can be written and shown again. */
static void use_decoded(const uint8_t *from, size_t size)
{
	if (decode(&back, from, size) == DISP_OK) {
		assert_true(row_encode(&back.event, &back.effects, again, sizeof(again)) > 0);
		check_json(&back);
	}
}

static void damage_is_harmless(void **state)
{
	(void)state;
	for (uint32_t kind = EVENT_NONE + 1; kind < EVENT_KIND_COUNT; kind++) {
		uint32_t effect[EFFECTS_USED] = {
			kind % EFFECT_KIND_COUNT, EFFECT_CHOICE, (kind + 7) % EFFECT_KIND_COUNT};
		size_t size = check_round_trip(kind, effect, EFFECTS_USED);
		size_t step = size / 300 + 1;

		for (size_t cut = 0; cut < size; cut += step) {
			uint8_t *copy = malloc(cut + (cut == 0));

			memcpy(copy, bytes, cut);
			use_decoded(copy, cut);
			free(copy);
		}
		for (uint32_t turn = 0; turn < 300; turn++) {
			uint8_t *copy = malloc(size);

			memcpy(copy, bytes, size);
			for (uint64_t flips = random_next() % 4 + 1; flips > 0; flips--)
				copy[random_next() % size] ^= (uint8_t)(1u << random_next() % 8);
			use_decoded(copy, size);
			free(copy);
		}
	}
}

/* --- the tables themselves ------------------------------------------------------------------------ */

static void check_table(const struct row_table *table, const char *reserved)
{
	for (uint32_t i = 0; i < table->count; i++) {
		const struct row_field *field = &table->field[i];

		assert_true(i == 0 || field->number > table->field[i - 1].number);
		assert_true(field->offset < table->size && field->other < table->size);
		assert_true(field->name.len != strlen(reserved) ||
			    memcmp(field->name.ptr, reserved, field->name.len) != 0);
		for (uint32_t j = 0; j < i; j++)
			assert_true(field->name.len != table->field[j].name.len ||
				    memcmp(field->name.ptr, table->field[j].name.ptr, field->name.len) != 0);
	}
}

/* Bytes that no field covers can only be padding, which is shorter than the widest member. */
static void check_covered(const struct row_table *table, uint8_t *base)
{
	uint32_t gap = 0;

	memset(base, 0, table->size);
	for (uint32_t i = 0; i < table->count; i++) {
		const struct row_field *field = &table->field[i];
		uint32_t size = field->type == ROW_TEXT           ? sizeof(struct text)
				: field->type == ROW_MESSAGE      ? field->table->size
				: field->type == ROW_HASH         ? ROW_HASH_BYTES
				: field->type == ROW_IDENTITY     ? ROW_IDENTITY_BYTES
				: field->type == ROW_BY_WORD      ? 4u * field->max
				: field->type == ROW_LIST_U32     ? 4u * field->max
				: field->type == ROW_LIST_TEXT    ? (uint32_t)sizeof(struct text) * field->max
				: field->type == ROW_LIST_MESSAGE ? field->table->size * field->max
								  : number_size(field->type);

		memset(base + field->offset, 1, size);
		if (field->type >= ROW_LIST_U32 && field->type <= ROW_LIST_MESSAGE)
			memset(base + field->other, 1, 4);
	}
	for (uint32_t at = 0; at < table->size; at++) {
		gap = base[at] ? 0 : gap + 1;
		assert_true(gap < 8);
	}
}

static void tables_are_sound(void **state)
{
	static uint8_t base[1 << 16];

	(void)state;
	check_table(&row_playbook_table, "");
	check_covered(&row_playbook_table, base);
	check_table(&row_head_table, "event");
	for (uint32_t i = 0; i < EVENT_KIND_COUNT; i++) {
		check_table(&row_event_tables[i], "");
		check_covered(&row_event_tables[i], base);
		if (i != EVENT_NONE && i != EVENT_PLAYBOOK && i != EVENT_TICK)
			assert_true(row_event_tables[i].count > 0);
	}
	for (uint32_t i = 0; i < EFFECT_KIND_COUNT; i++) {
		check_table(&row_effect_tables[i], "kind");
		check_covered(&row_effect_tables[i], base);
		assert_true(i == EFFECT_NONE || row_effect_tables[i].count > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_are_sound),
		cmocka_unit_test(every_kind_comes_back),
		cmocka_unit_test(a_full_list_of_effects_fits),
		cmocka_unit_test(zeros_are_left_out),
		cmocka_unit_test(bytes_are_as_they_always_were),
		cmocka_unit_test(json_reads_as_people_say_it),
		cmocka_unit_test(unknown_fields_are_skipped),
		cmocka_unit_test(what_was_never_written_is_refused),
		cmocka_unit_test(lists_are_bounded),
		cmocka_unit_test(an_overfull_list_is_not_written),
		cmocka_unit_test(a_small_buffer_gets_nothing),
		cmocka_unit_test(damage_is_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
