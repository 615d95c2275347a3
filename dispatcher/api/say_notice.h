/* say_notice: parts of what is said on the telephone; for dispatcher/api/say.c alone. */
#ifndef API_SAY_NOTICE_H
#define API_SAY_NOTICE_H

#include "api/tell.h"
#include "core/model.h"

/* Why this person is told: who was not reached, whose keeper does not answer; and that an answer is asked for. */
void say_notice(struct tell *out, const struct core *core, const struct notice *notice);

/* Where the person to call has no number: that, and whom to call instead. Nothing where there is one. */
void say_number(struct tell *out, const struct core *core, const struct task *task);

#endif
