/* test_playbook_faults: every fault that a plan can have, once, with its line and column; nothing of plans that are right. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "playbook_text.h"

/* A plan that is right; a case puts other text in place of one of its lines. */
static const char *const base[] = {
	"playbook: demo",
	"title: 测试",
	"match: { type: [alarm.water.level], value: { above: 2.5, unit: m } }",
	"upgrade: { sensors: 2, within_s: 120, to: 2 }",
	"incident: { type: flood, priority: 2 }",
	"release: auto",
	"steps:",
	"  - { id: talk, action: { device: self, do: fly, effect: cleared, effect_within_s: 30 } }",
	"  - { send: { skills: [rescue], count: 1 }, when: no_effect, after: talk }",
	"  - { id: bags, supply: { item: sandbag, quantity: 10 } }",
	"  - { notify: { who: [office] } }",
	"levels: { 2: [ { send: { skills: [medic], count: 1 } } ] }",
	"deadlines: { receive_s: 3600 }",
	"escalate: [grid_3, office]",
	"expect:",
	"  - { alarm: { type: alarm.water.level, value: 3, unit: m }, sends: [] }",
};
enum { BASE_LINES = sizeof(base) / sizeof(base[0]) };

/* line: which line of the base is replaced, from 1. The sign § stands before the place of the fault and is
 * taken out. says: a part of the message. */
static const struct fault_case {
	uint32_t line;
	const char *text, *says;
} fault_cases[] = {
	/* not YAML, or more of YAML than plans use */
	{2, "title: [测试\nmatch§: { a: b }", "not YAML"},
	{2, "title: §&name 测试", "anchors"},
	{2, "title: §!!str 测试", "tags"},
	{2, "title: §*name", "aliases"},
	{16, "  - { alarm: { type: alarm.water.level }, sends: [] }\n§---\nplaybook: two", "second document"},
	{5, "incident: [[[[[[[[[[[§[1]]]]]]]]]]]]", "nested too deeply"},
	{2, "title: \"测§\xff\"", "save it as UTF-8"},
	{2, "title§：测", "full-width colon"},
	/* keys, anywhere */
	{6, "§relaese: auto", "did you mean 'release'"},
	{6, "§colour: red", "unknown key 'colour' in the playbook; known here: playbook, title"},
	{3, "match: { type: [alarm.water.level], §colour: [red] }", "unknown key 'colour' in match"},
	{3, "match: { type: [alarm.water.level], value: { above: 1, unit: m, §over: 3 } }", "in match.value"},
	{4, "upgrade: { sensors: 2, within_s: 120, to: 2, §too: 3 }", "in upgrade; did you mean 'to'"},
	{5, "incident: { type: flood, priority: 2, §kind: x }", "in incident"},
	{8, "  - { id: talk, action: { device: loudspeaker, within_m: 300, do: fly, §speed: 3 } }",
		"in action"},
	{10, "  - { supply: { item: sandbag, quantity: 10, §count: 3 } }", "unknown key 'count' in supply"},
	{9, "  - { send: { skills: [rescue], count: 1 }, §then: talk }", "unknown key 'then' in a step"},
	{11, "  - { notify: { who: [office], §within_s: 3 } }", "in notify"},
	{13, "deadlines: { §recieve_s: 3600 }", "did you mean 'receive_s'"},
	{13, "deadlines: { working_hours: [dispose, §arrive] }", "allowed are dispose, verify"},
	{13, "deadlines: { working_hours: [dispose, §dispose] }", "twice"},
	{16, "  - { alarm: { type: alarm.water.level, §levle: 3 }, sends: [] }", "in alarm"},
	{16, "  - { alarm: { type: alarm.water.level }, §send: [] }", "did you mean 'sends'"},
	{16, "  - { alarm: { type: alarm.water.level }, §calls: [] }", "unknown key 'calls' in a case"},
	{16, "  - { alarm: { type: alarm.water.level }, sends: [{ skills: [a], §quantity: 1 }] }",
		"in sends"},
	{16, "  - { alarm: { type: alarm.water.level }, after_s: 3, then: { §opens: true } }", "in then"},
	{6, "release: auto\n§release: auto", "given twice; first in line 6"},
	{6, "release: auto\n§[a]: b", "must be a word"},
	{2, "", "*1:1 the playbook: key 'title' is missing"},
	{3, "match: §{ confidence: 0.5 }", "match: key 'type' is missing"},
	{5, "incident: §{ priority: 1 }", "incident: key 'type' is missing"},
	{5, "incident: §{ type: flood }", "incident: key 'priority' is missing"},
	{4, "upgrade: §{ within_s: 120, to: 2 }", "key 'sensors' is missing"},
	{4, "correlate: §{ within_m: 100 }", "correlate: key 'within_s' is missing"},
	{9, "  - { send: §{ count: 1 } }", "send: key 'skills' is missing"},
	{9, "  - { send: §{ skills: [rescue] } }", "send: key 'count' is missing"},
	{10, "  - { supply: §{ item: sandbag } }", "supply: key 'quantity' is missing"},
	{11, "  - { notify: §{ answer_within_s: 3 } }", "notify: key 'who' is missing"},
	{16, "  - §{ sends: [] }", "a case: key 'alarm' is missing"},
	{16, "  - { alarm: §{ confidence: 1 }, sends: [] }", "alarm: key 'type' is missing"},
	{9, "  - { send: { skills: [rescue], count: 1, task: 停下,§再看 } }",
		"(text with a comma needs quotes)"},
	/* kinds */
	{3, "match: §[alarm.water.level]", "match must be a map, here stands a list"},
	{3, "match: { type: §alarm.water.level }", "must be a list [ ], here stands text"},
	{2, "title: §[a]", "title must be text, here stands a list"},
	{2, "title:§", "*2:7 title must be text, here stands nothing"},
	{9, "  - { send: { skills: [rescue], count: §one } }", "count must be a number, here stands 'one'"},
	{9, "  - { send: { skills: [rescue], count: §\"1\" } }",
		"count must be a number, here stands '1' in quotes"},
	{9, "  - { send: { skills: [rescue], count: §[1] } }", "count must be a number, here stands a list"},
	{9, "  - { send: { skills: [§two words], count: 1 } }", "is not a word"},
	{9, "  - { send: §rescue }", "send must be a map, here stands text"},
	{9, "  - §rescue", "a step must be a map"},
	{12, "levels: §[]", "levels must be a map"},
	{16, "  - { alarm: { type: alarm.water.level }, opens: §maybe }", "opens must be true or false"},
	{16, "  - { alarm: { type: alarm.water.level, at: §yesterday }, sends: [] }", "at must be a time"},
	{16, "  - { alarm: { type: alarm.water.level, position: §[1] }, sends: [] }",
		"[longitude, latitude]"},
	{16, "  - { alarm: { type: alarm.water.level, position: [34.78, §113.43] } }",
		"no latitude is 113.43; longitude comes first"},
	{16, "  - { alarm: { type: alarm.water.level, position: [§east, 34.78] } }",
		"longitude must be a number"},
	/* ranges */
	{9, "  - { send: { skills: [rescue], count: §0 } }", "count is 0; allowed are 1 to 64"},
	{9, "  - { send: { skills: [rescue], count: §65 } }", "count is 65; allowed are 1 to 64"},
	{9, "  - { send: { skills: [rescue], count: §1.5 } }", "a whole number is needed"},
	{9, "  - { send: { skills: [rescue], count: §99999999999999999999 } }", "allowed are 1 to 64"},
	{9, "  - { send: { skills: [rescue], count: 1, arrive_within_s: §-1 } }", "allowed are 0 to 2592000"},
	{9, "  - { send: { skills: [rescue], count: 1, arrive_within_s: §1.0005 } }", "at most 3 decimals"},
	{10, "  - { supply: { item: sandbag, quantity: §0 } }", "quantity is 0"},
	{3, "match: { type: [alarm.water.level], confidence: §1.01 }",
		"confidence is 1.01; allowed are 0 to 1"},
	{3, "match: { type: [alarm.water.level], confidence: §-0.1 }", "allowed are 0 to 1"},
	{5, "incident: { type: flood, priority: §6 }", "allowed are 1 to 5"},
	{4, "upgrade: { sensors: §1, within_s: 120, to: 2 }", "sensors is 1; allowed are 2 to 16"},
	{4, "upgrade: { sensors: 2, within_s: 120, to: §6 }", "to is 6; allowed are 2 to 5"},
	{13, "deadlines: { receive_s: §-5 }", "receive_s is -5"},
	{8, "  - { id: talk, action: { device: loudspeaker, within_m: §0, do: fly } }",
		"within_m is 0; allowed are 0.001 to 100000"},
	{16, "  - { alarm: { type: alarm.water.level, confidence: §2 }, sends: [] }", "allowed are 0 to 1"},
	{16, "  - { alarm: { type: alarm.water.level }, level: §6 }", "level is 6; allowed are 1 to 5"},
	/* words of a set */
	{6, "release: §advise", "release is 'advise'; allowed are auto, confirm"},
	{6, "confirm: { within_s: 60, then: §wait }", "allowed are dispatch, hold"},
	{5, "incident: { type: flood, priority: 2, grade: §大 }", "allowed are 一般, 较大, 重大, 特别重大"},
	{5, "incident: { type: flood, priority: 2, response_level: §V }", "allowed are I, II, III, IV"},
	{3, "match: { type: [alarm.water.level], warning: [red, §pink] }",
		"allowed are blue, yellow, orange, red"},
	{3, "match: { type: [alarm.water.level], warning: [red, §red] }", "names 'red' twice"},
	{3, "match: { type: [alarm.water.level], modes: [I, §5] }", "modes is '5'"},
	{3, "match: { type: §[] }", "match.type is empty"},
	{3, "match: { type: [§alarm.water.levle] }", "not a listed alarm type"},
	{3, "match: { type: [alarm.water.level, §alarm.water.level] }", "twice"},
	{3, "match: { type: [alarm.water.level], hours: §\"7-19\" }", "write it as \"07:30-19:00\""},
	{3, "match: { type: [alarm.water.level], hours: §\"07:00-24:01\" }", "hours is"},
	{3, "match: { type: [alarm.water.level], hours: §\"07:60-19:00\" }", "hours is"},
	{8,
		"  - { id: talk, action: { device: loudspeaker, within_m: 3, do: fly, effect: §gone, "
		"effect_within_s: 3 } }",
		"effect must be cleared"},
	{9, "  - { send: { skills: [rescue], count: 1 }, when: §later }",
		"when must be at_once or no_effect"},
	{9, "  - { send: { skills: [rescue, §rescue], count: 1 } }", "skills names 'rescue' twice"},
	{9, "  - { send: { skills: §[], count: 1 } }", "skills is empty"},
	{11, "  - { notify: { who: [§mayor] } }", "who is 'mayor'"},
	{11, "  - { notify: { who: §[] } }", "who is empty"},
	{14, "escalate: [grid_3, §grid_4]", "escalate is 'grid_4'"},
	{14, "escalate: [grid_3, §all_heads]", "escalate is 'all_heads'"},
	{14, "escalate: [grid_3, §grid_3]", "twice"},
	/* units */
	{3, "match: { type: [alarm.water.level], value: { above: 2.5, unit: §meter } }",
		"unit 'meter' is not known; known are m cm mm"},
	{3, "match: { type: [alarm.water.level], value: { above: 2.5, unit: §kPa } }",
		"unit 'kPa' is wrong for alarm.water.level; its values are in m cm mm"},
	{3, "match: { type: [alarm.water.level], value: §{ above: 2.5 } }",
		"match.value: key 'unit' is missing"},
	{3, "match: { type: [alarm.water.level], value: §{ unit: m } }", "'above' or 'below' is missing"},
	{16, "  - { alarm: { type: alarm.water.level, value: §3 }, sends: [] }", "a value needs its unit"},
	{16, "  - { alarm: { type: alarm.water.level, unit: §m }, sends: [] }", "unit without value"},
	{16, "  - { alarm: { type: alarm.water.level, value: 3, unit: §ppm }, sends: [] }",
		"wrong for alarm.water.level"},
	/* what contradicts itself */
	{3, "match: { type: [alarm.water.level], value: §{ above: 3, below: 3, unit: m } }",
		"no value is above"},
	{4, "upgrade: { sensors: 2, within_s: 120, to: §3 }", "there is no level 3"},
	{6, "release: §confirm", "needs the key 'confirm'"},
	{9, "  - { send: { skills: [rescue], count: 1 }, when: §no_effect }", "needs 'after'"},
	{9, "  - { send: { skills: [rescue], count: 1 }, after: §talk }",
		"no meaning without when: no_effect"},
	{9, "  - { send: { skills: [rescue], count: 1 }, when: no_effect, after: §tlak }",
		"no step has the id 'tlak'"},
	{11, "  - { notify: { who: [office] }, when: no_effect, after: §bags }", "is no action"},
	{9,
		"  - { send: { skills: [rescue], count: 1 }, when: no_effect, after: §late }\n"
		"  - { id: late, action: { device: pump, within_m: 300, do: start } }",
		"must stand before"},
	{9, "  - { id: §talk, send: { skills: [rescue], count: 1 } }", "two steps have the id 'talk'"},
	{9, "  - { send: { skills: [rescue], count: 1 }, §notify: { who: [office] } }",
		"'send' and 'notify' are two steps"},
	{9, "  - §{ id: idle }", "needs one of send, supply, action, notify"},
	{8, "  - { id: talk, action: §{ device: pump, do: start } }", "'within_m' is missing"},
	{8, "  - { id: talk, action: { device: self, within_m: §3, do: start } }",
		"no meaning with device: self"},
	{8, "  - { id: talk, action: §{ device: self, do: start, effect: cleared } }",
		"'effect_within_s' is missing"},
	{8, "  - { id: talk, action: { device: self, do: start, effect_within_s: §3 } }",
		"no meaning without effect"},
	{8, "  - { id: talk, action: §{ device: self, do: say } }", "what shall it say"},
	{12, "levels: { §1: [ { notify: { who: [office] } } ], 2: [ { notify: { who: [lead] } } ] }",
		"level 1 is what stands in steps"},
	{12, "levels: { 2: [ { notify: { who: [lead] } } ], §6: [ { notify: { who: [office] } } ] }",
		"level '6' does not exist"},
	{12, "levels: { 2: [ { notify: { who: [lead] } } ], §2: [ { notify: { who: [office] } } ] }",
		"level 2 is given twice"},
	{12, "levels: { 2: §[] }", "a level is empty"},
	{12, "levels: { 2: [ §{ send: { skills: [medic], count: 64 } } ] }", "asks for 65 units; at most 64"},
	{2, "title: §\"a\\nb\"", "one line without control characters"},
	{16, "  - { alarm: { type: alarm.water.level }, opens: false, §sends: [] }",
		"no meaning with opens: false"},
	{16, "  - { alarm: { type: alarm.water.level }, after_s: §3 }", "after_s needs 'then'"},
	{16, "  - { alarm: { type: alarm.water.level }, §then: { sends: [] } }", "then needs 'after_s'"},
	{16,
		"  - { alarm: { type: alarm.water.level }, cleared_after_s: §9, after_s: 8, then: { sends: "
		"[] } }",
		"behind the last look"},
	{16, "  - { alarm: { type: alarm.water.level }, also: §[{ type: alarm.water.level, after_s: 9 }] }",
		"behind the last look"},
	{16, "  - { alarm: { type: alarm.water.level, source: a, kind: §b } }", "give source or kind"},
	{16,
		"  - { given: { alarm: { type: alarm.water.level, §kind: x } }, alarm: { type: "
		"alarm.water.level } }",
		"a given alarm has that of the first"},
	{16, "  - { given: { warning: §pink }, alarm: { type: alarm.water.level } }", "warning is 'pink'"},
};

/* The base with one line replaced; the place of § as line and column, the sign itself taken out. */
static void case_build(
	const struct fault_case *fault, char *out, size_t size, uint32_t *line, uint32_t *column)
{
	size_t used = 0;
	char *sign, *start;

	for (uint32_t index = 0; index < BASE_LINES; index++)
		used += (size_t)snprintf(out + used, size - used, "%s\n",
			index + 1 == fault->line ? fault->text : base[index]);
	*line = 0;
	*column = 1;
	sign = strstr(out, "§");
	if (sign == NULL)
		return;
	for (start = sign; start > out && start[-1] != '\n';)
		start--;
	*line = 1;
	for (const char *at = out; at < start; at++)
		*line += *at == '\n';
	for (const char *at = start; at < sign; at++)
		*column += ((unsigned char)*at & 0xc0) != 0x80;
	memmove(sign, sign + strlen("§"), strlen(sign + strlen("§")) + 1);
}

static bool fault_found(
	const struct fault_case *fault, const struct reading_faults *faults, uint32_t line, uint32_t column)
{
	const char *says = fault->says;

	if (faults->count != 1 || strcmp(faults->item[0].file, "demo.yaml") != 0)
		return false;
	if (says[0] == '*') { /* the place is given in the message: "*2:7 text" */
		char *end;

		line = (uint32_t)strtoul(says + 1, &end, 10);
		column = (uint32_t)strtoul(end + 1, &end, 10);
		says = end + 1;
	}
	return faults->item[0].line == line && faults->item[0].column == column &&
	       strstr(faults->item[0].what, says) != NULL;
}

static void every_fault_has_its_place(void **state)
{
	uint32_t wrong = 0;

	(void)state;
	for (size_t index = 0; index < sizeof(fault_cases) / sizeof(fault_cases[0]); index++) {
		char text[4096];
		uint32_t line, column;
		struct playbook_set *set;
		struct reading_faults faults;

		case_build(&fault_cases[index], text, sizeof(text), &line, &column);
		assert_int_equal(load_text(text, &set, &faults), DISP_E_INPUT);
		assert_null(set);
		if (!fault_found(&fault_cases[index], &faults, line, column)) {
			fprintf(stderr, "wanted %u:%u '%s' for '%s', got %u:\n", line, column,
				fault_cases[index].says, fault_cases[index].text, faults.count);
			reading_fault_print(stderr, &faults);
			wrong++;
		}
		reading_faults_free(&faults);
	}
	assert_int_equal(wrong, 0);
}

static void base_is_right(void **state)
{
	const struct fault_case nothing = {0, "", ""};
	char text[4096];
	uint32_t line, column;
	struct playbook_set *set;
	struct reading_faults faults;

	(void)state;
	case_build(&nothing, text, sizeof(text), &line, &column);
	assert_int_equal(load_text(text, &set, &faults), DISP_OK);
	assert_int_equal(set->def[0]->above_e6, 2500000);
	assert_true(set->def[0]->has_above && !set->def[0]->has_below);
	assert_true(set->expect[0].first.has_sends && set->expect[0].first.send_count == 0);
	playbook_set_free(set);
	reading_faults_free(&faults);
}

static void all_faults_are_listed_in_order(void **state)
{
	static const char text[] = "playbook: demo\n"
				   "expect: [ { alarm: { type: alarm.none } } ]\n"
				   "match: { type: [], confidence: 3 }\n"
				   "incident: { type: x, priority: 9 }\n"
				   "steps: [ { send: { skill: [a], count: 0 } } ]\n";
	static const uint32_t want_line[] = {1, 2, 3, 3, 4, 5, 5, 5};
	struct playbook_set *set;
	struct reading_faults faults;

	(void)state;
	assert_int_equal(load_text(text, &set, &faults), DISP_E_INPUT);
	assert_int_equal(faults.count, 8);
	for (uint32_t index = 0; index < 8; index++)
		assert_int_equal(faults.item[index].line, want_line[index]);
	reading_faults_free(&faults);
}

static void too_many_steps(void **state)
{
	char text[8192] = "playbook: demo\ntitle: a\nmatch: { type: [alarm.gas.leak] }\n"
			  "incident: { type: x, priority: 1 }\nsteps:\n";
	struct playbook_set *set;
	struct reading_faults faults;

	(void)state;
	for (int step = 0; step < PLAYBOOK_STEPS_MAX; step++)
		strcat(text, "- { notify: { who: [office] } }\n");
	assert_int_equal(load_text(text, &set, &faults), DISP_OK);
	playbook_set_free(set);
	strcat(text, "- { notify: { who: [office] } }\n");
	assert_int_equal(load_text(text, &set, &faults), DISP_E_INPUT);
	assert_int_equal(faults.count, 1);
	assert_int_equal(faults.item[0].line, 5 + PLAYBOOK_STEPS_MAX + 1);
	assert_int_equal(faults.item[0].column, 3);
	assert_non_null(strstr(faults.item[0].what, "too many steps"));
	reading_faults_free(&faults);
}

static void empty_files(void **state)
{
	static const char *const empty[] = {"", "\n", "# nothing\n", "---\n"};
	struct playbook_set *set;
	struct reading_faults faults;

	(void)state;
	for (size_t index = 0; index < sizeof(empty) / sizeof(empty[0]); index++) {
		assert_int_equal(load_text(empty[index], &set, &faults), DISP_E_INPUT);
		assert_int_equal(faults.count, 1);
		reading_faults_free(&faults);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base_is_right),
		cmocka_unit_test(every_fault_has_its_place),
		cmocka_unit_test(all_faults_are_listed_in_order),
		cmocka_unit_test(too_many_steps),
		cmocka_unit_test(empty_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
