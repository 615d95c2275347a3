/* told: what was said when an incident was opened, and what is said of it on the telephone; for dispatcher/api/ alone. */
#ifndef API_TOLD_H
#define API_TOLD_H

#include "api/internal.h"
#include "api/tell.h"

enum { TOLD_TEXT_MAX = 384, TOLD_WORD_MAX = 128 };

/* Out of the journal; empty where nothing was said. Texts are cut at a character. */
struct told {
	char text_bytes[TOLD_TEXT_MAX], caller_bytes[TOLD_WORD_MAX], phone_bytes[TOLD_WORD_MAX],
		where_bytes[TOLD_WORD_MAX];
	struct text text, caller, phone, where;
	bool by_person; /* not by a device */
};

/* *out is left alone where the journal does not have it (yet). */
void told_read(struct api *api, uint32_t incident, struct told *out);

/* What the officer reads out for a call task; api NULL: without what was told. */
void words_to_say(struct tell *out, const struct core *core, struct api *api, const struct task *task);

#endif
