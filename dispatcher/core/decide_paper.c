/* decide_paper: what people write down: facts, reports, and incidents that were run on paper. */
#include "core/decide.h"

void decide_fact(struct decision *decision)
{
	emit_result(decision, OUTCOME_INVALID, decision->event->u.fact.incident);
}

void decide_report(struct decision *decision)
{
	emit_result(decision, OUTCOME_INVALID, decision->event->u.report.incident);
}

void decide_paper(struct decision *decision)
{
	emit_result(decision, OUTCOME_INVALID, 0);
}
