/* radio_after: what stands behind a report by radio: the order that was over before it, who goes instead. Only asks. */
#ifndef CTL_RADIO_AFTER_H
#define CTL_RADIO_AFTER_H

#include "ctl/session.h"

/*
 * A unit without a live order whose last one has expired or was recalled in the last half hour, for a case that is
 * still open: true, and out says so, who has the task now, and what gives it back. `answer` is what the crew says.
 */
bool radio_lapsed(struct session *session, const char *unit, const char *answer, char *out, size_t size);

/*
 * The unit's newest order is over: its time to answer ran out, and the answer would bring it back into force; or it ended
 * with its case, and there is nothing to report any more, which is said in `out`.
 */
enum radio_over { RADIO_OVER_NOT, RADIO_OVER_IN_FORCE, RADIO_OVER_WITH_CASE };
enum radio_over radio_over(struct session *session, const char *unit, const char *answer, char order[32],
	char *out, size_t size);

/* Behind a decline that gives a reason: how to say that the crew is not to be sent at all. */
void radio_unfit(struct session *session, const char *unit, const char *reason, char *out, size_t size);

/* After an order was declined or has failed: who was asked instead; "" where nobody had to be. */
void radio_instead(struct session *session, const char *order, char *out, size_t size);

#endif
