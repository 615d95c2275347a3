/* calendar: working hours, for the slow clocks. */
#include "core/apply.h"
#include "core/decide.h"

void decide_calendar(struct decision *decision)
{
	emit_result(decision, OUTCOME_INVALID, 0);
}

enum disp_err apply_calendar(struct apply *apply)
{
	(void)apply;
	return DISP_OK;
}
