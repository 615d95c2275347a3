/* duties: the types that can occur, handed to the town; see the header. */
#include "shell/duties.h"

#include "playbook/alarm_type.h"

enum { ALARM_TYPES_MAX = 64 };

enum disp_err duties_check(
	const struct town *town, const struct playbook_set *set, struct reading_faults *faults)
{
	struct text known[PLAYBOOK_COUNT_MAX + ALARM_TYPES_MAX];
	uint32_t count = 0, faults_before = faults->count;

	for (uint32_t index = 0; index < set->count && index < PLAYBOOK_COUNT_MAX; index++)
		known[count++] = set->def[index]->incident_type;
	for (uint32_t index = 0; index < ALARM_TYPES_MAX && alarm_type_at(index).len > 0; index++)
		known[count++] = alarm_type_at(index);
	town_check_types(town, known, count, faults);
	return faults->count == faults_before ? DISP_OK : DISP_E_INPUT;
}
