/* duties: the responsibility list against the plans; registers nothing. */
#ifndef SHELL_DUTIES_H
#define SHELL_DUTIES_H

#include "playbook/playbook.h"
#include "town/town.h"

/*
 * duties_check - adds a fault for each incident type of responsibilities.csv that is nearly one that a plan opens, or
 * nearly a listed alarm type, which is the type of a case without a plan. What is near to none is for cases opened by
 * hand.
 *
 * Errors  DISP_E_INPUT  there were some.
 */
enum disp_err duties_check(const struct town *town, const struct playbook_set *set,
	struct reading_faults *faults) DISP_MUSTCHECK;

#endif
