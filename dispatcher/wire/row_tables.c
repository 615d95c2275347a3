/* row_tables: the fields of a row's head, of places and of playbooks; data, no code. */
#include "wire/row_tables.h"

#define STRUCT struct event
static const struct row_field head_fields[] = {
	AS_WORD(ROW_FIELD_KIND, "kind", kind, WORDS_EVENT), PLAIN(2, "seq", seq), PLAIN(3, "epoch", epoch),
	AS_TIME(4, "at", at_ms), PLAIN(5, "by", by), PLAIN(6, "channel", channel),
	PLAIN(8, "from", from), /* 7 is the body */
};
#undef STRUCT
const struct row_table row_head_table = ROW_TABLE(head_fields, struct event);

#define STRUCT struct place
static const struct row_field place_fields[] = {
	PLAIN(1, "lat_e7", lat_e7),
	PLAIN(2, "lon_e7", lon_e7),
	PLAIN(3, "ecef_x_mm", ecef_mm[0]),
	PLAIN(4, "ecef_y_mm", ecef_mm[1]),
	PLAIN(5, "ecef_z_mm", ecef_mm[2]),
};
#undef STRUCT
const struct row_table row_place_table = ROW_TABLE(place_fields, struct place);

#define STRUCT struct step_def
static const struct row_field step_fields[] = {
	AS_WORD(1, "kind", kind, WORDS_STEP_KIND),
	UP_TO(2, "level", level, PLAYBOOK_LEVELS_MAX),
	UP_TO(3, "when_no_effect", when, STEP_NO_EFFECT),
	UP_TO(4, "after", after, PLAYBOOK_STEPS_MAX - 1),
	UP_TO(5, "effect_cleared", effect, EFFECT_CLEARED),
	PLAIN(6, "id", id),
	ROW_SHOWN(7, "skills", skills, SHOW_SPLIT, 0),
	ROW_SHOWN(8, "substitute", substitute, SHOW_SPLIT, 0),
	PLAIN(9, "count", count),
	AS_MILLI(10, "arrive_within_s", arrive_within_ms),
	PLAIN(11, "item", item),
	PLAIN(12, "quantity", quantity),
	PLAIN(13, "device", device),
	PLAIN(14, "action", action),
	PLAIN(15, "say", say),
	AS_MILLI(16, "within_m", within_mm),
	AS_MILLI(17, "effect_within_s", effect_within_ms),
	ROW_SHOWN(18, "who", who, SHOW_WHO, 0),
	AS_MILLI(19, "answer_within_s", answer_within_ms),
	PLAIN(20, "task", task),
	UP_TO(21, "answer", answer, STEP_ANSWER_COUNT - 1),
};
#undef STRUCT
static const struct row_table step_table = ROW_TABLE(step_fields, struct step_def);

#define STRUCT struct playbook_def
static const struct row_field playbook_fields[] = {
	PLAIN(1, "id", id),
	PLAIN(2, "title", title),
	ROW_FULL(3, ROW_HASH, SHOW_PLAIN, 0, hash, 0, 0, "hash", NULL),
	LIST_OF(4, "types", ROW_LIST_TEXT, SHOW_PLAIN, type, type_count, PLAYBOOK_TYPES_MAX, NULL),
	LIST_OF(5, "grids", ROW_LIST_TEXT, SHOW_PLAIN, grid, grid_count, PLAYBOOK_GRIDS_MAX, NULL),
	AS_MICRO(6, "confidence", confidence_ppm),
	PLAIN(7, "hours_from_min", hours_from_min),
	PLAIN(8, "hours_to_min", hours_to_min),
	ROW_SHOWN(9, "warning", warning, SHOW_WORD_BITS, WORDS_COLOUR),
	ROW_SHOWN(10, "modes", modes, SHOW_ROMAN_BITS, 0),
	PLAIN(11, "has_above", has_above),
	PLAIN(12, "has_below", has_below),
	AS_MICRO(13, "above", above_e6),
	AS_MICRO(14, "below", below_e6),
	PLAIN(15, "value_unit", value_unit),
	AS_MILLI(16, "correlate_m", correlate_mm),
	AS_MILLI(17, "correlate_s", correlate_ms),
	PLAIN(18, "upgrade_sensors", upgrade_sensors),
	AS_MILLI(19, "upgrade_s", upgrade_ms),
	UP_TO(20, "upgrade_to", upgrade_to, PLAYBOOK_LEVELS_MAX),
	PLAIN(21, "incident_type", incident_type),
	PLAIN(22, "priority", priority),
	AS_WORD(23, "grade", grade, WORDS_GRADE),
	ROW_SHOWN(24, "response_level", response_level, SHOW_ROMAN, 0),
	AS_WORD(25, "release", release, WORDS_RELEASE),
	AS_MILLI(26, "confirm_s", confirm_ms),
	PLAIN(27, "confirm_dispatch", confirm_dispatch),
	LIST_OF(28, "steps", ROW_LIST_MESSAGE, SHOW_PLAIN, step, step_count, PLAYBOOK_STEPS_MAX, &step_table),
	AS_MILLI(29, "answer_s", answer_ms),
	AS_MILLI(30, "arrive_s", arrive_ms),
	AS_MILLI(31, "receive_s", receive_ms),
	AS_MILLI(32, "dispose_s", dispose_ms),
	AS_MILLI(33, "verify_s", verify_ms),
	LIST_OF(34, "escalate", ROW_LIST_U32, SHOW_WHO, climb, climb_count, PLAYBOOK_CLIMB_MAX, NULL),
	AS_MILLI(35, "climb_every_s", climb_every_ms),
	ROW_SHOWN(36, "working_hours", working, SHOW_WORD_BITS, WORDS_DEADLINE_KIND),
};
#undef STRUCT
const struct row_table row_playbook_table = ROW_TABLE(playbook_fields, struct playbook_def);
