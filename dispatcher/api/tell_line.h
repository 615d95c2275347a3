/* tell_line: adding to the two lines of a tell, for api/tell*.c alone. */
#ifndef API_TELL_LINE_H
#define API_TELL_LINE_H

#include "api/tell.h"

/* A name to be printed with "%.*s". */
struct line_name {
	char text[192];
	int len;
};

/* "id name", or what of the two there is. */
struct line_name line_name(struct text id, struct text name);

/* tell_desk.c: effects of the desk; false: it is none. And a command at the desk. */
bool tell_desk(struct tell *out, const struct core *core, const struct effect *effect);
void tell_desk_event(struct tell *out, const struct core *core, const struct event *event);
/* tell_notice.c: notices and call tasks. */
void tell_notice_effect(struct tell *out, const struct core *core, const struct effect *effect);

/* Append as printf does; what does not fit is cut at a character. */
void line_en(struct tell *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
void line_zh(struct tell *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* tell_paper.c: facts, reports, times, moved sensors, working hours; false: it is none of these. */
bool tell_paper(struct tell *out, const struct core *core, const struct effect *effect);

/* What a verification rests on: set of EVIDENCE_*. */
void tell_evidence(struct tell *out, uint8_t evidence);

#endif
