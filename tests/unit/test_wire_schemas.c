/* test_wire_schemas: the words and limits in schemas/wire/ are those of the code. Runs from the top of the tree. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "core/words.h"
#include "wire/alarm_in.h"
#include "wire/json_read.h"
#include "wire/unit_io.h"

static char bytes[64 * 1024];
static struct json_token tokens[8192];
static struct json_doc doc;

static void load(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct json_error error;
	size_t len;

	if (!file)
		fail_msg("cannot open %s", path);
	len = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	if (json_read(&doc, bytes, len, tokens, 8192, &error) != DISP_OK)
		fail_msg("%s: %s at %u", path, error.message, error.at);
}

/* The value at a path of keys, parted by '/'; a number is an index into an array. */
static uint32_t at(const char *path)
{
	uint32_t index = 0;

	while (*path != '\0') {
		uint32_t len = (uint32_t)strcspn(path, "/");

		if (json_kind(&doc, index) == JSON_KIND_ARRAY) {
			uint32_t element = json_first(&doc, index);

			for (int skip = path[0] - '0'; skip > 0; skip--)
				element = json_next(&doc, index, element);
			index = element;
		} else {
			index = json_find(&doc, index, (struct text){path, len});
		}
		path += len + (path[len] == '/');
	}
	assert_true(index != JSON_NONE);
	return index;
}

/* Every text of the enum is a word of the set, and it has all but those in the mask `left_out`. */
static void check_enum(const char *path, enum words_set set, uint32_t left_out)
{
	uint32_t list = at(path), seen = left_out;

	for (uint32_t i = json_first(&doc, list); i != JSON_NONE; i = json_next(&doc, list, i)) {
		uint32_t value;

		if (json_kind(&doc, i) == JSON_KIND_NULL)
			continue;
		value = words_find(set, json_raw(&doc, i));
		assert_true(value < 32 && !(seen >> value & 1));
		seen |= (uint32_t)1 << value;
	}
	for (uint32_t value = 0; words_of(set, value).len > 1; value++) {
		if (!(seen >> value & 1))
			fail_msg("%s lacks %.*s", path, (int)words_of(set, value).len,
				words_of(set, value).ptr);
	}
}

static void check_number(const char *path, int64_t expected)
{
	int64_t value = 0;

	assert_int_equal(json_get_int64(&doc, at(path), INT64_MIN, INT64_MAX, &value), DISP_OK);
	assert_true(value == expected);
}

static void alarms(void **state)
{
	(void)state;
	load("schemas/wire/alarm.json");
	check_enum("properties/data/properties/state/enum", WORDS_ALARM_STATE, 0);
	check_enum("properties/data/properties/mode/enum", WORDS_MODE, 0);
	check_enum("properties/data/properties/colour/enum", WORDS_COLOUR, 1u << COLOUR_NONE);
	check_number("properties/data/properties/unit/maxLength", ALARM_UNIT_MAX);
	check_number("properties/data/properties/text/maxLength", ALARM_TEXT_MAX);
	check_number("properties/data/properties/media/maxItems", ALARM_MEDIA_MAX);
	check_number("properties/data/properties/media/items/maxLength", ALARM_MEDIA_BYTES_MAX);
	check_number("properties/data/properties/crs/maxLength", FIELD_CRS_SIZE - 1);
	check_number("$defs/name/maxLength", ALARM_NAME_MAX);
}

static void replies(void **state)
{
	(void)state;
	load("schemas/wire/reply.json");
	check_enum("$defs/taken/properties/result/enum", WORDS_ALARM_RESULT, 1u << ALARM_REJECTED);
	check_enum("$defs/rejected/properties/reason/enum", WORDS_REJECT, 1u << REJECT_NONE);
	check_enum("$defs/follow/properties/state/enum", WORDS_INCIDENT_STATE, 1u << INCIDENT_NONE);
	check_enum("$defs/follow/properties/disposition/enum", WORDS_DISPOSITION, 1u << DISPOSITION_NONE);
}

static void terminals(void **state)
{
	(void)state;
	load("schemas/wire/unit-in.json");
	check_enum("allOf/2/then/properties/status/enum", WORDS_UNIT_STATE,
		1u << UNIT_RESERVED | 1u << UNIT_ORDERED);
	check_enum("allOf/3/then/properties/answer/enum", WORDS_ANSWER,
		1u << ANSWER_NONE | 1u << ANSWER_EXPIRE | 1u << ANSWER_RECALL);
	check_number("$defs/name/maxLength", UNIT_NAME_MAX);
	check_number("$defs/text/maxLength", UNIT_TEXT_MAX);
	load("schemas/wire/unit-out.json");
	check_enum("$defs/mode/enum", WORDS_MODE, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(alarms),
		cmocka_unit_test(replies),
		cmocka_unit_test(terminals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
