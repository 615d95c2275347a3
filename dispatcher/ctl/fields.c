/* fields: which members of a reply a list shows, under which titles; no code. */
#include "ctl/fields.h"

const struct field fields_alarm[] = {
	FIELD("alarm", "Alarm", TABLE_KEEP | TABLE_ID),
	FIELD_AS("at", "Received", VALUE_TIME, TABLE_KEEP),
	FIELD("source", "Source", TABLE_KEEP),
	FIELD("id", "Sender's id", TABLE_EXTRA),
	FIELD_TOWN("type", "Type", 0),
	FIELD_WORD("state", "State", WORDS_ALARM_STATE, TABLE_KEEP),
	FIELD_WORD("result", "Result", WORDS_ALARM_RESULT, TABLE_KEEP),
	FIELD("incident", "Incident", TABLE_KEEP),
	FIELD("text", "Text", TABLE_EXTRA),
	FIELD_END,
};

const struct field fields_incident[] = {
	FIELD("id", "Incident", TABLE_KEEP | TABLE_ID),
	FIELD("priority", "Pri", TABLE_KEEP | TABLE_RIGHT),
	FIELD_WORD("state", "State", WORDS_INCIDENT_STATE, TABLE_KEEP),
	FIELD("merged_into", "Merged into", TABLE_KEEP | TABLE_SOME),
	FIELD("title", "Title", 0),
	FIELD("place", NC_("incident", "Place"), TABLE_MIDDLE | TABLE_SPARE),
	FIELD("grid_name", "Grid", TABLE_EXTRA | TABLE_MIDDLE),
	FIELD("orders_live", "Live", TABLE_KEEP | TABLE_RIGHT),
	FIELD("short", "Short", TABLE_KEEP | TABLE_RIGHT),
	FIELD_AS("held", "Held", VALUE_YES, TABLE_KEEP | TABLE_SOME),
	FIELD_WORD("next_deadline.kind", "Deadline", WORDS_DEADLINE_KIND, TABLE_EXTRA),
	FIELD_AS("next_deadline.left_s", "Left", VALUE_LEFT, TABLE_KEEP),
	FIELD_AS("reported", "Reported", VALUE_TIME, TABLE_EXTRA),
	FIELD_WORD("mode", "Mode", WORDS_MODE, TABLE_EXTRA),
	FIELD_END,
};

const struct field fields_order[] = {
	FIELD("id", "Order", TABLE_KEEP | TABLE_ID),
	FIELD("incident", "Incident", TABLE_KEEP),
	FIELD("who", "Who", TABLE_KEEP),
	FIELD("name", "Name", TABLE_MIDDLE),
	FIELD_WORD("state", "State", WORDS_ORDER_STATE, TABLE_KEEP),
	FIELD_AS("range_m", "Range", VALUE_METRES, TABLE_KEEP | TABLE_RIGHT),
	FIELD_AS("travel_s", "Travel", VALUE_SECONDS, TABLE_KEEP | TABLE_RIGHT),
	FIELD_AS("issued", "Issued", VALUE_TIME, TABLE_EXTRA),
	FIELD_AS("respond_by", "Answer by", VALUE_DUE, TABLE_EXTRA),
	FIELD("call_task", "Call task", TABLE_EXTRA),
	FIELD("phone", "Phone", TABLE_EXTRA),
	FIELD_END,
};

const struct field fields_unit[] = {
	FIELD("id", "Unit", TABLE_KEEP | TABLE_ID),
	FIELD("name", "Name", TABLE_MIDDLE),
	FIELD_TOWN("kind", "Kind", TABLE_EXTRA),
	FIELD_WORD("state", "State", WORDS_UNIT_STATE, TABLE_KEEP),
	FIELD_TOWN("skills", "Skills", 0),
	FIELD("orders_live", "Live", TABLE_KEEP | TABLE_RIGHT),
	FIELD_AS("declined.at", NC_("unit", "Declined"), VALUE_TIME, TABLE_KEEP | TABLE_SOME),
	FIELD("shift", "Shift", TABLE_EXTRA),
	FIELD_AS("link", "Linked", VALUE_YES, TABLE_KEEP),
	FIELD("leader_name", "Leader", TABLE_EXTRA),
	FIELD("phone", "Phone", TABLE_EXTRA),
	FIELD_END,
};

const struct field fields_nearest[] = {
	FIELD("unit", "Unit", TABLE_KEEP | TABLE_ID),
	FIELD("name", "Name", TABLE_MIDDLE),
	FIELD_AS("travel_s", "Travel", VALUE_SECONDS, TABLE_KEEP | TABLE_RIGHT),
	FIELD_AS("range_m", "Range", VALUE_METRES, TABLE_KEEP | TABLE_RIGHT),
	FIELD_WORD("state", "State", WORDS_UNIT_STATE, TABLE_KEEP),
	FIELD_AS("sendable", "Free", VALUE_YES, TABLE_KEEP),
	FIELD("why", "Passed over", 0),
	FIELD_AS("declined.at", NC_("unit", "Declined"), VALUE_TIME, TABLE_KEEP | TABLE_SOME),
	FIELD_AS("stale", "Stale", VALUE_YES, TABLE_EXTRA),
	FIELD_TOWN("skills", "Skills", TABLE_EXTRA),
	FIELD_END,
};

const struct field fields_depot[] = {
	FIELD("id", "Depot", TABLE_KEEP | TABLE_ID),
	FIELD("name", "Name", TABLE_MIDDLE),
	FIELD("lines", "Lines", TABLE_KEEP | TABLE_RIGHT),
	FIELD("low", "Low", TABLE_KEEP | TABLE_RIGHT),
	FIELD_AS("load_s", "Loading", VALUE_SECONDS, TABLE_KEEP | TABLE_RIGHT),
	FIELD_AS("link", "Linked", VALUE_YES, TABLE_KEEP),
	FIELD("keeper_name", "Keeper", 0),
	FIELD("phone", "Phone", TABLE_KEEP),
	FIELD_END,
};

const struct field fields_stock[] = {
	FIELD("depot", "Depot", TABLE_KEEP),
	FIELD("item", "Item", TABLE_KEEP | TABLE_ID),
	FIELD("name", "Name", TABLE_MIDDLE),
	FIELD("on_hand", "On hand", TABLE_KEEP | TABLE_RIGHT),
	FIELD("reserved", "Reserved", TABLE_EXTRA | TABLE_RIGHT),
	FIELD("free", NC_("stock", "Free"), TABLE_KEEP | TABLE_RIGHT),
	FIELD("minimum", "Minimum", TABLE_EXTRA | TABLE_RIGHT),
	FIELD("unit", NC_("measure", "Unit"), TABLE_KEEP),
	FIELD_AS("low", NC_("stock", "Low"), VALUE_YES, TABLE_KEEP),
	FIELD_AS("expires", "Expires", VALUE_DAY, TABLE_EXTRA),
	FIELD("depot_name", "Depot name", TABLE_EXTRA),
	FIELD_END,
};

const struct field fields_device[] = {
	FIELD("id", "Device", TABLE_KEEP | TABLE_ID),
	FIELD_TOWN("kind", "Kind", 0),
	FIELD("name", "Name", TABLE_MIDDLE),
	FIELD_WORD("state", "State", WORDS_DEVICE_STATE, TABLE_KEEP),
	FIELD("grid", "Grid", TABLE_EXTRA),
	FIELD_TOWN("actions", "Actions", 0),
	FIELD("alarms", "Alarms", TABLE_KEEP | TABLE_RIGHT),
	FIELD_AS("seen", "Last seen", VALUE_TIME, TABLE_EXTRA),
	FIELD_AS("link", "Linked", VALUE_YES, TABLE_EXTRA),
	FIELD_END,
};

const struct field fields_task[] = {
	FIELD("id", "Task", TABLE_KEEP | TABLE_ID),
	FIELD_WORD("state", "State", WORDS_TASK_STATE, TABLE_KEEP),
	FIELD_AS("due", "Due", VALUE_DUE, TABLE_KEEP),
	FIELD("name", "Call", TABLE_KEEP),
	FIELD("phone", "Phone", TABLE_KEEP),
	FIELD("incident", "Incident", TABLE_KEEP),
	FIELD("order", "Order", TABLE_KEEP),
	FIELD("notice", "Notice", TABLE_KEEP),
	FIELD("taken_by", "Taken by", TABLE_EXTRA),
	FIELD("text", "Say", TABLE_REST),
	FIELD_END,
};

const struct field fields_notice[] = {
	FIELD("id", "Notice", TABLE_KEEP | TABLE_ID),
	FIELD_WORD("state", "State", WORDS_NOTICE_STATE, TABLE_KEEP),
	FIELD_AS("due", "Due", VALUE_DUE, TABLE_KEEP),
	FIELD("name", "Person", TABLE_KEEP),
	FIELD_AS("who", "As", VALUE_WHO, 0),
	FIELD("phone", "Phone", TABLE_KEEP),
	FIELD("incident", "Incident", TABLE_KEEP),
	FIELD("told", "Told", TABLE_KEEP | TABLE_RIGHT),
	FIELD("task", "Call task", TABLE_EXTRA),
	FIELD("climbed_to", "Climbed to", TABLE_EXTRA),
	FIELD("answered_by", "Answered by", TABLE_EXTRA),
	FIELD_AS("issued", "Issued", VALUE_TIME, TABLE_EXTRA),
	FIELD_END,
};

const struct field fields_alert[] = {
	FIELD("incident", "Incident", TABLE_KEEP | TABLE_ID),
	FIELD("priority", "Pri", TABLE_KEEP | TABLE_RIGHT),
	FIELD("title", "Title", 0),
	FIELD_AS("causes", "Alert", VALUE_LIST, 0),
	FIELD_AS("waits_s", "Waits", VALUE_SECONDS, TABLE_KEEP | TABLE_RIGHT),
	FIELD("rings", "Rings", TABLE_KEEP | TABLE_RIGHT),
	FIELD_WORD("state", "State", WORDS_INCIDENT_STATE, TABLE_EXTRA),
	FIELD("grid_name", "Grid", TABLE_EXTRA | TABLE_MIDDLE),
	FIELD_AS("since", "Since", VALUE_TIME, TABLE_EXTRA),
	FIELD_END,
};

const struct field fields_person[] = {
	FIELD("id", "Person", TABLE_KEEP | TABLE_ID),
	FIELD("name", "Name", TABLE_KEEP),
	FIELD_AS("roles", "As", VALUE_WHO, 0),
	FIELD("phone", "Phone", TABLE_KEEP),
	FIELD("org", "Organisation", TABLE_EXTRA),
	FIELD("grid", "Grid", TABLE_EXTRA),
	FIELD("unit", "Leads", TABLE_EXTRA),
	FIELD_END,
};

const struct field fields_grid[] = {
	FIELD("code", "Grid", TABLE_KEEP | TABLE_ID),
	FIELD("name", "Name", TABLE_MIDDLE),
	FIELD("level", "Level", TABLE_KEEP | TABLE_RIGHT),
	FIELD("parent", "Parent", TABLE_KEEP),
	FIELD("head_name", "Head", TABLE_KEEP),
	FIELD("phone", "Phone", TABLE_KEEP),
	FIELD_END,
};

/* Places, and what a word may mean: grids and devices, too. */
const struct field fields_place[] = {
	FIELD("name", "Place", TABLE_KEEP | TABLE_ID),
	FIELD("id", "Id", TABLE_KEEP),
	FIELD("grid", "Grid", TABLE_KEEP),
	FIELD("lon", "Longitude", TABLE_EXTRA),
	FIELD("lat", "Latitude", TABLE_EXTRA),
	FIELD_END,
};

const struct field fields_playbook[] = {
	FIELD("id", "Playbook", TABLE_KEEP | TABLE_ID),
	FIELD("title", "Title", TABLE_MIDDLE),
	FIELD("priority", "Pri", TABLE_KEEP | TABLE_RIGHT),
	FIELD_WORD("release", "Release", WORDS_RELEASE, TABLE_KEEP),
	FIELD("steps", "Steps", TABLE_KEEP | TABLE_RIGHT),
	FIELD("incidents", "Incidents", TABLE_KEEP | TABLE_RIGHT),
	FIELD_TOWN("types", "Alarm types", TABLE_REST),
	FIELD_END,
};

const struct field fields_warning[] = {
	FIELD_WORD("colour", "Colour", WORDS_COLOUR, TABLE_KEEP),
	FIELD_TOWN("hazard", "Hazard", TABLE_KEEP | TABLE_ID),
	FIELD_AS("until", "Until", VALUE_TIME, TABLE_KEEP),
	FIELD_END,
};

const struct field fields_silence[] = {
	FIELD("id", "Silence", TABLE_KEEP | TABLE_ID),
	FIELD("source", "Source", TABLE_KEEP),
	FIELD_TOWN("type", "Type", 0),
	FIELD("grid", "Grid", TABLE_KEEP),
	FIELD_AS("until", NC_("silence", "Until"), VALUE_TIME, TABLE_KEEP),
	FIELD("count", "Kept back", TABLE_KEEP | TABLE_RIGHT),
	FIELD_AS("active", "Active", VALUE_YES, TABLE_KEEP),
	FIELD("reason", "Reason", 0),
	FIELD("by", "By", TABLE_EXTRA),
	FIELD_END,
};

const struct field fields_key[] = {
	FIELD("id", "Key", TABLE_KEEP | TABLE_ID),
	FIELD_WORD("role", "Role", WORDS_KEY_ROLE, TABLE_KEEP),
	FIELD("who", NC_("key", "Whose"), TABLE_KEEP),
	FIELD("who_name", "Name", 0),
	FIELD_WORD("kind", "Kind", WORDS_KEY_KIND, TABLE_EXTRA),
	FIELD_WORD("state", "State", WORDS_KEY_STATE, TABLE_KEEP),
	FIELD_AS("until", NC_("key", "Until"), VALUE_TIME, 0),
	FIELD_AS("added", NC_("key", "Taken in"), VALUE_TIME, TABLE_EXTRA),
	FIELD("by", "By", TABLE_EXTRA),
	FIELD("reason", "Reason", 0),
	FIELD("public", "Public key", TABLE_EXTRA),
	FIELD_END,
};

const struct field fields_aside[] = {
	FIELD("id", "Set aside", TABLE_KEEP | TABLE_ID),
	FIELD_WORD("from", NC_("aside", "From"), WORDS_ASIDE_FROM, TABLE_KEEP),
	FIELD_WORD("kind", "Kind", WORDS_EVENT, TABLE_SOME),
	FIELD("times", NC_("aside", "Times"), TABLE_KEEP | TABLE_RIGHT),
	FIELD_AS("at", NC_("aside", "At"), VALUE_TIME, TABLE_KEEP),
	FIELD("reason", "Reason", 0),
	FIELD("bytes", "Bytes", TABLE_EXTRA | TABLE_RIGHT),
	FIELD_END,
};
