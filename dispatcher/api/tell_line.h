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

/* At most 300 bytes of what somebody wrote, behind a mark; nothing where there is nothing. */
void line_quote(struct tell *out, const char *en, const char *zh, struct text text);

/* A person's id with the name behind it; what is no person's id as it is. */
struct line_name line_who(const struct core *core, struct text by);

/* A span in minutes and seconds, as the stories have it. */
void line_span(struct tell *out, int64_t span_ms);

/* tell_desk.c: effects of the desk; false: it is none. And a command at the desk. */
bool tell_desk(struct tell *out, const struct core *core, const struct effect *effect);
void tell_desk_event(struct tell *out, const struct core *core, const struct event *event);
/* tell_remark.c: what a command is about, by name, and what was written with it; false: it is about nothing that has one. */
bool tell_remark(struct tell *out, const struct core *core, const struct event *event);
/* An item as the first depot that has it calls it; the item's own id where none has. */
struct text tell_item_zh(const struct core *core, struct text item);
/* tell_notice.c: notices and call tasks. */
void tell_notice_effect(struct tell *out, const struct core *core, const struct effect *effect);

/* keys.c */
void tell_key_event(struct tell *out, const struct core *core, const struct event_key *key);
void tell_key_effect(struct tell *out, const struct core *core, const struct effect_key *effect);

/* aside.c */
void tell_aside_event(struct tell *out, const struct event_aside *said);
void tell_aside_effect(struct tell *out, const struct effect_aside *effect);

/* Append as printf does; what does not fit is cut at a character. */
void line_en(struct tell *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
void line_zh(struct tell *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* tell_paper.c: facts, reports, times, moved sensors, working hours; false: it is none of these. */
bool tell_paper(struct tell *out, const struct core *core, const struct effect *effect);

/* What a verification rests on: set of EVIDENCE_*. */
void tell_evidence(struct tell *out, uint8_t evidence);

#endif
