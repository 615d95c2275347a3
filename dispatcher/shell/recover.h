/* recover: a core as the last process left it: the newest snapshot, then every row behind it, applied. Decides nothing. */
#ifndef SHELL_RECOVER_H
#define SHELL_RECOVER_H

#include "core/core.h"
#include "wire/row.h"

/* Takes the body of one row; anything but DISP_OK stops the reading, which returns it. */
typedef enum disp_err recover_take(void *recover, uint64_t seq, const uint8_t *body, size_t size);

/* Where the past lies; the program fills it. */
struct recover_port {
	void *context;
	/* The newest whole snapshot; sections are good until snapshot_free. DISP_E_NONE: there is none of any use. */
	enum disp_err (*snapshot)(
		void *context, struct core_section section[CORE_SECTIONS_MAX], uint32_t *count);
	void (*snapshot_free)(void *context);
	/* Hands over every row after that one. Errors are store_recover's, and those of take. */
	enum disp_err (*rows)(void *context, uint64_t after_seq, recover_take *take, void *recover);
	/* A core without any state, in the place of the one before, if any. NULL: it was said why. */
	struct core *(*core)(void *context);
	/* Told of every row once it is applied. May be NULL. */
	void (*witness)(void *context, const struct event *event, const struct effects *effects);
};

/* What came of it, for people. */
struct recovered {
	struct core *core;
	uint64_t snapshot_seq;  /* 0: without a snapshot */
	bool snapshot_refused;  /* of another layout or other limits: the rows were read instead */
	uint64_t refused_seq;   /* the row that could not be applied; 0 none */
	enum disp_err refused;  /* why not */
	struct effects effects; /* item[EFFECTS_MAX] and row are the caller's */
	struct row_scratch *row;
	const struct recover_port *port;
};

/*
 * recover_run - makes the core, reads the snapshot into it and applies the rows behind it.
 *
 * Shapes  recovered: effects.item and row are set by the caller, the rest by the call.
 * Errors  DISP_E_AGAIN  no past was found, and whether there is one is not known: core is empty.
 *         DISP_E_FULL   no core. else as port->rows: the core must not be used.
 */
enum disp_err recover_run(struct recovered *recovered, const struct recover_port *port) DISP_MUSTCHECK;

/* The epoch of the life that begins with this core: above that of every row. */
uint64_t recover_next_epoch(const struct core *core);

#endif
