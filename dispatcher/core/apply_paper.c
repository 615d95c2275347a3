/* apply_paper: what an effect does to facts, reports and the times of incidents that were run on paper. */
#include <stddef.h>

#include "core/apply.h"

enum disp_err apply_fact(struct apply *apply)
{
	const struct effect_fact *from = &apply->effect->u.fact;
	struct incident *incident = incident_edit(apply->core, from->incident);

	if (incident == NULL || from->fact >= FACT_COUNT)
		return DISP_E_DAMAGED;
	incident->fact_seq[from->fact] = apply->event->seq;
	return DISP_OK;
}

enum disp_err apply_report(struct apply *apply)
{
	const struct effect_report *from = &apply->effect->u.report;
	struct incident *incident = incident_edit(apply->core, from->incident);

	if (incident == NULL || from->report >= REPORT_COUNT)
		return DISP_E_DAMAGED;
	incident->report_count[from->report] = (uint16_t)from->number;
	incident->report_ms[from->report] = apply->event->at_ms;
	return DISP_OK;
}

enum disp_err apply_incident_times(struct apply *apply)
{
	const struct effect_incident_times *from = &apply->effect->u.incident_times;
	struct incident *incident = incident_edit(apply->core, from->incident);

	if (incident == NULL)
		return DISP_E_DAMAGED;
	incident->reported_ms = from->reported_ms;
	incident->accepted_ms = from->accepted_ms;
	incident->dispatched_ms = from->dispatched_ms;
	incident->arrived_ms = from->arrived_ms;
	incident->done_ms = from->done_ms;
	incident->verified_ms = from->verified_ms;
	incident->ended_ms = from->ended_ms;
	incident->done_by = from->done_by;
	incident->verified_by = from->verified_by;
	if (apply->event->kind == EVENT_PAPER) { /* names that decide could not know by number yet */
		incident->done_by = text_intern(&apply->core->texts, apply->event->u.paper.done_by);
		incident->verified_by = text_intern(&apply->core->texts, apply->event->u.paper.verified_by);
	}
	return DISP_OK;
}
