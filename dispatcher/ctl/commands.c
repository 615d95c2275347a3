/* commands: the table of all commands. What a command is called, takes, does and says stands here and nowhere else. */
#include "ctl/command.h"

#include <string.h>

#include "ctl/fields.h"
#include "ctl/run.h"
#include "ctl/view.h"

#define PLACE(name_, kind_, en)                                                                              \
	{                                                                                                    \
		.name = (name_), .kind = (kind_), .to = TO_LOCAL, .flags = ARG_REQUIRED, .what = en          \
	}
#define PLACE_IN(name_, field_, en)                                                                          \
	{                                                                                                    \
		.name = (name_), .field = (field_), .to = TO_BODY, .flags = ARG_REQUIRED, .what = en         \
	}
#define IN_PATH(en)                                                                                          \
	{                                                                                                    \
		.name = "ID", .to = TO_PATH, .flags = ARG_REQUIRED, .what = en                               \
	}
#define BODY(name_, field_, en)                                                                              \
	{                                                                                                    \
		.name = (name_), .field = (field_), .to = TO_BODY, .what = en                                \
	}
#define BODY_IS(name_, field_, kind_, flags_, en)                                                            \
	{                                                                                                    \
		.name = (name_), .field = (field_), .kind = (kind_), .to = TO_BODY, .flags = (flags_),       \
		.what = en                                                                                   \
	}
#define QUERY(name_, field_, kind_, en)                                                                      \
	{                                                                                                    \
		.name = (name_), .field = (field_), .kind = (kind_), .to = TO_QUERY, .what = en              \
	}
#define WORD_IN(name_, field_, to_, flags_, words_, en)                                                      \
	{                                                                                                    \
		.name = (name_), .field = (field_), .kind = ARG_WORD, .to = (to_), .flags = (flags_),        \
		.words = (words_), .what = en                                                                \
	}
#define ONE_OF(group_, name_, field_, en)                                                                    \
	{                                                                                                    \
		.name = (name_), .field = (field_), .to = TO_BODY, .group = (group_), .what = en             \
	}

#define REASON          BODY("--reason", "reason", "why; goes on the record")
#define REASON_REQUIRED BODY_IS("--reason", "reason", ARG_TEXT, ARG_REQUIRED, "why; goes on the record")
#define BY              BODY("--by", "by", "who; the login name unless given")
#define CHANNEL                                                                                              \
	WORD_IN("--channel", "channel", TO_BODY, 0, "console|phone|radio",                                   \
		"how it came; console unless given")
#define SIGNED   BY, CHANNEL
#define ALL      QUERY("--all", "all", ARG_FLAG, "ended ones too")
#define INCIDENT PLACE_IN("ID", "incident", "the incident")
#define CRS      BODY("--crs", "crs", "coordinate system, EPSG:4490 unless given")
#define STOCK_ARGS                                                                                           \
	PLACE_IN("DEPOT", "depot", "the depot"), PLACE_IN("ITEM", "item", "the item"),                       \
		BODY_IS("QUANTITY", "quantity", ARG_WHOLE, ARG_REQUIRED, "how many"), REASON, SIGNED

#define INCIDENT_STATES                                                                                      \
	"reported|accepted|dispatched|working|done_reported|verified|closed|cancelled|referred"
#define ORDER_STATES "issued|delivered|accepted|en_route|arrived|done|declined|expired|recalled|failed"
#define UNIT_STATES                                                                                          \
	"off_duty|available|reserved|ordered|acknowledged|en_route|on_scene|returning|out_of_service"
#define DISPOSITIONS "resolved|false|nuisance|duplicate|referred|no_action"

#define GET(path_) .method = "GET", .path = (path_)
#define DO(name_)  .method = "POST", .path = "/v1/commands/" name_, .signed_by = true, .show = view_command

static const struct command table[] = {
	{"status", N_("health: normal or island, what is due, silent devices"), "status", {{.name = NULL}},
		GET("/v1/status"), .run = run_status},

	{"alarm list", N_("the latest alarms"), "alarm list --limit 50",
		{QUERY("--limit", "limit", ARG_COUNT, "how many, 200 unless given")}, GET("/v1/alarms"),
		.fields = fields_alarm},
	{"alarm show", N_("one alarm"), "alarm show A1",
		{PLACE("ID", ARG_TEXT, "its number, or the sender's id")}, GET("/v1/alarms"),
		.run = run_alarm_show},
	{"alarm send", N_("hand in alarms, one JSON object a line; prints the replies"),
		"alarm send alarm.json", {PLACE("FILE", ARG_PATH, "a file, - for standard input")},
		.method = "POST", .path = "/v1/alarms", .run = run_alarm_send},

	{"incident list", N_("incidents, the open ones"), "incident list --state reported",
		{WORD_IN("--state", "state", TO_QUERY, 0, INCIDENT_STATES, "only this state"), ALL},
		GET("/v1/incidents"), .fields = fields_incident},
	{"incident show", N_("the whole story: who, why, what is missing, deadlines, timeline"),
		"incident show 2026-000001", {IN_PATH("the incident")}, GET("/v1/incidents/{id}"),
		.show = view_incident},
	{"incident open", N_("open an incident by hand"),
		"incident open --type fire --lon 113.43 --lat 34.78 --caller 张三 --phone 13800000000 --text "
		"仓库冒烟",
		{BODY_IS("--type", "type", ARG_TEXT, ARG_REQUIRED, "type of the incident"),
			{.name = "--lon",
				.field = "lon",
				.kind = ARG_DEGREES_LON,
				.to = TO_BODY,
				.group = 1,
				.with = "--lat",
				.what = N_("longitude, or easting")},
			{.name = "--lat",
				.field = "lat",
				.kind = ARG_DEGREES_LAT,
				.to = TO_BODY,
				.with = "--lon",
				.what = N_("latitude, or northing")},
			{.name = "--crs",
				.field = "crs",
				.to = TO_BODY,
				.with = "--lon",
				.what = N_("coordinate system, EPSG:4490 unless given")},
			ONE_OF(1, "--grid", "grid", "a grid"), ONE_OF(1, "--device", "device", "a device"),
			ONE_OF(1, "--place", "place", "a known place"),
			BODY("--caller", "caller", "who called"),
			BODY("--phone", "phone", "from which number"),
			BODY("--text", "text", "what was said"),
			BODY_IS("--at", "at", ARG_TIME, 0, "when it happened"),
			BODY("--title", "title", "a title"),
			BODY("--playbook", "playbook", "which playbook, see playbook list"), SIGNED},
		DO("incident-open")},
	{"incident confirm", N_("validate it, and let held orders go"), "incident confirm 2026-000001",
		{INCIDENT, REASON, SIGNED}, DO("incident-confirm")},
	{"incident reject", N_("it is not a case"), "incident reject 2026-000001 --reason 误报",
		{INCIDENT, REASON, SIGNED}, DO("incident-reject")},
	{"incident upgrade", N_("second, third alarm"), "incident upgrade 2026-000001 --level 2",
		{INCIDENT, BODY_IS("--level", "level", ARG_COUNT, 0, "to which level, the next unless given"),
			REASON, SIGNED},
		DO("incident-upgrade")},
	{"incident escalate", N_("to the next rung"), "incident escalate 2026-000001 --reason 本级无法处置",
		{INCIDENT, REASON, SIGNED}, DO("incident-escalate")},
	{"incident note", N_("a remark for the record"), "incident note 2026-000001 已与村委核实",
		{INCIDENT, ONE_OF(1, "TEXT", "reason", "the remark"),
			ONE_OF(1, "--reason", "reason", "the same as TEXT"), SIGNED},
		DO("incident-note")},
	{"incident done", N_("the work is reported done"), "incident done 2026-000001",
		{INCIDENT, REASON, SIGNED}, DO("incident-done")},
	{"incident verify", N_("checked, by somebody else than who did it"),
		"incident verify 2026-000001 --failed --reason 积水未退",
		{INCIDENT, BODY_IS("--failed", "passed", ARG_FLAG, ARG_NEGATES, "it failed: work goes on"),
			REASON, SIGNED},
		DO("incident-verify"), .body = "{\"passed\":true}"},
	{"incident reopen", N_("work again"), "incident reopen 2026-000001 --reason 复发",
		{INCIDENT, REASON, SIGNED}, DO("incident-reopen")},
	{"incident cancel", N_("call it off"), "incident cancel 2026-000001 --reason 误拨",
		{INCIDENT, REASON, SIGNED}, DO("incident-cancel")},
	{"incident refer", N_("hand it over to another authority"),
		"incident refer 2026-000001 --reason 移送县应急局", {INCIDENT, REASON, SIGNED},
		DO("incident-refer")},
	{"incident merge", N_("it is the same case as another, which goes on"),
		"incident merge 2026-000002 2026-000001",
		{INCIDENT, ONE_OF(1, "INTO", "into", "the incident that goes on"),
			ONE_OF(1, "--into", "into", "the same as INTO"), REASON, SIGNED},
		DO("incident-merge")},
	{"incident split", N_("a case of its own again"), "incident split 2026-000002",
		{INCIDENT, REASON, SIGNED}, DO("incident-split")},
	{"incident close", N_("end it"), "incident close 2026-000001 --disposition resolved",
		{INCIDENT,
			WORD_IN("--disposition", "disposition", TO_BODY, ARG_REQUIRED, DISPOSITIONS,
				"how it ended"),
			REASON, SIGNED},
		DO("incident-close")},
	{"incident add", N_("more help than the playbook asks for"),
		"incident add 2026-000001 --skill medic --count 2",
		{INCIDENT,
			BODY_IS("--skill", "skills", ARG_TEXT, ARG_REQUIRED | ARG_MANY,
				"a skill; may be repeated"),
			BODY_IS("--count", "count", ARG_COUNT, 0, "how many, 1 unless given"), SIGNED},
		DO("incident-add")},

	{"order list", N_("orders, the live ones"), "order list --incident 2026-000001",
		{QUERY("--incident", "incident", ARG_TEXT, "only of this incident"),
			WORD_IN("--state", "state", TO_QUERY, 0, ORDER_STATES, "only this state"), ALL},
		GET("/v1/orders"), .fields = fields_order, .asks_now = true},
	{"order show", N_("one order"), "order show O1", {IN_PATH("the order")}, GET("/v1/orders/{id}"),
		.show = view_order},
	{"order send", N_("send these units, now"), "order send 2026-000001 WR-1 --task 封路",
		{PLACE_IN("INCIDENT", "incident", "the incident"),
			BODY_IS("UNIT", "unit", ARG_TEXT, ARG_REQUIRED | ARG_MANY, "a unit, or several"),
			BODY("--task", "task", "what it is to do"),
			BODY_IS("--also", "also", ARG_FLAG, 0, "although it has a live order"), SIGNED},
		DO("order-send"), .run = run_order_send},
	{"order swap", N_("another unit instead"), "order swap O1 WR-2",
		{PLACE_IN("ORDER", "order", "the order"), PLACE_IN("UNIT", "unit", "the unit to go instead"),
			REASON, SIGNED},
		DO("order-swap")},
	{"order recall", N_("call it back"), "order recall O1 --reason 已解除",
		{PLACE_IN("ORDER", "order", "the order"), REASON, SIGNED}, DO("order-recall")},
	{"order answer", N_("answer on behalf of a unit without a terminal"),
		"order answer O1 accept --by 李四 --channel phone",
		{PLACE_IN("ORDER", "order", "the order"),
			WORD_IN("ANSWER", "answer", TO_BODY, ARG_REQUIRED,
				"accept|decline|en_route|arrived|done|failed", "the answer"),
			BODY_IS("--quantity", "quantity", ARG_COUNT, 0, "how much was handed out"), REASON,
			SIGNED},
		DO("order-answer")},

	{"unit list", N_("units"), "unit list --skill water_rescue",
		{WORD_IN("--state", "state", TO_QUERY, 0, UNIT_STATES, "only this state"),
			QUERY("--skill", "skill", ARG_TEXT, "only those that hold it")},
		GET("/v1/units"), .fields = fields_unit},
	{"unit show", N_("one unit with its live orders"), "unit show WR-1", {IN_PATH("the unit")},
		GET("/v1/units/{id}"), .show = view_unit},
	{"unit set", N_("set a unit's status, and its place"),
		"unit set WR-1 --status available --lon 113.43 --lat 34.78",
		{PLACE_IN("ID", "unit", "the unit"),
			WORD_IN("--status", "status", TO_BODY, ARG_REQUIRED, UNIT_STATES, "its status"),
			{.name = "--lon",
				.field = "lon",
				.kind = ARG_DEGREES_LON,
				.to = TO_BODY,
				.with = "--lat",
				.what = N_("longitude")},
			{.name = "--lat",
				.field = "lat",
				.kind = ARG_DEGREES_LAT,
				.to = TO_BODY,
				.with = "--lon",
				.what = N_("latitude")},
			CRS, REASON, SIGNED},
		DO("unit-set")},
	{"nearest", N_("the nearest units to a place, and why others are passed over"),
		"nearest --lon 113.43 --lat 34.78 -k 5 --skill medic",
		{{.name = "--lon",
			 .field = "lon",
			 .kind = ARG_DEGREES_LON,
			 .to = TO_QUERY,
			 .flags = ARG_REQUIRED,
			 .what = N_("longitude")},
			{.name = "--lat",
				.field = "lat",
				.kind = ARG_DEGREES_LAT,
				.to = TO_QUERY,
				.flags = ARG_REQUIRED,
				.what = N_("latitude")},
			QUERY("--crs", "crs", ARG_TEXT, "coordinate system, EPSG:4490 unless given"),
			QUERY("-k", "k", ARG_COUNT, "how many, 10 unless given"),
			{.name = "--skill",
				.field = "skill",
				.to = TO_QUERY,
				.flags = ARG_MANY,
				.what = N_("a skill that it must hold; may be repeated")}},
		GET("/v1/nearest"), .run = run_nearest, .fields = fields_nearest},

	{"depot list", N_("depots"), "depot list", {{.name = NULL}}, GET("/v1/depots"),
		.fields = fields_depot},
	{"depot show", N_("one depot with its stock and orders"), "depot show depot-north",
		{IN_PATH(NC_("id", "the depot"))}, GET("/v1/depots/{id}"), .show = view_depot},
	{"stock list", N_("stock lines"), "stock list --low",
		{QUERY("--depot", "depot", ARG_TEXT, "only of this depot"),
			QUERY("--item", "item", ARG_TEXT, "only this item"),
			QUERY("--low", "low", ARG_FLAG, "only those below their minimum")},
		GET("/v1/stock"), .fields = fields_stock},
	{"stock receive", N_("goods in"), "stock receive depot-north life_ring 20", {STOCK_ARGS},
		DO("stock-receive")},
	{"stock issue", N_("goods out"), "stock issue depot-north life_ring 4 --reason 演练", {STOCK_ARGS},
		DO("stock-issue")},
	{"stock return", N_("goods back"), "stock return depot-north life_ring 4", {STOCK_ARGS},
		DO("stock-return")},
	{"stock count", N_("what was counted"), "stock count depot-north life_ring 58", {STOCK_ARGS},
		DO("stock-count")},
	{"supply send", N_("send material to an incident"),
		"supply send 2026-000001 life_ring 4 --from depot-north",
		{PLACE_IN("INCIDENT", "incident", "the incident"), PLACE_IN("ITEM", "item", "the item"),
			BODY_IS("QUANTITY", "quantity", ARG_COUNT, ARG_REQUIRED, "how many"),
			BODY("--from", "depot", "from this depot; chosen unless given"),
			BODY_IS("--partial", "partial", ARG_FLAG, 0, "all there is, where it is less"),
			SIGNED},
		DO("supply-send")},

	{"device list", N_("devices"), "device list --state silent",
		{QUERY("--kind", "kind", ARG_TEXT, "only this kind"),
			WORD_IN("--state", "state", TO_QUERY, 0, "ok|silent|disabled", "only this state")},
		GET("/v1/devices"), .fields = fields_device},
	{"device show", N_("one device"), "device show cam-0417", {IN_PATH("the device")},
		GET("/v1/devices/{id}"), .show = view_device},
	{"device do", N_("let a device do something"), "device do spk-01 say --say 水深危险,请立即离开",
		{PLACE_IN("ID", "device", "the device"), PLACE_IN("ACTION", "action", "the action"),
			BODY("--say", "say", "the words to be said"),
			BODY("--incident", "incident", "for which incident"), SIGNED},
		DO("device-do")},
	{"device disable", N_("take no alarms from it"), "device disable cam-0417 --reason 维修",
		{PLACE_IN("ID", "device", "the device"), REASON_REQUIRED, SIGNED}, DO("device-disable")},
	{"device enable", N_("take its alarms again"), "device enable cam-0417",
		{PLACE_IN("ID", "device", "the device"), REASON, SIGNED}, DO("device-enable")},

	{"task list", N_("call tasks: whom to call, by when"), "task list",
		{WORD_IN("--state", "state", TO_QUERY, 0, "open|taken|done|cancelled", "only this state"),
			ALL},
		GET("/v1/tasks"), .show = view_tasks, .asks_now = true},
	{"task take", N_("I am calling"), "task take T1",
		{PLACE_IN("ID", "task", "the task"), BODY("--note", "note", "a remark"), SIGNED},
		DO("task-take")},
	{"task done", N_("the person has been told"), "task done T1 --note 已接听",
		{PLACE_IN("ID", "task", "the task"), BODY("--note", "note", "a remark"), SIGNED},
		DO("task-done")},

	{"playbook list", N_("playbooks in force"), "playbook list", {{.name = NULL}}, GET("/v1/playbooks"),
		.fields = fields_playbook},
	{"playbook show", N_("one playbook"), "playbook show water-person-near", {IN_PATH("the playbook")},
		GET("/v1/playbooks/{id}"), .show = view_playbook},
	{"playbook check", N_("check a folder of playbooks; needs no daemon"),
		"playbook check playbooks --town ops/towns/yulong",
		{PLACE("DIR", ARG_PATH, "the folder"),
			{.name = "--town",
				.kind = ARG_PATH,
				.to = TO_LOCAL,
				.what = N_("see also whether this town can give what is asked")}},
		.run = run_playbook_check},
	{"playbook reload", N_("read the playbooks again; all or nothing"), "playbook reload",
		{{.name = NULL}}, .method = "POST", .path = "/v1/playbooks/reload", .show = view_loaded},
	{"playbook explain", N_("what this alarm would do now, and what stays uncovered; sends nothing"),
		"playbook explain alarm.json",
		{PLACE("FILE", ARG_PATH, "an alarm as JSON, - for standard input")}, .method = "POST",
		.path = "/v1/explain", .run = run_playbook_explain},

	{"town check", N_("check a town pack; needs no daemon"), "town check ops/towns/yulong",
		{PLACE("DIR", ARG_PATH, "the pack")}, .run = run_town_check},
	{"town load", N_("let the daemon load a town pack; all or nothing"), "town load ops/towns/yulong",
		{BODY_IS("DIR", "dir", ARG_PATH, ARG_REQUIRED, "the pack")}, .method = "POST",
		.path = "/v1/town/load", .run = run_town_load, .show = view_loaded},

	{"warning set", N_("put a warning in force"), "warning set red rainstorm --until 23:59",
		{WORD_IN("COLOUR", "colour", TO_BODY, ARG_REQUIRED, "blue|yellow|orange|red", "its colour"),
			PLACE_IN("HAZARD", "hazard", "the hazard"),
			BODY_IS("--until", "until", ARG_TIME, ARG_REQUIRED, "until when"), SIGNED},
		DO("warning-set")},
	{"warning clear", N_("end a warning; all of them without a hazard"), "warning clear rainstorm",
		{BODY("HAZARD", "hazard", "the hazard"), SIGNED}, DO("warning-clear"),
		.run = run_warning_clear},
	{"warning list", N_("warnings in force"), "warning list", {{.name = NULL}}, GET("/v1/warnings"),
		.fields = fields_warning},
	{"release", N_("how orders leave, town-wide; advise decides and sends nothing"), "release auto",
		{WORD_IN("RELEASE", "release", TO_BODY, ARG_REQUIRED, "auto|confirm|advise", "how"), REASON,
			SIGNED},
		DO("release")},

	{"response set", N_("start, change or end the town's response level"),
		"response set III --reason 应急委批准",
		{WORD_IN("LEVEL", "level", TO_BODY, ARG_REQUIRED, "I|II|III|IV|clear",
			 "the level; clear ends it"),
			REASON_REQUIRED, SIGNED},
		DO("response-set")},

	{"silence add", N_("count alarms but open nothing"),
		"silence add --source cam-0417 --until 23:59 --reason 施工",
		{ONE_OF(GROUP_ANY, "--source", "source", "from this source"),
			ONE_OF(GROUP_ANY, "--type", "type", "of this type"),
			ONE_OF(GROUP_ANY, "--grid", "grid", "from this grid"),
			BODY_IS("--until", "until", ARG_TIME, ARG_REQUIRED, NC_("silence", "until when")),
			REASON_REQUIRED, SIGNED},
		DO("silence-add")},
	{"silence list", N_("silences in force"), "silence list", {ALL}, GET("/v1/silences"),
		.fields = fields_silence},
	{"silence expire", N_("end one now"), "silence expire S1",
		{PLACE_IN("ID", "silence", "the silence"), REASON, SIGNED}, DO("silence-expire")},

	{"journal export", N_("rows of the journal, one JSON object a line"),
		"journal export --from 1 --limit 100",
		{{.name = "--from",
			 .kind = ARG_COUNT,
			 .to = TO_LOCAL,
			 .what = N_("the first row, 1 unless given")},
			{.name = "--limit",
				.kind = ARG_COUNT,
				.to = TO_LOCAL,
				.what = N_("how many, all unless given")}},
		GET("/v1/journal"), .run = run_journal_export},
	{"watch", N_("the live feed, one line a change; reconnects and fills gaps"), "watch",
		{{.name = NULL}}, GET("/v1/feed"), .run = run_watch},
	{"help", N_("all commands, or the usage of one"), "help incident open",
		{{.name = "COMMAND", .to = TO_LOCAL, .flags = ARG_MANY, .what = N_("the command")}},
		.run = run_help},
};

const struct command *command_table(uint32_t *count)
{
	*count = (uint32_t)(sizeof(table) / sizeof(table[0]));
	return table;
}

/* How many of the words the command is called by; 0: it is another. */
static uint32_t words_match(const char *words, const char *const *word, uint32_t count)
{
	uint32_t taken = 0;

	while (*words != '\0') {
		size_t len = strcspn(words, " ");

		if (taken == count || strlen(word[taken]) != len || strncmp(word[taken], words, len) != 0)
			return 0;
		taken++;
		words += len + (words[len] == ' ');
	}
	return taken;
}

const struct command *command_find(const char *const *word, uint32_t count, uint32_t *taken)
{
	const struct command *found = NULL;

	*taken = 0;
	for (uint32_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		uint32_t match = words_match(table[i].words, word, count);

		if (match > *taken) {
			*taken = match;
			found = &table[i];
		}
	}
	return found;
}

size_t command_usage(const struct command *command, char *out, size_t size)
{
	size_t at = screen_format(out, size, "%s", command->words);

	for (const struct arg *arg = command->arg; arg->name != NULL; arg++) {
		bool required = (arg->flags & ARG_REQUIRED) != 0;

		at += screen_format(out + at, size - at, " %s%s", required ? "" : "[", arg->name);
		if (arg_is_option(arg) && arg->kind != ARG_FLAG)
			at += screen_format(out + at, size - at, " %s", arg->kind == ARG_WORD ? "WORD" : "…");
		at += screen_format(out + at, size - at, "%s%s", required ? "" : "]",
			(arg->flags & ARG_MANY) != 0 ? "…" : "");
	}
	return at;
}
