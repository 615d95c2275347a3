/* project_row: one journal row to what it writes in the projections; no connection. */
#ifndef STORE_PROJECT_ROW_H
#define STORE_PROJECT_ROW_H

#include "store/project_fold.h"
#include "store/store.h"

enum {
	PROJECT_NEEDS_MAX = 4096,
	PROJECT_NEED_BYTES = 60,
	PROJECT_JSON_BYTES = 32 << 10,
	PROJECT_LINE_BYTES = 768
};

/* What requirements asked for, from the rows read; of those opened before this process the core is asked by its number. */
struct project_need {
	uint32_t number, len;
	char text[PROJECT_NEED_BYTES];
};

struct project_rows {
	struct fold fold;
	const struct row_names *names;
	struct row_scratch scratch;
	struct event event;
	struct effect effect[EFFECTS_MAX];
	struct effects effects;
	struct project_need need[PROJECT_NEEDS_MAX];
	char json[PROJECT_JSON_BYTES];
};

/* Adds a row to the fold. A body that cannot be decoded writes nothing: DISP_E_DAMAGED. */
enum disp_err project_row(struct project_rows *rows, const struct store_row *row) DISP_MUSTCHECK;

/* ---- shared by project_event.c, project_effect.c, project_story.c ---- */

enum { PROJECT_ID_BYTES = 24 };

/* The texts of ids and numbers; empty: none. */
struct text project_name(const struct project_rows *rows, enum row_name kind, uint32_t number);
struct text project_who(const struct project_rows *rows, uint8_t target, uint32_t number);
struct text project_need_text(const struct project_rows *rows, uint32_t need, char *id);
struct text project_roman(uint32_t level);

/* "depot/item" in two. */
void project_stock(const struct project_rows *rows, uint32_t stock, struct text *depot, struct text *item);

void project_event(struct project_rows *rows); /* what the event itself says */
void project_effect(struct project_rows *rows, const struct effect *effect);
void project_alarm(struct project_rows *rows, const struct effect_alarm *effect);
void project_effect_more(struct project_rows *rows, const struct effect *effect);
/* An open call is due anew; task 0: none. */
void project_call_due(struct project_rows *rows, uint32_t task, int64_t due_ms);
void project_story(struct project_rows *rows, const struct effect *effect, uint32_t n); /* incident_event */

#endif
