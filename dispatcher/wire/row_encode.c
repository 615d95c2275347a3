/* row_encode: events and effects to bytes, by the tables; it knows no field by name. */
#include "wire/row.h"

#include <string.h>

#include "wire/row_tables.h"
#include "wire/row_wire.h"

struct writer {
	uint8_t *out;
	size_t size, used;
	bool full;
};

uint64_t row_number_at(const struct row_field *field, const uint8_t *at)
{
	uint16_t as_u16;
	uint32_t as_u32;
	int32_t as_i32;
	uint64_t as_u64;

	switch (field->type) {
	case ROW_BOOL:
	case ROW_U8:
		return *at;
	case ROW_U16:
		memcpy(&as_u16, at, sizeof(as_u16));
		return as_u16;
	case ROW_U32:
		memcpy(&as_u32, at, sizeof(as_u32));
		return as_u32;
	case ROW_I32:
		memcpy(&as_i32, at, sizeof(as_i32));
		return (uint64_t)(int64_t)as_i32;
	default:
		memcpy(&as_u64, at, sizeof(as_u64));
		return as_u64;
	}
}

static void put_bytes(struct writer *writer, const void *bytes, size_t count)
{
	if (writer->full || count > writer->size - writer->used) {
		writer->full = true;
		return;
	}
	if (count > 0)
		memcpy(writer->out + writer->used, bytes, count);
	writer->used += count;
}

static void put_varint(struct writer *writer, uint64_t value)
{
	uint8_t bytes[ROW_VARINT_MAX];

	put_bytes(writer, bytes, row_varint_write(value, bytes));
}

static void put_tag(struct writer *writer, uint32_t number, uint32_t wire)
{
	put_varint(writer, (uint64_t)number << 3 | wire);
}

static void put_run(struct writer *writer, uint32_t number, const void *bytes, size_t count)
{
	put_tag(writer, number, ROW_WIRE_BYTES);
	put_varint(writer, count);
	put_bytes(writer, bytes, count);
}

/* Puts the length of what was written behind `start` in front of it. */
static void put_length_before(struct writer *writer, size_t start)
{
	uint8_t bytes[ROW_VARINT_MAX];
	size_t length = writer->used - start, count = row_varint_write(length, bytes);

	if (writer->full || count > writer->size - writer->used) {
		writer->full = true;
		return;
	}
	memmove(writer->out + start + count, writer->out + start, length);
	memcpy(writer->out + start, bytes, count);
	writer->used += count;
}

static void put_struct(struct writer *writer, const struct row_table *table, const uint8_t *base);

static void put_message(struct writer *writer, uint32_t number, const struct row_table *table,
	const uint8_t *base, bool always)
{
	size_t before = writer->used, start;

	put_tag(writer, number, ROW_WIRE_BYTES);
	start = writer->used;
	put_struct(writer, table, base);
	if (writer->used == start && !always && !writer->full)
		writer->used = before;
	else
		put_length_before(writer, start);
}

static void put_text(struct writer *writer, uint32_t number, const uint8_t *at)
{
	struct text text;

	memcpy(&text, at, sizeof(text));
	put_run(writer, number, text.ptr, text.len);
}

static void put_identity(struct writer *writer, uint32_t number, const uint8_t *at)
{
	uint8_t bytes[ROW_IDENTITY_BYTES];
	uint64_t word[2];

	memcpy(word, at, sizeof(word));
	if ((word[0] | word[1]) == 0)
		return;
	for (uint32_t i = 0; i < ROW_IDENTITY_BYTES; i++)
		bytes[i] = (uint8_t)(word[i / 8] >> (56 - 8 * (i % 8)));
	put_run(writer, number, bytes, sizeof(bytes));
}

static void put_hash(struct writer *writer, uint32_t number, const uint8_t *at)
{
	static const uint8_t none[ROW_HASH_BYTES];

	if (memcmp(at, none, sizeof(none)) != 0)
		put_run(writer, number, at, ROW_HASH_BYTES);
}

static void put_list(struct writer *writer, const struct row_field *field, const uint8_t *base)
{
	const uint8_t *at = base + field->offset;
	uint32_t count;

	memcpy(&count, base + field->other, sizeof(count));
	if (count > field->max) {
		writer->full = true;
		return;
	}
	for (uint32_t i = 0; i < count; i++) {
		if (field->type == ROW_LIST_MESSAGE) {
			put_message(writer, field->number, field->table, at + i * field->table->size, true);
		} else if (field->type == ROW_LIST_TEXT) {
			put_text(writer, field->number, at + i * sizeof(struct text));
		} else {
			put_tag(writer, field->number, ROW_WIRE_VARINT);
			put_varint(writer, row_u32_at(at + i * sizeof(uint32_t)));
		}
	}
}

/* Pairs of index and value, one after the other, in one run. */
static void put_by_word(struct writer *writer, const struct row_field *field, const uint8_t *at)
{
	size_t before = writer->used, start;

	put_tag(writer, field->number, ROW_WIRE_BYTES);
	start = writer->used;
	for (uint32_t i = 0; i < field->max; i++) {
		uint32_t value = row_u32_at(at + i * sizeof(uint32_t));

		if (value != 0) {
			put_varint(writer, i);
			put_varint(writer, value);
		}
	}
	if (writer->used == start && !writer->full)
		writer->used = before;
	else
		put_length_before(writer, start);
}

static void put_field(struct writer *writer, const struct row_field *field, const uint8_t *base)
{
	const uint8_t *at = base + field->offset;
	uint64_t value;

	switch (field->type) {
	case ROW_TEXT:
		if (row_text_at(at).len > 0)
			put_text(writer, field->number, at);
		return;
	case ROW_MESSAGE:
		put_message(writer, field->number, field->table, at, false);
		return;
	case ROW_HASH:
		put_hash(writer, field->number, at);
		return;
	case ROW_IDENTITY:
		put_identity(writer, field->number, at);
		return;
	case ROW_LIST_U32:
	case ROW_LIST_TEXT:
	case ROW_LIST_MESSAGE:
		put_list(writer, field, base);
		return;
	case ROW_BY_WORD:
		put_by_word(writer, field, at);
		return;
	default:
		value = row_number_at(field, at);
		if (row_type_signed(field->type))
			value = value << 1 ^ (uint64_t)((int64_t)value < 0 ? -1 : 0);
		if (value != 0) {
			put_tag(writer, field->number, ROW_WIRE_VARINT);
			put_varint(writer, value);
		}
	}
}

static void put_struct(struct writer *writer, const struct row_table *table, const uint8_t *base)
{
	for (uint32_t i = 0; i < table->count && !writer->full; i++)
		put_field(writer, &table->field[i], base);
}

size_t row_encode(const struct event *event, const struct effects *effects, uint8_t *out, size_t size)
{
	struct writer writer = {.out = out, .size = size};

	if (event->kind >= EVENT_KIND_COUNT || effects->count > EFFECTS_MAX)
		return 0;
	put_struct(&writer, &row_head_table, (const uint8_t *)event);
	if (event->kind == EVENT_PLAYBOOK)
		put_message(&writer, ROW_FIELD_BODY, &row_playbook_table,
			(const uint8_t *)event->u.playbook.def, true);
	else
		put_message(&writer, ROW_FIELD_BODY, &row_event_tables[event->kind],
			(const uint8_t *)&event->u, false);
	for (uint32_t i = 0; i < effects->count; i++) {
		const struct effect *effect = &effects->item[i];

		if (effect->kind >= EFFECT_KIND_COUNT)
			return 0;
		put_message(&writer, ROW_FIELD_EFFECT + effect->kind, &row_effect_tables[effect->kind],
			(const uint8_t *)&effect->u, true);
	}
	return writer.full ? 0 : writer.used;
}
