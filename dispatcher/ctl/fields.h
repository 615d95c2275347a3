/* fields: the columns of every list. Data only. */
#ifndef CTL_FIELDS_H
#define CTL_FIELDS_H

#include "ctl/value.h"

extern const struct field fields_alarm[], fields_incident[], fields_order[], fields_unit[], fields_nearest[],
	fields_depot[], fields_stock[], fields_device[], fields_task[], fields_playbook[], fields_warning[],
	fields_person[], fields_place[], fields_grid[], fields_notice[], fields_alert[], fields_silence[],
	fields_key[], fields_aside[];

#endif
