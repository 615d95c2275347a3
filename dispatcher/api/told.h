/* told: what was said when an incident was opened, and what is said of it on the telephone; for dispatcher/api/ alone. */
#ifndef API_TOLD_H
#define API_TOLD_H

#include "api/internal.h"
#include "api/tell.h"
#include "board/board.h"

enum { TOLD_TEXT_MAX = 384, TOLD_WORD_MAX = 128 };

/* Out of the journal; empty where nothing was said. Texts are cut at a character. */
struct told {
	uint32_t incident; /* 0: nothing is known */
	uint32_t asked;    /* in which round told_warm last asked in vain */
	char text_bytes[TOLD_TEXT_MAX], caller_bytes[TOLD_WORD_MAX], phone_bytes[TOLD_WORD_MAX],
		where_bytes[TOLD_WORD_MAX];
	struct text text, caller, phone, where;
	bool by_person; /* not by a device */
};

/* Never NULL: all empty where the journal does not have it (yet), or api is NULL. It is read once and kept: lives as long as
 * the incident is remembered. */
const struct told *told_of(struct api *api, uint32_t incident);
/* Whether told_of would answer without reading the journal. */
bool told_kept(const struct api *api, uint32_t incident);
/* Goes on reading what open incidents were told of, a few rows a call, so that a page need not wait for the disk. */
void told_warm(struct api *api);

/* What the officer reads out for a call task; api NULL: without what was told. */
void words_to_say(struct tell *out, const struct core *core, struct api *api, const struct task *task);

/* The note of a row of a shift; its texts live until the next row is read. seq 0: empty. */
struct board_note shift_note(struct api *api, uint64_t seq);

#endif
