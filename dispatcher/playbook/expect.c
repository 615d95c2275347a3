/* expect: the cases of a playbook, read strictly; nothing is run here. */
#include <string.h>

#include "core/words.h"
#include "playbook/plan.h"
#include "wire/decimal.h"
#include "wire/time_text.h"

/* --- an alarm ---------------------------------------------------------------------------------- */

#define OF(member) offsetof(struct playbook_expect_alarm, member)

static void type_read(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	(void)read_type(reader, field->key, node, into);
}

static void at_read(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	struct playbook_expect_alarm *alarm = into;

	if (node->type == YAML_SCALAR_NODE && time_parse(tree_text(node), &alarm->at_ms) == DISP_OK)
		alarm->has_at = true;
	else
		tree_fault(&reader->tree, node, "%s must be a time as \"2026-07-01T08:00:00Z\"", field->key);
}

static bool degrees_read(
	struct reader *reader, const yaml_node_t *node, const char *name, int64_t limit_e7, int32_t *out)
{
	int64_t value;

	if (node->type != YAML_SCALAR_NODE || tree_is_quoted(node) || !decimal_valid(tree_text(node))) {
		tree_fault(&reader->tree, node, "position: the %s must be a number of degrees", name);
		return false;
	}
	if (decimal_to_fixed(tree_text(node), 7, &value, NULL) != DISP_OK || value < -limit_e7 ||
		value > limit_e7) {
		tree_fault(&reader->tree, node, "position: no %s is %.*s; longitude comes first", name,
			TEXT_PRINT(tree_text(node)));
		return false;
	}
	*out = (int32_t)value;
	return true;
}

static void position_read(
	struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	struct playbook_expect_alarm *alarm = into;
	bool lon, lat;

	if (tree_list_count(node) != 2) {
		tree_fault(&reader->tree, node, "%s must be [longitude, latitude]", field->key);
		return;
	}
	lon = degrees_read(
		reader, tree_list_item(&reader->tree, node, 0), "longitude", 1800000000, &alarm->lon_e7);
	lat = degrees_read(
		reader, tree_list_item(&reader->tree, node, 1), "latitude", 900000000, &alarm->lat_e7);
	alarm->has_place = lon && lat;
}

static void unit_read(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	(void)field;
	(void)read_unit(reader, node, into);
}

static void colour_read(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	*(uint8_t *)into = read_colour(reader, field->key, node);
}

#define VALUE_MAX INT64_C(1000000000000000) /* 10^9 with 6 decimals */

#define ALARM_FIELDS                                                                                         \
	{"type", type_read, OF(type), true, 0, 0, 0, NULL},                                                  \
		{"source", field_one_word, OF(source), false, 0, 0, 0, NULL},                                \
		{"kind", field_one_word, OF(kind), false, 0, 0, 0, NULL},                                    \
		{"at", at_read, 0, false, 0, 0, 0, NULL},                                                    \
		{"position", position_read, 0, false, 0, 0, 0, NULL},                                        \
		{"confidence", field_u32, OF(confidence_ppm), false, 0, 1000000, 6, NULL},                   \
		{"value", field_i64, OF(value_e6), false, -VALUE_MAX, VALUE_MAX, 6, NULL},                   \
		{"unit", unit_read, OF(value_unit), false, 0, 0, 0, NULL},                                   \
		{"colour", colour_read, OF(colour), false, 0, 0, 0, NULL},                                   \
	{                                                                                                    \
		"text", field_line, OF(text), false, 0, 0, 0, NULL                                           \
	}

static const struct field alarm_fields[] = {ALARM_FIELDS};
static const struct section alarm_section = {"alarm", alarm_fields, FIELD_COUNT(alarm_fields)};

/* A given alarm comes from the device of the first one. */
static const struct section before_section = {"given.alarm", alarm_fields, FIELD_COUNT(alarm_fields)};

static const struct field also_fields[] = {
	ALARM_FIELDS, {"after_s", field_i64, OF(after_ms), false, 0, PLAN_TIME_MAX_MS, 3, NULL}};
static const struct section also_section = {"also", also_fields, FIELD_COUNT(also_fields)};

#undef OF

static void alarm_fill(struct reader *reader, const struct section *section, const yaml_node_t *node,
	struct playbook_expect_alarm *alarm)
{
	struct tree *tree = &reader->tree;
	const yaml_node_t *value = tree_find(tree, node, "value"), *unit = tree_find(tree, node, "unit");

	*alarm = (struct playbook_expect_alarm){.confidence_ppm = 1000000};
	if (!section_read(reader, section, node, alarm))
		return;
	alarm->has_value = value != NULL;
	if (value != NULL && unit == NULL)
		tree_fault(tree, value, "%s: a value needs its unit", section->name);
	if (unit != NULL && value == NULL)
		tree_fault(tree, unit, "%s: unit without value", section->name);
	if (unit != NULL && alarm->value_unit.len > 0 && alarm->type.len > 0)
		read_unit_fits(reader, unit, alarm->type, alarm->value_unit);
	if (alarm->source.len > 0 && alarm->kind.len > 0)
		tree_fault(tree, tree_find(tree, node, "kind"), "%s: give source or kind, not both",
			section->name);
}

static void alarm_read(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	(void)field;
	alarm_fill(reader, &alarm_section, node, into);
}

static void also_read(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	struct playbook_expect *expect = into;
	uint32_t count = read_list(reader, field->key, node, 1, PLAYBOOK_EXPECT_ALSO_MAX);

	for (uint32_t index = 0; index < count; index++) {
		struct playbook_expect_alarm alarm;
		uint32_t slot = expect->also_count++;

		alarm_fill(reader, &also_section, tree_list_item(&reader->tree, node, index), &alarm);
		for (; slot > 0 && expect->also[slot - 1].after_ms > alarm.after_ms; slot--)
			expect->also[slot] = expect->also[slot - 1];
		expect->also[slot] = alarm;
	}
}

/* --- a moment ---------------------------------------------------------------------------------- */

static const struct field send_fields[] = {
	{"skills", field_words, offsetof(struct playbook_expect_send, skills), true, 1, FIELD_WORDS_MAX, 0,
		NULL},
	{"count", field_u32, offsetof(struct playbook_expect_send, count), false, 1, 64, 0, NULL},
};
static const struct section send_section = {"sends", send_fields, FIELD_COUNT(send_fields)};

static const struct field supply_fields[] = {
	{"item", field_one_word, offsetof(struct playbook_expect_supply, item), true, 0, 0, 0, NULL},
	{"quantity", field_u32, offsetof(struct playbook_expect_supply, quantity), true, 1, 1000000000, 0,
		NULL},
};
static const struct section supply_section = {"supplies", supply_fields, FIELD_COUNT(supply_fields)};

static const struct field action_fields[] = {
	{"device", field_one_word, offsetof(struct playbook_expect_action, device), true, 0, 0, 0, NULL},
	{"do", field_one_word, offsetof(struct playbook_expect_action, action), true, 0, 0, 0, NULL},
};
static const struct section action_section = {"actions", action_fields, FIELD_COUNT(action_fields)};

/* A list of maps into an array; how many there are. */
static uint32_t rows_read(struct reader *reader, const struct field *field, const struct section *section,
	const yaml_node_t *list, void *array, size_t row_bytes)
{
	uint32_t count = read_list(reader, field->key, list, 0, PLAYBOOK_EXPECT_LINES_MAX);

	for (uint32_t index = 0; index < count; index++)
		(void)section_read(reader, section, tree_list_item(&reader->tree, list, index),
			(char *)array + index * row_bytes);
	return count;
}

static void sends_read(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	struct playbook_expect_moment *moment = into;

	for (uint32_t index = 0; index < PLAYBOOK_EXPECT_LINES_MAX; index++)
		moment->send[index].count = 1;
	moment->has_sends = true;
	moment->send_count =
		rows_read(reader, field, &send_section, node, moment->send, sizeof(moment->send[0]));
}

static void supplies_read(
	struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	struct playbook_expect_moment *moment = into;

	moment->has_supplies = true;
	moment->supply_count =
		rows_read(reader, field, &supply_section, node, moment->supply, sizeof(moment->supply[0]));
}

static void actions_read(
	struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	struct playbook_expect_moment *moment = into;

	moment->has_actions = true;
	moment->action_count =
		rows_read(reader, field, &action_section, node, moment->action, sizeof(moment->action[0]));
}

static void notifies_read(
	struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	struct playbook_expect_moment *moment = into;

	moment->has_notifies = true;
	if (node->type != YAML_SEQUENCE_NODE || tree_list_count(node) > 0)
		moment->notify = read_who(reader, field->key, node);
}

#define MOMENT_FIELDS(base)                                                                                  \
	{"sends", sends_read, (base), false, 0, 0, 0, NULL},                                                 \
		{"supplies", supplies_read, (base), false, 0, 0, 0, NULL},                                   \
		{"actions", actions_read, (base), false, 0, 0, 0, NULL},                                     \
		{"notifies", notifies_read, (base), false, 0, 0, 0, NULL},                                   \
	{                                                                                                    \
		"level", field_u8, (base) + offsetof(struct playbook_expect_moment, level), false, 1,        \
			PLAYBOOK_LEVELS_MAX, 0, NULL                                                         \
	}

static const struct field then_fields[] = {MOMENT_FIELDS(0)};
static const struct section then_section = {"then", then_fields, FIELD_COUNT(then_fields)};

/* --- a case ------------------------------------------------------------------------------------ */

#define OF(member) offsetof(struct playbook_expect, member)

static void response_read(
	struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	*(uint8_t *)into = read_roman(reader, field->key, node);
}

static void alarm_before_read(
	struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	struct playbook_expect *expect = into;

	(void)field;
	alarm_fill(reader, &before_section, node, &expect->given_alarm);
	expect->has_given_alarm = true;
}

static const struct field given_fields[] = {
	{"alarm", alarm_before_read, 0, false, 0, 0, 0, NULL},
	{"warning", colour_read, OF(given_warning), false, 0, 0, 0, NULL},
	{"response_level", response_read, OF(given_response_level), false, 0, 0, 0, NULL},
};
static const struct section given_section = {"given", given_fields, FIELD_COUNT(given_fields)};

static const struct field case_fields[] = {
	{"note", field_line, OF(note), false, 0, 0, 0, NULL},
	{"given", field_section, 0, false, 0, 0, 0, &given_section},
	{"alarm", alarm_read, OF(alarm), true, 0, 0, 0, NULL},
	{"also", also_read, 0, false, 0, 0, 0, NULL},
	{"opens", field_flag, OF(opens), false, 0, 0, 0, NULL},
	MOMENT_FIELDS(OF(first)),
	{"cleared_after_s", field_i64, OF(cleared_after_ms), false, 0, PLAN_TIME_MAX_MS, 3, NULL},
	{"after_s", field_i64, OF(after_ms), false, 1, PLAN_TIME_MAX_MS, 3, NULL},
	{"then", field_section, OF(then), false, 0, 0, 0, &then_section},
};
static const struct section case_section = {"a case", case_fields, FIELD_COUNT(case_fields)};

/* A case that opens nothing here has nothing more to say. */
static void closed_check(struct reader *reader, const yaml_node_t *node)
{
	static const char *const idle[] = {
		"sends", "supplies", "actions", "notifies", "level", "cleared_after_s", "after_s", "then"};

	for (uint32_t index = 0; index < FIELD_COUNT(idle); index++) {
		const yaml_node_t *key = tree_find_key(&reader->tree, node, idle[index]);

		if (key != NULL)
			tree_fault(&reader->tree, key, "%s has no meaning with opens: false", idle[index]);
	}
}

static void times_check(struct reader *reader, const yaml_node_t *node, const struct playbook_expect *expect)
{
	struct tree *tree = &reader->tree;
	const yaml_node_t *after = tree_find(tree, node, "after_s"),
			  *then = tree_find_key(tree, node, "then");
	const yaml_node_t *cleared = tree_find(tree, node, "cleared_after_s");

	if (after != NULL && then == NULL)
		tree_fault(tree, after, "after_s needs 'then': what is to be seen at that time?");
	if (then != NULL && after == NULL)
		tree_fault(tree, then, "then needs 'after_s': when is it to be seen?");
	if (cleared != NULL && (after == NULL || expect->cleared_after_ms > expect->after_ms))
		tree_fault(tree, cleared, "cleared_after_s lies behind the last look (after_s)");
	if (expect->also_count > 0 && expect->also[expect->also_count - 1].after_ms > expect->after_ms)
		tree_fault(tree, tree_find(tree, node, "also"),
			"also: an alarm comes %u ms after the first, behind the last look (after_s)",
			(unsigned)expect->also[expect->also_count - 1].after_ms);
}

/* The earlier alarm is of the same device, so it must not name one. */
static void source_check(struct reader *reader, const yaml_node_t *given)
{
	static const char *const idle[] = {"source", "kind", "at"};

	for (uint32_t index = 0; index < FIELD_COUNT(idle); index++) {
		const yaml_node_t *key = tree_find_key(&reader->tree, given, idle[index]);

		if (key != NULL)
			tree_fault(&reader->tree, key, "%s: a given alarm has that of the first alarm",
				idle[index]);
	}
}

static void case_read(struct reader *reader, const yaml_node_t *node)
{
	struct plan_file *file = reader->file;
	struct playbook_expect *expect = &file->expect[file->expect_count++];

	*expect = (struct playbook_expect){.opens = true, .line = tree_line(node)};
	if (!section_read(reader, &case_section, node, expect))
		return;
	source_check(reader, tree_find(&reader->tree, tree_find(&reader->tree, node, "given"), "alarm"));
	expect->has_cleared = tree_find(&reader->tree, node, "cleared_after_s") != NULL;
	expect->has_then = tree_find(&reader->tree, node, "then") != NULL;
	if (!expect->opens)
		closed_check(reader, node);
	else
		times_check(reader, node, expect);
}

void expect_list_read(struct reader *reader, const yaml_node_t *list)
{
	uint32_t count = read_list(reader, "expect", list, 0, PLAYBOOK_EXPECTS_MAX);

	for (uint32_t index = 0; index < count; index++)
		case_read(reader, tree_list_item(&reader->tree, list, index));
}
