/* alarm_type: the alarm types that plans may name and the units of their values; reads no alarm. */
#ifndef PLAYBOOK_ALARM_TYPE_H
#define PLAYBOOK_ALARM_TYPE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/types.h"

/* The listed types, full names ("alarm.water.level"), by index from 0; {NULL, 0} beyond the last.
 * Source: schemas/wire/alarm.json. */
struct text alarm_type_at(uint32_t index);
bool alarm_type_listed(struct text type);

/* A unit that some alarm may carry: "m", "mm/h", "%LEL". */
bool alarm_unit_known(struct text unit);

/* Whether a value of this type can be in this unit. Types without a natural quantity take any known unit. */
bool alarm_unit_fits(struct text type, struct text unit);

/* For messages: the units of a type, or all known ones when it has none of its own; "m cm mm". */
const char *alarm_unit_list(struct text type);

#endif
