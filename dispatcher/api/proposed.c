/* proposed: what would go, were a case that waits for a person confirmed now. Nothing is kept or sent. */
#include "api/internal.h"

#include "api/tell.h"

/* What the clock will do if nobody says yes. */
static void put_clock(struct page *page, const struct incident *incident)
{
	const struct playbook *playbook = query_at(page->core, TABLE_PLAYBOOK, incident->playbook);
	const struct deadline *confirm = &incident->deadline[DEADLINE_CONFIRM];
	bool runs = confirm->state == DEADLINE_RUNNING;
	bool goes = playbook != NULL && playbook->confirm_dispatch &&
		    query_town(page->core)->release != RELEASE_ADVISE;

	put_time(page, "confirm_by", runs ? confirm->due_ms : 0);
	put_text_nullable(page, "then",
		!runs  ? (struct text){NULL, 0}
		: goes ? TEXT("dispatch")
		       : TEXT("hold"));
}

void put_proposed(struct page *page, struct api *api, const struct incident *incident)
{
	struct effects plan = {0, api->plan}, nothing = {0, NULL};
	struct event event = {.kind = EVENT_ACT, .at_ms = page->now_ms};
	struct tell tell = {.en_len = 0};

	event.u.act.incident = incident->r.number;
	if (incident->state != INCIDENT_REPORTED ||
		!query_propose(page->core, incident->r.number, 0, NULL, page->now_ms, &plan)) {
		put_null(page, "proposed");
		return;
	}
	put_key(page, "proposed");
	json_open_object(&page->out);
	put_clock(page, incident);
	(void)put_planned_needs(page, &plan);
	put_planned_orders(page, &plan, page->now_ms);
	put_uncovered(page, &tell, &event, &nothing, &plan, TEXT(""), false);
	put_lines(page, "decided", &plan, 0);
	json_close_object(&page->out);
}
