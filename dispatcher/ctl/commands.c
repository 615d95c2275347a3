/* commands: the table of all commands. What a command is called, takes, does and says stands here and nowhere else. */
#include "ctl/command.h"

#include <string.h>

#include "ctl/fields.h"
#include "ctl/run.h"
#include "ctl/view.h"

#define PLACE(name_, kind_, zh, en)                                                                          \
	{                                                                                                    \
		.name = (name_), .kind = (kind_), .to = TO_LOCAL, .flags = ARG_REQUIRED, .what = { zh, en }  \
	}
#define PLACE_IN(name_, field_, zh, en)                                                                      \
	{                                                                                                    \
		.name = (name_), .field = (field_), .to = TO_BODY, .flags = ARG_REQUIRED, .what = { zh, en } \
	}
#define IN_PATH(zh, en)                                                                                      \
	{                                                                                                    \
		.name = "ID", .to = TO_PATH, .flags = ARG_REQUIRED, .what = { zh, en }                       \
	}
#define BODY(name_, field_, zh, en)                                                                          \
	{                                                                                                    \
		.name = (name_), .field = (field_), .to = TO_BODY, .what = { zh, en }                        \
	}
#define BODY_IS(name_, field_, kind_, flags_, zh, en)                                                        \
	{                                                                                                    \
		.name = (name_), .field = (field_), .kind = (kind_), .to = TO_BODY, .flags = (flags_),       \
		.what = {                                                                                    \
			zh,                                                                                  \
			en                                                                                   \
		}                                                                                            \
	}
#define QUERY(name_, field_, kind_, zh, en)                                                                  \
	{                                                                                                    \
		.name = (name_), .field = (field_), .kind = (kind_), .to = TO_QUERY, .what = { zh, en }      \
	}
#define WORD_IN(name_, field_, to_, flags_, words_, zh, en)                                                  \
	{                                                                                                    \
		.name = (name_), .field = (field_), .kind = ARG_WORD, .to = (to_), .flags = (flags_),        \
		.words = (words_), .what = {                                                                 \
			zh,                                                                                  \
			en                                                                                   \
		}                                                                                            \
	}
#define ONE_OF(group_, name_, field_, zh, en)                                                                \
	{                                                                                                    \
		.name = (name_), .field = (field_), .to = TO_BODY, .group = (group_), .what = { zh, en }     \
	}

#define REASON BODY("--reason", "reason", "原因,记入日志", "why; goes on the record")
#define REASON_REQUIRED                                                                                      \
	BODY_IS("--reason", "reason", ARG_TEXT, ARG_REQUIRED, "原因,记入日志", "why; goes on the record")
#define BY BODY("--by", "by", "操作人,默认为登录名", "who; the login name unless given")
#define CHANNEL                                                                                              \
	WORD_IN("--channel", "channel", TO_BODY, 0, "console|phone|radio", "渠道,默认 console",              \
		"how it came; console unless given")
#define SIGNED   BY, CHANNEL
#define ALL      QUERY("--all", "all", ARG_FLAG, "连同已结束的", "ended ones too")
#define INCIDENT PLACE_IN("ID", "incident", "事件编号", "the incident")
#define CRS      BODY("--crs", "crs", "坐标系,默认 EPSG:4490", "coordinate system, EPSG:4490 unless given")
#define STOCK_ARGS                                                                                           \
	PLACE_IN("DEPOT", "depot", "仓库", "the depot"), PLACE_IN("ITEM", "item", "物资", "the item"),       \
		BODY_IS("QUANTITY", "quantity", ARG_WHOLE, ARG_REQUIRED, "数量", "how many"), REASON, SIGNED

#define INCIDENT_STATES                                                                                      \
	"reported|accepted|dispatched|working|done_reported|verified|closed|cancelled|referred"
#define ORDER_STATES "issued|delivered|accepted|en_route|arrived|done|declined|expired|recalled|failed"
#define UNIT_STATES                                                                                          \
	"off_duty|available|reserved|ordered|acknowledged|en_route|on_scene|returning|out_of_service"
#define DISPOSITIONS "resolved|false|nuisance|duplicate|referred|no_action"

#define GET(path_) .method = "GET", .path = (path_)
#define DO(name_)  .method = "POST", .path = "/v1/commands/" name_, .signed_by = true, .show = view_command

static const struct command table[] = {
	{"status",
		{"运行状况:正常或孤岛、待办、失联设备、时限",
			"health: normal or island, what is due, silent devices"},
		"status", {{.name = NULL}}, GET("/v1/status"), .run = run_status},

	{"alarm list", {"最近的报警", "the latest alarms"}, "alarm list --limit 50",
		{QUERY("--limit", "limit", ARG_COUNT, "最多几条(默认 200)", "how many, 200 unless given")},
		GET("/v1/alarms"), .fields = fields_alarm},
	{"alarm show", {"一条报警", "one alarm"}, "alarm show A1",
		{PLACE("ID", ARG_TEXT, "报警编号,或来源的编号", "its number, or the sender's id")},
		GET("/v1/alarms"), .run = run_alarm_show},
	{"alarm send",
		{"报送报警:每行一个 JSON,逐行打印答复",
			"hand in alarms, one JSON object a line; prints the replies"},
		"alarm send alarm.json",
		{PLACE("FILE", ARG_PATH, "文件,- 为标准输入", "a file, - for standard input")},
		.method = "POST", .path = "/v1/alarms", .run = run_alarm_send},

	{"incident list", {"在办事件", "incidents, the open ones"}, "incident list --state reported",
		{WORD_IN("--state", "state", TO_QUERY, 0, INCIDENT_STATES, "只看此状态", "only this state"),
			ALL},
		GET("/v1/incidents"), .fields = fields_incident},
	{"incident show",
		{"事件全貌:派了谁、为何、缺什么、时限、经过",
			"the whole story: who, why, what is missing, deadlines, timeline"},
		"incident show 2026-000001", {IN_PATH("事件编号", "the incident")}, GET("/v1/incidents/{id}"),
		.show = view_incident},
	{"incident open", {"人工立案(电话报警等)", "open an incident by hand"},
		"incident open --type fire --lon 113.43 --lat 34.78 --caller 张三 --phone 13800000000 --text "
		"仓库冒烟",
		{BODY_IS("--type", "type", ARG_TEXT, ARG_REQUIRED, "事件类型", "type of the incident"),
			{.name = "--lon",
				.field = "lon",
				.kind = ARG_DEGREES_LON,
				.to = TO_BODY,
				.group = 1,
				.with = "--lat",
				.what = {"经度", "longitude, or easting"}},
			{.name = "--lat",
				.field = "lat",
				.kind = ARG_DEGREES_LAT,
				.to = TO_BODY,
				.with = "--lon",
				.what = {"纬度", "latitude, or northing"}},
			{.name = "--crs",
				.field = "crs",
				.to = TO_BODY,
				.with = "--lon",
				.what = {"坐标系,默认 EPSG:4490",
					"coordinate system, EPSG:4490 unless given"}},
			ONE_OF(1, "--grid", "grid", "网格编号", "a grid"),
			ONE_OF(1, "--device", "device", "设备编号", "a device"),
			ONE_OF(1, "--place", "place", "地名", "a known place"),
			BODY("--caller", "caller", "报告人", "who called"),
			BODY("--phone", "phone", "来电号码", "from which number"),
			BODY("--text", "text", "内容", "what was said"),
			BODY_IS("--at", "at", ARG_TIME, 0, "发生时间", "when it happened"),
			BODY("--title", "title", "事件名称", "a title"),
			BODY("--playbook", "playbook", "指定预案,见 playbook list",
				"which playbook, see playbook list"),
			SIGNED},
		DO("incident-open")},
	{"incident confirm", {"确认立案,放行待发派遣", "validate it, and let held orders go"},
		"incident confirm 2026-000001", {INCIDENT, REASON, SIGNED}, DO("incident-confirm")},
	{"incident reject", {"不予立案", "it is not a case"}, "incident reject 2026-000001 --reason 误报",
		{INCIDENT, REASON, SIGNED}, DO("incident-reject")},
	{"incident upgrade", {"升级增援", "second, third alarm"}, "incident upgrade 2026-000001 --level 2",
		{INCIDENT,
			BODY_IS("--level", "level", ARG_COUNT, 0, "增援级,默认下一级",
				"to which level, the next unless given"),
			REASON, SIGNED},
		DO("incident-upgrade")},
	{"incident escalate", {"逐级上报", "to the next rung"},
		"incident escalate 2026-000001 --reason 本级无法处置", {INCIDENT, REASON, SIGNED},
		DO("incident-escalate")},
	{"incident note", {"备注,记入日志", "a remark for the record"},
		"incident note 2026-000001 已与村委核实",
		{INCIDENT, ONE_OF(1, "TEXT", "reason", "内容", "the remark"),
			ONE_OF(1, "--reason", "reason", "同 TEXT", "the same as TEXT"), SIGNED},
		DO("incident-note")},
	{"incident done", {"反馈处置完成", "the work is reported done"}, "incident done 2026-000001",
		{INCIDENT, REASON, SIGNED}, DO("incident-done")},
	{"incident verify", {"核查(核查人不能是处置人)", "checked, by somebody else than who did it"},
		"incident verify 2026-000001 --failed --reason 积水未退",
		{INCIDENT,
			BODY_IS("--failed", "passed", ARG_FLAG, ARG_NEGATES, "核查不通过,重新处置",
				"it failed: work goes on"),
			REASON, SIGNED},
		DO("incident-verify"), .body = "{\"passed\":true}"},
	{"incident reopen", {"重新打开", "work again"}, "incident reopen 2026-000001 --reason 复发",
		{INCIDENT, REASON, SIGNED}, DO("incident-reopen")},
	{"incident cancel", {"撤销事件,召回力量", "call it off"}, "incident cancel 2026-000001 --reason 误拨",
		{INCIDENT, REASON, SIGNED}, DO("incident-cancel")},
	{"incident refer", {"移送其他部门", "hand it over to another authority"},
		"incident refer 2026-000001 --reason 移送县应急局", {INCIDENT, REASON, SIGNED},
		DO("incident-refer")},
	{"incident merge", {"并入另一事件", "it is the same case as another, which goes on"},
		"incident merge 2026-000002 2026-000001",
		{INCIDENT, ONE_OF(1, "INTO", "into", "并入的事件", "the incident that goes on"),
			ONE_OF(1, "--into", "into", "同 INTO", "the same as INTO"), REASON, SIGNED},
		DO("incident-merge")},
	{"incident split", {"从合并中拆出", "a case of its own again"}, "incident split 2026-000002",
		{INCIDENT, REASON, SIGNED}, DO("incident-split")},
	{"incident close", {"结案", "end it"}, "incident close 2026-000001 --disposition resolved",
		{INCIDENT,
			WORD_IN("--disposition", "disposition", TO_BODY, ARG_REQUIRED, DISPOSITIONS,
				"处置结果", "how it ended"),
			REASON, SIGNED},
		DO("incident-close")},
	{"incident add", {"增派预案以外的力量", "more help than the playbook asks for"},
		"incident add 2026-000001 --skill medic --count 2",
		{INCIDENT,
			BODY_IS("--skill", "skills", ARG_TEXT, ARG_REQUIRED | ARG_MANY, "技能,可重复",
				"a skill; may be repeated"),
			BODY_IS("--count", "count", ARG_COUNT, 0, "数量,默认 1", "how many, 1 unless given"),
			SIGNED},
		DO("incident-add")},

	{"order list", {"在途派遣", "orders, the live ones"}, "order list --incident 2026-000001",
		{QUERY("--incident", "incident", ARG_TEXT, "只看此事件", "only of this incident"),
			WORD_IN("--state", "state", TO_QUERY, 0, ORDER_STATES, "只看此状态",
				"only this state"),
			ALL},
		GET("/v1/orders"), .fields = fields_order, .asks_now = true},
	{"order show", {"一个派遣", "one order"}, "order show O1", {IN_PATH("派遣编号", "the order")},
		GET("/v1/orders/{id}"), .show = view_order},
	{"order send", {"指定力量出动", "send these units, now"}, "order send 2026-000001 WR-1 --task 封路",
		{PLACE_IN("INCIDENT", "incident", "事件编号", "the incident"),
			BODY_IS("UNIT", "unit", ARG_TEXT, ARG_REQUIRED | ARG_MANY, "力量,可多个",
				"a unit, or several"),
			BODY("--task", "task", "任务", "what it is to do"),
			BODY_IS("--also", "also", ARG_FLAG, 0, "即使已有任务在身",
				"although it has a live order"),
			SIGNED},
		DO("order-send"), .run = run_order_send},
	{"order swap", {"换派另一力量", "another unit instead"}, "order swap O1 WR-2",
		{PLACE_IN("ORDER", "order", "派遣编号", "the order"),
			PLACE_IN("UNIT", "unit", "改派的力量", "the unit to go instead"), REASON, SIGNED},
		DO("order-swap")},
	{"order recall", {"召回", "call it back"}, "order recall O1 --reason 已解除",
		{PLACE_IN("ORDER", "order", "派遣编号", "the order"), REASON, SIGNED}, DO("order-recall")},
	{"order answer", {"代无终端的力量答复", "answer on behalf of a unit without a terminal"},
		"order answer O1 accept --by 李四 --channel phone",
		{PLACE_IN("ORDER", "order", "派遣编号", "the order"),
			WORD_IN("ANSWER", "answer", TO_BODY, ARG_REQUIRED,
				"accept|decline|en_route|arrived|done|failed", "答复", "the answer"),
			BODY_IS("--quantity", "quantity", ARG_COUNT, 0, "实发数量",
				"how much was handed out"),
			REASON, SIGNED},
		DO("order-answer")},

	{"unit list", {"力量一览", "units"}, "unit list --skill water_rescue",
		{WORD_IN("--state", "state", TO_QUERY, 0, UNIT_STATES, "只看此状态", "only this state"),
			QUERY("--skill", "skill", ARG_TEXT, "只看有此技能的", "only those that hold it")},
		GET("/v1/units"), .fields = fields_unit},
	{"unit show", {"一支力量及其在办派遣", "one unit with its live orders"}, "unit show WR-1",
		{IN_PATH("力量编号", "the unit")}, GET("/v1/units/{id}"), .show = view_unit},
	{"unit set", {"设置力量状态与位置", "set a unit's status, and its place"},
		"unit set WR-1 --status available --lon 113.43 --lat 34.78",
		{PLACE_IN("ID", "unit", "力量编号", "the unit"),
			WORD_IN("--status", "status", TO_BODY, ARG_REQUIRED, UNIT_STATES, "状态",
				"its status"),
			{.name = "--lon",
				.field = "lon",
				.kind = ARG_DEGREES_LON,
				.to = TO_BODY,
				.with = "--lat",
				.what = {"经度", "longitude"}},
			{.name = "--lat",
				.field = "lat",
				.kind = ARG_DEGREES_LAT,
				.to = TO_BODY,
				.with = "--lon",
				.what = {"纬度", "latitude"}},
			CRS, REASON, SIGNED},
		DO("unit-set")},
	{"nearest",
		{"某地最近的力量,含不能派的原因",
			"the nearest units to a place, and why others are passed over"},
		"nearest --lon 113.43 --lat 34.78 -k 5 --skill medic",
		{{.name = "--lon",
			 .field = "lon",
			 .kind = ARG_DEGREES_LON,
			 .to = TO_QUERY,
			 .flags = ARG_REQUIRED,
			 .what = {"经度", "longitude"}},
			{.name = "--lat",
				.field = "lat",
				.kind = ARG_DEGREES_LAT,
				.to = TO_QUERY,
				.flags = ARG_REQUIRED,
				.what = {"纬度", "latitude"}},
			QUERY("--crs", "crs", ARG_TEXT, "坐标系,默认 EPSG:4490",
				"coordinate system, EPSG:4490 unless given"),
			QUERY("-k", "k", ARG_COUNT, "几支,默认 10", "how many, 10 unless given"),
			{.name = "--skill",
				.field = "skill",
				.to = TO_QUERY,
				.flags = ARG_MANY,
				.what = {"须具备的技能,可重复",
					"a skill that it must hold; may be repeated"}}},
		GET("/v1/nearest"), .run = run_nearest, .fields = fields_nearest},

	{"depot list", {"仓库一览", "depots"}, "depot list", {{.name = NULL}}, GET("/v1/depots"),
		.fields = fields_depot},
	{"depot show", {"一个仓库的库存与派遣", "one depot with its stock and orders"},
		"depot show depot-north", {IN_PATH("仓库编号", "the depot")}, GET("/v1/depots/{id}"),
		.show = view_depot},
	{"stock list", {"库存", "stock lines"}, "stock list --low",
		{QUERY("--depot", "depot", ARG_TEXT, "只看此仓库", "only of this depot"),
			QUERY("--item", "item", ARG_TEXT, "只看此物资", "only this item"),
			QUERY("--low", "low", ARG_FLAG, "只看低于下限的", "only those below their minimum")},
		GET("/v1/stock"), .fields = fields_stock},
	{"stock receive", {"入库", "goods in"}, "stock receive depot-north life_ring 20", {STOCK_ARGS},
		DO("stock-receive")},
	{"stock issue", {"出库", "goods out"}, "stock issue depot-north life_ring 4 --reason 演练",
		{STOCK_ARGS}, DO("stock-issue")},
	{"stock return", {"归还", "goods back"}, "stock return depot-north life_ring 4", {STOCK_ARGS},
		DO("stock-return")},
	{"stock count", {"盘点:实有数量", "what was counted"}, "stock count depot-north life_ring 58",
		{STOCK_ARGS}, DO("stock-count")},
	{"supply send", {"调拨物资到事件", "send material to an incident"},
		"supply send 2026-000001 life_ring 4 --from depot-north",
		{PLACE_IN("INCIDENT", "incident", "事件编号", "the incident"),
			PLACE_IN("ITEM", "item", "物资", "the item"),
			BODY_IS("QUANTITY", "quantity", ARG_COUNT, ARG_REQUIRED, "数量", "how many"),
			BODY("--from", "depot", "出自仓库,默认自动选择",
				"from this depot; chosen unless given"),
			BODY_IS("--partial", "partial", ARG_FLAG, 0, "不足时有多少调多少",
				"all there is, where it is less"),
			SIGNED},
		DO("supply-send")},

	{"device list", {"设备一览", "devices"}, "device list --state silent",
		{QUERY("--kind", "kind", ARG_TEXT, "只看此类别", "only this kind"),
			WORD_IN("--state", "state", TO_QUERY, 0, "ok|silent|disabled", "只看此状态",
				"only this state")},
		GET("/v1/devices"), .fields = fields_device},
	{"device show", {"一个设备", "one device"}, "device show cam-0417",
		{IN_PATH("设备编号", "the device")}, GET("/v1/devices/{id}"), .show = view_device},
	{"device do", {"让设备做一个动作", "let a device do something"},
		"device do spk-01 say --say 水深危险,请立即离开",
		{PLACE_IN("ID", "device", "设备编号", "the device"),
			PLACE_IN("ACTION", "action", "动作", "the action"),
			BODY("--say", "say", "喊话内容", "the words to be said"),
			BODY("--incident", "incident", "为哪个事件", "for which incident"), SIGNED},
		DO("device-do")},
	{"device disable", {"停用设备:不收其报警", "take no alarms from it"},
		"device disable cam-0417 --reason 维修",
		{PLACE_IN("ID", "device", "设备编号", "the device"), REASON_REQUIRED, SIGNED},
		DO("device-disable")},
	{"device enable", {"启用设备", "take its alarms again"}, "device enable cam-0417",
		{PLACE_IN("ID", "device", "设备编号", "the device"), REASON, SIGNED}, DO("device-enable")},

	{"task list", {"电话任务:该打给谁、何时之前", "call tasks: whom to call, by when"}, "task list",
		{WORD_IN("--state", "state", TO_QUERY, 0, "open|taken|done|cancelled", "只看此状态",
			 "only this state"),
			ALL},
		GET("/v1/tasks"), .show = view_tasks, .asks_now = true},
	{"task take", {"领取:我来打", "I am calling"}, "task take T1",
		{PLACE_IN("ID", "task", "任务编号", "the task"), BODY("--note", "note", "备注", "a remark"),
			SIGNED},
		DO("task-take")},
	{"task done", {"已通知到本人", "the person has been told"}, "task done T1 --note 已接听",
		{PLACE_IN("ID", "task", "任务编号", "the task"), BODY("--note", "note", "备注", "a remark"),
			SIGNED},
		DO("task-done")},

	{"playbook list", {"在用预案", "playbooks in force"}, "playbook list", {{.name = NULL}},
		GET("/v1/playbooks"), .fields = fields_playbook},
	{"playbook show", {"一个预案", "one playbook"}, "playbook show water-person-near",
		{IN_PATH("预案编号", "the playbook")}, GET("/v1/playbooks/{id}"), .show = view_playbook},
	{"playbook check", {"检查预案文件夹(不需要守护进程)", "check a folder of playbooks; needs no daemon"},
		"playbook check playbooks --town ops/towns/yulong",
		{PLACE("DIR", ARG_PATH, "预案文件夹", "the folder"),
			{.name = "--town",
				.kind = ARG_PATH,
				.to = TO_LOCAL,
				.what = {"并核对此镇能否满足需求",
					"see also whether this town can give what is asked"}}},
		.run = run_playbook_check},
	{"playbook reload", {"重新读入预案:全部或都不", "read the playbooks again; all or nothing"},
		"playbook reload", {{.name = NULL}}, .method = "POST", .path = "/v1/playbooks/reload",
		.show = view_loaded},
	{"playbook explain",
		{"推演一条报警:会派谁、缺什么;什么也不发出",
			"what this alarm would do now, and what stays uncovered; sends nothing"},
		"playbook explain alarm.json",
		{PLACE("FILE", ARG_PATH, "报警 JSON 文件,- 为标准输入",
			"an alarm as JSON, - for standard input")},
		.method = "POST", .path = "/v1/explain", .run = run_playbook_explain},

	{"town check", {"检查镇数据包(不需要守护进程)", "check a town pack; needs no daemon"},
		"town check ops/towns/yulong", {PLACE("DIR", ARG_PATH, "镇数据包", "the pack")},
		.run = run_town_check},
	{"town load",
		{"让守护进程载入镇数据包:全部或都不", "let the daemon load a town pack; all or nothing"},
		"town load ops/towns/yulong",
		{BODY_IS("DIR", "dir", ARG_PATH, ARG_REQUIRED, "镇数据包", "the pack")}, .method = "POST",
		.path = "/v1/town/load", .run = run_town_load, .show = view_loaded},

	{"warning set", {"发布预警", "put a warning in force"}, "warning set red rainstorm --until 23:59",
		{WORD_IN("COLOUR", "colour", TO_BODY, ARG_REQUIRED, "blue|yellow|orange|red", "颜色",
			 "its colour"),
			PLACE_IN("HAZARD", "hazard", "灾种", "the hazard"),
			BODY_IS("--until", "until", ARG_TIME, ARG_REQUIRED, "有效至", "until when"), SIGNED},
		DO("warning-set")},
	{"warning clear", {"解除预警(不写灾种则全部)", "end a warning; all of them without a hazard"},
		"warning clear rainstorm", {BODY("HAZARD", "hazard", "灾种", "the hazard"), SIGNED},
		DO("warning-clear"), .run = run_warning_clear},
	{"warning list", {"生效的预警", "warnings in force"}, "warning list", {{.name = NULL}},
		GET("/v1/warnings"), .fields = fields_warning},
	{"release",
		{"全镇派遣方式:自动、确认后、仅建议",
			"how orders leave, town-wide; advise decides and sends nothing"},
		"release auto",
		{WORD_IN("RELEASE", "release", TO_BODY, ARG_REQUIRED, "auto|confirm|advise", "方式", "how"),
			REASON, SIGNED},
		DO("release")},

	{"response set",
		{"启动、调整或终止应急响应(Ⅰ至Ⅳ级)", "start, change or end the town's response level"},
		"response set III --reason 应急委批准",
		{WORD_IN("LEVEL", "level", TO_BODY, ARG_REQUIRED, "I|II|III|IV|clear", "级别;clear 终止",
			 "the level; clear ends it"),
			REASON_REQUIRED, SIGNED},
		DO("response-set")},

	{"silence add", {"静默:只计数,不开事件", "count alarms but open nothing"},
		"silence add --source cam-0417 --until 23:59 --reason 施工",
		{ONE_OF(GROUP_ANY, "--source", "source", "来源", "from this source"),
			ONE_OF(GROUP_ANY, "--type", "type", "报警类型", "of this type"),
			ONE_OF(GROUP_ANY, "--grid", "grid", "网格", "from this grid"),
			BODY_IS("--until", "until", ARG_TIME, ARG_REQUIRED, "到期", "until when"),
			REASON_REQUIRED, SIGNED},
		DO("silence-add")},
	{"silence list", {"生效的静默", "silences in force"}, "silence list", {ALL}, GET("/v1/silences"),
		.fields = fields_silence},
	{"silence expire", {"立即结束静默", "end one now"}, "silence expire S1",
		{PLACE_IN("ID", "silence", "静默编号", "the silence"), REASON, SIGNED}, DO("silence-expire")},

	{"journal export", {"导出日志:每行一个 JSON", "rows of the journal, one JSON object a line"},
		"journal export --from 1 --limit 100",
		{{.name = "--from",
			 .kind = ARG_COUNT,
			 .to = TO_LOCAL,
			 .what = {"起始序号,默认 1", "the first row, 1 unless given"}},
			{.name = "--limit",
				.kind = ARG_COUNT,
				.to = TO_LOCAL,
				.what = {"最多几条,默认全部", "how many, all unless given"}}},
		GET("/v1/journal"), .run = run_journal_export},
	{"watch",
		{"实时变动,每行一条;断线自动重连并补齐",
			"the live feed, one line a change; reconnects and fills gaps"},
		"watch", {{.name = NULL}}, GET("/v1/feed"), .run = run_watch},
	{"help", {"命令一览,或一个命令的用法", "all commands, or the usage of one"}, "help incident open",
		{{.name = "COMMAND", .to = TO_LOCAL, .flags = ARG_MANY, .what = {"命令", "the command"}}},
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
