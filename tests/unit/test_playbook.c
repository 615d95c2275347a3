/* test_playbook: the reader of plans: the plan of the design, several files, what the town lacks, the plans we ship. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/words.h"
#include "playbook/alarm_type.h"
#include "playbook_text.h"

/* --- the plan of the design ------------------------------------------------------------------------ */

static const char design_sample[] =
	"playbook: water-person-near\n"
	"title: 水边危险区有人\n"
	"match: { type: [alarm.water.person_near], confidence: 0.6, grid: [], hours: \"00:00-24:00\", "
	"warning: [] }\n"
	"                                    # also: value: { above: 2.5, unit: m }, modes by response "
	"level\n"
	"correlate: { within_m: 150, within_s: 300 }\n"
	"upgrade: { sensors: 2, within_s: 120, to: 2 }    # a second, different sensor confirms: level 2\n"
	"incident: { type: drowning_risk, priority: 1, grade: 一般, response_level: IV }\n"
	"release: auto                       # auto | confirm\n"
	"confirm: { within_s: 60, then: dispatch }        # then: dispatch | hold\n"
	"steps:                              # when: at_once (default) | no_effect (of the step named in "
	"after)\n"
	"  - id: talk\n"
	"    action: { device: loudspeaker, within_m: 300, do: say, text: \"水深危险,请立即离开\", effect: "
	"cleared, effect_within_s: 30 }\n"
	"  - send:   { skills: [grid_worker], count: 1, arrive_within_s: 300 }\n"
	"  - send:   { skills: [water_rescue], count: 1, arrive_within_s: 600 }\n"
	"    when: no_effect\n"
	"    after: talk\n"
	"  - supply: { item: life_ring, quantity: 4 }\n"
	"    when: no_effect\n"
	"    after: talk\n"
	"  - notify: { who: [grid_head, duty_officer], answer_within_s: 300 }\n"
	"levels:\n"
	"  2: [ { send: { skills: [water_rescue], count: 2 } }, { send: { skills: [medic], count: 1 } }, { "
	"notify: { who: [committee] } } ]\n"
	"deadlines: { answer_s: 60, arrive_s: 600, receive_s: 3600, dispose_s: 86400, verify_s: 86400, "
	"climb_every_s: 7200, working_hours: [dispose, verify] }\n"
	"escalate: [grid_3, grid_2, grid_1, office, committee]\n"
	"expect:\n"
	"  - alarm: { type: alarm.water.person_near, at: \"2026-07-01T08:00:00Z\", position: [113.4312, "
	"34.7801], confidence: 0.93 }\n"
	"    sends: [{ skills: [grid_worker], count: 1 }]\n"
	"    after_s: 31\n"
	"    then: { sends: [{ skills: [water_rescue], count: 1 }], supplies: [{ item: life_ring, quantity: "
	"4 }] }\n";

static void sample_head(const struct playbook_def *def)
{
	assert_true(text_is(def->id, "water-person-near"));
	assert_true(text_is(def->title, "水边危险区有人"));
	assert_int_equal(def->type_count, 1);
	assert_true(text_is(def->type[0], "alarm.water.person_near"));
	assert_int_equal(def->confidence_ppm, 600000);
	assert_int_equal(def->hours_from_min, 0);
	assert_int_equal(def->hours_to_min, 1440);
	assert_int_equal(def->grid_count, 0);
	assert_int_equal(def->warning, 0);
	assert_int_equal(def->correlate_mm, 150000);
	assert_int_equal(def->correlate_ms, 300000);
	assert_int_equal(def->upgrade_sensors, 2);
	assert_int_equal(def->upgrade_ms, 120000);
	assert_int_equal(def->upgrade_to, 2);
	assert_true(text_is(def->incident_type, "drowning_risk"));
	assert_int_equal(def->priority, 1);
	assert_int_equal(def->grade, GRADE_GENERAL);
	assert_int_equal(def->response_level, 4);
	assert_int_equal(def->release, RELEASE_AUTO);
	assert_int_equal(def->confirm_ms, 60000);
	assert_true(def->confirm_dispatch);
	assert_int_equal(def->answer_ms, 60000);
	assert_int_equal(def->verify_ms, 86400000);
	assert_int_equal(def->climb_every_ms, 7200000);
	assert_int_equal(def->working, 1 << DEADLINE_DISPOSE | 1 << DEADLINE_VERIFY);
	assert_int_equal(def->climb_count, 5);
	assert_int_equal(def->climb[0], WHO_GRID_HEAD);
	assert_int_equal(def->climb[4], WHO_COMMITTEE);
}

static void sample_steps(const struct playbook_def *def)
{
	const struct step_def *step = def->step;

	assert_int_equal(def->step_count, 8);
	assert_int_equal(step[0].kind, STEP_ACTION);
	assert_true(text_is(step[0].device, "loudspeaker"));
	assert_true(text_is(step[0].say, "水深危险,请立即离开"));
	assert_int_equal(step[0].within_mm, 300000);
	assert_int_equal(step[0].effect, EFFECT_CLEARED);
	assert_int_equal(step[0].effect_within_ms, 30000);
	assert_int_equal(step[1].when, STEP_AT_ONCE);
	assert_int_equal(step[1].arrive_within_ms, 300000);
	assert_int_equal(step[2].when, STEP_NO_EFFECT);
	assert_int_equal(step[2].after, 0);
	assert_int_equal(step[3].kind, STEP_SUPPLY);
	assert_int_equal(step[3].quantity, 4);
	assert_int_equal(step[4].who, WHO_GRID_HEAD | WHO_DUTY_OFFICER);
	assert_int_equal(step[4].answer_within_ms, 300000);
	assert_int_equal(step[5].level, 2);
	assert_int_equal(step[5].count, 2);
	assert_true(text_is(step[6].skills, "medic"));
	assert_int_equal(step[7].who, WHO_COMMITTEE);
}

static void design_sample_loads(void **state)
{
	struct playbook_set *set;
	struct reading_faults faults;

	(void)state;
	if (load_text(design_sample, &set, &faults) != DISP_OK)
		reading_fault_print(stderr, &faults);
	assert_non_null(set);
	sample_head(set->def[0]);
	sample_steps(set->def[0]);

	const struct playbook_expect *expect = set->expect;
	assert_int_equal(set->expect_count, 1);
	assert_int_equal(expect->line, 26);
	assert_int_equal(expect->alarm.lon_e7, 1134312000);
	assert_int_equal(expect->alarm.lat_e7, 347801000);
	assert_int_equal(expect->alarm.at_ms, 1782892800000);
	assert_int_equal(expect->alarm.confidence_ppm, 930000);
	assert_true(expect->opens && expect->has_then && expect->first.has_sends);
	assert_int_equal(expect->first.send_count, 1);
	assert_int_equal(expect->after_ms, 31000);
	assert_true(text_is(expect->then.send[0].skills, "water_rescue"));
	assert_true(text_is(expect->then.supply[0].item, "life_ring"));
	assert_int_equal(expect->then.supply[0].quantity, 4);
	playbook_set_free(set);
	reading_faults_free(&faults);
}

/* --- several files ------------------------------------------------------------------------------ */

#define SMALL(id)                                                                                            \
	"playbook: " id "\ntitle: a\nmatch: { type: [alarm.gas.leak] }\n"                                    \
	"incident: { type: x, priority: 1 }\nsteps: [ { notify: { who: [office] } } ]\n"

#define FILE_OF(name, text)                                                                                  \
	{                                                                                                    \
		(name), (const uint8_t *)(text), sizeof(text) - 1                                            \
	}

static void one_id_in_two_files(void **state)
{
	const struct playbook_file file[] = {FILE_OF("a.yaml", SMALL("x")), FILE_OF("b.yaml", SMALL("y")),
		FILE_OF("c.yaml", "\n" SMALL("x"))};
	struct playbook_set *set;
	struct reading_faults faults;

	(void)state;
	reading_faults_init(&faults);
	assert_int_equal(playbook_load_files(file, 3, hash_toy, &set, &faults), DISP_E_INPUT);
	assert_int_equal(faults.count, 1);
	assert_string_equal(faults.item[0].file, "c.yaml");
	assert_int_equal(faults.item[0].line, 2);
	assert_int_equal(faults.item[0].column, 11);
	assert_non_null(strstr(faults.item[0].what, "playbook 'x' stands in a.yaml already"));
	reading_faults_free(&faults);
}

static void set_hash_is_of_contents(void **state)
{
	const struct playbook_file one[] = {FILE_OF("a.yaml", SMALL("x")), FILE_OF("b.yaml", SMALL("y"))};
	const struct playbook_file two[] = {FILE_OF("a.yaml", SMALL("y")), FILE_OF("c.yaml", SMALL("x"))};
	const struct playbook_file three[] = {FILE_OF("a.yaml", SMALL("y")), FILE_OF("c.yaml", SMALL("z"))};
	struct playbook_set *a, *b, *c;
	struct reading_faults faults;

	(void)state;
	reading_faults_init(&faults);
	assert_int_equal(playbook_load_files(one, 2, hash_toy, &a, &faults), DISP_OK);
	assert_int_equal(playbook_load_files(two, 2, hash_toy, &b, &faults), DISP_OK);
	assert_int_equal(playbook_load_files(three, 2, hash_toy, &c, &faults), DISP_OK);
	assert_memory_equal(a->hash, b->hash, PLAYBOOK_HASH_BYTES); /* names and order do not matter */
	assert_memory_not_equal(a->hash, c->hash, PLAYBOOK_HASH_BYTES);
	assert_memory_equal(a->def[0]->hash, b->def[1]->hash, PLAYBOOK_HASH_BYTES);
	playbook_set_free(a);
	playbook_set_free(b);
	playbook_set_free(c);
}

static void folder_write(const char *dir, const char *name, const char *text)
{
	char path[256];
	FILE *to;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	to = fopen(path, "w");
	assert_non_null(to);
	fputs(text, to);
	fclose(to);
}

static void folder_remove(const char *dir, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(unlink(path), 0);
}

static void folder_is_read_sorted(void **state)
{
	char dir[] = "/tmp/test_playbook.XXXXXX";
	struct playbook_set *set;
	struct reading_faults faults;

	(void)state;
	assert_non_null(mkdtemp(dir));
	reading_faults_init(&faults);
	assert_int_equal(playbook_load_dir("/nowhere/at/all", hash_toy, &set, &faults), DISP_E_IO);
	assert_int_equal(playbook_load_dir(dir, hash_toy, &set, &faults), DISP_E_INPUT); /* empty */
	assert_int_equal(faults.count, 2);
	folder_write(dir, "b.yaml", SMALL("first"));
	folder_write(dir, "a.yaml", SMALL("second"));
	folder_write(dir, "README.md", "# not a plan\n");
	assert_int_equal(playbook_load_dir(dir, hash_toy, &set, &faults), DISP_OK);
	assert_int_equal(set->count, 2);
	assert_string_equal(set->file[0], "a.yaml");
	assert_true(text_is(set->def[1]->id, "first"));
	playbook_set_free(set);
	folder_write(dir, "c.yml", SMALL("third")); /* would be left out in silence */
	assert_int_equal(playbook_load_dir(dir, hash_toy, &set, &faults), DISP_E_INPUT);
	assert_null(set);
	folder_remove(dir, "a.yaml");
	folder_remove(dir, "b.yaml");
	folder_remove(dir, "c.yml");
	folder_remove(dir, "README.md");
	assert_int_equal(rmdir(dir), 0);
	reading_faults_free(&faults);
}

/* --- the town ----------------------------------------------------------------------------------- */

static bool town_has_word(void *context, struct text word)
{
	(void)context;
	return text_is(word, "rescue") || text_is(word, "sandbag") || text_is(word, "0101");
}

static bool town_has_action(void *context, struct text kind, struct text action)
{
	(void)context;
	return text_is(kind, "pump") && (action.len == 0 || text_is(action, "start"));
}

static void town_lacks_are_listed(void **state)
{
	static const char text[] = "playbook: demo\n"
				   "title: a\n"
				   "match: { type: [alarm.gas.leak], grid: [\"0101\", \"0999\"] }\n"
				   "incident: { type: x, priority: 1 }\n"
				   "steps:\n"
				   "- { send: { skills: [rescue, divers], count: 1, substitute: [boat] } }\n"
				   "- { send: { skills: [rescue], count: 1 } }\n"
				   "- { supply: { item: sandbag, quantity: 1 } }\n"
				   "- { supply: { item: gold, quantity: 1 } }\n"
				   "- { action: { device: siren, within_m: 9, do: start } }\n"
				   "- { action: { device: pump, within_m: 9, do: sing } }\n"
				   "- { action: { device: pump, within_m: 9, do: start } }\n"
				   "- { action: { device: self, do: start } }\n";
	static const uint32_t want[][2] = {{3, 49}, {6, 21}, {6, 61}, {9, 21}, {10, 23}, {11, 46}, {13, 33}};
	const struct playbook_vocabulary town = {
		NULL, town_has_word, town_has_word, town_has_action, town_has_word};
	const struct playbook_vocabulary unasked = {NULL, NULL, NULL, NULL, NULL};
	struct playbook_set *set;
	struct reading_faults faults;

	(void)state;
	assert_int_equal(load_text(text, &set, &faults), DISP_OK);
	assert_int_equal(playbook_check_town(set, &unasked, &faults), DISP_OK);
	assert_int_equal(playbook_check_town(set, &town, &faults), DISP_E_INPUT);
	assert_int_equal(faults.count, 7);
	for (uint32_t index = 0; index < 7; index++) {
		assert_int_equal(faults.item[index].line, want[index][0]);
		assert_int_equal(faults.item[index].column, want[index][1]);
		assert_string_equal(faults.item[index].file, "demo.yaml");
	}
	assert_non_null(strstr(faults.item[1].what, "no unit of the town has the skill 'divers'"));
	assert_non_null(strstr(faults.item[4].what, "the town has no device of the kind 'siren'"));
	assert_non_null(strstr(faults.item[5].what, "can do 'sing'"));
	playbook_set_free(set);
	reading_faults_free(&faults);
}

/* --- what we ship -------------------------------------------------------------------------------- */

static bool set_matches(const struct playbook_set *set, struct text type)
{
	for (uint32_t index = 0; index < set->count; index++)
		for (uint32_t at = 0; at < set->def[index]->type_count; at++)
			if (set->def[index]->type[at].len == type.len &&
				memcmp(set->def[index]->type[at].ptr, type.ptr, type.len) == 0)
				return true;
	return false;
}

static void shipped_plans_load(void **state)
{
	struct playbook_set *set;
	struct reading_faults faults;
	uint32_t types = 0;

	(void)state;
	reading_faults_init(&faults);
	if (playbook_load_dir("playbooks", hash_toy, &set, &faults) != DISP_OK)
		reading_fault_print(stderr, &faults);
	assert_non_null(set);
	for (; alarm_type_at(types).len > 0; types++)
		assert_true(set_matches(set, alarm_type_at(types)));
	assert_int_equal(types, 20);
	for (uint32_t index = 0; index < set->count; index++) {
		uint32_t fires = 0, boundary = 0;

		for (uint32_t at = 0; at < set->expect_count; at++) {
			fires += set->expect[at].playbook == index && set->expect[at].opens;
			boundary += set->expect[at].playbook == index && !set->expect[at].opens;
		}
		if (fires < 1 || boundary < 1)
			fprintf(stderr, "%s: a case that fires and one that does not are wanted\n",
				set->file[index]);
		assert_true(fires >= 1 && boundary >= 1);
		assert_true(set->def[index]->climb_count > 0 && set->def[index]->dispose_ms > 0);
	}
	playbook_set_free(set);
	reading_faults_free(&faults);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(design_sample_loads),
		cmocka_unit_test(one_id_in_two_files),
		cmocka_unit_test(set_hash_is_of_contents),
		cmocka_unit_test(folder_is_read_sorted),
		cmocka_unit_test(town_lacks_are_listed),
		cmocka_unit_test(shipped_plans_load),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
