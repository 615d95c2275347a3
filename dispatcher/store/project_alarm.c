/* project_alarm: what an alarm writes in the projections. */
#include <string.h>

#include "store/project_row.h"
#include "wire/ids.h"

#define ROW(table, key) fold_row(&rows->fold, PROJECT_TABLE_##table, (key), (key), (key))
#define SEQ(row, table) fold_int(&(row), table##_seq, (int64_t)rows->event.seq)

static void alarm_fields(
	struct project_rows *rows, const struct fold_row *to, const struct event_alarm *alarm)
{
	fold_text(to, ALARM_type, alarm->type);
	fold_text(to, ALARM_state, words_of(WORDS_ALARM_STATE, alarm->state));
	fold_text(to, ALARM_mode, words_of(WORDS_MODE, alarm->mode));
	fold_place(to, ALARM_lon, ALARM_lat, &alarm->place);
	fold_text(to, ALARM_grid, alarm->grid);
	fold_fixed(to, ALARM_confidence, alarm->confidence_ppm, 6);
	if (alarm->has_value)
		fold_fixed(to, ALARM_value, alarm->value_e6, 6);
	fold_text(to, ALARM_unit, alarm->value_unit);
	fold_text(to, ALARM_text, alarm->text);
	if (alarm->media.len > 0) {
		struct json_out out;
		struct text media;
		const char *at = alarm->media.ptr;
		const char *end = at + alarm->media.len;

		json_out_init(&out, rows->json, sizeof(rows->json));
		json_open_array(&out);
		while (at < end) {
			const char *blank = memchr(at, ' ', (size_t)(end - at));

			blank = blank == NULL ? end : blank;
			if (blank > at)
				json_write_text(&out, (struct text){at, (uint32_t)(blank - at)});
			at = blank + 1;
		}
		json_close_array(&out);
		if (json_out_finish(&out, &media) == DISP_OK)
			fold_text(to, ALARM_media, media);
	}
	fold_time(to, ALARM_sent_at, alarm->time_ms);
	fold_time(to, ALARM_received_at, rows->event.at_ms);
	fold_int(to, ALARM_repeats, 0);
	SEQ(*to, ALARM);
}

void project_alarm(struct project_rows *rows, const struct effect_alarm *effect)
{
	const struct event_alarm *alarm = &rows->event.u.alarm;
	char number[ID_SIZE];
	char silence_number[ID_SIZE];
	struct text incident = ids_write(ID_INCIDENT, effect->incident, number);

	if (rows->event.kind != EVENT_ALARM || effect->result == ALARM_REJECTED)
		return;
	struct fold_row to = fold_row(&rows->fold, PROJECT_TABLE_ALARM, alarm->source, alarm->id, alarm->id);

	if (effect->result == ALARM_DUPLICATE) {
		fold_int(&to, ALARM_repeats, 1);
		return;
	}
	fold_text(&to, ALARM_result, words_of(WORDS_ALARM_RESULT, effect->result));
	fold_text(&to, ALARM_incident, incident);
	alarm_fields(rows, &to, alarm);
	if (effect->state == ALARM_CLEARED && effect->incident != 0) {
		struct fold_row cleared =
			fold_row(&rows->fold, PROJECT_TABLE_CLEARED, alarm->source, alarm->id, alarm->id);

		SEQ(cleared, CLEARED);
	}
	struct fold_row device = ROW(DEVICE, alarm->source);

	fold_time(&device, DEVICE_last_seen_at, rows->event.at_ms);
	fold_time(&device, DEVICE_last_alarm_at, rows->event.at_ms);
	fold_int(&device, DEVICE_alarm_count, 1);
	struct fold_row silence = ROW(SILENCE, ids_write(ID_SILENCE, effect->silence, silence_number));

	fold_int(&silence, SILENCE_suppressed_count, 1);
	if (effect->incident == 0)
		return;
	struct fold_row joined =
		fold_row(&rows->fold, PROJECT_TABLE_INCIDENT_ALARM, incident, alarm->source, alarm->id);
	struct fold_row of = ROW(INCIDENT, incident);

	fold_text(&joined, INCIDENT_ALARM_relation,
		effect->opened       ? TEXT("opened")
		: effect->occurrence ? TEXT("occurrence")
				     : TEXT("joined"));
	fold_time(&joined, INCIDENT_ALARM_at, rows->event.at_ms);
	SEQ(joined, INCIDENT_ALARM);
	if (effect->state == ALARM_RAISED)
		fold_int(&of, INCIDENT_alarm_count, 1);
}
