/* view: replies that are not plain lists, for a person to read. Prints; sends nothing. */
#ifndef CTL_VIEW_H
#define CTL_VIEW_H

#include <jansson.h>

#include "ctl/screen.h"

/* tasks and incidents: what needs somebody now; may be NULL. */
void view_status(
	const struct screen *given, const json_t *status, const json_t *tasks, const json_t *incidents);

/* pair: as status has it. Who leads of two daemons, the worst first; nothing where there is no other one. */
void view_pair(const struct screen *screen, const json_t *pair);

void view_incident(const struct screen *given, const json_t *story);
void view_explained(const struct screen *screen, const json_t *reply);
void view_order(const struct screen *screen, const json_t *order);
void view_unit(const struct screen *screen, const json_t *unit);
void view_depot(const struct screen *screen, const json_t *depot);
void view_device(const struct screen *screen, const json_t *device);
void view_playbook(const struct screen *screen, const json_t *playbook);
/* Who is on duty and what waits. */
void view_shift(const struct screen *screen, const json_t *shift);
void view_whoami(const struct screen *screen, const json_t *reply);
/* What is in force, and the changes that led to it. */
void view_response(const struct screen *screen, const json_t *reply);
/* Something that was set aside, with what it says. */
void view_aside(const struct screen *screen, const json_t *reply);
void view_calendar(const struct screen *screen, const json_t *calendar);
void view_alarm(const struct screen *screen, const json_t *alarm);
void view_loaded(const struct screen *screen, const json_t *reply);
/* The same tasks, orders to crews before notices, each by what is due first; the caller's (json_decref). */
json_t *view_tasks_sorted(const json_t *tasks);
/* Call tasks with every word that has to be said. */
void view_tasks(const struct screen *screen, const json_t *given);
/* What stays uncovered, and the open cases that may be the same, of such a reply; each returns how many. */
uint32_t view_uncovered(const struct screen *screen, const json_t *reply);
uint32_t view_duplicates(const struct screen *screen, const json_t *reply);
/* What became of a command: the reply of everything under /v1/commands, also of a dry run. */
void view_command(const struct screen *screen, const json_t *reply);

/* --- parts of the stories above -------------------------------------------------------------------- */

/* What is missing, in bold words, with the reason; nothing when nothing is. Returns how many. */
uint32_t view_shortfalls(const struct screen *screen, const json_t *story);
/* Who was sent and why, then who was not and why not, of "needs", "orders" and "choices". */
void view_sent(const struct screen *screen, const json_t *story);
void view_passed(const struct screen *screen, const json_t *story);
/* Materials with their carriers; actions of devices. */
void view_materials(const struct screen *screen, const json_t *story);
void view_actions(const struct screen *screen, const json_t *story);
void view_steps(const struct screen *screen, const json_t *steps);
/* One line that says what a step or a requirement asks for: "water_rescue × 2". */
void view_asked(const struct screen *screen, const json_t *need, char *out, size_t size);

#endif
