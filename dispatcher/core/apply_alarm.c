/* apply_alarm: what an effect does to alarms' identities and to the sensors of incidents. */
#include "core/apply.h"

#include <stddef.h>
#include <string.h>

enum { IDENTITY_PROBES = 4 };

/* Two identities may share 56 bits once in a long while; a few neighbouring keys keep them apart. */
static uint64_t identity_key(const uint64_t identity[2], uint32_t probe)
{
	return state_key(TABLE_IDENTITY, identity[0] + probe);
}

static const struct identity *identity_find(const struct core *core, const uint64_t identity[2])
{
	for (uint32_t probe = 0; probe < IDENTITY_PROBES; probe++) {
		const struct identity *known = state_at(
			core, TABLE_IDENTITY, index_get(&core->index, identity_key(identity, probe)));

		if (known != NULL && memcmp(known->identity, identity, sizeof known->identity) == 0)
			return known;
	}
	return NULL;
}

bool core_alarm_known(
	const struct core *core, const uint64_t identity[2], uint32_t *incident, uint64_t *alarm)
{
	const struct identity *known = identity_find(core, identity);

	if (known == NULL)
		return false;
	*incident = known->incident;
	*alarm = known->alarm;
	return true;
}

static void identity_forget(struct core *core, const struct identity *old)
{
	for (uint32_t probe = 0; probe < IDENTITY_PROBES; probe++) {
		uint64_t key = identity_key(old->identity, probe);

		if (index_get(&core->index, key) == old->r.slot)
			index_remove(&core->index, key);
	}
}

/* Identities stand in a ring, oldest overwritten; decide has seen to it that the oldest is old enough. */
static void identity_remember(struct apply *apply, struct town_state *town)
{
	struct core *core = apply->core;
	struct table_store *store = &core->table[TABLE_IDENTITY];
	const struct effect_alarm *alarm = &apply->effect->u.alarm;

	town->identity_next = town->identity_next % store->max + 1;
	uint32_t slot = town->identity_next;
	struct identity *identity = (struct identity *)(void *)(store->base + (uint64_t)slot * store->bytes);

	if (slot > store->used)
		store->used = slot;
	if (identity->r.number != 0)
		identity_forget(core, identity);
	memset(identity, 0, sizeof *identity);
	identity->r.number = identity->r.slot = slot;
	identity = state_edit(core, TABLE_IDENTITY, slot);
	memcpy(identity->identity, apply->event->u.alarm.identity, sizeof identity->identity);
	identity->at_ms = apply->event->at_ms;
	identity->alarm = alarm->number;
	identity->incident = alarm->incident;
	identity->result = alarm->result;
	for (uint32_t probe = 0; probe < IDENTITY_PROBES; probe++) {
		uint64_t key = identity_key(identity->identity, probe);

		if (index_get(&core->index, key) == 0) {
			index_put(&core->index, key, slot);
			break;
		}
	}
}

static void note_state(struct sensor *sensor, uint8_t state, int64_t at_ms)
{
	sensor->cleared = state == ALARM_CLEARED;
	if (sensor->cleared)
		return;
	sensor->at_ms = at_ms;
	sensor->occurrences++;
}

/* Several cases that were merged may each have brought the same sensor. */
static void note_sensor(struct apply *apply, struct incident *incident)
{
	const struct effect_alarm *alarm = &apply->effect->u.alarm;
	uint32_t type = text_intern(&apply->core->texts, apply->event->u.alarm.type);
	int64_t at_ms = apply->event->at_ms;
	bool known = false;

	for (uint32_t index = 0; index < incident->sensor_count; index++)
		if (incident->sensor[index].device == alarm->device && incident->sensor[index].type == type) {
			note_state(&incident->sensor[index], alarm->state, at_ms);
			known = true;
		}
	if (!known && incident->sensor_count < INCIDENT_SENSORS_MAX) {
		struct sensor *sensor = &incident->sensor[incident->sensor_count++];

		sensor->device = alarm->device;
		sensor->type = type;
		note_state(sensor, alarm->state, at_ms);
	}
	if (alarm->new_sensor)
		incident->device_count++;
}

enum disp_err apply_alarm(struct apply *apply)
{
	const struct effect_alarm *alarm = &apply->effect->u.alarm;
	struct core *core = apply->core;
	struct town_state *town = state_edit(core, TABLE_TOWN, 1);
	struct device *device = state_edit(core, TABLE_DEVICE, alarm->device);

	if (alarm->result >= ALARM_RESULT_COUNT || apply->event->kind != EVENT_ALARM)
		return DISP_E_DAMAGED;
	town->count_result[alarm->result]++;
	if (alarm->result == ALARM_DUPLICATE || alarm->result == ALARM_REJECTED)
		return DISP_OK; /* counted; a refused one may come again and be taken */
	if (device == NULL)
		return DISP_E_DAMAGED;
	town->alarms = alarm->number;
	identity_remember(apply, town);
	device->seen_ms = apply->event->at_ms;
	device->alarms++;
	if (device->state == DEVICE_SILENT)
		device->state = DEVICE_OK;
	timer_set(core, TIMER_DEVICE, device->r.slot, device_due_ms(core, device));
	struct silence *silence =
		state_edit(core, TABLE_SILENCE, state_slot(core, TABLE_SILENCE, alarm->silence));

	if (silence != NULL)
		silence->count++;
	struct incident *incident = incident_edit(core, alarm->incident);

	if (incident == NULL)
		return DISP_OK; /* the incident follows in this row, or there is none */
	if (alarm->state == ALARM_RAISED) {
		incident->alarms++;
		incident->last_alarm_ms = apply->event->at_ms;
	}
	note_sensor(apply, incident);
	return DISP_OK;
}
