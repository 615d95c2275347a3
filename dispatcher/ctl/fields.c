/* fields: which members of a reply a list shows, under which titles; no code. */
#include "ctl/fields.h"

const struct field fields_alarm[] = {
	FIELD("alarm", "编号", "Alarm", TABLE_KEEP),
	FIELD_AS("at", "收到", "Received", VALUE_TIME, TABLE_KEEP),
	FIELD("source", "来源", "Source", TABLE_KEEP),
	FIELD("id", "来源编号", "Sender's id", TABLE_EXTRA),
	FIELD_TOWN("type", "类型", "Type", 0),
	FIELD_WORD("state", "状态", "State", WORDS_ALARM_STATE, TABLE_KEEP),
	FIELD_WORD("result", "结果", "Result", WORDS_ALARM_RESULT, TABLE_KEEP),
	FIELD("incident", "事件", "Incident", TABLE_KEEP),
	FIELD("text", "内容", "Text", TABLE_EXTRA),
	FIELD_END,
};

const struct field fields_incident[] = {
	FIELD("id", "事件", "Incident", TABLE_KEEP),
	FIELD("priority", "优先", "Pri", TABLE_KEEP | TABLE_RIGHT),
	FIELD_WORD("state", "状态", "State", WORDS_INCIDENT_STATE, TABLE_KEEP),
	FIELD("title", "名称", "Title", 0),
	FIELD("grid_name", "网格", "Grid", TABLE_EXTRA),
	FIELD("orders_live", "在办", "Live", TABLE_KEEP | TABLE_RIGHT),
	FIELD("short", "缺口", "Short", TABLE_KEEP | TABLE_RIGHT),
	FIELD_AS("held", "待确认", "Held", VALUE_YES, TABLE_KEEP),
	FIELD_WORD("next_deadline.kind", "时限", "Deadline", WORDS_DEADLINE_KIND, TABLE_EXTRA),
	FIELD_AS("next_deadline.left_s", "余时", "Left", VALUE_LEFT, TABLE_KEEP),
	FIELD_AS("reported", "报告", "Reported", VALUE_TIME, TABLE_EXTRA),
	FIELD_WORD("mode", "性质", "Mode", WORDS_MODE, TABLE_EXTRA),
	FIELD_END,
};

const struct field fields_order[] = {
	FIELD("id", "派遣", "Order", TABLE_KEEP),
	FIELD("incident", "事件", "Incident", TABLE_KEEP),
	FIELD("who", "对象", "Who", TABLE_KEEP),
	FIELD("name", "名称", "Name", 0),
	FIELD_WORD("state", "状态", "State", WORDS_ORDER_STATE, TABLE_KEEP),
	FIELD_AS("range_m", "距离", "Range", VALUE_METRES, TABLE_KEEP | TABLE_RIGHT),
	FIELD_AS("travel_s", "行程", "Travel", VALUE_SECONDS, TABLE_KEEP | TABLE_RIGHT),
	FIELD_AS("issued", "下达", "Issued", VALUE_TIME, TABLE_EXTRA),
	FIELD_AS("respond_by", "应答", "Answer by", VALUE_DUE, TABLE_EXTRA),
	FIELD("call_task", "电话任务", "Call task", TABLE_EXTRA),
	FIELD("phone", "电话", "Phone", TABLE_EXTRA),
	FIELD_END,
};

const struct field fields_unit[] = {
	FIELD("id", "力量", "Unit", TABLE_KEEP),
	FIELD("name", "名称", "Name", 0),
	FIELD_TOWN("kind", "类别", "Kind", TABLE_EXTRA),
	FIELD_WORD("state", "状态", "State", WORDS_UNIT_STATE, TABLE_KEEP),
	FIELD_TOWN("skills", "技能", "Skills", 0),
	FIELD("orders_live", "在办", "Live", TABLE_KEEP | TABLE_RIGHT),
	FIELD("shift", "班次", "Shift", TABLE_EXTRA),
	FIELD_AS("link", "在线", "Linked", VALUE_YES, TABLE_KEEP),
	FIELD("leader_name", "负责人", "Leader", TABLE_EXTRA),
	FIELD("phone", "电话", "Phone", TABLE_EXTRA),
	FIELD_END,
};

const struct field fields_nearest[] = {
	FIELD("unit", "力量", "Unit", TABLE_KEEP),
	FIELD("name", "名称", "Name", 0),
	FIELD_AS("travel_s", "行程", "Travel", VALUE_SECONDS, TABLE_KEEP | TABLE_RIGHT),
	FIELD_AS("range_m", "距离", "Range", VALUE_METRES, TABLE_KEEP | TABLE_RIGHT),
	FIELD_WORD("state", "状态", "State", WORDS_UNIT_STATE, TABLE_KEEP),
	FIELD_AS("sendable", "可派", "Free", VALUE_YES, TABLE_KEEP),
	FIELD("why", "不派原因", "Passed over", 0),
	FIELD_AS("stale", "位置旧", "Stale", VALUE_YES, TABLE_EXTRA),
	FIELD_TOWN("skills", "技能", "Skills", TABLE_EXTRA),
	FIELD_END,
};

const struct field fields_depot[] = {
	FIELD("id", "仓库", "Depot", TABLE_KEEP),
	FIELD("name", "名称", "Name", 0),
	FIELD("lines", "品种", "Lines", TABLE_KEEP | TABLE_RIGHT),
	FIELD("low", "低于下限", "Low", TABLE_KEEP | TABLE_RIGHT),
	FIELD_AS("load_s", "装车", "Loading", VALUE_SECONDS, TABLE_KEEP | TABLE_RIGHT),
	FIELD_AS("link", "在线", "Linked", VALUE_YES, TABLE_KEEP),
	FIELD("keeper_name", "保管员", "Keeper", 0),
	FIELD("phone", "电话", "Phone", TABLE_KEEP),
	FIELD_END,
};

const struct field fields_stock[] = {
	FIELD("depot", "仓库", "Depot", TABLE_KEEP),
	FIELD("item", "物资", "Item", TABLE_KEEP),
	FIELD("name", "名称", "Name", 0),
	FIELD("on_hand", "库存", "On hand", TABLE_KEEP | TABLE_RIGHT),
	FIELD("reserved", "预留", "Reserved", TABLE_KEEP | TABLE_RIGHT),
	FIELD("free", "可用", "Free", TABLE_KEEP | TABLE_RIGHT),
	FIELD("minimum", "下限", "Minimum", TABLE_KEEP | TABLE_RIGHT),
	FIELD("unit", "单位", "Unit", TABLE_KEEP),
	FIELD_AS("low", "不足", "Low", VALUE_YES, TABLE_KEEP),
	FIELD_AS("expires", "有效期至", "Expires", VALUE_DAY, TABLE_EXTRA),
	FIELD("depot_name", "仓库名称", "Depot name", TABLE_EXTRA),
	FIELD_END,
};

const struct field fields_device[] = {
	FIELD("id", "设备", "Device", TABLE_KEEP),
	FIELD_TOWN("kind", "类别", "Kind", 0),
	FIELD("name", "名称", "Name", 0),
	FIELD_WORD("state", "状态", "State", WORDS_DEVICE_STATE, TABLE_KEEP),
	FIELD("grid", "网格", "Grid", TABLE_EXTRA),
	FIELD("actions", "动作", "Actions", 0),
	FIELD("alarms", "报警", "Alarms", TABLE_KEEP | TABLE_RIGHT),
	FIELD_AS("seen", "最近", "Last seen", VALUE_TIME, TABLE_EXTRA),
	FIELD_AS("link", "在线", "Linked", VALUE_YES, TABLE_EXTRA),
	FIELD_END,
};

const struct field fields_task[] = {
	FIELD("id", "任务", "Task", TABLE_KEEP),
	FIELD_WORD("state", "状态", "State", WORDS_TASK_STATE, TABLE_KEEP),
	FIELD_AS("due", "时限", "Due", VALUE_DUE, TABLE_KEEP),
	FIELD("name", "打给", "Call", TABLE_KEEP),
	FIELD("phone", "电话", "Phone", TABLE_KEEP),
	FIELD("incident", "事件", "Incident", TABLE_KEEP),
	FIELD("text", "要说的话", "Say", 0),
	FIELD("taken_by", "领取人", "Taken by", TABLE_EXTRA),
	FIELD_END,
};

const struct field fields_playbook[] = {
	FIELD("id", "预案", "Playbook", TABLE_KEEP),
	FIELD("title", "名称", "Title", 0),
	FIELD("priority", "优先", "Pri", TABLE_KEEP | TABLE_RIGHT),
	FIELD_WORD("release", "派遣方式", "Release", WORDS_RELEASE, TABLE_KEEP),
	FIELD("steps", "步骤", "Steps", TABLE_KEEP | TABLE_RIGHT),
	FIELD("incidents", "事件", "Incidents", TABLE_KEEP | TABLE_RIGHT),
	FIELD("types", "报警类型", "Alarm types", 0),
	FIELD_END,
};

const struct field fields_warning[] = {
	FIELD_WORD("colour", "颜色", "Colour", WORDS_COLOUR, TABLE_KEEP),
	FIELD_TOWN("hazard", "灾种", "Hazard", TABLE_KEEP),
	FIELD_AS("until", "有效至", "Until", VALUE_TIME, TABLE_KEEP),
	FIELD_END,
};

const struct field fields_silence[] = {
	FIELD("id", "静默", "Silence", TABLE_KEEP),
	FIELD("source", "来源", "Source", TABLE_KEEP),
	FIELD_TOWN("type", "类型", "Type", 0),
	FIELD("grid", "网格", "Grid", TABLE_KEEP),
	FIELD_AS("until", "到期", "Until", VALUE_TIME, TABLE_KEEP),
	FIELD("count", "压下", "Kept back", TABLE_KEEP | TABLE_RIGHT),
	FIELD_AS("active", "生效", "Active", VALUE_YES, TABLE_KEEP),
	FIELD("reason", "原因", "Reason", 0),
	FIELD("by", "设置人", "By", TABLE_EXTRA),
	FIELD_END,
};
