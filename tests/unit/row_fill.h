/* row_fill: rows filled with random values, and compared, by the tables; for test_row only. */
#ifndef TESTS_UNIT_ROW_FILL_H
#define TESTS_UNIT_ROW_FILL_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "wire/row.h"
#include "wire/row_tables.h"
#include "wire/row_wire.h"

#include "../random.h"

/* One row with room for everything it may hold. */
struct row {
	struct event event;
	struct playbook_def playbook;
	struct effect effect[EFFECTS_MAX];
	struct effects effects;
	struct row_scratch scratch;
};

/* Numbers of every length, ends included. */
static uint64_t random_number(void)
{
	return random_next() % 8 == 0 ? UINT64_MAX : random_next() >> random_next() % 64;
}

static struct text random_text(void)
{
	static const char source[] =
		"rescue medic 水边有人 grid_worker \"\\\x01 0123456789 abcdefghijklmnopqrstuvwxyz";
	static const uint32_t lengths[] = {1, 5, 12, 25, 37, 45};

	return (struct text){source + (random_next() % 2 ? 0 : 13), lengths[random_next() % 6]};
}

static uint64_t words_count(uint8_t set)
{
	uint64_t count = 0;

	while (words_of(set, (uint32_t)count).len > 1)
		count++;
	return count;
}

/* --- filling a struct by its table ---------------------------------------------------------------- */

static void fill_struct(const struct row_table *table, uint8_t *base);

static uint64_t fill_number(const struct row_field *field)
{
	uint64_t value = random_number();

	if (field->max != 0)
		return value % (field->max + 1u);
	if (field->show == SHOW_WORD)
		return value % words_count(field->set);
	if (field->show == SHOW_WORD_PLUS)
		return value % (words_count(field->set) + 1);
	if (field->show == SHOW_ROMAN)
		return value % 5;
	if (field->show == SHOW_TIME)
		return value % 4000000000000;
	return value;
}

static uint32_t number_size(uint8_t type)
{
	static const uint32_t sizes[] = {[ROW_U8] = 1,
		[ROW_U16] = 2,
		[ROW_U32] = 4,
		[ROW_U64] = 8,
		[ROW_I32] = 4,
		[ROW_I64] = 8,
		[ROW_BOOL] = sizeof(bool)};

	return sizes[type];
}

/* Little-endian machines only, like the rest of this test's pokes into structs. */
static void store_number(uint8_t type, uint64_t value, uint8_t *at)
{
	if (type == ROW_BOOL)
		value &= 1;
	memcpy(at, &value, number_size(type));
}

static void fill_list(const struct row_field *field, uint8_t *base)
{
	uint32_t count = (uint32_t)(random_next() % (field->max + 1u)), value;
	struct text text;

	memcpy(base + field->other, &count, sizeof(count));
	for (uint32_t i = 0; i < count; i++) {
		uint8_t *at = base + field->offset;

		if (field->type == ROW_LIST_MESSAGE) {
			fill_struct(field->table, at + i * field->table->size);
		} else if (field->type == ROW_LIST_TEXT) {
			text = random_next() % 4 ? random_text() : (struct text){NULL, 0};
			memcpy(at + i * sizeof(text), &text, sizeof(text));
		} else {
			value = (uint32_t)random_number();
			memcpy(at + i * sizeof(value), &value, sizeof(value));
		}
	}
}

static void fill_field(const struct row_field *field, uint8_t *base)
{
	uint8_t *at = base + field->offset;
	struct text text = random_text();

	switch (field->type) {
	case ROW_TEXT:
		memcpy(at, &text, sizeof(text));
		break;
	case ROW_MESSAGE:
		fill_struct(field->table, at);
		break;
	case ROW_HASH:
	case ROW_IDENTITY:
		for (uint32_t i = 0; i < (field->type == ROW_HASH ? ROW_HASH_BYTES : ROW_IDENTITY_BYTES); i++)
			at[i] = (uint8_t)random_next();
		break;
	case ROW_LIST_U32:
	case ROW_LIST_TEXT:
	case ROW_LIST_MESSAGE:
		fill_list(field, base);
		break;
	case ROW_BY_WORD:
		for (uint32_t i = 0; i < field->max; i++)
			store_number(ROW_U32, random_next() % 2 ? random_number() : 0, at + 4 * i);
		break;
	default:
		store_number(field->type, fill_number(field), at);
	}
}

static void fill_struct(const struct row_table *table, uint8_t *base)
{
	for (uint32_t i = 0; i < table->count; i++)
		fill_field(&table->field[i], base);
}

static const struct row_table *event_table(uint32_t kind)
{
	return kind == EVENT_PLAYBOOK ? &row_playbook_table : &row_event_tables[kind];
}

static uint8_t *event_base(struct row *row)
{
	return row->event.kind == EVENT_PLAYBOOK ? (uint8_t *)&row->playbook : (uint8_t *)&row->event.u;
}

static void fill_row(struct row *row, uint32_t kind, const uint32_t *effect_kind, uint32_t effect_count)
{
	memset(row, 0, sizeof(*row));
	fill_struct(&row_head_table, (uint8_t *)&row->event);
	row->event.kind = kind;
	if (kind == EVENT_PLAYBOOK)
		row->event.u.playbook.def = &row->playbook;
	fill_struct(event_table(kind), event_base(row));
	row->effects = (struct effects){effect_count, row->effect};
	for (uint32_t i = 0; i < effect_count; i++) {
		row->effect[i].kind = effect_kind[i];
		fill_struct(&row_effect_tables[effect_kind[i]], (uint8_t *)&row->effect[i].u);
	}
}

/* --- comparing ------------------------------------------------------------------------------------ */

static void same_struct(const struct row_table *table, const uint8_t *a, const uint8_t *b);

static void same_text(const uint8_t *a, const uint8_t *b)
{
	struct text left = row_text_at(a), right = row_text_at(b);

	assert_int_equal(left.len, right.len);
	if (left.len > 0)
		assert_memory_equal(left.ptr, right.ptr, left.len);
}

static void same_list(const struct row_field *field, const uint8_t *a, const uint8_t *b)
{
	uint32_t count = row_u32_at(a + field->other), size = 4;

	assert_int_equal(count, row_u32_at(b + field->other));
	if (field->type == ROW_LIST_MESSAGE)
		size = field->table->size;
	else if (field->type == ROW_LIST_TEXT)
		size = sizeof(struct text);
	for (uint32_t i = 0; i < count; i++) {
		const uint8_t *left = a + field->offset + i * size, *right = b + field->offset + i * size;

		if (field->type == ROW_LIST_MESSAGE)
			same_struct(field->table, left, right);
		else if (field->type == ROW_LIST_TEXT)
			same_text(left, right);
		else
			assert_memory_equal(left, right, size);
	}
}

static void same_struct(const struct row_table *table, const uint8_t *a, const uint8_t *b)
{
	for (uint32_t i = 0; i < table->count; i++) {
		const struct row_field *field = &table->field[i];
		const uint8_t *left = a + field->offset, *right = b + field->offset;

		if (field->type == ROW_TEXT)
			same_text(left, right);
		else if (field->type == ROW_MESSAGE)
			same_struct(field->table, left, right);
		else if (field->type == ROW_HASH || field->type == ROW_IDENTITY)
			assert_memory_equal(left, right, field->type == ROW_HASH ? 32 : 16);
		else if (field->type == ROW_BY_WORD)
			assert_memory_equal(left, right, 4 * field->max);
		else if (field->type >= ROW_LIST_U32)
			same_list(field, a, b);
		else
			assert_memory_equal(left, right, number_size(field->type));
	}
}

static inline enum disp_err decode(struct row *row, const uint8_t *from, size_t size)
{
	memset(&row->event, 0xA5, sizeof(row->event));
	memset(&row->scratch, 0xA5, sizeof(row->scratch));
	memset(row->effect, 0xA5, sizeof(row->effect));
	row->effects = (struct effects){0xA5A5, row->effect};
	return row_decode(from, size, &row->event, &row->effects, &row->scratch);
}

static inline void same_row(struct row *a, const struct row *b)
{
	same_struct(&row_head_table, (const uint8_t *)&a->event, (const uint8_t *)&b->event);
	if (a->event.kind == EVENT_PLAYBOOK)
		same_struct(&row_playbook_table, event_base(a), (const uint8_t *)b->event.u.playbook.def);
	else
		same_struct(event_table(a->event.kind), event_base(a), (const uint8_t *)&b->event.u);
	assert_int_equal(a->effects.count, b->effects.count);
	for (uint32_t i = 0; i < a->effects.count; i++) {
		assert_int_equal(a->effect[i].kind, b->effect[i].kind);
		same_struct(&row_effect_tables[a->effect[i].kind], (const uint8_t *)&a->effect[i].u,
			(const uint8_t *)&b->effect[i].u);
	}
}

#endif
