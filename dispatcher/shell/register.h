/* register: a town pack and a set of playbooks as events; what the core has heard of and what is gone. */
#ifndef SHELL_REGISTER_H
#define SHELL_REGISTER_H

#include "core/core.h"
#include "playbook/playbook.h"
#include "town/town.h"

/* Takes one event; anything but DISP_OK stops the registration, which returns it. */
typedef enum disp_err register_take(void *context, struct event *event);

/*
 * register_town - every row of the pack, then EVENT_RETIRE for what the core knows and the pack has not, then
 * EVENT_TOWN with the pack's hash: the last row says that all is in. Sending it twice changes nothing.
 *
 * Order   grids, persons, grids again with their heads, units, depots, stock, devices, responsibilities.
 * Errors  DISP_E_FULL  the pack has more rows than a table of the core holds: nothing was sent; *what says which.
 *         else what take returned.
 */
enum disp_err register_town(const struct core *core, const struct town *town,
	const uint8_t hash[PLAYBOOK_HASH_BYTES], register_take *take, void *context,
	const char **what) DISP_MUSTCHECK;

/* register_plan - every playbook of the set, EVENT_RETIRE for those that are gone, then EVENT_PLAN. */
enum disp_err register_plan(const struct core *core, const struct playbook_set *set, register_take *take,
	void *context) DISP_MUSTCHECK;

/* What the town has, for playbook_check_town. town must live as long. */
struct playbook_vocabulary register_vocabulary(const struct town *town);

#endif
