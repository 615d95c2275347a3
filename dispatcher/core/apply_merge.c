/* apply_merge: what an effect does to cases that become one, and to the sensors that go along. */
#include "core/apply.h"

#include <stddef.h>
#include <string.h>

enum disp_err apply_incident_merged(struct apply *apply)
{
	const struct effect_incident_merged *from = &apply->effect->u.incident_merged;
	struct incident *incident = incident_edit(apply->core, from->incident);
	struct incident *into =
		incident == NULL
			? NULL
			: incident_edit(apply->core, from->into != 0 ? from->into : incident->merged_into);

	if (incident == NULL || into == incident || (from->into != 0 && into == NULL))
		return DISP_E_DAMAGED;
	if (from->into != 0) {
		into->alarms += incident->alarms;
		into->merged_count++;
		incident->merged_state = incident->state;
	} else if (into != NULL) { /* what was merged is taken out again */
		into->alarms -= into->alarms >= incident->alarms ? incident->alarms : into->alarms;
		into->merged_count -= into->merged_count > 0;
	}
	incident->merged_into = from->into;
	struct incident *goes_on = from->into != 0 ? into : incident;

	goes_on->rung = from->rung > goes_on->rung ? from->rung : goes_on->rung;
	goes_on->climb_ms = from->again_ms;
	incident_rewind(apply->core, goes_on);
	return DISP_OK;
}

static bool holds_device(const struct incident *incident, uint32_t device)
{
	for (uint32_t index = 0; index < incident->sensor_count; index++)
		if (incident->sensor[index].device == device)
			return true;
	return false;
}

static void sensor_put(struct incident *incident, const struct sensor *sensor, uint32_t from)
{
	incident->device_count += !holds_device(incident, sensor->device);
	if (incident->sensor_count == INCIDENT_SENSORS_MAX)
		return;
	incident->sensor[incident->sensor_count] = *sensor;
	incident->sensor[incident->sensor_count++].from = from;
}

static void sensor_take(struct incident *incident, uint32_t index)
{
	uint32_t device = incident->sensor[index].device;

	incident->sensor_count--;
	memmove(&incident->sensor[index], &incident->sensor[index + 1],
		(incident->sensor_count - index) * sizeof incident->sensor[0]);
	memset(&incident->sensor[incident->sensor_count], 0, sizeof incident->sensor[0]);
	if (!holds_device(incident, device) && incident->device_count > 0)
		incident->device_count--;
}

/* The case that was merged remembers its sensors as they were; what they said since goes back to it. */
static void sensor_return(struct incident *to, const struct sensor *said)
{
	for (uint32_t index = 0; index < to->sensor_count; index++) {
		struct sensor *sensor = &to->sensor[index];

		if (sensor->device != said->device || sensor->type != said->type)
			continue;
		sensor->at_ms = said->at_ms;
		sensor->occurrences = said->occurrences;
		sensor->cleared = said->cleared;
	}
}

/* The sensor's alarms were counted where it was; they go along. */
static void sensor_part(struct incident *from, struct incident *to, uint32_t index)
{
	uint32_t alarms = from->sensor[index].occurrences;

	sensor_put(to, &from->sensor[index], 0);
	to->alarms += alarms;
	from->alarms -= from->alarms >= alarms ? alarms : from->alarms;
	sensor_take(from, index);
}

enum disp_err apply_sensor_moved(struct apply *apply)
{
	const struct effect_sensor_moved *moved = &apply->effect->u.sensor_moved;
	struct incident *from = incident_edit(apply->core, moved->from);
	struct incident *to = incident_edit(apply->core, moved->to);

	if (from == NULL || to == NULL || from == to)
		return DISP_E_DAMAGED;
	for (uint32_t index = from->sensor_count; index > 0; index--) {
		const struct sensor *sensor = &from->sensor[index - 1];

		if (sensor->device != moved->device)
			continue;
		if (from->merged_into == moved->to) {
			sensor_put(to, sensor, moved->from);
		} else if (to->merged_into != moved->from) {
			sensor_part(from, to, index - 1);
		} else if (sensor->from == moved->to) {
			sensor_return(to, sensor);
			sensor_take(from, index - 1);
		}
	}
	return DISP_OK;
}
