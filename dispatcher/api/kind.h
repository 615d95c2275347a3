/* kind: words that people give for types, hazards and items, turned into the codes that the core knows. No HTTP. */
#ifndef API_KIND_H
#define API_KIND_H

#include "api/command.h"

/*
 * Each turns what was given into the code, in place. False: refused is filled, with the words that would do. Codes live
 * as long as the core.
 */

/* incident-open: a type of the active playbooks or of the responsibilities, a listed alarm type, "other"; or its Chinese
 * name, or the title of a playbook. Chooses the playbook where the word names one, or where one was asked for. */
bool kind_of_open(const struct core *core, struct event_open *open, struct refused *refused);

/* An item's name becomes its code. */
bool kind_of_item(const struct core *core, struct text *item, struct refused *refused);
/* Whether all depots together have so much of an item (its code) free. */
bool kind_is_there(
	const struct core *core, struct text item, int64_t quantity, int64_t at_ms, struct refused *refused);
/* A hazard that warnings are given for, or its Chinese. */
bool kind_of_hazard(struct text *hazard, struct refused *refused);
/* The source is a device, the type a listed alarm type or its Chinese, the grid a code. */
bool kind_of_silence(const struct core *core, struct event_silence *silence, struct refused *refused);

#endif
