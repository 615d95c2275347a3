/* decide_desk: the desk watches itself: who is on shift, what waits for a person's eye, and what climbs. */
#include "core/decide.h"

void decide_shift(struct decision *decision)
{
	emit_result(decision, OUTCOME_INVALID, 0);
}

void decide_ack(struct decision *decision)
{
	emit_result(decision, OUTCOME_INVALID, decision->event->u.ack.incident);
}
