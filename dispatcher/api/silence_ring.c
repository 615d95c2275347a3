/* silence_ring: the latest silences, also those that have ended, which the core forgets; the journal has them all. */
#include "api/internal.h"

#include <string.h>

#include "wire/utf8.h"

/* Cut at a character; terminated by its length alone. */
static struct text keep(char *out, uint32_t size, struct text text)
{
	uint32_t len = text.len < size ? text.len : size;

	while (len > 0 && len < text.len && ((uint8_t)text.ptr[len] & 0xC0) == 0x80)
		len--;
	if (len > 0)
		memcpy(out, text.ptr, len);
	return (struct text){out, len};
}

static struct kept_silence *kept_find(struct api *api, uint32_t number)
{
	for (uint32_t i = 0; number != 0 && i < API_SILENCES_KEPT; i++)
		if (api->silence[i].number == number)
			return &api->silence[i];
	return NULL;
}

static void begin(struct api *api, const struct event *event, uint32_t number)
{
	const struct event_silence *from = &event->u.silence;
	struct kept_silence *to = &api->silence[number % API_SILENCES_KEPT];

	*to = (struct kept_silence){.number = number, .from_ms = event->at_ms, .until_ms = from->until_ms};
	to->source_len = keep(to->source, sizeof(to->source), from->source).len;
	to->type_len = keep(to->type, sizeof(to->type), from->type).len;
	to->grid_len = keep(to->grid, sizeof(to->grid), from->grid).len;
	to->reason_len = keep(to->reason, sizeof(to->reason), from->reason).len;
	to->by_len = keep(to->by, sizeof(to->by), event->by).len;
}

void silence_keep(struct api *api, const struct event *event, const struct effects *effects)
{
	for (uint32_t i = 0; i < effects->count; i++) {
		const struct effect *effect = &effects->item[i];
		struct kept_silence *kept = NULL;

		if (effect->kind == EFFECT_ALARM && (kept = kept_find(api, effect->u.alarm.silence)) != NULL)
			kept->count++;
		if (effect->kind != EFFECT_SILENCE)
			continue;
		if (effect->u.silence.active && event->kind == EVENT_SILENCE)
			begin(api, event, effect->u.silence.number);
		else if ((kept = kept_find(api, effect->u.silence.number)) != NULL)
			kept->ended_ms = event->at_ms;
	}
}

static void show(struct page *page, const struct kept_silence *kept)
{
	json_open_object(&page->out);
	put_id(page, "id", ID_SILENCE, kept->number);
	put_text_nullable(page, "source", (struct text){kept->source, kept->source_len});
	put_text_nullable(page, "type", (struct text){kept->type, kept->type_len});
	put_text_nullable(page, "grid", (struct text){kept->grid, kept->grid_len});
	put_text(page, "reason", (struct text){kept->reason, kept->reason_len});
	put_text_nullable(page, "by", (struct text){kept->by, kept->by_len});
	put_bool(page, "active", false);
	put_time(page, "from", kept->from_ms);
	put_time(page, "until", kept->ended_ms < kept->until_ms ? kept->ended_ms : kept->until_ms);
	put_int(page, "count", (int64_t)kept->count);
	json_close_object(&page->out);
	page_flush(page);
}

void show_ended_silences(struct page *page, const struct api *api)
{
	uint32_t newest = 0;

	for (uint32_t i = 0; i < API_SILENCES_KEPT; i++)
		newest = api->silence[i].number > newest ? api->silence[i].number : newest;
	for (uint32_t back = 0; back < API_SILENCES_KEPT && back < newest; back++) {
		const struct kept_silence *kept = &api->silence[(newest - back) % API_SILENCES_KEPT];

		if (kept->number == newest - back && kept->ended_ms != 0)
			show(page, kept);
	}
}
