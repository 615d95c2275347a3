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

#endif
