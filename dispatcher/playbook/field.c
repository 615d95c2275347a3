/* field: the table walker and the readers of plain values. */
#include "playbook/field.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "reading/slip.h"
#include "wire/decimal.h"

struct text read_copy(struct reader *reader, struct text text)
{
	char *copy = reading_memory_take(reader->memory, (size_t)text.len + 1);

	if (text.len > 0)
		memcpy(copy, text.ptr, text.len);
	return (struct text){copy, text.len};
}

/* --- maps ------------------------------------------------------------------------------------- */

static const char *key_nearest(const struct section *section, struct text key)
{
	const char *nearest = NULL;
	uint32_t best = 3; /* further off is another word, not a slip */

	for (uint32_t index = 0; index < section->count; index++) {
		const char *known = section->field[index].key;
		uint32_t len = (uint32_t)strlen(known), distance;

		distance = reading_distance(key.ptr, key.len, known, len);
		if (distance < best && distance < len) {
			best = distance;
			nearest = known;
		}
	}
	return nearest;
}

/* `task: stop, look` inside { } is two keys to YAML, the second without a value. */
static const char *comma_hint(const yaml_node_t *value)
{
	return tree_is_empty(value) ? " (text with a comma needs quotes)" : "";
}

static void key_unknown(struct reader *reader, const struct section *section, const yaml_node_t *key,
	const yaml_node_t *value)
{
	struct text have = tree_text(key);
	const char *nearest = key_nearest(section, have);
	char known[256];
	size_t used = 0;

	if (nearest != NULL) {
		tree_fault(&reader->tree, key, "unknown key '%.*s' in %s; did you mean '%s'?",
			TEXT_PRINT(have), section->name, nearest);
		return;
	}
	known[0] = '\0';
	for (uint32_t index = 0; index < section->count && used < sizeof(known); index++)
		used += (size_t)snprintf(known + used, sizeof(known) - used, "%s%s", index > 0 ? ", " : "",
			section->field[index].key);
	tree_fault(&reader->tree, key, "unknown key '%.*s' in %s%s; known here: %s", TEXT_PRINT(have),
		section->name, comma_hint(value), known);
}

static const struct field *key_find(const struct section *section, const yaml_node_t *key)
{
	for (uint32_t index = 0; index < section->count; index++)
		if (tree_text_is(key, section->field[index].key))
			return &section->field[index];
	return NULL;
}

static bool key_repeated(struct reader *reader, const yaml_node_t *map, uint32_t index)
{
	const yaml_node_t *key = tree_map_key(&reader->tree, map, index);

	for (uint32_t before = 0; before < index; before++) {
		const yaml_node_t *other = tree_map_key(&reader->tree, map, before);

		if (other->type == YAML_SCALAR_NODE && text_equal(tree_text(other), tree_text(key))) {
			tree_fault(&reader->tree, key, "key '%.*s' is given twice; first in line %u",
				TEXT_PRINT(tree_text(key)), tree_line(other));
			return true;
		}
	}
	return false;
}

bool section_read(struct reader *reader, const struct section *section, const yaml_node_t *node, void *into)
{
	uint32_t count = tree_map_count(node);

	if (node->type != YAML_MAPPING_NODE) {
		tree_fault(&reader->tree, node, "%s must be a map, here stands %s", section->name,
			tree_kind(node));
		return false;
	}
	for (uint32_t index = 0; index < count; index++) {
		const yaml_node_t *key = tree_map_key(&reader->tree, node, index);
		const struct field *field = key_find(section, key);

		if (key->type != YAML_SCALAR_NODE) {
			tree_fault(&reader->tree, key, "a key of %s must be a word, here stands %s",
				section->name, tree_kind(key));
		} else if (key_repeated(reader, node, index)) {
			continue;
		} else if (field == NULL) {
			key_unknown(reader, section, key, tree_map_value(&reader->tree, node, index));
		} else {
			field->read(reader, field, tree_map_value(&reader->tree, node, index),
				(char *)into + field->offset);
		}
	}
	for (uint32_t index = 0; index < section->count; index++) {
		const struct field *field = &section->field[index];

		if (field->need && tree_find(&reader->tree, node, field->key) == NULL)
			tree_fault(&reader->tree, node, "%s: key '%s' is missing", section->name, field->key);
	}
	return true;
}

void field_section(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	(void)section_read(reader, field->more, node, into);
}

/* --- words and lines -------------------------------------------------------------------------- */

static bool word_byte(unsigned char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
	       byte == '_' || byte == '-' || byte == '.' || byte >= 0x80;
}

bool read_word(struct reader *reader, const char *key, const yaml_node_t *node, struct text *out)
{
	struct text have = tree_text(node);

	if (node->type != YAML_SCALAR_NODE || tree_is_empty(node) || have.len == 0) {
		tree_fault(&reader->tree, node, "%s must be a word, here stands %s", key,
			node->type == YAML_SCALAR_NODE ? "nothing" : tree_kind(node));
		return false;
	}
	if (have.len > FIELD_WORD_BYTES) {
		tree_fault(&reader->tree, node, "%s is longer than %d bytes", key, FIELD_WORD_BYTES);
		return false;
	}
	for (uint32_t at = 0; at < have.len; at++) {
		if (!word_byte((unsigned char)have.ptr[at])) {
			tree_fault(&reader->tree, node,
				"%s '%.*s' is not a word: letters, digits, _ - and . are allowed", key,
				TEXT_PRINT(have));
			return false;
		}
	}
	*out = read_copy(reader, have);
	return true;
}

void field_one_word(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	(void)read_word(reader, field->key, node, into);
}

void field_line(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	struct text have = tree_text(node), *out = into;

	if (node->type != YAML_SCALAR_NODE || tree_is_empty(node) || have.len == 0) {
		tree_fault(&reader->tree, node, "%s must be text, here stands %s", field->key,
			node->type == YAML_SCALAR_NODE ? "nothing" : tree_kind(node));
		return;
	}
	if (have.len > FIELD_LINE_BYTES) {
		tree_fault(&reader->tree, node, "%s is longer than %d bytes", field->key, FIELD_LINE_BYTES);
		return;
	}
	for (uint32_t at = 0; at < have.len; at++) {
		if ((unsigned char)have.ptr[at] < 0x20 || have.ptr[at] == 0x7f) {
			tree_fault(&reader->tree, node, "%s must be one line without control characters",
				field->key);
			return;
		}
	}
	*out = read_copy(reader, have);
}

uint32_t read_list(struct reader *reader, const char *key, const yaml_node_t *node, int64_t min, int64_t max)
{
	uint32_t count = tree_list_count(node);

	if (node->type != YAML_SEQUENCE_NODE)
		tree_fault(
			&reader->tree, node, "%s must be a list [ ], here stands %s", key, tree_kind(node));
	else if (count < min)
		tree_fault(&reader->tree, node, "%s is empty", key);
	else if (count > max)
		tree_fault(&reader->tree, node, "%s has %u items; at most %" PRId64 " are allowed", key,
			count, max);
	else
		return count;
	return 0;
}

void field_words(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	struct text word[FIELD_WORDS_MAX], *out = into;
	uint32_t count = read_list(reader, field->key, node, field->min, field->max), bytes = 0;
	char *joined;

	ASSERT(field->max <= FIELD_WORDS_MAX);
	for (uint32_t index = 0; index < count; index++) {
		const yaml_node_t *item = tree_list_item(&reader->tree, node, index);

		if (!read_word(reader, field->key, item, &word[index]))
			return;
		for (uint32_t before = 0; before < index; before++)
			if (text_equal(word[before], word[index]))
				tree_fault(&reader->tree, item, "%s names '%.*s' twice", field->key,
					TEXT_PRINT(word[index]));
		bytes += word[index].len + 1;
	}
	if (count == 0)
		return;
	joined = reading_memory_take(reader->memory, bytes);
	*out = (struct text){joined, bytes - 1};
	for (uint32_t index = 0; index < count; index++) {
		if (index > 0)
			*joined++ = ' ';
		memcpy(joined, word[index].ptr, word[index].len);
		joined += word[index].len;
	}
}

/* --- numbers ---------------------------------------------------------------------------------- */

/* 2500 with 3 decimals is "2.5". */
static const char *number_print(char *out, size_t size, int64_t value, int32_t scale)
{
	int64_t whole = value, unit = 1;
	int len;

	for (int32_t digit = 0; digit < scale; digit++)
		unit *= 10;
	whole = value / unit;
	len = snprintf(out, size, "%s%" PRId64, value < 0 && whole == 0 ? "-" : "", whole);
	if (value % unit != 0) {
		int64_t part = value % unit < 0 ? -(value % unit) : value % unit;

		len += snprintf(out + len, size - (size_t)len, ".%0*" PRId64, (int)scale, part);
		while (out[len - 1] == '0')
			out[--len] = '\0';
	}
	return out;
}

bool read_number(struct reader *reader, const struct field *field, const yaml_node_t *node, int64_t *out)
{
	struct text have = tree_text(node);
	char low[32], high[32];
	bool exact = true;
	int64_t value;

	if (node->type != YAML_SCALAR_NODE || tree_is_empty(node) || tree_is_quoted(node) ||
		!decimal_valid(have)) {
		if (node->type == YAML_SCALAR_NODE && !tree_is_empty(node))
			tree_fault(&reader->tree, node, "%s must be a number, here stands '%.*s'%s",
				field->key, TEXT_PRINT(have), tree_is_quoted(node) ? " in quotes" : "");
		else
			tree_fault(&reader->tree, node, "%s must be a number, here stands %s", field->key,
				tree_kind(node));
		return false;
	}
	if (decimal_to_fixed(have, field->scale, &value, &exact) != DISP_OK || value < field->min ||
		value > field->max) {
		tree_fault(&reader->tree, node, "%s is %.*s; allowed are %s to %s", field->key,
			TEXT_PRINT(have), number_print(low, sizeof(low), field->min, field->scale),
			number_print(high, sizeof(high), field->max, field->scale));
		return false;
	}
	if (!exact) {
		if (field->scale == 0)
			tree_fault(&reader->tree, node, "%s is %.*s; a whole number is needed", field->key,
				TEXT_PRINT(have));
		else
			tree_fault(&reader->tree, node, "%s is %.*s; at most %d decimals are kept",
				field->key, TEXT_PRINT(have), (int)field->scale);
		return false;
	}
	*out = value;
	return true;
}

void field_u8(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	int64_t value = 0;

	ASSERT(field->min >= 0 && field->max <= UINT8_MAX);
	if (read_number(reader, field, node, &value))
		*(uint8_t *)into = (uint8_t)value;
}

void field_u32(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	int64_t value = 0;

	ASSERT(field->min >= 0 && field->max <= UINT32_MAX);
	if (read_number(reader, field, node, &value))
		*(uint32_t *)into = (uint32_t)value;
}

void field_i64(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	int64_t value = 0;

	if (read_number(reader, field, node, &value))
		*(int64_t *)into = value;
}

void field_flag(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	if (tree_is_quoted(node) || !(tree_text_is(node, "true") || tree_text_is(node, "false")))
		tree_fault(&reader->tree, node, "%s must be true or false", field->key);
	else
		*(bool *)into = tree_text_is(node, "true");
}
