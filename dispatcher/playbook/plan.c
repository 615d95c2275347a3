/* plan: the head of a playbook (match, correlate, upgrade, incident, release, deadlines) by table. */
#include "playbook/plan.h"

#include <string.h>

#include "core/words.h"
#include "playbook/alarm_type.h"

/* --- words ------------------------------------------------------------------------------------ */

static void word_fault(struct reader *reader, const char *key, const yaml_node_t *node, const char *allowed)
{
	struct text have = tree_text(node);

	if (node->type == YAML_SCALAR_NODE && !tree_is_empty(node))
		tree_fault(
			&reader->tree, node, "%s is '%.*s'; allowed are %s", key, TEXT_PRINT(have), allowed);
	else
		tree_fault(&reader->tree, node, "%s must be one of %s, here stands %s", key, allowed,
			tree_kind(node));
}

uint8_t read_roman(struct reader *reader, const char *key, const yaml_node_t *node)
{
	static const char *const roman[] = {"I", "II", "III", "IV"};

	for (uint8_t level = 0; level < 4; level++)
		if (tree_text_is(node, roman[level]))
			return (uint8_t)(level + 1);
	word_fault(reader, key, node, "I, II, III, IV");
	return 0;
}

uint8_t read_colour(struct reader *reader, const char *key, const yaml_node_t *node)
{
	uint32_t colour = words_find(WORDS_COLOUR, tree_text(node));

	if (node->type == YAML_SCALAR_NODE && colour > COLOUR_NONE && colour < COLOUR_COUNT)
		return (uint8_t)colour;
	word_fault(reader, key, node, "blue, yellow, orange, red");
	return 0;
}

uint32_t read_who(struct reader *reader, const char *key, const yaml_node_t *node)
{
	uint32_t count = read_list(reader, key, node, 1, FIELD_WORDS_MAX), who = 0;

	for (uint32_t index = 0; index < count; index++) {
		const yaml_node_t *item = tree_list_item(&reader->tree, node, index);
		uint32_t bit = words_who(tree_text(item));

		if (bit == 0)
			word_fault(reader, key, item,
				"duty_officer, office, committee, leader, keeper, grid_member, grid_head, "
				"village_head, town_head, micro_heads, all_heads, lead, assist");
		else if ((who & bit) != 0)
			tree_fault(&reader->tree, item, "%s names '%.*s' twice", key,
				TEXT_PRINT(tree_text(item)));
		who |= bit;
	}
	return who;
}

bool read_type(struct reader *reader, const char *key, const yaml_node_t *node, struct text *out)
{
	if (!read_word(reader, key, node, out))
		return false;
	if (alarm_type_listed(*out))
		return true;
	tree_fault(&reader->tree, node, "%s: '%.*s' is not a listed alarm type", key, TEXT_PRINT(*out));
	return false;
}

bool read_unit(struct reader *reader, const yaml_node_t *node, struct text *out)
{
	struct text have = tree_text(node);

	if (node->type == YAML_SCALAR_NODE && alarm_unit_known(have)) {
		*out = read_copy(reader, have);
		return true;
	}
	if (node->type == YAML_SCALAR_NODE && !tree_is_empty(node))
		tree_fault(&reader->tree, node, "unit '%.*s' is not known; known are %s", TEXT_PRINT(have),
			alarm_unit_list((struct text){0}));
	else
		tree_fault(&reader->tree, node, "unit must be a word, here stands %s", tree_kind(node));
	return false;
}

void read_unit_fits(struct reader *reader, const yaml_node_t *node, struct text type, struct text unit)
{
	if (!alarm_unit_fits(type, unit))
		tree_fault(&reader->tree, node, "unit '%.*s' is wrong for %.*s; its values are in %s",
			TEXT_PRINT(unit), TEXT_PRINT(type), alarm_unit_list(type));
}

/* --- match ------------------------------------------------------------------------------------ */

static void types_read(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	struct playbook_def *def = into;
	uint32_t count = read_list(reader, "match.type", node, 1, PLAYBOOK_TYPES_MAX);

	for (uint32_t index = 0; index < count; index++) {
		const yaml_node_t *item = tree_list_item(&reader->tree, node, index);
		struct text type;

		if (!read_type(reader, field->key, item, &type))
			continue;
		for (uint32_t before = 0; before < def->type_count; before++)
			if (text_equal(def->type[before], type))
				tree_fault(&reader->tree, item, "%s names '%.*s' twice", field->key,
					TEXT_PRINT(type));
		def->type[def->type_count++] = type;
	}
}

static void grids_read(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	struct playbook_def *def = into;
	struct plan_file *file = reader->file;
	uint32_t count = read_list(reader, field->key, node, 0, PLAYBOOK_GRIDS_MAX);

	for (uint32_t index = 0; index < count; index++) {
		const yaml_node_t *item = tree_list_item(&reader->tree, node, index);

		if (!read_word(reader, field->key, item, &def->grid[def->grid_count]))
			continue;
		file->origin->grid[def->grid_count++] = (struct mark){tree_line(item), tree_column(item)};
	}
}

/* "06:30" at text; 24:00 is allowed. UINT16_MAX: it is none. */
static uint16_t minute_of(const char *text)
{
	uint16_t hour, minute;

	for (uint32_t at = 0; at < 5; at++)
		if (at == 2 ? text[at] != ':' : text[at] < '0' || text[at] > '9')
			return UINT16_MAX;
	hour = (uint16_t)((text[0] - '0') * 10 + (text[1] - '0'));
	minute = (uint16_t)((text[3] - '0') * 10 + (text[4] - '0'));
	if (minute > 59 || hour > 24 || (hour == 24 && minute > 0))
		return UINT16_MAX;
	return (uint16_t)(hour * 60 + minute);
}

static void hours_read(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	struct playbook_def *def = into;
	struct text have = tree_text(node);
	uint16_t from = UINT16_MAX, to = UINT16_MAX;

	if (have.len == 11 && have.ptr[5] == '-') {
		from = minute_of(have.ptr);
		to = minute_of(have.ptr + 6);
	}
	if (from == UINT16_MAX || to == UINT16_MAX) {
		if (node->type == YAML_SCALAR_NODE && !tree_is_empty(node))
			tree_fault(&reader->tree, node, "%s is '%.*s'; write it as \"07:30-19:00\"",
				field->key, TEXT_PRINT(have));
		else
			tree_fault(&reader->tree, node, "%s must be as \"07:30-19:00\", here stands %s",
				field->key, tree_kind(node));
		return;
	}
	def->hours_from_min = from;
	def->hours_to_min = to;
}

/* A list of words that become bits 1 << value. */
static uint8_t bits_read(struct reader *reader, const char *key, const yaml_node_t *node,
	uint8_t (*read)(struct reader *, const char *, const yaml_node_t *))
{
	uint32_t count = read_list(reader, key, node, 0, 8);
	unsigned bits = 0;

	for (uint32_t index = 0; index < count; index++) {
		const yaml_node_t *item = tree_list_item(&reader->tree, node, index);
		unsigned value = read(reader, key, item);

		if (value == 0)
			continue;
		if ((bits & 1u << value) != 0)
			tree_fault(&reader->tree, item, "%s names '%.*s' twice", key,
				TEXT_PRINT(tree_text(item)));
		bits |= 1u << value;
	}
	return (uint8_t)bits;
}

/* A clock that may count in working hours only. Help under way is never paused by closing time. */
static uint8_t read_slow_clock(struct reader *reader, const char *key, const yaml_node_t *node)
{
	static const uint8_t slow[] = {DEADLINE_DISPOSE, DEADLINE_VERIFY};

	for (uint32_t index = 0; index < sizeof slow / sizeof slow[0]; index++)
		if (node->type == YAML_SCALAR_NODE &&
			text_equal(tree_text(node), words_of(WORDS_DEADLINE_KIND, slow[index])))
			return slow[index];
	word_fault(reader, key, node, "dispose, verify");
	return 0;
}

static void working_read(
	struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	*(uint8_t *)into = bits_read(reader, field->key, node, read_slow_clock);
}

static void warning_read(
	struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	*(uint8_t *)into = bits_read(reader, field->key, node, read_colour);
}

static void modes_read(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	*(uint8_t *)into = bits_read(reader, field->key, node, read_roman);
}

static void unit_read(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	(void)field;
	(void)read_unit(reader, node, into);
}

#define VALUE_MAX INT64_C(1000000000000000) /* 10^9 with 6 decimals */

static const struct field value_fields[] = {
	{"above", field_i64, offsetof(struct playbook_def, above_e6), false, -VALUE_MAX, VALUE_MAX, 6, NULL},
	{"below", field_i64, offsetof(struct playbook_def, below_e6), false, -VALUE_MAX, VALUE_MAX, 6, NULL},
	{"unit", unit_read, offsetof(struct playbook_def, value_unit), true, 0, 0, 0, NULL},
};
static const struct section value_section = {"match.value", value_fields, FIELD_COUNT(value_fields)};

static void value_read(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	struct playbook_def *def = into;

	(void)field;
	if (!section_read(reader, &value_section, node, def))
		return;
	def->has_above = tree_find(&reader->tree, node, "above") != NULL;
	def->has_below = tree_find(&reader->tree, node, "below") != NULL;
	if (!def->has_above && !def->has_below)
		tree_fault(&reader->tree, node, "match.value: 'above' or 'below' is missing");
	else if (def->has_above && def->has_below && def->above_e6 >= def->below_e6)
		tree_fault(&reader->tree, node, "match.value: no value is above 'above' and below 'below'");
}

#define OF(member) offsetof(struct playbook_def, member)

static const struct field match_fields[] = {
	{"type", types_read, 0, true, 0, 0, 0, NULL},
	{"confidence", field_u32, OF(confidence_ppm), false, 0, 1000000, 6, NULL},
	{"value", value_read, 0, false, 0, 0, 0, NULL},
	{"grid", grids_read, 0, false, 0, 0, 0, NULL},
	{"hours", hours_read, 0, false, 0, 0, 0, NULL},
	{"warning", warning_read, OF(warning), false, 0, 0, 0, NULL},
	{"modes", modes_read, OF(modes), false, 0, 0, 0, NULL},
};
static const struct section match_section = {"match", match_fields, FIELD_COUNT(match_fields)};

/* --- the other maps --------------------------------------------------------------------------- */

static const struct field correlate_fields[] = {
	{"within_m", field_i64, OF(correlate_mm), true, 0, 100000000, 3, NULL},
	{"within_s", field_i64, OF(correlate_ms), true, 0, PLAN_TIME_MAX_MS, 3, NULL},
};
static const struct section correlate_section = {
	"correlate", correlate_fields, FIELD_COUNT(correlate_fields)};

static const struct field upgrade_fields[] = {
	{"sensors", field_u32, OF(upgrade_sensors), true, 2, 16, 0, NULL},
	{"within_s", field_i64, OF(upgrade_ms), true, 1, PLAN_TIME_MAX_MS, 3, NULL},
	{"to", field_u8, OF(upgrade_to), true, 2, PLAYBOOK_LEVELS_MAX, 0, NULL},
};
static const struct section upgrade_section = {"upgrade", upgrade_fields, FIELD_COUNT(upgrade_fields)};

static void grade_read(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	for (uint32_t grade = GRADE_NONE + 1; grade < GRADE_COUNT; grade++) {
		if (node->type == YAML_SCALAR_NODE &&
			text_equal(tree_text(node), words_zh(WORDS_GRADE, grade))) {
			*(uint8_t *)into = (uint8_t)grade;
			return;
		}
	}
	word_fault(reader, field->key, node, "一般, 较大, 重大, 特别重大");
}

static void response_read(
	struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	*(uint8_t *)into = read_roman(reader, field->key, node);
}

static const struct field incident_fields[] = {
	{"type", field_one_word, OF(incident_type), true, 0, 0, 0, NULL},
	{"priority", field_u8, OF(priority), true, 1, 5, 0, NULL},
	{"grade", grade_read, OF(grade), false, 0, 0, 0, NULL},
	{"response_level", response_read, OF(response_level), false, 0, 0, 0, NULL},
};
static const struct section incident_section = {"incident", incident_fields, FIELD_COUNT(incident_fields)};

static void release_read(
	struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	if (tree_text_is(node, "confirm"))
		*(uint8_t *)into = RELEASE_CONFIRM;
	else if (!tree_text_is(node, "auto"))
		word_fault(reader, field->key, node, "auto, confirm");
}

static void then_read(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	if (tree_text_is(node, "dispatch"))
		*(bool *)into = true;
	else if (!tree_text_is(node, "hold"))
		word_fault(reader, field->key, node, "dispatch, hold");
}

static const struct field confirm_fields[] = {
	{"within_s", field_i64, OF(confirm_ms), true, 1, PLAN_TIME_MAX_MS, 3, NULL},
	{"then", then_read, OF(confirm_dispatch), true, 0, 0, 0, NULL},
};
static const struct section confirm_section = {"confirm", confirm_fields, FIELD_COUNT(confirm_fields)};

static const struct field deadlines_fields[] = {
	{"answer_s", field_i64, OF(answer_ms), false, 0, PLAN_TIME_MAX_MS, 3, NULL},
	{"arrive_s", field_i64, OF(arrive_ms), false, 0, PLAN_TIME_MAX_MS, 3, NULL},
	{"receive_s", field_i64, OF(receive_ms), false, 0, PLAN_TIME_MAX_MS, 3, NULL},
	{"dispose_s", field_i64, OF(dispose_ms), false, 0, PLAN_TIME_MAX_MS, 3, NULL},
	{"verify_s", field_i64, OF(verify_ms), false, 0, PLAN_TIME_MAX_MS, 3, NULL},
	{"climb_every_s", field_i64, OF(climb_every_ms), false, 0, PLAN_TIME_MAX_MS, 3, NULL},
	{"working_hours", working_read, OF(working), false, 0, 0, 0, NULL},
};
static const struct section deadlines_section = {
	"deadlines", deadlines_fields, FIELD_COUNT(deadlines_fields)};

/* Rungs are single offices that can answer; a crowd is no rung. */
static uint32_t rung_of(struct text word)
{
	return words_who(word) & (WHO_DUTY_OFFICER | WHO_OFFICE | WHO_COMMITTEE | WHO_LEADER | WHO_GRID_HEAD |
					 WHO_VILLAGE_HEAD | WHO_TOWN_HEAD | WHO_LEAD);
}

static void escalate_read(
	struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	struct playbook_def *def = into;
	uint32_t count = read_list(reader, field->key, node, 1, PLAYBOOK_CLIMB_MAX);

	for (uint32_t index = 0; index < count; index++) {
		const yaml_node_t *item = tree_list_item(&reader->tree, node, index);
		uint32_t rung = rung_of(tree_text(item));

		if (rung == 0) {
			word_fault(reader, field->key, item,
				"grid_3, grid_2, grid_1, duty_officer, lead, leader, office, committee");
			continue;
		}
		for (uint32_t before = 0; before < def->climb_count; before++)
			if (def->climb[before] == rung)
				tree_fault(&reader->tree, item, "%s names '%.*s' twice", field->key,
					TEXT_PRINT(tree_text(item)));
		def->climb[def->climb_count++] = rung;
	}
}

static void id_read(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	struct plan_file *file = reader->file;

	file->origin->id = (struct mark){tree_line(node), tree_column(node)};
	(void)read_word(reader, field->key, node, into);
}

/* Steps, levels and cases are read afterwards, in that order, whatever the order in the file. */
static void later_read(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	(void)reader;
	(void)field;
	(void)node;
	(void)into;
}

static const struct field root_fields[] = {
	{"playbook", id_read, OF(id), true, 0, 0, 0, NULL},
	{"title", field_line, OF(title), true, 0, 0, 0, NULL},
	{"match", field_section, 0, true, 0, 0, 0, &match_section},
	{"correlate", field_section, 0, false, 0, 0, 0, &correlate_section},
	{"upgrade", field_section, 0, false, 0, 0, 0, &upgrade_section},
	{"incident", field_section, 0, true, 0, 0, 0, &incident_section},
	{"release", release_read, OF(release), false, 0, 0, 0, NULL},
	{"confirm", field_section, 0, false, 0, 0, 0, &confirm_section},
	{"steps", later_read, 0, true, 0, 0, 0, NULL},
	{"levels", later_read, 0, false, 0, 0, 0, NULL},
	{"deadlines", field_section, 0, false, 0, 0, 0, &deadlines_section},
	{"escalate", escalate_read, 0, false, 0, 0, 0, NULL},
	{"expect", later_read, 0, false, 0, 0, 0, NULL},
};
static const struct section root_section = {"the playbook", root_fields, FIELD_COUNT(root_fields)};

/* --- what only the whole shows ----------------------------------------------------------------- */

static void whole_check(struct reader *reader, const yaml_node_t *root)
{
	const struct playbook_def *def = ((struct plan_file *)reader->file)->def;
	struct tree *tree = &reader->tree;
	const yaml_node_t *value = tree_find(tree, tree_find(tree, root, "match"), "value");
	const yaml_node_t *unit = tree_find(tree, value, "unit");
	const yaml_node_t *to = tree_find(tree, tree_find(tree, root, "upgrade"), "to");
	const yaml_node_t *levels = tree_find(tree, root, "levels");
	const char level[2] = {(char)('0' + def->upgrade_to), '\0'};

	if (unit != NULL && def->value_unit.len > 0)
		for (uint32_t index = 0; index < def->type_count; index++)
			read_unit_fits(reader, unit, def->type[index], def->value_unit);
	if (to != NULL && def->upgrade_to > 0 && tree_find(tree, levels, level) == NULL &&
		(levels == NULL || levels->type == YAML_MAPPING_NODE))
		tree_fault(tree, to, "upgrade.to is %s, but there is no level %s in levels", level, level);
	if (def->release == RELEASE_CONFIRM && tree_find(tree, root, "confirm") == NULL)
		tree_fault(tree, tree_find(tree, root, "release"),
			"release: confirm needs the key 'confirm' with within_s and then");
}

void plan_read(struct reader *reader)
{
	struct plan_file *file = reader->file;
	struct tree *tree = &reader->tree;
	const yaml_node_t *root = tree_root(tree), *part;

	file->def->hours_to_min = PLAYBOOK_DAY_MIN;
	file->def->grade = GRADE_GENERAL;
	file->def->response_level = 4;
	file->def->release = RELEASE_AUTO;
	if (!section_read(reader, &root_section, root, file->def))
		return;
	if ((part = tree_find(tree, root, "steps")) != NULL)
		step_list_read(reader, part, 1);
	if ((part = tree_find(tree, root, "levels")) != NULL)
		step_levels_read(reader, part);
	step_all_check(reader);
	if ((part = tree_find(tree, root, "expect")) != NULL)
		expect_list_read(reader, part);
	whole_check(reader, root);
}
