/* bring: what another daemon decided that is not in force here: alarms and calls as new events, the rest as a fact for people. */
#ifndef BRING_H
#define BRING_H

#include "shell/shell.h"
#include "store/store.h"

/* What the ids of EVENT_ASIDE begin with that tell of another daemon's rows; epoch and seq of the row follow: "other-7-4711". */
#define BRING_ID "other-"

/* Filled by whoever has it: the daemon, or what simulates it. */
struct bring {
	struct shell *shell;
	struct effects *effects; /* overwritten; item is [EFFECTS_MAX] */
	struct row_scratch *scratch;
	int64_t at_ms; /* event time, now */
};

/* A row of another daemon that is not in force, as store_lead hands it over; errors as stray_take there. */
enum disp_err bring_row(const struct bring *bring, const struct store_row *row) DISP_MUSTCHECK;

#endif
