/* row_tables_told: the fields of the effects that tell and ask people; data, for row_tables_effect.c alone. */
#ifndef WIRE_ROW_TABLES_TOLD_H
#define WIRE_ROW_TABLES_TOLD_H

#include "wire/row_tables.h"

#define STRUCT struct effect_notice
static const struct row_field notice_fields[] = {
	AS_ID(1, "notice", number, ID_NOTICE),
	AS_ID(2, "incident", incident, ID_INCIDENT),
	AS_NAME(3, "person", person, ROW_NAME_PERSON),
	AS_NAME(4, "unit", unit, ROW_NAME_UNIT),
	ROW_SHOWN(5, "who", who, SHOW_WHO, 0),
	ROW_SHOWN(6, "step", step, SHOW_STEP, 0),
	AS_TIME(7, "due", due_ms),
	AS_ID(8, "climbed", climbed, ID_NOTICE),
	PLAIN(9, "tries", tries),
	PLAIN(10, "each", each),
	AS_ID(11, "order", order, ID_ORDER),
	ROW_SHOWN(12, "level", level, SHOW_ROMAN, 0),
	ROW_SHOWN(13, "over", over, SHOW_ROMAN, 0),
};
#undef STRUCT

#define STRUCT struct effect_notice_state
static const struct row_field notice_state_fields[] = {
	AS_ID(1, "notice", notice, ID_NOTICE),
	AS_ID(2, "incident", incident, ID_INCIDENT),
	AS_WORD(3, "to", to, WORDS_NOTICE_STATE),
	AS_NAME(4, "by", by, ROW_NAME_TEXT),
	AS_ID(5, "up", up, ID_NOTICE),
	AS_NAME(6, "person", person, ROW_NAME_PERSON),
};
#undef STRUCT

#define STRUCT struct effect_notice_try
static const struct row_field notice_try_fields[] = {
	AS_ID(1, "notice", notice, ID_NOTICE),
	AS_ID(2, "incident", incident, ID_INCIDENT),
	AS_NAME(3, "unit", unit, ROW_NAME_UNIT),
	PLAIN(4, "tries", tries),
	AS_TIME(5, "due", due_ms),
	AS_ID(6, "task", task, ID_TASK),
};
#undef STRUCT

#define STRUCT struct effect_task
static const struct row_field task_fields[] = {
	AS_ID(1, "task", number, ID_TASK),
	AS_ID(2, "incident", incident, ID_INCIDENT),
	AS_NAME(3, "person", person, ROW_NAME_PERSON),
	AS_ID(4, "order", order, ID_ORDER),
	AS_ID(5, "notice", notice, ID_NOTICE),
	AS_TIME(6, "due", due_ms),
};
#undef STRUCT

#define STRUCT struct effect_task_state
static const struct row_field task_state_fields[] = {
	AS_ID(1, "task", task, ID_TASK),
	AS_WORD(2, "to", to, WORDS_TASK_STATE),
};
#undef STRUCT

#define STRUCT struct effect_alert
static const struct row_field alert_fields[] = {
	AS_ID(1, "incident", incident, ID_INCIDENT),
	AS_WORD(2, "cause", cause, WORDS_ALERT),
	AS_WORD(3, "to", to, WORDS_ALERT_STATE),
	PLAIN(4, "last", last),
};
#undef STRUCT

#define STRUCT struct effect_bell
static const struct row_field bell_fields[] = {
	PLAIN(1, "count", count),
	PLAIN(2, "ring", ring),
	PLAIN(3, "climb", climb),
	AS_TIME(4, "next", next_ms),
};
#undef STRUCT

#define STRUCT struct effect_presence
static const struct row_field presence_fields[] = {
	PLAIN(1, "missed", missed),
	AS_TIME(2, "due", due_ms),
};
#undef STRUCT

#define STRUCT struct effect_telling
static const struct row_field telling_fields[] = {
	PLAIN(1, "state", state),
	ROW_SHOWN(2, "over", over, SHOW_ROMAN, 0),
	PLAIN(3, "next", next),
	AS_ID(4, "since", since, ID_NOTICE),
	AS_ID(5, "until", until, ID_NOTICE),
	AS_NAME(6, "by", by, ROW_NAME_PERSON),
	AS_NAME(7, "agreed", agreed, ROW_NAME_PERSON),
	AS_NAME(8, "by_before", by_before, ROW_NAME_PERSON),
	AS_NAME(9, "agreed_before", agreed_before, ROW_NAME_PERSON),
};
#undef STRUCT

#define STRUCT struct effect_shift
static const struct row_field shift_fields[] = {
	AS_NAME(1, "person", person, ROW_NAME_PERSON),
	AS_WORD(2, "act", act, WORDS_SHIFT_ACT),
};
#undef STRUCT

#endif
