/* radio_after: what stands behind a report by radio: the order that was over before it, who goes instead. Only asks. */
#ifndef CTL_RADIO_AFTER_H
#define CTL_RADIO_AFTER_H

#include "ctl/session.h"

/*
 * A unit without a live order whose last one has expired or was recalled in the last half hour, for a case that is
 * still open: true, and out says so, who has the task now, and what gives it back. `answer` is what the crew says.
 */
bool radio_lapsed(struct session *session, const char *unit, const char *answer, char *out, size_t size);

/* After an order was declined or has failed: who was asked instead; "" where nobody had to be. */
void radio_instead(struct session *session, const char *order, char *out, size_t size);

#endif
