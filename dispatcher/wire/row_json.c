/* row_json: events and effects as JSON for people and scripts, by the tables; it cannot be read back. */
#include "wire/row.h"

#include <string.h>

#include "wire/row_tables.h"
#include "wire/row_wire.h"
#include "wire/utf8.h"
#include "wire/z85.h"

/* What every function here needs. */
struct teller {
	struct json_out *out;
	const struct row_names *names;
	const uint8_t *base; /* of the struct that is being told */
};

static void tell_struct(const struct teller *teller, const struct row_table *table);

/* NUL stands in no text that we took in: it is damage, and PostgreSQL would refuse it. */
static void write_text(struct json_out *out, struct text text)
{
	bool readable = utf8_valid(text) && (text.len == 0 || !memchr(text.ptr, '\0', text.len));

	json_write_text(out, readable ? text : TEXT("(not UTF-8)"));
}

static void write_key(const struct teller *teller, const struct row_field *field)
{
	json_write_key(teller->out, field->name);
}

/* --- numbers as what they stand for --------------------------------------------------------------- */

static void write_name(const struct teller *teller, enum row_name kind, uint32_t number)
{
	struct text name = {NULL, 0};

	if (teller->names && teller->names->name)
		name = teller->names->name(teller->names->context, kind, number);
	if (name.len > 0)
		write_text(teller->out, name);
	else
		json_write_uint64(teller->out, number);
}

/* The roster that an enum target or event_kind speaks of; ROW_NAME_COUNT: none. */
static enum row_name name_kind(const struct row_field *field, uint8_t selector)
{
	static const uint8_t by_target[TARGET_COUNT] = {
		ROW_NAME_COUNT, ROW_NAME_UNIT, ROW_NAME_DEPOT, ROW_NAME_DEVICE, ROW_NAME_PERSON};

	if (field->show == SHOW_NAME)
		return field->set;
	if (field->show == SHOW_BY_TARGET)
		return selector < TARGET_COUNT ? by_target[selector] : ROW_NAME_COUNT;
	switch (selector) {
	case EVENT_GRID:
		return ROW_NAME_GRID;
	case EVENT_PERSON:
		return ROW_NAME_PERSON;
	case EVENT_UNIT:
		return ROW_NAME_UNIT;
	case EVENT_DEPOT:
		return ROW_NAME_DEPOT;
	case EVENT_STOCK:
		return ROW_NAME_STOCK;
	case EVENT_DEVICE:
		return ROW_NAME_DEVICE;
	case EVENT_PLAYBOOK:
		return ROW_NAME_PLAYBOOK;
	default:
		return ROW_NAME_COUNT;
	}
}

static void tell_name(const struct teller *teller, const struct row_field *field, uint32_t number)
{
	enum row_name kind = name_kind(field, teller->base[field->other]);

	if (number == 0)
		return;
	write_key(teller, field);
	if (kind == ROW_NAME_COUNT)
		json_write_uint64(teller->out, number);
	else
		write_name(teller, kind, number);
}

static struct text roman(uint64_t level)
{
	static const struct text numerals[] = {{NULL, 0}, {"I", 1}, {"II", 2}, {"III", 3}, {"IV", 2}};

	return level < sizeof(numerals) / sizeof(numerals[0]) ? numerals[level] : (struct text){NULL, 0};
}

static void write_bit(const struct teller *teller, const struct row_field *field, uint32_t bit)
{
	switch (field->show) {
	case SHOW_SKILLS:
		write_name(teller, ROW_NAME_SKILL, bit);
		break;
	case SHOW_WHO:
		json_write_text(teller->out, words_who_of((uint32_t)1 << bit));
		break;
	case SHOW_ROMAN_BITS:
		json_write_text(teller->out, roman(bit).len > 0 ? roman(bit) : TEXT("?"));
		break;
	default:
		json_write_text(teller->out, words_of((enum words_set)field->set, bit));
	}
}

static void write_bits(const struct teller *teller, const struct row_field *field, uint64_t bits)
{
	json_open_array(teller->out);
	for (uint32_t bit = 0; bit < 64; bit++) {
		if (bits >> bit & 1)
			write_bit(teller, field, bit);
	}
	json_close_array(teller->out);
}

/* A word outside of its set, and "none", are nothing to tell. */
static void tell_word(const struct teller *teller, const struct row_field *field, uint64_t value)
{
	struct text word = field->show == SHOW_ROMAN ? roman(value)
						     : words_of((enum words_set)field->set, (uint32_t)value);

	if (word.len == 0 || (word.len == 1 && word.ptr[0] == '?') ||
		(word.len == 4 && memcmp(word.ptr, "none", 4) == 0))
		return;
	write_key(teller, field);
	json_write_text(teller->out, word);
}

static void tell_id(const struct teller *teller, const struct row_field *field, uint64_t number)
{
	char id[ID_SIZE];

	if (number == 0)
		return;
	write_key(teller, field);
	json_write_text(teller->out, ids_write((enum id_kind)field->set, number, id));
}

static void tell_plain(const struct teller *teller, const struct row_field *field, uint64_t value)
{
	write_key(teller, field);
	if (field->type == ROW_BOOL)
		json_write_bool(teller->out, value != 0);
	else if (row_type_signed(field->type))
		json_write_int64(teller->out, (int64_t)value);
	else
		json_write_uint64(teller->out, value);
}

static void tell_fixed(
	const struct teller *teller, const struct row_field *field, uint64_t value, uint32_t scale)
{
	write_key(teller, field);
	json_write_fixed(teller->out, (int64_t)value, scale);
}

static void tell_number(const struct teller *teller, const struct row_field *field, uint64_t value)
{
	switch (field->show) {
	case SHOW_WORD:
	case SHOW_WORD_PLUS:
	case SHOW_ROMAN:
		tell_word(teller, field, value);
		break;
	case SHOW_WORD_BITS:
	case SHOW_WHO:
	case SHOW_ROMAN_BITS:
	case SHOW_SKILLS:
		write_key(teller, field);
		write_bits(teller, field, value);
		break;
	case SHOW_STEP:
		if (value != UINT8_MAX)
			tell_plain(teller, field, value);
		break;
	case SHOW_ID:
		tell_id(teller, field, value);
		break;
	case SHOW_NAME:
	case SHOW_BY_TARGET:
	case SHOW_BY_EVENT:
		tell_name(teller, field, (uint32_t)value);
		break;
	case SHOW_TIME:
		if (value != 0) {
			write_key(teller, field);
			json_write_time(teller->out, (int64_t)value);
		}
		break;
	case SHOW_MILLI:
		if ((int64_t)value != -1)
			tell_fixed(teller, field, value, 3);
		break;
	case SHOW_MICRO:
		tell_fixed(teller, field, value, 6);
		break;
	default:
		tell_plain(teller, field, value);
	}
}

/* --- the rest ------------------------------------------------------------------------------------- */

static void write_split(struct json_out *out, struct text text)
{
	uint32_t start = 0;

	json_open_array(out);
	for (uint32_t i = 0; i <= text.len; i++) {
		if (i < text.len && text.ptr[i] != ' ')
			continue;
		if (i > start)
			write_text(out, (struct text){text.ptr + start, i - start});
		start = i + 1;
	}
	json_close_array(out);
}

static void tell_text(const struct teller *teller, const struct row_field *field, struct text text)
{
	if (text.len == 0)
		return;
	write_key(teller, field);
	if (field->show == SHOW_SPLIT)
		write_split(teller->out, text);
	else
		write_text(teller->out, text);
}

static void tell_place(const struct teller *teller, const struct row_field *field)
{
	struct place place;

	memcpy(&place, teller->base + field->offset, sizeof(place));
	if (place.lat_e7 == 0 && place.lon_e7 == 0)
		return;
	write_key(teller, field);
	json_open_object(teller->out);
	JSON_KEY(teller->out, "type");
	json_write_text(teller->out, TEXT("Point"));
	JSON_KEY(teller->out, "coordinates");
	json_open_array(teller->out);
	json_write_fixed(teller->out, place.lon_e7, 7);
	json_write_fixed(teller->out, place.lat_e7, 7);
	json_close_array(teller->out);
	json_close_object(teller->out);
}

static void tell_hex(
	const struct teller *teller, const struct row_field *field, const uint8_t *bytes, uint32_t count)
{
	static const char digits[] = "0123456789abcdef";
	char hex[2 * ROW_HASH_BYTES];

	for (uint32_t i = 0; i < count; i++) {
		hex[2 * i] = digits[bytes[i] >> 4];
		hex[2 * i + 1] = digits[bytes[i] & 15];
	}
	write_key(teller, field);
	json_write_text(teller->out, (struct text){hex, 2 * count});
}

static void tell_z85(const struct teller *teller, const struct row_field *field, const uint8_t *bytes)
{
	static const uint8_t none[ROW_HASH_BYTES];
	char text[Z85_SIZE(ROW_HASH_BYTES)];

	if (memcmp(bytes, none, sizeof none) == 0)
		return;
	write_key(teller, field);
	json_write_text(teller->out, z85_write(bytes, ROW_HASH_BYTES, text));
}

static void tell_identity(const struct teller *teller, const struct row_field *field)
{
	uint8_t bytes[ROW_IDENTITY_BYTES];
	uint64_t word[2];

	memcpy(word, teller->base + field->offset, sizeof(word));
	for (uint32_t i = 0; i < ROW_IDENTITY_BYTES; i++)
		bytes[i] = (uint8_t)(word[i / 8] >> (56 - 8 * (i % 8)));
	tell_hex(teller, field, bytes, sizeof(bytes));
}

static void tell_list(const struct teller *teller, const struct row_field *field)
{
	const uint8_t *at = teller->base + field->offset;
	uint32_t count = row_u32_at(teller->base + field->other);

	write_key(teller, field);
	json_open_array(teller->out);
	for (uint32_t i = 0; i < count && i < field->max; i++) {
		if (field->type == ROW_LIST_TEXT) {
			write_text(teller->out, row_text_at(at + i * sizeof(struct text)));
		} else if (field->type == ROW_LIST_U32) {
			json_write_text(teller->out, words_who_of(row_u32_at(at + i * sizeof(uint32_t))));
		} else {
			struct teller inner = {teller->out, teller->names, at + i * field->table->size};

			json_open_object(teller->out);
			tell_struct(&inner, field->table);
			json_close_object(teller->out);
		}
	}
	json_close_array(teller->out);
}

static void tell_by_word(const struct teller *teller, const struct row_field *field)
{
	write_key(teller, field);
	json_open_object(teller->out);
	for (uint32_t i = 0; i < field->max; i++) {
		uint32_t value = row_u32_at(teller->base + field->offset + i * sizeof(uint32_t));

		if (value != 0) {
			json_write_key(teller->out, words_of((enum words_set)field->set, i));
			json_write_uint64(teller->out, value);
		}
	}
	json_close_object(teller->out);
}

static void tell_field(const struct teller *teller, const struct row_field *field)
{
	const uint8_t *at = teller->base + field->offset;

	if (field->show == SHOW_NOT)
		return;
	switch (field->type) {
	case ROW_TEXT:
		tell_text(teller, field, row_text_at(at));
		break;
	case ROW_MESSAGE: /* all messages inside are places */
		tell_place(teller, field);
		break;
	case ROW_HASH:
		if (field->show == SHOW_Z85)
			tell_z85(teller, field, at);
		else
			tell_hex(teller, field, at, ROW_HASH_BYTES);
		break;
	case ROW_IDENTITY:
		tell_identity(teller, field);
		break;
	case ROW_LIST_U32:
	case ROW_LIST_TEXT:
	case ROW_LIST_MESSAGE:
		tell_list(teller, field);
		break;
	case ROW_BY_WORD:
		tell_by_word(teller, field);
		break;
	default:
		tell_number(teller, field, row_number_at(field, at));
	}
}

static void tell_struct(const struct teller *teller, const struct row_table *table)
{
	for (uint32_t i = 0; i < table->count; i++)
		tell_field(teller, &table->field[i]);
}

void row_json_event(struct json_out *out, const struct event *event, const struct row_names *names)
{
	const struct row_table *table = &row_event_tables[event->kind];
	struct teller teller = {out, names, (const uint8_t *)&event->u};

	if (event->kind == EVENT_PLAYBOOK) {
		table = &row_playbook_table;
		teller.base = (const uint8_t *)event->u.playbook.def;
	}
	json_open_object(out);
	tell_struct(&teller, table);
	json_close_object(out);
}

void row_json_effect(struct json_out *out, const struct effect *effect, const struct row_names *names)
{
	struct teller teller = {out, names, (const uint8_t *)&effect->u};

	json_open_object(out);
	JSON_KEY(out, "kind");
	json_write_text(out, words_of(WORDS_EFFECT, effect->kind));
	tell_struct(&teller, &row_effect_tables[effect->kind]);
	json_close_object(out);
}

void row_json(struct json_out *out, const struct event *event, const struct effects *effects,
	const struct row_names *names)
{
	struct teller teller = {out, names, (const uint8_t *)event};

	json_open_object(out);
	tell_struct(&teller, &row_head_table);
	JSON_KEY(out, "event");
	row_json_event(out, event, names);
	JSON_KEY(out, "effects");
	json_open_array(out);
	for (uint32_t i = 0; i < effects->count; i++)
		row_json_effect(out, &effects->item[i], names);
	json_close_array(out);
	json_close_object(out);
}
