/* told: what was said when an incident was opened, read from the journal once and kept beside the incident; no wording. */
#include "api/told.h"

#include <stdlib.h>
#include <string.h>

#include "wire/utf8.h"

/* The row that opened an incident is the first that touched it. ROWS_READ, SLOTS_LOOKED: of one told_warm. */
enum { ROWS_FIRST = 64, ROWS_READ = 4, SLOTS_LOOKED = 256, ROUNDS_APART = 64 };

static const struct told nothing;

/* Cut at a character. */
static struct text keep(char *bytes, uint32_t size, struct text text)
{
	uint32_t len = text.len < size ? text.len : size;

	while (len > 0 && len < text.len && !utf8_valid((struct text){text.ptr, len}))
		len--;
	if (len > 0)
		memcpy(bytes, text.ptr, len);
	return (struct text){bytes, len};
}

static void keep_told(struct told *told, const struct event *event)
{
	struct text text = {NULL, 0}, caller = text, phone = text, where = text;

	if (event->kind == EVENT_OPEN) {
		text = event->u.open.text;
		caller = event->u.open.caller;
		phone = event->u.open.phone;
		where = event->u.open.where;
	} else if (event->kind == EVENT_PAPER) {
		text = event->u.paper.text;
		caller = event->u.paper.caller;
		phone = event->u.paper.phone;
		where = event->u.paper.where;
	} else if (event->kind == EVENT_ALARM) {
		text = event->u.alarm.text;
	}
	told->by_person = event->kind == EVENT_OPEN || event->kind == EVENT_PAPER;
	told->text = keep(told->text_bytes, sizeof(told->text_bytes), text);
	told->caller = keep(told->caller_bytes, sizeof(told->caller_bytes), caller);
	told->phone = keep(told->phone_bytes, sizeof(told->phone_bytes), phone);
	told->where = keep(told->where_bytes, sizeof(told->where_bytes), where);
}

static bool touches(const struct effects *effects, uint32_t incident, bool *opens)
{
	bool touched = false;

	*opens = false;
	for (uint32_t i = 0; i < effects->count; i++) {
		const struct effect *effect = &effects->item[i];

		touched |= query_effect_incident(effect) == incident;
		*opens |= effect->kind == EFFECT_INCIDENT && effect->u.incident.number == incident;
	}
	return touched;
}

static void read_row(struct api *api, uint32_t incident, struct told *told)
{
	uint64_t seq[API_STORY_ROWS_MAX];
	uint32_t all = api->hooks.story(api->hooks.context, incident, seq, API_STORY_ROWS_MAX);

	for (uint32_t i = 0; i < all && i < ROWS_FIRST; i++) {
		struct event event;
		struct effects effects;
		bool opens;

		if (!row_read(api, seq[i], &event, &effects) || !touches(&effects, incident, &opens))
			continue;
		if (opens) {
			keep_told(told, &event);
			told->incident = incident;
		}
		return; /* the first that touched it */
	}
}

/* The place beside an incident that is known; NULL: there is none. Takes its memory with the first one. */
static struct told *place_of(struct api *api, uint32_t incident)
{
	uint32_t slot = incident == 0 ? 0 : query_slot(api->core, TABLE_INCIDENT, incident);

	if (slot == 0 || api->hooks.story == NULL)
		return NULL;
	if (api->told == NULL) {
		api->told =
			calloc((size_t)query_limits(api->core)->max[TABLE_INCIDENT] + 1, sizeof(*api->told));
		api->told_round = ROUNDS_APART; /* all are to be asked */
	}
	return api->told == NULL ? NULL : &api->told[slot];
}

const struct told *told_of(struct api *api, uint32_t incident)
{
	struct told *told = api == NULL ? NULL : place_of(api, incident);

	if (told == NULL)
		return &nothing;
	if (told->incident != incident) {
		told->incident = 0;
		read_row(api, incident, told);
	}
	return told->incident == incident ? told : &nothing;
}

uint32_t api_told(struct api *api, uint32_t incident, char *bytes, uint32_t size)
{
	return keep(bytes, size, told_of(api, incident)->text).len;
}

bool told_kept(const struct api *api, uint32_t incident)
{
	uint32_t slot = query_slot(api->core, TABLE_INCIDENT, incident);

	return slot != 0 && api->told != NULL && api->told[slot].incident == incident;
}

void told_warm(struct api *api)
{
	uint32_t used = query_used(api->core, TABLE_INCIDENT), rows = 0;

	for (uint32_t looked = 0; looked < SLOTS_LOOKED && looked < used && rows < ROWS_READ; looked++) {
		const struct incident *incident;
		struct told *told;

		if (++api->told_slot > used) {
			api->told_slot = 1;
			api->told_round++;
		}
		incident = query_at(api->core, TABLE_INCIDENT, api->told_slot);
		if (incident == NULL || query_incident_ended(incident->state))
			continue;
		told = place_of(api, incident->r.number);
		if (told == NULL || told->incident == incident->r.number ||
			api->told_round - told->asked < ROUNDS_APART)
			continue;
		told->asked = api->told_round;
		(void)told_of(api, incident->r.number);
		rows++;
	}
}
