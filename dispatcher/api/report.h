/* report: what goes upward of an incident, as text: gathered from core and journal, then worded; for dispatcher/api/ alone. */
#ifndef API_REPORT_H
#define API_REPORT_H

#include "api/told.h"
#include "board/ink.h"

enum {
	REPORT_ENTRIES_MAX = 200,
	REPORT_NOTES_BYTES = 131072,
	REPORT_GAPS_MAX = 16,
	REPORT_SOURCES_MAX = 16,
	REPORT_BYTES_MAX = 1 << 19
};

/* A line of the course of events; those of one minute and kind are told as one. */
enum report_entry_kind {
	ENTRY_REPORTED,
	ENTRY_MERGED,   /* another case was merged into it */
	ENTRY_RESPONSE, /* the town's response level was set */
	ENTRY_LEVEL,
	ENTRY_DEVICE, /* an action of a device */
	ENTRY_SENT,
	ENTRY_THERE, /* a crew of a case that was run on paper, with neither of its times */
	ENTRY_GOODS, /* material from a depot */
	ENTRY_ARRIVED,
	ENTRY_NOTE,
	ENTRY_FINISHED, /* a unit has done its part */
	ENTRY_DONE,
	ENTRY_FAILED, /* a verification */
	ENTRY_REOPENED,
	ENTRY_VERIFIED,
	ENTRY_ENDED
};
struct report_entry {
	int64_t at_ms;
	uint32_t kind, order; /* enum report_entry_kind; ordinal of gathering: keeps the order of the like */
	uint32_t
		slot; /* of the order that it is about; ENTRY_REPORTED, _MERGED: of the case; ENTRY_LEVEL: the
			       * level; ENTRY_RESPONSE: the level << 8 | the one before */
	uint32_t unit;    /* slot; 0: that of the order */
	struct text text; /* ENTRY_NOTE: what was said, ENTRY_FAILED and _REOPENED: why */
};

struct report_fact {
	struct text text; /* empty: nobody has said it */
	int64_t at_ms;
};

/* Who reported it, or a case that stands merged into it. */
struct report_source {
	const struct incident *incident;
	const struct told *told;
};

/* Who was told of it. */
struct report_told {
	uint32_t persons, answered, unreached;
};

struct report_gap {
	const char *word, *zh; /* literals */
};

struct report {
	const struct core *core;
	const struct incident *incident;
	int64_t now_ms, since_ms; /* since_ms: when the last one went upward; 0: none has */
	uint32_t kind, number;    /* enum report_kind; which follow-up this one is, from 1 */
	bool en;
	const struct told *told;
	struct report_source source[REPORT_SOURCES_MAX]; /* the earliest first */
	uint32_t source_count, sources_left_out;
	int64_t reported_ms;     /* by the earliest of them */
	struct text verified_by; /* the last who did */
	struct report_fact fact[FACT_COUNT];
	struct report_told notices;
	struct report_entry entry[REPORT_ENTRIES_MAX];
	uint32_t entry_count, entries_left_out;
	struct report_gap gap[REPORT_GAPS_MAX];
	uint32_t gap_count;
	char notes[REPORT_NOTES_BYTES];
	uint32_t notes_used;
	struct ink ink;
	uint32_t part; /* headings so far */
};

/* report_gather.c: everything but the gaps and the words. Zeroed memory with core, incident, now_ms, kind and en set. */
void report_gather(struct report *report, struct api *api);

/* A line of the course; none at time 0. text: kept by the caller. */
void report_add(
	struct report *report, enum report_entry_kind kind, int64_t at_ms, uint32_t slot, struct text text);

/* report_source.c: sources and reported_ms; and who they were. */
void report_gather_sources(struct report *report, struct api *api);
void report_source_words(struct report *report);
/* In the course: that a case was reported, by whom it was raised; a case by its id. */
void report_reported_words(struct report *report, uint32_t slot);
void report_case_words(struct report *report, uint32_t slot);

/* report_level.c: what the response level did between the report and the end; which was in force last. */
void report_gather_levels(struct report *report);
void report_level_words(struct report *report, uint32_t levels);
void report_write_response(struct report *report);

/* report_text.c: into report->ink, which it begins; names the gaps on the way. */
void report_write(struct report *report);

/* report_course.c: the course of events since `since_ms` (0: all of it), and who is there now. */
void report_write_course(struct report *report, int64_t since_ms);
void report_write_now(struct report *report);

/* Small words of both. */
void report_say(struct report *report, const char *zh, const char *en);
void report_when(struct report *report, int64_t at_ms); /* 18时57分; with the day when it is another one */
void report_when_full(struct report *report, int64_t at_ms); /* 2026年7月1日18时57分 */
void report_gap(struct report *report, const char *word, const char *zh);

#endif
