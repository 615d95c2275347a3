/* tell: what happened and what was decided, each as one line in English and in Chinese. Knows no JSON. */
#ifndef API_TELL_H
#define API_TELL_H

#include "core/query.h"

enum { TELL_SIZE = 1536 };

/* Whole metres of mm, whole seconds of ms: rounded here alone, so that two lines of one story agree. Half goes up; none is below 0. */
static inline unsigned long tell_whole(int64_t milli)
{
	return milli <= 0 ? 0 : (unsigned long)((milli + 500) / 1000);
}

/* A span of time as all stories have it: "3分07秒", "14分", "46秒"; "3 min 07 s". out[32], terminated; returned. */
const char *tell_span(char *out, int64_t span_ms, bool en);

/* Two lines, not terminated; what does not fit is cut at a character. */
struct tell {
	char en[TELL_SIZE], zh[TELL_SIZE];
	uint32_t en_len, zh_len;
};

void tell_event(
	struct tell *out, const struct core *core, const struct event *event, const struct effects *effects);

/* False: not worth a line (it only serves the machine). */
bool tell_effect(struct tell *out, const struct core *core, const struct effect *effect);

#endif
