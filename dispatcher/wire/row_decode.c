/* row_decode: bytes to events and effects, by the tables; every length, count and range is checked here. */
#include "wire/row.h"

#include <string.h>

#include "wire/row_tables.h"
#include "wire/row_wire.h"

/* What is left of the message that is being read. */
struct reader {
	const uint8_t *at, *end;
};

/* One field as it stands in the bytes. */
struct token {
	uint32_t number, wire;
	uint64_t value;     /* ROW_WIRE_VARINT */
	struct reader body; /* ROW_WIRE_BYTES */
};

static enum disp_err read_struct(struct reader reader, const struct row_table *table, uint8_t *base);

static enum disp_err read_varint(struct reader *reader, uint64_t *value)
{
	uint64_t result = 0;

	for (uint32_t shift = 0; shift < 64 && reader->at < reader->end; shift += 7) {
		uint8_t byte = *reader->at++;

		if (shift == 63 && byte > 1)
			return DISP_E_DAMAGED;
		result |= (uint64_t)(byte & 0x7F) << shift;
		if (byte < 0x80) {
			*value = result;
			return DISP_OK;
		}
	}
	return DISP_E_DAMAGED;
}

static enum disp_err skip_bytes(struct reader *reader, uint64_t count)
{
	if (count > (uint64_t)(reader->end - reader->at))
		return DISP_E_DAMAGED;
	reader->at += count;
	return DISP_OK;
}

static enum disp_err read_token(struct reader *reader, struct token *token)
{
	uint64_t tag, length;

	if (read_varint(reader, &tag) != DISP_OK || tag >> 3 == 0 || tag >> 3 > UINT32_MAX)
		return DISP_E_DAMAGED;
	*token = (struct token){.number = (uint32_t)(tag >> 3), .wire = (uint32_t)(tag & 7)};
	switch (token->wire) {
	case ROW_WIRE_VARINT:
		return read_varint(reader, &token->value);
	case ROW_WIRE_FIXED64:
		return skip_bytes(reader, 8);
	case ROW_WIRE_FIXED32:
		return skip_bytes(reader, 4);
	case ROW_WIRE_BYTES:
		if (read_varint(reader, &length) != DISP_OK)
			return DISP_E_DAMAGED;
		token->body.at = reader->at;
		if (skip_bytes(reader, length) != DISP_OK)
			return DISP_E_DAMAGED;
		token->body.end = reader->at;
		return DISP_OK;
	default:
		return DISP_E_DAMAGED;
	}
}

/* --- numbers ------------------------------------------------------------------------------------ */

/* "?" is no word: words_of gives it for what lies outside of the set. */
static bool word_known(uint8_t set, uint64_t value)
{
	return value <= UINT8_MAX && words_of((enum words_set)set, (uint32_t)value).len > 1;
}

static bool number_allowed(const struct row_field *field, uint64_t value)
{
	if (field->max != 0 && value > field->max)
		return false;
	switch (field->show) {
	case SHOW_WORD:
		return word_known(field->set, value);
	case SHOW_WORD_PLUS:
		return word_known(field->set, value) || (value > 0 && word_known(field->set, value - 1));
	case SHOW_ROMAN:
		return value <= 4;
	default:
		return true;
	}
}

static uint64_t type_max(uint8_t type)
{
	switch (type) {
	case ROW_BOOL:
		return 1;
	case ROW_U8:
		return UINT8_MAX;
	case ROW_U16:
		return UINT16_MAX;
	case ROW_U32:
	case ROW_I32: /* zigzag */
		return UINT32_MAX;
	default:
		return UINT64_MAX;
	}
}

/* Numbers stand in the struct as the compiler stores them: written through a variable of the very type. */
static void number_store(uint8_t type, uint64_t value, uint8_t *at)
{
	uint8_t as_u8 = (uint8_t)value;
	uint16_t as_u16 = (uint16_t)value;
	uint32_t as_u32 = (uint32_t)value;
	bool as_bool = value != 0;

	switch (type) {
	case ROW_BOOL:
		memcpy(at, &as_bool, sizeof(as_bool));
		return;
	case ROW_U8:
		memcpy(at, &as_u8, sizeof(as_u8));
		return;
	case ROW_U16:
		memcpy(at, &as_u16, sizeof(as_u16));
		return;
	case ROW_U32:
	case ROW_I32:
		memcpy(at, &as_u32, sizeof(as_u32));
		return;
	default:
		memcpy(at, &value, sizeof(value));
	}
}

static enum disp_err read_number(const struct row_field *field, const struct token *token, uint8_t *at)
{
	uint64_t value = token->value;

	if (token->wire != ROW_WIRE_VARINT || value > type_max(field->type) || !number_allowed(field, value))
		return DISP_E_DAMAGED;
	if (row_type_signed(field->type))
		value = value >> 1 ^ (uint64_t)((value & 1) != 0 ? -1 : 0);
	number_store(field->type, value, at);
	return DISP_OK;
}

/* --- runs of bytes ------------------------------------------------------------------------------ */

static enum disp_err read_text(const struct token *token, uint8_t *at)
{
	size_t length = (size_t)(token->body.end - token->body.at);
	struct text text = {NULL, 0};

	if (length > UINT32_MAX)
		return DISP_E_DAMAGED;
	if (length > 0)
		text = (struct text){(const char *)token->body.at, (uint32_t)length};
	memcpy(at, &text, sizeof(text));
	return DISP_OK;
}

static enum disp_err read_hash(const struct token *token, uint8_t *at)
{
	if (token->body.end - token->body.at != ROW_HASH_BYTES)
		return DISP_E_DAMAGED;
	memcpy(at, token->body.at, ROW_HASH_BYTES);
	return DISP_OK;
}

static enum disp_err read_identity(const struct token *token, uint8_t *at)
{
	uint64_t word[2] = {0, 0};

	if (token->body.end - token->body.at != ROW_IDENTITY_BYTES)
		return DISP_E_DAMAGED;
	for (uint32_t i = 0; i < ROW_IDENTITY_BYTES; i++)
		word[i / 8] = word[i / 8] << 8 | token->body.at[i];
	memcpy(at, word, sizeof(word));
	return DISP_OK;
}

static enum disp_err read_by_word(const struct row_field *field, struct reader body, uint8_t *at)
{
	while (body.at < body.end) {
		uint64_t index, value;
		uint32_t as_u32;

		if (read_varint(&body, &index) != DISP_OK || read_varint(&body, &value) != DISP_OK ||
			index >= field->max || value > UINT32_MAX)
			return DISP_E_DAMAGED;
		as_u32 = (uint32_t)value;
		memcpy(at + index * sizeof(as_u32), &as_u32, sizeof(as_u32));
	}
	return DISP_OK;
}

/* One more element of a list. */
static enum disp_err read_element(const struct row_field *field, const struct token *token, uint8_t *base)
{
	uint32_t count = row_u32_at(base + field->other), value = (uint32_t)token->value;
	uint8_t *at = base + field->offset;
	enum disp_err err = DISP_E_DAMAGED;

	if (count >= field->max)
		return DISP_E_DAMAGED;
	if (field->type == ROW_LIST_U32 && token->wire == ROW_WIRE_VARINT && token->value <= UINT32_MAX) {
		memcpy(at + count * sizeof(value), &value, sizeof(value));
		err = DISP_OK;
	} else if (field->type == ROW_LIST_TEXT && token->wire == ROW_WIRE_BYTES) {
		err = read_text(token, at + count * sizeof(struct text));
	} else if (field->type == ROW_LIST_MESSAGE && token->wire == ROW_WIRE_BYTES) {
		err = read_struct(token->body, field->table, at + count * field->table->size);
	}
	count++;
	memcpy(base + field->other, &count, sizeof(count));
	return err;
}

static enum disp_err read_run(const struct row_field *field, const struct token *token, uint8_t *at)
{
	if (token->wire != ROW_WIRE_BYTES)
		return DISP_E_DAMAGED;
	switch (field->type) {
	case ROW_TEXT:
		return read_text(token, at);
	case ROW_HASH:
		return read_hash(token, at);
	case ROW_IDENTITY:
		return read_identity(token, at);
	case ROW_BY_WORD:
		return read_by_word(field, token->body, at);
	default:
		return read_struct(token->body, field->table, at);
	}
}

/* --- structs ------------------------------------------------------------------------------------ */

static enum disp_err read_field(const struct row_field *field, const struct token *token, uint8_t *base)
{
	switch (field->type) {
	case ROW_LIST_U32:
	case ROW_LIST_TEXT:
	case ROW_LIST_MESSAGE:
		return read_element(field, token, base);
	case ROW_TEXT:
	case ROW_HASH:
	case ROW_IDENTITY:
	case ROW_BY_WORD:
	case ROW_MESSAGE:
		return read_run(field, token, base + field->offset);
	default:
		return read_number(field, token, base + field->offset);
	}
}

/* Rows are written by rising number, so the field that is looked for is nearly always at or behind the last.
 */
static const struct row_field *field_find(const struct row_table *table, uint32_t *hint, uint32_t number)
{
	for (uint32_t i = 0; i < table->count; i++) {
		uint32_t index = *hint + i < table->count ? *hint + i : *hint + i - table->count;

		if (table->field[index].number == number) {
			*hint = index;
			return &table->field[index];
		}
	}
	return NULL;
}

/* base is zeroed. */
static enum disp_err read_struct(struct reader reader, const struct row_table *table, uint8_t *base)
{
	uint32_t hint = 0;

	while (reader.at < reader.end) {
		const struct row_field *field;
		struct token token;

		if (read_token(&reader, &token) != DISP_OK)
			return DISP_E_DAMAGED;
		field = field_find(table, &hint, token.number);
		if (field && read_field(field, &token, base) != DISP_OK)
			return DISP_E_DAMAGED;
	}
	return DISP_OK;
}

static enum disp_err read_body(const struct token *token, struct event *event, struct row_scratch *scratch)
{
	if (token->wire != ROW_WIRE_BYTES)
		return DISP_E_DAMAGED;
	if (event->kind == EVENT_PLAYBOOK)
		return read_struct(token->body, &row_playbook_table, (uint8_t *)&scratch->playbook);
	return read_struct(token->body, &row_event_tables[event->kind], (uint8_t *)&event->u);
}

static enum disp_err read_effect(const struct token *token, struct effects *effects)
{
	uint32_t kind = token->number - ROW_FIELD_EFFECT;
	struct effect *effect;

	if (token->wire != ROW_WIRE_BYTES || kind >= EFFECT_KIND_COUNT || effects->count >= EFFECTS_MAX)
		return DISP_E_DAMAGED;
	effect = &effects->item[effects->count++];
	memset(effect, 0, sizeof(*effect));
	effect->kind = kind;
	return read_struct(token->body, &row_effect_tables[kind], (uint8_t *)&effect->u);
}

/* The head comes first, the body once, then the effects; so a kind that comes twice finds nothing filled. */
enum disp_err row_decode(const uint8_t *row, size_t size, struct event *event, struct effects *effects,
	struct row_scratch *scratch)
{
	struct reader reader = {row, row + size};
	bool body_seen = false;
	uint32_t hint = 0;

	memset(event, 0, sizeof(*event));
	effects->count = 0;
	while (reader.at < reader.end) {
		const struct row_field *field = NULL;
		enum disp_err err = DISP_OK;
		struct token token;

		if (read_token(&reader, &token) != DISP_OK)
			return DISP_E_DAMAGED;
		if (token.number >= ROW_FIELD_EFFECT) {
			err = read_effect(&token, effects);
		} else if (token.number == ROW_FIELD_BODY) {
			if (body_seen)
				return DISP_E_DAMAGED;
			body_seen = true;
			if (event->kind == EVENT_PLAYBOOK) {
				memset(scratch, 0, sizeof(*scratch));
				event->u.playbook.def = &scratch->playbook;
			}
			err = read_body(&token, event, scratch);
		} else if ((field = field_find(&row_head_table, &hint, token.number)) != NULL) {
			err = body_seen ? DISP_E_DAMAGED : read_field(field, &token, (uint8_t *)event);
		}
		if (err != DISP_OK)
			return DISP_E_DAMAGED;
	}
	if (event->kind == EVENT_NONE || (event->kind == EVENT_PLAYBOOK && !body_seen))
		return DISP_E_DAMAGED;
	return DISP_OK;
}
