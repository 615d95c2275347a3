/* alarm_ring: the latest alarms, whatever became of them; the journal has them all. */
#include "api/internal.h"

#include <string.h>

#include "core/text_pool.h"
#include "wire/utf8.h"

/* Copies whole characters, as many as fit. */
static uint32_t cut(char *out, uint32_t size, struct text text)
{
	uint32_t len = text.len < size ? text.len : size;

	while (len > 0 && len < text.len && ((uint8_t)text.ptr[len] & 0xC0) == 0x80)
		len--;
	if (len > 0)
		memcpy(out, text.ptr, len);
	return len;
}

void alarm_fill(struct kept_alarm *out, const struct api *api, const struct event *event,
	const struct effect_alarm *said)
{
	const struct event_alarm *alarm = &event->u.alarm;

	(void)api;
	*out = (struct kept_alarm){.number = said->number,
		.seq = event->seq,
		.time_ms = alarm->time_ms,
		.at_ms = event->at_ms,
		.value_e6 = alarm->value_e6,
		.incident = said->incident,
		.silence = said->silence,
		.confidence_ppm = alarm->confidence_ppm,
		.place = alarm->place,
		.state = alarm->state,
		.mode = alarm->mode,
		.result = said->result,
		.reject = said->reject,
		.opened = said->opened,
		.occurrence = said->occurrence,
		.has_value = alarm->has_value,
		.has_place = alarm->has_place};
	out->id_len = (uint8_t)cut(out->id, sizeof(out->id), alarm->id);
	out->source_len = (uint8_t)cut(out->source, sizeof(out->source), alarm->source);
	out->type_len = (uint8_t)cut(out->type_text, sizeof(out->type_text), alarm->type);
	out->unit_len = (uint8_t)cut(out->unit, sizeof(out->unit), alarm->value_unit);
	out->text_len = (uint16_t)cut(out->text, sizeof(out->text), alarm->text);
}

/* A sensor that becomes a case of its own takes what it has said along. */
static void take_along(struct api *api, const struct effect_incident *parted)
{
	struct text device = query_id(api->core, TABLE_DEVICE, parted->device);

	for (uint64_t back = 1; back <= api->kept_count && back <= API_ALARMS_KEPT; back++) {
		struct kept_alarm *alarm = &api->kept[(api->kept_count - back) % API_ALARMS_KEPT];

		if (alarm->incident == parted->split_from &&
			text_equal((struct text){alarm->source, alarm->source_len}, device))
			alarm->incident = parted->number;
	}
}

void alarm_keep(struct api *api, const struct event *event, const struct effects *effects)
{
	for (uint32_t i = 0; i < effects->count && event->kind == EVENT_ACT; i++)
		if (effects->item[i].kind == EFFECT_INCIDENT && effects->item[i].u.incident.split_from != 0)
			take_along(api, &effects->item[i].u.incident);
	if (event->kind != EVENT_ALARM || event->u.alarm.state == ALARM_ALIVE)
		return; /* heartbeats are no news */
	for (uint32_t i = 0; i < effects->count; i++) {
		if (effects->item[i].kind != EFFECT_ALARM)
			continue;
		alarm_fill(&api->kept[api->kept_count++ % API_ALARMS_KEPT], api, event,
			&effects->item[i].u.alarm);
		return;
	}
}

void show_alarm(struct page *page, const struct kept_alarm *alarm)
{
	struct text type = {alarm->type_text, alarm->type_len};

	json_open_object(&page->out);
	put_id(page, "alarm", ID_ALARM, alarm->number);
	put_text(page, "id", (struct text){alarm->id, alarm->id_len});
	put_text(page, "source", (struct text){alarm->source, alarm->source_len});
	put_text(page, "type", type);
	put_text(page, "type_zh", query_word_zh(type));
	put_time(page, "time", alarm->time_ms);
	put_time(page, "at", alarm->at_ms);
	put_int(page, "seq", (int64_t)alarm->seq);
	put_word(page, "state", WORDS_ALARM_STATE, alarm->state);
	put_word(page, "mode", WORDS_MODE, alarm->mode);
	put_word(page, "result", WORDS_ALARM_RESULT, alarm->result);
	put_word_nullable(page, "reason", WORDS_REJECT, alarm->reject);
	put_id(page, "incident", ID_INCIDENT, alarm->incident);
	put_id(page, "silence", ID_SILENCE, alarm->silence);
	put_bool(page, "opened", alarm->opened);
	put_bool(page, "occurrence", alarm->occurrence);
	put_place(page, "position", &alarm->place);
	put_fixed(page, "confidence", alarm->confidence_ppm, 6);
	if (alarm->has_value)
		put_fixed(page, "value", alarm->value_e6, 6);
	else
		put_null(page, "value");
	put_text_nullable(page, "unit", (struct text){alarm->unit, alarm->unit_len});
	put_text_nullable(page, "text", (struct text){alarm->text, alarm->text_len});
	json_close_object(&page->out);
	page_flush(page);
}

void get_alarms(struct request *request)
{
	struct api *api = request->api;
	int64_t limit = 200;

	if (!ask_int(request, "limit", 1, API_ALARMS_KEPT, &limit))
		return;
	json_open_array(&request->page.out);
	for (uint64_t back = 1; back <= (uint64_t)limit && back <= api->kept_count; back++)
		show_alarm(&request->page, &api->kept[(api->kept_count - back) % API_ALARMS_KEPT]);
	json_close_array(&request->page.out);
	reply_page(request);
}
