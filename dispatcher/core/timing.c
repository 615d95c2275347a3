/* timing: when each kind of record wants to be woken; the one place that says so. */
#include "core/state.h"

#include <stddef.h>

static int64_t sooner(int64_t a, int64_t b)
{
	if (a == 0)
		return b;
	return b == 0 || a < b ? a : b;
}

/* Only while disposal is late and the work is not done. */
int64_t incident_climb_ms(const struct incident *incident)
{
	bool late = incident->deadline[DEADLINE_DISPOSE].state == DEADLINE_LATE;

	return late && incident->state < INCIDENT_DONE_REPORTED ? incident->climb_ms : 0;
}

int64_t incident_due_ms(const struct core *core, const struct incident *incident)
{
	const struct playbook *playbook = playbook_at(core, incident->playbook);
	int64_t due_ms = 0;

	if (incident_ended(incident->state)) /* what a merged case lacks is looked for on */
		return incident->merged_into != 0 && incident->short_of && !incident->agenda
			       ? incident->retry_ms
			       : 0;
	for (uint32_t kind = 0; kind < DEADLINE_COUNT; kind++)
		if (incident->deadline[kind].state == DEADLINE_RUNNING)
			due_ms = sooner(due_ms, incident->deadline[kind].due_ms);
	due_ms = sooner(due_ms, incident_climb_ms(incident));
	if (incident->short_of && !incident->agenda)
		due_ms = sooner(due_ms, incident->retry_ms);
	if (playbook == NULL)
		return due_ms;
	for (uint32_t step = 0; step < playbook->step_count; step++)
		if (incident->mark[step].state == STEP_ACTIVE)
			due_ms = sooner(due_ms, incident->mark[step].due_ms);
	return due_ms;
}

uint32_t load_of(const struct order *loading)
{
	return loading->depot_order != 0 ? loading->depot_order : loading->r.number;
}

int64_t order_due_ms(const struct order *order)
{
	if (order->state == ORDER_ISSUED || order->state == ORDER_DELIVERED)
		return order->respond_by_ms;
	return 0;
}

int64_t unit_due_ms(const struct unit *unit)
{
	return unit->state == UNIT_RETURNING ? unit->home_ms : 0;
}

int64_t device_due_ms(const struct core *core, const struct device *device)
{
	if (device->expect_every_ms == 0 || device->seen_ms == 0 || device->state != DEVICE_OK ||
		device->retired)
		return 0;
	return device->seen_ms + device->expect_every_ms * core->rules.silent_factor;
}

int64_t notice_due_ms(const struct notice *notice)
{
	return notice->state == NOTICE_PENDING ? notice->due_ms : 0;
}

int64_t silence_due_ms(const struct silence *silence)
{
	return silence->active ? silence->until_ms : 0;
}

int64_t town_due_ms(const struct town_state *town)
{
	int64_t due_ms = 0;

	for (uint32_t index = 0; index < WARNINGS_MAX; index++)
		if (town->warning[index].colour != COLOUR_NONE)
			due_ms = sooner(due_ms, town->warning[index].until_ms);
	return sooner(sooner(due_ms, town->desk.bell_ms), town->desk.presence_ms);
}
