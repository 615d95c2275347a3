/* value: JSON members to words, times, distances and durations; the one place where they get their looks. */
#include "ctl/value.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "ctl/picks.h"
#include "ctl/town_word.h"
#include "wire/time_text.h"
#include "wire/utf8.h"

static struct text text_from(const char *text)
{
	return (struct text){text, (uint32_t)strlen(text)};
}

/* --- reading --------------------------------------------------------------------------------------- */

static void string_clean(json_t *string)
{
	char *copy = strdup(json_string_value(string));

	ASSERT(copy != NULL);
	if (utf8_make_harmless(copy, strlen(copy)))
		ASSERT(json_string_set(string, copy) == 0);
	free(copy);
}

void value_clean(json_t *value)
{
	const char *key;
	json_t *member;
	size_t index;

	if (json_is_string(value))
		string_clean(value);
	VALUE_EACH(value, index, member)
	{
		value_clean(member);
	}
	VALUE_EACH_MEMBER(value, key, member)
	{
		value_clean(member);
	}
}

const json_t *value_at(const json_t *object, const char *path)
{
	const char *dot = strchr(path, '.');
	char key[64];

	while (dot != NULL && object != NULL) {
		screen_format(key, sizeof(key), "%.*s", (int)(dot - path), path);
		object = json_object_get(object, key);
		path = dot + 1;
		dot = strchr(path, '.');
	}
	object = json_object_get(object, path);
	return json_is_null(object) ? NULL : object;
}

const char *value_string(const json_t *object, const char *path)
{
	const char *string = json_string_value(value_at(object, path));

	return string == NULL ? "" : string;
}

double value_number(const json_t *object, const char *path)
{
	const json_t *value = value_at(object, path);

	return json_is_array(value) ? (double)json_array_size(value) : json_number_value(value);
}

bool value_true(const json_t *object, const char *path)
{
	return json_is_true(value_at(object, path));
}

const char *value_said(const struct screen *screen, const json_t *object, const char *path)
{
	char chinese[80];

	screen_format(chinese, sizeof(chinese), "%s_zh", path);
	if (screen->lang == LANG_ZH && value_string(object, chinese)[0] != '\0')
		return value_string(object, chinese);
	return value_string(object, path);
}

/* --- figures --------------------------------------------------------------------------------------- */

/* Two figures that belong together: "3分20秒", "1h05m". */
static void pair(const struct screen *screen, int64_t first, const char *first_unit, int64_t second,
	const char *second_unit, char *out, size_t size)
{
	if (second == 0)
		screen_format(out, size, "%lld%s", (long long)first, screen_say(screen, first_unit));
	else
		screen_format(out, size, "%lld%s%02lld%s", (long long)first, screen_say(screen, first_unit),
			(long long)second, screen_say(screen, second_unit));
}

void value_seconds(const struct screen *screen, double seconds, char *out, size_t size)
{
	static const char *const d = N_("d"), *const h = N_("h"), *const m = N_("m"), *const s = N_("s");
	bool past = seconds < 0;
	double whole = fabs(round(seconds));
	int64_t t = whole < 1e12 ? (int64_t)whole : INT64_C(1000000000000);

	if (past && t > 0 && size > 1) {
		*out++ = '-';
		size--;
	}
	if (t < 60)
		pair(screen, t, s, 0, s, out, size);
	else if (t < 3600)
		pair(screen, t / 60, m, t % 60, s, out, size);
	else if (t < 86400)
		pair(screen, t / 3600, h, t % 3600 / 60, m, out, size);
	else
		pair(screen, t / 86400, d, t % 86400 / 3600, h, out, size);
}

void value_metres(const struct screen *screen, double metres, char *out, size_t size)
{
	if (metres < 999.5)
		screen_format(
			out, size, screen_say(screen, "%.0f m"), round(metres)); /* half up, as the daemon */
	else
		screen_format(out, size, screen_say(screen, "%.1f km"), metres / 1000);
}

void value_left(const struct screen *screen, double seconds, char *out, size_t size)
{
	char figure[64];

	value_seconds(screen, fabs(seconds), figure, sizeof(figure));
	screen_format(out, size,
		seconds < 0 ? screen_say(screen, "late by %s") : screen_say(screen, "%s left"), figure);
}

/* "2026-07-01 16:00:00", from one byte of it, `len` bytes. */
static void time_part(
	const struct screen *screen, const char *time, uint32_t from, int len, char *out, size_t size)
{
	char local[TIME_LOCAL_LEN + 1];
	int64_t ms;

	if (time_parse(text_from(time), &ms) != DISP_OK) {
		screen_format(out, size, "%s", time);
		return;
	}
	time_format_local(ms, screen->offset_minutes, local);
	local[TIME_LOCAL_LEN] = '\0';
	screen_format(out, size, "%.*s", len, local + from);
}

void value_time(const struct screen *screen, const char *time, char *out, size_t size)
{
	time_part(screen, time, 5, TIME_LOCAL_LEN - 5, out, size);
}

bool value_seconds_until(const struct screen *screen, const char *time, double *seconds)
{
	int64_t ms;

	if (screen->now_ms == 0 || time_parse(text_from(time), &ms) != DISP_OK)
		return false;
	*seconds = (double)(ms - screen->now_ms) / 1000.0;
	return true;
}

static void scalar(const struct screen *screen, const json_t *value, char *out, size_t size)
{
	if (json_is_string(value))
		screen_format(out, size, "%s", json_string_value(value));
	else if (json_is_integer(value))
		screen_format(out, size, "%lld", (long long)json_integer_value(value));
	else if (json_is_real(value))
		screen_format(out, size, "%.7g", json_real_value(value));
	else if (json_is_boolean(value))
		screen_format(
			out, size, "%s", screen_say(screen, json_is_true(value) ? N_("yes") : N_("no")));
	else
		out[0] = '\0';
}

static void join_by(
	const struct screen *screen, const json_t *value, const char *between, char *out, size_t size)
{
	const json_t *item;
	size_t index, at = 0;

	out[0] = '\0';
	if (!json_is_array(value)) {
		scalar(screen, value, out, size);
		return;
	}
	VALUE_EACH(value, index, item)
	{
		char one[256];

		scalar(screen, item, one, sizeof(one));
		if (at + strlen(one) + strlen(between) + 1 >= size)
			return;
		at += screen_format(out + at, size - at, "%s%s", index == 0 ? "" : between, one);
	}
}

void value_join(const struct screen *screen, const json_t *value, char *out, size_t size)
{
	join_by(screen, value, "+", out, size);
}

const char *value_town(const struct screen *screen, const char *word)
{
	return screen->lang == LANG_ZH ? town_word_zh(word) : word;
}

void value_town_join(const struct screen *screen, const json_t *value, char *out, size_t size)
{
	const json_t *item;
	size_t index, at = 0;

	out[0] = '\0';
	if (json_is_string(value)) {
		screen_format(out, size, "%s", value_town(screen, json_string_value(value)));
		return;
	}
	VALUE_EACH(value, index, item)
	{
		const char *one = value_town(screen, json_string_value(item) ? json_string_value(item) : "");

		if (at + strlen(one) + 4 >= size)
			return;
		at += screen_format(out + at, size - at, "%s%s", index == 0 ? "" : "+", one);
	}
}

void value_signed(const json_t *object, const char *path, char *out, size_t size)
{
	char name[80];

	screen_format(name, sizeof(name), "%s_name", path);
	screen_format(out, size, "%s%s%s", value_string(object, name),
		value_string(object, name)[0] == '\0' ? "" : " ", value_string(object, path));
}

/* Words of one set, as "蓝色+黄色". */
static void words_join(
	const struct screen *screen, enum words_set set, const json_t *list, char *out, size_t size)
{
	json_t *said = json_array();
	const json_t *word;
	size_t index;

	VALUE_EACH(list, index, word)
	{
		(void)json_array_append_new(
			said, json_string(value_word(
				      screen, set, json_is_string(word) ? json_string_value(word) : "")));
	}
	value_join(screen, said, out, size);
	json_decref(said);
}

void value_who(const struct screen *screen, const json_t *value, char *out, size_t size)
{
	json_t *alone = json_is_array(value) ? NULL : json_pack("[O]", value), *word;
	json_t *said = json_array();
	size_t index;

	VALUE_EACH(alone == NULL ? value : alone, index, word)
	{
		uint32_t bit = words_who(text_from(json_is_string(word) ? json_string_value(word) : ""));
		struct text zh =
			bit == 0 || screen->lang != LANG_ZH ? (struct text){NULL, 0} : words_who_zh(bit);

		(void)(zh.len == 0 ? json_array_append(said, word)
				   : json_array_append_new(said, json_stringn(zh.ptr, zh.len)));
	}
	value_join(screen, said, out, size);
	json_decref(said);
	json_decref(alone);
}

/* --- fields ---------------------------------------------------------------------------------------- */

static void due_text(const struct screen *screen, const char *time, char *out, size_t size, enum tone *tone)
{
	double seconds;

	if (!value_seconds_until(screen, time, &seconds)) {
		value_time(screen, time, out, size);
		return;
	}
	value_left(screen, seconds, out, size);
	*tone = seconds < 0 ? TONE_BAD : TONE_PLAIN;
}

static void point_text(const json_t *value, char *out, size_t size)
{
	const json_t *at = json_object_get(value, "coordinates");

	out[0] = '\0';
	if (json_array_size(at) >= 2)
		screen_format(out, size, "%.5f, %.5f", json_number_value(json_array_get(at, 0)),
			json_number_value(json_array_get(at, 1)));
}

/* A list in the reader's language: for "causes" the member "causes_zh", where there is one. */
static const json_t *said_list(
	const struct screen *screen, const json_t *object, const char *path, const json_t *value)
{
	const json_t *zh;
	char chinese[80];

	screen_format(chinese, sizeof(chinese), "%s_zh", path);
	zh = screen->lang == LANG_ZH ? value_at(object, chinese) : NULL;
	return json_is_array(zh) ? zh : value;
}

static void word_text(const struct screen *screen, enum words_set set, const json_t *value, char *out,
	size_t size, enum tone *tone)
{
	const char *word = json_is_string(value) ? json_string_value(value) : "";

	if (json_is_array(value)) {
		words_join(screen, set, value, out, size);
		return;
	}
	*tone = value_tone(set, word);
	screen_format(out, size, "%s", value_word(screen, set, word));
}

static void plain_text(
	const struct screen *screen, const json_t *object, const char *path, char *out, size_t size)
{
	const json_t *value = value_at(object, path);

	if (json_is_string(value))
		screen_format(out, size, "%s", value_said(screen, object, path));
	else
		value_join(screen, value, out, size);
}

void value_field(const struct screen *screen, const json_t *object, const struct field *field, char *out,
	size_t size, enum tone *tone)
{
	const json_t *value = value_at(object, field->path);

	out[0] = '\0';
	*tone = TONE_PLAIN;
	if (value == NULL && field->kind == VALUE_DUE && json_is_true(value_at(object, "told_only")))
		screen_format(out, size, "%s", screen_say(screen, "told only"));
	if (value == NULL)
		return;
	switch (field->kind) {
	case VALUE_WORD:
		word_text(screen, field->set, value, out, size, tone);
		break;
	case VALUE_TIME:
		value_time(screen, value_string(object, field->path), out, size);
		break;
	case VALUE_DAY:
		time_part(screen, value_string(object, field->path), 0, 10, out, size);
		break;
	case VALUE_METRES:
		value_metres(screen, json_number_value(value), out, size);
		break;
	case VALUE_SECONDS:
		value_seconds(screen, json_number_value(value), out, size);
		break;
	case VALUE_LEFT:
		value_left(screen, json_number_value(value), out, size);
		*tone = json_number_value(value) < 0 ? TONE_BAD : TONE_PLAIN;
		break;
	case VALUE_SIGNED:
		value_signed(object, field->path, out, size);
		break;
	case VALUE_WHO:
		value_who(screen, value, out, size);
		break;
	case VALUE_DUE:
		if (value_at(object, "ended") != NULL || value_at(object, "answered") != NULL)
			value_time(screen, value_string(object, field->path), out, size); /* no longer due */
		else
			due_text(screen, value_string(object, field->path), out, size, tone);
		break;
	case VALUE_POINT:
		point_text(value, out, size);
		break;
	case VALUE_YES:
		screen_format(out, size, "%s", json_is_true(value) ? screen_say(screen, field->title) : "");
		*tone = TONE_WARN;
		break;
	case VALUE_TOWN:
		value_town_join(screen, value, out, size);
		break;
	case VALUE_LIST:
		join_by(screen, said_list(screen, object, field->path, value), screen_say(screen, ", "), out,
			size);
		break;
	case VALUE_TEXT:
	default:
		plain_text(screen, object, field->path, out, size);
	}
}

/* The column that rows are called by, where they get numbers; NULL: they do not. */
static const struct field *field_of_picks(const struct screen *screen, const struct field *fields)
{
	for (; screen->picks != NULL && fields->path != NULL; fields++)
		if ((fields->flags & TABLE_ID) != 0)
			return fields;
	return NULL;
}

void value_pick(const struct screen *screen, const char *id, const char *title, char *out, size_t size)
{
	uint32_t number = screen->picks == NULL ? 0 : picks_add(screen->picks, id, title);

	if (number == 0)
		out[0] = '\0';
	else
		screen_format(out, size, "%%%u", number);
}

void value_list(const struct screen *screen, const json_t *list, const struct field *fields, uint32_t indent)
{
	const struct field *picked = field_of_picks(screen, fields);
	struct table *table = table_new();
	const json_t *row;
	size_t index;

	if (picked != NULL)
		table_column(table, "%", TABLE_KEEP | TABLE_RIGHT);
	for (const struct field *field = fields; field->path != NULL; field++)
		table_column(table, screen_say(screen, field->title), field->flags);
	VALUE_EACH(list, index, row)
	{
		char number[16];

		if (picked != NULL) {
			value_pick(screen, value_string(row, picked->path), picked->title, number,
				sizeof(number));
			table_cell(table, number, TONE_DIM);
		}
		for (const struct field *field = fields; field->path != NULL; field++) {
			char text[VALUE_TEXT_MAX];
			enum tone tone;

			value_field(screen, row, field, text, sizeof(text), &tone);
			table_cell(table, text, tone);
		}
	}
	if (json_array_size(list) == 0) {
		screen_spaces(screen, indent);
		fprintf(screen->to, "%s\n", screen_say(screen, "(none)"));
	} else {
		table_print(table, screen, indent);
	}
	table_free(table);
}

void value_section(
	const struct screen *screen, const json_t *list, const char *title, const struct field *fields)
{
	if (json_array_size(list) == 0)
		return;
	screen_heading(screen, title);
	value_list(screen, list, fields, 2);
}

void value_sheet(const struct screen *screen, const json_t *object, const struct field *fields)
{
	uint32_t widest = 0;

	for (const struct field *field = fields; field->path != NULL; field++) {
		uint32_t width = screen_columns(screen_say(screen, field->title));

		widest = width > widest ? width : widest;
	}
	for (const struct field *field = fields; field->path != NULL; field++) {
		const char *title = screen_say(screen, field->title);
		char text[VALUE_TEXT_MAX];
		enum tone tone;

		value_field(screen, object, field, text, sizeof(text), &tone);
		if (text[0] == '\0')
			continue;
		fprintf(screen->to, "  %s", title);
		screen_spaces(screen, widest - screen_columns(title) + 2);
		screen_wrapped(screen, widest + 4, tone, text);
	}
}
