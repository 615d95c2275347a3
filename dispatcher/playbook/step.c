/* step: `steps` and `levels` of a playbook; a step asks for one thing. */
#include <string.h>

#include "core/select.h"
#include "core/words.h"
#include "playbook/plan.h"

#define OF(member) offsetof(struct step_def, member)

/* --- the four kinds ---------------------------------------------------------------------------- */

static const struct field send_fields[] = {
	{"skills", field_words, OF(skills), true, 1, FIELD_WORDS_MAX, 0, NULL},
	{"count", field_u32, OF(count), true, 1, 64, 0, NULL},
	{"arrive_within_s", field_i64, OF(arrive_within_ms), false, 0, PLAN_TIME_MAX_MS, 3, NULL},
	{"substitute", field_words, OF(substitute), false, 1, FIELD_WORDS_MAX, 0, NULL},
	{"task", field_line, OF(task), false, 0, 0, 0, NULL},
};
static const struct section send_section = {"send", send_fields, FIELD_COUNT(send_fields)};

static const struct field supply_fields[] = {
	{"item", field_one_word, OF(item), true, 0, 0, 0, NULL},
	{"quantity", field_u32, OF(quantity), true, 1, 1000000000, 0, NULL},
	{"task", field_line, OF(task), false, 0, 0, 0, NULL},
};
static const struct section supply_section = {"supply", supply_fields, FIELD_COUNT(supply_fields)};

static void effect_read(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	if (tree_text_is(node, "cleared"))
		*(uint8_t *)into = EFFECT_CLEARED;
	else
		tree_fault(&reader->tree, node, "%s must be cleared", field->key);
}

static const struct field action_fields[] = {
	{"device", field_one_word, OF(device), true, 0, 0, 0, NULL},
	{"within_m", field_i64, OF(within_mm), false, 1, 100000000, 3, NULL},
	{"do", field_one_word, OF(action), true, 0, 0, 0, NULL},
	{"text", field_line, OF(say), false, 0, 0, 0, NULL},
	{"effect", effect_read, OF(effect), false, 0, 0, 0, NULL},
	{"effect_within_s", field_i64, OF(effect_within_ms), false, 1, PLAN_TIME_MAX_MS, 3, NULL},
};
static const struct section action_section = {"action", action_fields, FIELD_COUNT(action_fields)};

static void who_read(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	*(uint32_t *)into = read_who(reader, field->key, node);
}

static void answer_read(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	if (tree_text_is(node, "any"))
		*(uint8_t *)into = ANSWER_ANY;
	else if (tree_text_is(node, "each"))
		*(uint8_t *)into = ANSWER_EACH;
	else
		tree_fault(&reader->tree, node, "%s must be any or each", field->key);
}

static const struct field notify_fields[] = {
	{"who", who_read, OF(who), true, 0, 0, 0, NULL},
	{"answer_within_s", field_i64, OF(answer_within_ms), false, 0, PLAN_TIME_MAX_MS, 3, NULL},
	{"answer", answer_read, OF(answer), false, 0, 0, 0, NULL},
};
static const struct section notify_section = {"notify", notify_fields, FIELD_COUNT(notify_fields)};

/* --- one step ---------------------------------------------------------------------------------- */

static void when_read(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	if (tree_text_is(node, "no_effect"))
		*(uint8_t *)into = STEP_NO_EFFECT;
	else if (!tree_text_is(node, "at_once"))
		tree_fault(&reader->tree, node, "%s must be at_once or no_effect", field->key);
}

/* The step that is meant is looked for when all are known. */
static void after_read(struct reader *reader, const struct field *field, const yaml_node_t *node, void *into)
{
	struct text name;

	(void)into;
	(void)read_word(reader, field->key, node, &name);
}

static const struct field step_fields[] = {
	{"id", field_one_word, OF(id), false, 0, 0, 0, NULL},
	{"when", when_read, OF(when), false, 0, 0, 0, NULL},
	{"after", after_read, 0, false, 0, 0, 0, NULL},
	{"send", field_section, 0, false, 0, 0, 0, &send_section},
	{"supply", field_section, 0, false, 0, 0, 0, &supply_section},
	{"action", field_section, 0, false, 0, 0, 0, &action_section},
	{"notify", field_section, 0, false, 0, 0, 0, &notify_section},
};
static const struct section step_section = {"a step", step_fields, FIELD_COUNT(step_fields)};

/* Which of the four it is; the first one given counts, another is a fault. */
static uint8_t kind_of(struct reader *reader, const yaml_node_t *node)
{
	static const char *const kinds[] = {[STEP_SEND] = "send",
		[STEP_SUPPLY] = "supply",
		[STEP_ACTION] = "action",
		[STEP_NOTIFY] = "notify"};
	const yaml_node_t *first = NULL;
	uint8_t kind = 0;

	for (uint32_t index = STEP_SEND; index <= STEP_NOTIFY; index++) {
		const yaml_node_t *key = tree_find_key(&reader->tree, node, kinds[index]);

		if (key == NULL)
			continue;
		if (first != NULL) {
			tree_fault(&reader->tree, key,
				"a step asks for one thing: '%s' and '%s' are two steps", kinds[kind],
				kinds[index]);
			continue;
		}
		first = key;
		kind = (uint8_t)index;
	}
	if (first == NULL)
		tree_fault(&reader->tree, node, "a step needs one of send, supply, action, notify");
	return kind;
}

static void action_check(struct reader *reader, const struct step_def *step, const yaml_node_t *action)
{
	struct tree *tree = &reader->tree;
	const yaml_node_t *within = tree_find(tree, action, "within_m");
	const yaml_node_t *effect_within = tree_find(tree, action, "effect_within_s");
	bool self = text_equal(step->device, TEXT("self"));

	if (action->type != YAML_MAPPING_NODE)
		return;
	if (self && within != NULL)
		tree_fault(tree, within, "within_m has no meaning with device: self");
	if (!self && step->device.len > 0 && within == NULL)
		tree_fault(tree, action, "action: key 'within_m' is missing");
	if (tree_find(tree, action, "effect") != NULL && effect_within == NULL)
		tree_fault(
			tree, action, "action: key 'effect_within_s' is missing: an effect needs its time");
	if (tree_find(tree, action, "effect") == NULL && effect_within != NULL)
		tree_fault(tree, effect_within, "effect_within_s has no meaning without effect");
	if (text_equal(step->action, TEXT("say")) && tree_find(tree, action, "text") == NULL)
		tree_fault(tree, action, "action: key 'text' is missing: what shall it say?");
}

static struct mark mark_in(struct reader *reader, const yaml_node_t *map, const char *key)
{
	const yaml_node_t *node = tree_find(&reader->tree, map, key);

	if (node == NULL)
		return (struct mark){0};
	return (struct mark){tree_line(node), tree_column(node)};
}

static void step_read(struct reader *reader, const yaml_node_t *node, uint8_t level)
{
	struct plan_file *file = reader->file;
	struct playbook_def *def = file->def;
	struct step_def *step = &def->step[def->step_count];
	struct step_origin *origin = &file->origin->step[def->step_count];
	const yaml_node_t *part;

	*step = (struct step_def){.level = level};
	if (!section_read(reader, &step_section, node, step))
		return;
	file->step_node[def->step_count++] = node;
	step->kind = kind_of(reader, node);
	if ((part = tree_find(&reader->tree, node, "send")) != NULL) {
		origin->skills = mark_in(reader, part, "skills");
		origin->substitute = mark_in(reader, part, "substitute");
	}
	if ((part = tree_find(&reader->tree, node, "supply")) != NULL)
		origin->item = mark_in(reader, part, "item");
	if ((part = tree_find(&reader->tree, node, "action")) != NULL) {
		origin->device = mark_in(reader, part, "device");
		origin->action = mark_in(reader, part, "do");
		action_check(reader, step, part);
	}
}

void step_list_read(struct reader *reader, const yaml_node_t *list, uint8_t level)
{
	const struct playbook_def *def = ((struct plan_file *)reader->file)->def;
	uint32_t count = read_list(reader, level == 1 ? "steps" : "a level", list, 1, INT32_MAX);

	for (uint32_t index = 0; index < count; index++) {
		const yaml_node_t *item = tree_list_item(&reader->tree, list, index);

		if (def->step_count == PLAYBOOK_STEPS_MAX) {
			tree_fault(&reader->tree, item,
				"too many steps: all levels together may have at most %d",
				PLAYBOOK_STEPS_MAX);
			return;
		}
		step_read(reader, item, level);
	}
}

/* --- levels ------------------------------------------------------------------------------------ */

static void level_key_check(struct reader *reader, const yaml_node_t *map, uint32_t index)
{
	const yaml_node_t *key = tree_map_key(&reader->tree, map, index);
	struct text have = tree_text(key);

	if (tree_text_is(key, "1"))
		tree_fault(&reader->tree, key, "level 1 is what stands in steps; levels are 2 to %d",
			PLAYBOOK_LEVELS_MAX);
	else if (have.len != 1 || have.ptr[0] < '2' || have.ptr[0] > '0' + PLAYBOOK_LEVELS_MAX)
		tree_fault(&reader->tree, key, "level '%.*s' does not exist; levels are 2 to %d",
			TEXT_PRINT(have), PLAYBOOK_LEVELS_MAX);
	else
		for (uint32_t before = 0; before < index; before++)
			if (text_equal(tree_text(tree_map_key(&reader->tree, map, before)), have))
				tree_fault(&reader->tree, key, "level %.*s is given twice", TEXT_PRINT(have));
}

void step_levels_read(struct reader *reader, const yaml_node_t *levels)
{
	uint32_t count = tree_map_count(levels);

	if (levels->type != YAML_MAPPING_NODE) {
		tree_fault(&reader->tree, levels, "levels must be a map, here stands %s", tree_kind(levels));
		return;
	}
	for (uint32_t index = 0; index < count; index++)
		level_key_check(reader, levels, index);
	for (uint32_t level = 2; level <= PLAYBOOK_LEVELS_MAX; level++) {
		const char name[2] = {(char)('0' + level), '\0'};
		const yaml_node_t *list = tree_find(&reader->tree, levels, name);

		if (list != NULL)
			step_list_read(reader, list, (uint8_t)level);
	}
}

/* --- all of them together ---------------------------------------------------------------------- */

static uint32_t step_named(const struct playbook_def *def, struct text id)
{
	for (uint32_t index = 0; index < def->step_count; index++)
		if (id.len > 0 && text_equal(def->step[index].id, id))
			return index;
	return UINT32_MAX;
}

static void id_check(struct reader *reader, uint32_t index)
{
	struct plan_file *file = reader->file;
	uint32_t first = step_named(file->def, file->def->step[index].id);

	if (file->def->step[index].id.len > 0 && first < index)
		tree_fault(&reader->tree, tree_find(&reader->tree, file->step_node[index], "id"),
			"two steps have the id '%.*s'; the first stands in line %u",
			TEXT_PRINT(file->def->step[index].id), tree_line(file->step_node[first]));
}

static void after_check(struct reader *reader, uint32_t index)
{
	struct plan_file *file = reader->file;
	struct tree *tree = &reader->tree;
	struct step_def *step = &file->def->step[index];
	const yaml_node_t *when = tree_find(tree, file->step_node[index], "when");
	const yaml_node_t *after = tree_find(tree, file->step_node[index], "after");

	if (after == NULL) {
		if (step->when == STEP_NO_EFFECT)
			tree_fault(tree, when, "when: no_effect needs 'after' with the id of an action step");
		return;
	}
	struct text name = tree_text(after);
	uint32_t found = step_named(file->def, name);

	if (step->when != STEP_NO_EFFECT)
		tree_fault(tree, after, "after has no meaning without when: no_effect");
	else if (found == UINT32_MAX)
		tree_fault(tree, after, "after: no step has the id '%.*s'", TEXT_PRINT(name));
	else if (found >= index)
		tree_fault(tree, after, "after: step '%.*s' must stand before this one", TEXT_PRINT(name));
	else if (file->def->step[found].kind != STEP_ACTION)
		tree_fault(tree, after, "after: step '%.*s' is no action, so it has no effect to wait for",
			TEXT_PRINT(name));
	else
		step->after = (uint8_t)found;
}

/* What one incident can ask for in all. Said once, where the limit is passed. */
static void sums_check(struct reader *reader)
{
	struct plan_file *file = reader->file;
	uint32_t sends = 0, units = 0;

	for (uint32_t index = 0; index < file->def->step_count; index++) {
		const struct step_def *step = &file->def->step[index];

		if (step->kind != STEP_SEND)
			continue;
		sends++;
		units += step->count;
		if (sends > SELECT_NEEDS_MAX) {
			tree_fault(&reader->tree, file->step_node[index],
				"too many send steps: at most %d in a playbook", SELECT_NEEDS_MAX);
			return;
		}
		if (units > SELECT_SLOTS_MAX) {
			tree_fault(&reader->tree, file->step_node[index],
				"up to here the playbook asks for %u units; at most %d in all", units,
				SELECT_SLOTS_MAX);
			return;
		}
	}
}

void step_all_check(struct reader *reader)
{
	const struct playbook_def *def = ((struct plan_file *)reader->file)->def;

	for (uint32_t index = 0; index < def->step_count; index++) {
		id_check(reader, index);
		after_check(reader, index);
	}
	sums_check(reader);
}
