/* words: slips of the pen in columns whose words come from the pack itself, and in roles, which are known. */
#include "town/words.h"

#include <string.h>

#include "reading/slip.h"

struct words_seen_item {
	const char *word, *name;
	uint32_t rows, line, column; /* where it stands first */
};

void words_note(
	struct table *table, uint32_t column, struct words_seen *seen, const char *word, const char *name)
{
	struct reading_memory *memory = table->reader->town->memory;
	const struct csv_field *field = &table->record.field[table->place[column]];
	uint32_t before;

	if (word[0] == '\0' || seen->count > WORDS_SEEN_MAX)
		return;
	if (!town_names_add(memory, &seen->index, word, seen->count, &before)) {
		seen->item[before].rows++;
		return;
	}
	seen->item = reading_memory_grow(memory, seen->item, seen->count, &seen->room, sizeof(*seen->item));
	seen->item[seen->count++] = (struct words_seen_item){word, name, 1, field->line, field->column};
}

static bool may_be(const struct words_seen_item *lone, const struct words_seen_item *other)
{
	if (lone->name != NULL && strcmp(lone->name, other->name) != 0)
		return false; /* a gas_lamp and a gas_clamp are two things */
	return reading_near(lone->word, other->word);
}

void words_check(struct table *table, uint32_t column, const struct words_seen *seen)
{
	static const char one[] = "%s: \"%s\" stands only here; did you mean \"%s\", as on line %u?";
	static const char both[] =
		"%s: \"%s\" stands only here and \"%s\" only on line %u; did you mean one word?";

	for (uint32_t lone = 0; lone < seen->count && seen->count <= WORDS_SEEN_MAX; lone++)
		for (uint32_t other = 0; other < seen->count && seen->item[lone].rows == 1; other++) {
			const struct words_seen_item *item = &seen->item[lone], *near = &seen->item[other];

			if (other == lone || (near->rows == 1 && other > lone) || !may_be(item, near))
				continue;
			reading_fault_add(table->reader->faults, town_file_name(table->file), item->line,
				item->column, near->rows == 1 ? both : one, table->column[column], item->word,
				near->word, near->line);
			break;
		}
}

void words_check_roles(struct table *table, uint32_t column, const struct town_words *roles)
{
	static const char *const known[] = {"resident", "grid_member", "grid_head", "micro_head",
		"village_head", "town_head", "duty_officer", "office", "committee", "leader",
		"department_lead", "keeper", "auditor", "crew", "crew_leader"};
	static const char list[] =
		"resident, grid_member, grid_head, micro_head, village_head, town_head, "
		"duty_officer, office, committee, leader, department_lead, keeper, auditor, "
		"crew, crew_leader";

	for (uint32_t index = 0; index < roles->count; index++) {
		const char *role = roles->item[index], *nearest = NULL;
		uint32_t best = 3; /* further off is another word, not a slip */

		for (uint32_t at = 0; at < sizeof(known) / sizeof(*known); at++) {
			uint32_t distance =
				reading_distance(role, strlen(role), known[at], strlen(known[at]));

			if (distance < best) {
				best = distance;
				nearest = known[at];
			}
		}
		if (nearest == NULL)
			table_fault(table, column, "\"%s\" is not a role; there are %s", role, list);
		else if (best > 0)
			table_fault(
				table, column, "\"%s\" is not a role; did you mean \"%s\"?", role, nearest);
	}
}

void town_check_types(
	const struct town *town, const struct text *known, uint32_t count, struct reading_faults *faults)
{
	for (uint32_t row = 0; row < town->responsibility_count; row++) {
		const struct town_responsibility *duty = &town->responsibility[row];
		const char *type = duty->incident_type;
		char word[TOWN_WORD_BYTES_MAX + 1], nearest[TOWN_WORD_BYTES_MAX + 1] = "";
		bool there = false;

		for (uint32_t index = 0; index < count && !there; index++) {
			if (known[index].len >= sizeof(word))
				continue;
			memcpy(word, known[index].ptr, known[index].len);
			word[known[index].len] = '\0';
			there = strcmp(word, type) == 0;
			if (reading_near(type, word))
				memcpy(nearest, word, sizeof(nearest));
		}
		if (!there && nearest[0] != '\0')
			reading_fault_add(faults, town_file_name(TOWN_FILE_RESPONSIBILITIES),
				duty->source.line, duty->type_column,
				"incident_type: no playbook opens \"%s\"; did you mean \"%s\"?", type,
				nearest);
	}
}
