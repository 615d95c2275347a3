/* people: people.csv, units.csv and responsibilities.csv; who there is and who answers for what. */
#include "town/words.h"

#include <stdio.h>
#include <string.h>

enum { DAY_S = 86400 };

/* A telephone number as people write it, or nothing. */
static bool is_phone(const char *text)
{
	return strlen(text) <= 32 && strspn(text, "0123456789+-() ") == strlen(text);
}

/* The first who leads a department answers for it; where nobody is said to lead, the first of all. */
static void org_claim(struct town_reader *reader, uint32_t row)
{
	struct town *town = reader->town;
	struct town_names *orgs = &reader->orgs;
	const struct town_person *person = &town->person[row];
	uint32_t before;

	if (person->org[0] == '\0')
		return;
	if (!town_names_add(town->memory, orgs, person->org, row, &before) &&
		town_words_has(&person->roles, "department_lead") &&
		!town_words_has(&town->person[before].roles, "department_lead"))
		town_names_set(orgs, person->org, row);
}

void reader_people(struct town_reader *reader)
{
	enum { ID, NAME, ROLES, PHONE, ORG, GRID, COLUMNS };
	static const char *const column[COLUMNS] = {"id", "name", "roles", "phone", "org", "grid"};
	struct town *town = reader->town;
	struct table table;
	size_t room = 0;

	if (!table_open(&table, reader, TOWN_FILE_PEOPLE, column, COLUMNS))
		return;
	while (table_next(&table)) {
		uint32_t row = town->person_count;

		town->person =
			reading_memory_grow(town->memory, town->person, row, &room, sizeof(*town->person));

		struct town_person *person = &town->person[row];
		*person = (struct town_person){.source = table_source(&table)};
		person->id = table_word(&table, ID);
		person->name = table_text(&table, NAME, true);
		person->roles = table_words(&table, ROLES);
		words_check_roles(&table, ROLES, &person->roles);
		person->phone = table_text(&table, PHONE, false);
		person->org = table_text(&table, ORG, false);
		if (!is_phone(person->phone))
			table_fault(&table, PHONE, "\"%s\" is not a telephone number", person->phone);
		person->grid =
			table_reference(&table, GRID, &town->indexes->grids, TOWN_FILE_GRIDS, "grid", false);
		table_claim(&table, ID, &town->indexes->people, person->id, row);
		town->person_count++;
		org_claim(reader, row);
	}
}

/* "08:00-20:00" in minutes of the day; "24:00" only as an end. */
static bool shift_parse(const char *text, int32_t *start_min, int32_t *end_min)
{
	unsigned h1, m1, h2, m2;
	int used = 0;

	if (strlen(text) != 11 || sscanf(text, "%2u:%2u-%2u:%2u%n", &h1, &m1, &h2, &m2, &used) != 4 ||
		used != 11)
		return false;
	if (strspn(text, "0123456789:-") != 11 || h1 > 23 || m1 > 59 || h2 > 24 || m2 > 59)
		return false;
	*start_min = (int32_t)(h1 * 60 + m1);
	*end_min = (int32_t)(h2 * 60 + m2);
	return *end_min <= 1440 && *start_min != *end_min;
}

static void unit_shift(struct table *table, uint32_t column, struct town_unit *unit)
{
	const char *raw = table_raw(table, column);

	unit->shift_start_min = 0;
	unit->shift_end_min = 1440;
	if (raw[0] != '\0' && !shift_parse(raw, &unit->shift_start_min, &unit->shift_end_min))
		table_fault(table, column, "\"%s\" is not a shift like 08:00-20:00", raw);
}

static bool unit_terminal(struct table *table, uint32_t column)
{
	const char *raw = table_raw(table, column);

	if (strcmp(raw, "yes") == 0 || strcmp(raw, "true") == 0 || strcmp(raw, "1") == 0)
		return true;
	if (strcmp(raw, "no") != 0 && strcmp(raw, "false") != 0 && strcmp(raw, "0") != 0)
		table_fault(table, column, "\"%s\" is neither yes nor no", raw);
	return false;
}

/* A count, or the people themselves, the leader first. */
static void unit_members(struct table *table, uint32_t column, struct town_unit *unit)
{
	struct town_reader *reader = table->reader;
	const char *raw = table_raw(table, column);

	if (raw[0] != '\0' && strspn(raw, "0123456789") == strlen(raw) &&
		town_names_find(&reader->town->indexes->people, raw) == TOWN_NONE) {
		unit->members_count = (uint32_t)table_number(table, column, 0, 1, 10000, INT64_MIN);
		return;
	}

	struct town_words words = table_words(table, column);
	if (words.count == 0)
		table_fault(table, column, "empty: a number of people, or their ids");
	unit->member = reading_memory_take(reader->town->memory, words.count * sizeof(*unit->member));
	for (uint32_t index = 0; index < words.count; index++) {
		uint32_t person = town_names_find(&reader->town->indexes->people, words.item[index]);

		if (person != TOWN_NONE)
			unit->member[unit->member_named++] = person;
		else if (!reader->unread[TOWN_FILE_PEOPLE])
			table_fault(table, column, "no person \"%s\" in people.csv", words.item[index]);
	}
	unit->members_count = words.count;
}

void reader_units(struct town_reader *reader)
{
	enum {
		ID,
		NAME,
		KIND,
		SKILLS,
		TEAM,
		LON,
		LAT,
		CRS,
		SPEED,
		TURNOUT,
		SHIFT,
		MEMBERS,
		TERMINAL,
		COLUMNS
	};
	static const char *const column[COLUMNS] = {"id", "name", "kind", "skills", "team", "lon", "lat",
		"crs", "speed_kmh", "turnout_s", "shift", "members", "terminal"};
	struct town *town = reader->town;
	struct words_seen skills = {0};
	struct table table;
	size_t room = 0;

	if (!table_open(&table, reader, TOWN_FILE_UNITS, column, COLUMNS))
		return;
	while (table_next(&table)) {
		uint32_t row = town->unit_count;

		town->unit = reading_memory_grow(town->memory, town->unit, row, &room, sizeof(*town->unit));

		struct town_unit *unit = &town->unit[row];
		*unit = (struct town_unit){.source = table_source(&table)};
		unit->id = table_word(&table, ID);
		unit->name = table_text(&table, NAME, true);
		unit->kind = table_word(&table, KIND);
		unit->skills = table_words(&table, SKILLS);
		if (unit->skills.count == 0)
			table_fault(&table, SKILLS, "empty: nothing could ever send this unit");
		for (uint32_t index = 0; index < unit->skills.count; index++)
			words_note(&table, SKILLS, &skills, unit->skills.item[index], NULL);
		unit->team = table_text(&table, TEAM, false);
		(void)table_position(&table, LON, &unit->home);
		/* thousandths of km/h to mm/s */
		unit->speed_mm_s = table_number(&table, SPEED, 3, 100, 1000000, INT64_MIN) * 1000 / 3600;
		unit->turnout_ms = table_number(&table, TURNOUT, 3, 0, DAY_S * 1000, 0);
		unit_shift(&table, SHIFT, unit);
		unit_members(&table, MEMBERS, unit);
		unit->terminal = unit_terminal(&table, TERMINAL);
		table_claim(&table, ID, &town->indexes->units, unit->id, row);
		town->unit_count++;
	}
	words_check(&table, SKILLS, &skills);
}

/* The person who answers for a department or is named outright. */
static uint32_t answerer(struct table *table, uint32_t column, const char *who)
{
	struct town_reader *reader = table->reader;
	uint32_t person = town_names_find(&reader->orgs, who);

	if (person == TOWN_NONE)
		person = town_names_find(&reader->town->indexes->people, who);
	if (person == TOWN_NONE && who[0] != '\0' && !reader->unread[TOWN_FILE_PEOPLE])
		table_fault(table, column, "nobody in people.csv is or belongs to \"%s\"", who);
	return person;
}

void reader_responsibilities(struct town_reader *reader)
{
	enum { TYPE, LEAD, ASSIST, RECEIVE, DISPOSE, BASIS, COLUMNS };
	static const char *const column[COLUMNS] = {
		"incident_type", "lead", "assist", "receive_s", "dispose_s", "basis"};
	const int64_t year_ms = (int64_t)DAY_S * 366 * 1000;
	struct town *town = reader->town;
	struct town_names types = {0};
	struct table table;
	size_t room = 0;

	if (!table_open(&table, reader, TOWN_FILE_RESPONSIBILITIES, column, COLUMNS))
		return;
	while (table_next(&table)) {
		uint32_t row = town->responsibility_count++;

		town->responsibility = reading_memory_grow(
			town->memory, town->responsibility, row, &room, sizeof(*town->responsibility));

		struct town_responsibility *duty = &town->responsibility[row];
		*duty = (struct town_responsibility){.source = table_source(&table)};
		duty->incident_type = table_word(&table, TYPE);
		duty->type_column = table.record.field[table.place[TYPE]].column;
		duty->lead = table_text(&table, LEAD, true);
		duty->lead_person = answerer(&table, LEAD, duty->lead);
		duty->assist = table_words(&table, ASSIST);
		duty->assist_person =
			reading_memory_take(town->memory, duty->assist.count * sizeof(*duty->assist_person));
		for (uint32_t index = 0; index < duty->assist.count; index++)
			duty->assist_person[index] = answerer(&table, ASSIST, duty->assist.item[index]);
		duty->receive_ms = table_number(&table, RECEIVE, 3, 1, year_ms, INT64_MIN);
		duty->dispose_ms = table_number(&table, DISPOSE, 3, 1, year_ms, INT64_MIN);
		duty->basis = table_text(&table, BASIS, false);
		table_claim(&table, TYPE, &types, duty->incident_type, row);
	}
}
