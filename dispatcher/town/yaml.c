/* yaml: town.yaml; the town's names, clock, outline and waters. */
#include "core/calendar.h"
#include "reading/slip.h"
#include "town/reader.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct document {
	struct town_reader *reader;
	yaml_document_t yaml;
};

static void __attribute__((format(printf, 3, 4)))
node_fault(const struct document *document, const yaml_node_t *node, const char *format, ...)
{
	char what[READING_FAULT_TEXT_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(what, sizeof(what), format, arguments);
	va_end(arguments);
	reading_fault_add(document->reader->faults, town_file_name(TOWN_FILE_TOWN),
		(uint32_t)node->start_mark.line + 1, (uint32_t)node->start_mark.column + 1, "%s", what);
}

static yaml_node_t *node_of(struct document *document, int id)
{
	yaml_node_t *node = yaml_document_get_node(&document->yaml, id);

	ASSERT(node != NULL); /* libyaml made the id */
	return node;
}

/* The scalar's text, terminated; NULL when it is none. */
static const char *scalar(const yaml_node_t *node)
{
	if (node->type != YAML_SCALAR_NODE ||
		strlen((const char *)node->data.scalar.value) != node->data.scalar.length)
		return NULL;
	return (const char *)node->data.scalar.value;
}

static char *kept_text(struct document *document, const yaml_node_t *node, const char *key)
{
	const char *text = scalar(node);

	if (text == NULL || text[0] == '\0') {
		node_fault(document, node, "%s: a text is needed", key);
		text = "";
	}
	return reading_memory_copy(document->reader->town->memory, text, strlen(text));
}

static uint32_t items_count(const yaml_node_t *sequence)
{
	return (uint32_t)(sequence->data.sequence.items.top - sequence->data.sequence.items.start);
}

static bool number_of(const yaml_node_t *node, double *out)
{
	const char *text = scalar(node);
	char *end;

	if (text == NULL || text[0] == '\0' || strspn(text, "-0123456789.") != strlen(text))
		return false;
	*out = strtod(text, &end);
	return *end == '\0' && isfinite(*out);
}

/* [[lon, lat], ...] in degrees of CGCS2000. */
static bool points_of(struct document *document, yaml_node_t *node, struct town_point **out, uint32_t *count)
{
	if (node->type != YAML_SEQUENCE_NODE) {
		node_fault(document, node, "a list of [longitude, latitude] is needed");
		return false;
	}
	*count = items_count(node);
	*out = reading_memory_take(document->reader->town->memory, *count * sizeof(**out));
	for (uint32_t index = 0; index < *count; index++) {
		yaml_node_t *pair = node_of(document, node->data.sequence.items.start[index]);
		double lon, lat;

		if (pair->type != YAML_SEQUENCE_NODE || items_count(pair) != 2 ||
			!number_of(node_of(document, pair->data.sequence.items.start[0]), &lon) ||
			!number_of(node_of(document, pair->data.sequence.items.start[1]), &lat) ||
			!reader_point(lon, lat, &(*out)[index])) {
			node_fault(document, pair, "not a [longitude, latitude] in degrees");
			return false;
		}
	}
	return true;
}

/* The outline as an area set of its own, so that positions can be asked against it. */
static void outline_set(struct document *document, const yaml_node_t *node)
{
	struct town_ring *ring = &document->reader->town->outline;
	size_t size = ring->count + 1;
	double *lonlat = malloc(2 * size * sizeof(*lonlat));
	struct area_set *set;
	uint32_t index;

	if (lonlat == NULL || area_set_new(&set) != DISP_OK)
		disp_panic("out of memory while reading the town pack", __FILE__, __LINE__);
	for (size_t at = 0; at < size; at++) {
		lonlat[2 * at] = ring->point[at % ring->count].lon_e7 / 1e7;
		lonlat[2 * at + 1] = ring->point[at % ring->count].lat_e7 / 1e7;
	}
	if (area_set_add(set, lonlat, &size, 1, NULL, 0, &index) == DISP_OK) {
		document->reader->outline = set;
	} else {
		node_fault(document, node, "outline: %s", area_set_detail(set));
		area_set_free(set);
	}
	free(lonlat);
}

static void key_outline(struct document *document, yaml_node_t *node)
{
	struct town_ring *ring = &document->reader->town->outline;

	if (!points_of(document, node, &ring->point, &ring->count))
		return;
	if (ring->count > 1 &&
		memcmp(&ring->point[0], &ring->point[ring->count - 1], sizeof(*ring->point)) == 0)
		ring->count--;
	if (ring->count < 3)
		node_fault(document, node, "outline: at least three corners are needed");
	else
		outline_set(document, node);
}

/* The zones of towns this could be used in, all without summer time; and plain offsets. */
static bool zone_offset(const char *zone, int32_t *offset_min)
{
	static const struct {
		const char *name;
		int32_t offset_min;
	} known[] = {{"Asia/Shanghai", 480}, {"Asia/Chongqing", 480}, {"Asia/Harbin", 480}, {"PRC", 480},
		{"Asia/Hong_Kong", 480}, {"Asia/Macau", 480}, {"Asia/Taipei", 480}, {"Asia/Singapore", 480},
		{"Asia/Urumqi", 360}, {"Asia/Tokyo", 540}, {"UTC", 0}, {"Etc/UTC", 0}};
	unsigned hours, minutes;

	for (size_t index = 0; index < sizeof(known) / sizeof(*known); index++)
		if (strcmp(known[index].name, zone) == 0) {
			*offset_min = known[index].offset_min;
			return true;
		}
	if (strlen(zone) != 6 || (zone[0] != '+' && zone[0] != '-') || strspn(zone + 1, "0123456789:") != 5 ||
		sscanf(zone + 1, "%2u:%2u", &hours, &minutes) != 2 || hours > 14 || minutes > 59)
		return false;
	*offset_min = (int32_t)(hours * 60 + minutes) * (zone[0] == '-' ? -1 : 1);
	return true;
}

static void key_code(struct document *document, yaml_node_t *node)
{
	struct town *town = document->reader->town;

	town->code = kept_text(document, node, "code");
	if (town->code[0] != '\0' && !reader_is_word(town->code))
		node_fault(document, node, "code: \"%s\" is not a word without blanks", town->code);
}

static void key_name(struct document *document, yaml_node_t *node)
{
	document->reader->town->name = kept_text(document, node, "name");
}

static void key_name_en(struct document *document, yaml_node_t *node)
{
	document->reader->town->name_en = kept_text(document, node, "name_en");
}

static void key_time_zone(struct document *document, yaml_node_t *node)
{
	struct town *town = document->reader->town;

	town->time_zone = kept_text(document, node, "time_zone");
	if (town->time_zone[0] != '\0' && !zone_offset(town->time_zone, &town->utc_offset_min))
		node_fault(document, node, "time_zone: \"%s\" is not known; write an offset like +08:00",
			town->time_zone);
}

static void key_demonstration(struct document *document, yaml_node_t *node)
{
	const char *text = scalar(node);

	if (text != NULL && strcmp(text, "true") == 0)
		document->reader->town->demonstration = true;
	else if (text == NULL || strcmp(text, "false") != 0)
		node_fault(document, node, "demonstration: true or false is needed");
}

static void water_read(struct document *document, yaml_node_t *node, struct town_water *water)
{
	if (node->type != YAML_MAPPING_NODE) {
		node_fault(document, node, "waters: each needs name and line");
		return;
	}
	for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top;
		pair++) {
		yaml_node_t *key = node_of(document, pair->key), *value = node_of(document, pair->value);
		const char *name = scalar(key);

		if (name != NULL && strcmp(name, "name") == 0)
			water->name = kept_text(document, value, "name");
		else if (name != NULL && strcmp(name, "line") == 0)
			(void)points_of(document, value, &water->point, &water->count);
		else
			node_fault(document, key, "unknown key \"%s\"", name == NULL ? "?" : name);
	}
	if (water->name == NULL || water->count < 2)
		node_fault(document, node, "waters: each needs a name and a line of two points or more");
}

static void key_waters(struct document *document, yaml_node_t *node)
{
	struct town *town = document->reader->town;

	if (node->type != YAML_SEQUENCE_NODE) {
		node_fault(document, node, "waters: a list is needed");
		return;
	}
	town->water_count = items_count(node);
	town->water = reading_memory_take(town->memory, town->water_count * sizeof(*town->water));
	for (uint32_t index = 0; index < town->water_count; index++)
		water_read(document, node_of(document, node->data.sequence.items.start[index]),
			&town->water[index]);
}

/* --- working hours -------------------------------------------------------------------------------- */

static bool is_list(struct document *document, const yaml_node_t *node, const char *key)
{
	if (node->type == YAML_SEQUENCE_NODE)
		return true;
	node_fault(document, node, "%s: a list is needed", key);
	return false;
}

static void calendar_weekdays(struct document *document, yaml_node_t *node, struct town_calendar *calendar)
{
	static const char *const names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

	for (uint32_t index = 0; is_list(document, node, "weekdays") && index < items_count(node); index++) {
		const yaml_node_t *item = node_of(document, node->data.sequence.items.start[index]);
		const char *word = scalar(item);
		uint32_t day = 0;

		while (day < 7 && (word == NULL || strcmp(word, names[day]) != 0))
			day++;
		if (day == 7)
			node_fault(document, item, "weekdays: mon, tue, wed, thu, fri, sat or sun is needed");
		else if ((calendar->weekdays >> day & 1) != 0)
			node_fault(document, item, "weekdays: %s twice", word);
		else
			calendar->weekdays |= (uint8_t)(1u << day);
	}
}

/* HH:MM-HH:MM of one local day, 24:00 at its end. */
static bool span_read(const char *text, uint16_t *from_min, uint16_t *to_min)
{
	unsigned hour[2], minute[2];

	if (text == NULL || strlen(text) != 11 || strspn(text, "0123456789:-") != 11 ||
		sscanf(text, "%2u:%2u-%2u:%2u", &hour[0], &minute[0], &hour[1], &minute[1]) != 4 ||
		text[2] != ':' || text[5] != '-' || text[8] != ':')
		return false;
	*from_min = (uint16_t)(hour[0] * 60 + minute[0]);
	*to_min = (uint16_t)(hour[1] * 60 + minute[1]);
	return minute[0] < 60 && minute[1] < 60 && *from_min < *to_min && *to_min <= 24 * 60;
}

static void calendar_hours(struct document *document, yaml_node_t *node, struct town_calendar *calendar)
{
	uint16_t *edge[2][2] = {
		{&calendar->from_min, &calendar->to_min}, {&calendar->from2_min, &calendar->to2_min}};

	if (!is_list(document, node, "hours"))
		return;
	if (items_count(node) < 1 || items_count(node) > 2)
		node_fault(document, node, "hours: one or two spans are needed");
	for (uint32_t index = 0; index < items_count(node) && index < 2; index++) {
		const yaml_node_t *item = node_of(document, node->data.sequence.items.start[index]);

		if (!span_read(scalar(item), edge[index][0], edge[index][1]))
			node_fault(document, item,
				"hours: \"HH:MM-HH:MM\" inside one day is needed, \"08:30-12:00\"");
		else if (index == 1 && calendar->from2_min < calendar->to_min)
			node_fault(document, item, "hours: the second span begins before the first ends");
	}
}

/* Dates, parted by one space as the core takes them. */
static char *calendar_days(struct document *document, yaml_node_t *node, const char *key)
{
	uint32_t count = is_list(document, node, key) ? items_count(node) : 0, used = 0;
	char *days = reading_memory_take(document->reader->town->memory, count * 11 + 1);

	for (uint32_t index = 0; index < count; index++) {
		const yaml_node_t *item = node_of(document, node->data.sequence.items.start[index]);
		const char *word = scalar(item);
		struct text date = {word, word == NULL ? 0 : (uint32_t)strlen(word)};
		int32_t day;

		if (!calendar_day_read(date, &day)) {
			node_fault(document, item, "%s: a date like 2026-10-01 is needed", key);
		} else if (strstr(days, word) != NULL) {
			node_fault(document, item, "%s: %s twice", key, word);
		} else {
			if (used > 0)
				days[used++] = ' ';
			memcpy(days + used, word, date.len);
			used += date.len;
		}
	}
	return days;
}

static void calendar_check(struct document *document, const yaml_node_t *node)
{
	const struct town_calendar *calendar = &document->reader->town->calendar;
	size_t bytes = (calendar->rest == NULL ? 0 : strlen(calendar->rest)) +
		       (calendar->work == NULL ? 0 : strlen(calendar->work));

	if (calendar->weekdays == 0 || calendar->to_min == 0)
		node_fault(document, node, "calendar: weekdays and hours are needed");
	if ((bytes + 2) / 11 > CALENDAR_DAYS_MAX)
		node_fault(document, node, "calendar: %d days of rest and work together are the limit",
			(int)CALENDAR_DAYS_MAX);
	for (const char *day = calendar->rest; day != NULL && *day != '\0'; day += day[10] == ' ' ? 11 : 10) {
		char date[11] = "";

		memcpy(date, day, 10);
		if (calendar->work != NULL && strstr(calendar->work, date) != NULL)
			node_fault(document, node, "calendar: %s is both rest and work", date);
	}
}

static void key_calendar(struct document *document, yaml_node_t *node)
{
	struct town_calendar *calendar = &document->reader->town->calendar;

	if (node->type != YAML_MAPPING_NODE) {
		node_fault(document, node, "calendar: weekdays, hours, rest, work");
		return;
	}
	for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top;
		pair++) {
		yaml_node_t *key = node_of(document, pair->key), *value = node_of(document, pair->value);
		const char *name = scalar(key);

		if (name != NULL && strcmp(name, "weekdays") == 0)
			calendar_weekdays(document, value, calendar);
		else if (name != NULL && strcmp(name, "hours") == 0)
			calendar_hours(document, value, calendar);
		else if (name != NULL && strcmp(name, "rest") == 0)
			calendar->rest = calendar_days(document, value, "rest");
		else if (name != NULL && strcmp(name, "work") == 0)
			calendar->work = calendar_days(document, value, "work");
		else
			node_fault(document, key, "unknown key \"%s\"", name == NULL ? "?" : name);
	}
	calendar_check(document, node);
}

static const struct {
	const char *name;
	bool required;
	void (*read)(struct document *document, yaml_node_t *node);
} KEYS[] = {{"code", true, key_code}, {"name", true, key_name}, {"name_en", false, key_name_en},
	{"time_zone", true, key_time_zone}, {"demonstration", false, key_demonstration},
	{"calendar", false, key_calendar}, {"outline", true, key_outline}, {"waters", false, key_waters}};
enum { KEY_COUNT = sizeof(KEYS) / sizeof(*KEYS) };

static void keys_read(struct document *document, yaml_node_t *root)
{
	bool seen[KEY_COUNT] = {false};

	if (root == NULL || root->type != YAML_MAPPING_NODE) {
		reading_fault_add(document->reader->faults, town_file_name(TOWN_FILE_TOWN), 1, 1,
			"code, name, time_zone and outline are needed");
		return;
	}
	for (yaml_node_pair_t *pair = root->data.mapping.pairs.start; pair < root->data.mapping.pairs.top;
		pair++) {
		yaml_node_t *key = node_of(document, pair->key);
		const char *name = scalar(key);
		size_t index = 0;

		while (index < KEY_COUNT && (name == NULL || strcmp(KEYS[index].name, name) != 0))
			index++;
		if (index == KEY_COUNT) {
			node_fault(document, key, "unknown key \"%s\"", name == NULL ? "?" : name);
			continue;
		}
		if (seen[index])
			node_fault(document, key, "key \"%s\" twice", name);
		else
			KEYS[index].read(document, node_of(document, pair->value));
		seen[index] = true;
	}
	for (size_t index = 0; index < KEY_COUNT; index++)
		if (KEYS[index].required && !seen[index])
			reading_fault_add(document->reader->faults, town_file_name(TOWN_FILE_TOWN), 1, 1,
				"missing key \"%s\"", KEYS[index].name);
}

/* What libyaml stumbles over often began earlier: a key without its colon is said where the key stands. */
static void syntax_fault(
	struct town_reader *reader, const yaml_parser_t *parser, const char *bytes, size_t len)
{
	const char *file = town_file_name(TOWN_FILE_TOWN);
	bool key = parser->context != NULL && strstr(parser->context, "simple key") != NULL;
	yaml_mark_t mark = key ? parser->context_mark : parser->problem_mark;
	uint32_t last = (uint32_t)parser->problem_mark.line + 1, first = (uint32_t)mark.line + 1, line,
		 column;

	if (reading_wide_colon(bytes, len, key ? first : first - (first > 1), last, &line, &column))
		reading_fault_add(reader->faults, file, line, column,
			"not YAML: a full-width colon; write \":\" and a blank");
	else
		reading_fault_add(reader->faults, file, first, (uint32_t)mark.column + 1, "not YAML: %s",
			parser->problem == NULL ? "cannot be read" : parser->problem);
}

void reader_town(struct town_reader *reader)
{
	struct document document = {.reader = reader};
	yaml_parser_t parser;
	char *bytes;
	size_t len;

	if (!reader_slurp(reader, TOWN_FILE_TOWN, &bytes, &len))
		return;
	if (!yaml_parser_initialize(&parser))
		disp_panic("out of memory while reading the town pack", __FILE__, __LINE__);
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, len);
	if (yaml_parser_load(&parser, &document.yaml)) {
		keys_read(&document, yaml_document_get_root_node(&document.yaml));
		yaml_document_delete(&document.yaml);
	} else {
		syntax_fault(reader, &parser, bytes, len);
	}
	yaml_parser_delete(&parser);
}
