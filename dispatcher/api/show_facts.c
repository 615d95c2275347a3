/* show_facts: what people wrote down of an incident, what it is merged with, and the town's working hours, as JSON. */
#include "api/internal.h"

#include <stdio.h>

#include "core/calendar.h"
#include "wire/ids.h"
#include "wire/time_text.h"

enum { DATE_LEN = 10 };

/* The latest text of each, out of the journal. */
static void put_facts(struct page *page, struct api *api, const struct incident *incident)
{
	put_key(page, "facts");
	json_open_array(&page->out);
	for (uint32_t fact = 0; fact < FACT_COUNT; fact++) {
		struct event event;
		struct effects effects;

		if (incident->fact_seq[fact] == 0)
			continue;
		bool read =
			row_read(api, incident->fact_seq[fact], &event, &effects) && event.kind == EVENT_FACT;

		json_open_object(&page->out);
		put_word(page, "fact", WORDS_FACT, fact);
		put_text_nullable(page, "text", read ? event.u.fact.text : (struct text){NULL, 0});
		put_time(page, "at", read ? event.at_ms : 0);
		put_text_nullable(page, "by", read ? event.by : (struct text){NULL, 0});
		put_int(page, "seq", (int64_t)incident->fact_seq[fact]);
		json_close_object(&page->out);
	}
	json_close_array(&page->out);
}

static void put_reports(struct page *page, const struct incident *incident)
{
	put_key(page, "reports");
	json_open_array(&page->out);
	for (uint32_t report = 0; report < REPORT_COUNT; report++) {
		if (incident->report_count[report] == 0)
			continue;
		json_open_object(&page->out);
		put_word(page, "kind", WORDS_REPORT, report);
		put_int(page, "count", incident->report_count[report]);
		put_time(page, "last", incident->report_ms[report]);
		json_close_object(&page->out);
	}
	json_close_array(&page->out);
}

static void put_merged(struct page *page, const struct incident *incident)
{
	const struct incident *merged;
	uint32_t cursor = 0;

	put_key(page, "merged");
	json_open_array(&page->out);
	while ((merged = query_merged(page->core, incident, &cursor)) != NULL) {
		char memory[ID_SIZE];

		json_write_text(&page->out, ids_write(ID_INCIDENT, merged->r.number, memory));
	}
	json_close_array(&page->out);
}

void show_facts(struct page *page, struct api *api, const struct incident *incident)
{
	put_number(page, "verified_by", incident->verified_by);
	put_name(page, "verified_by_name", TABLE_PERSON,
		query_find(page->core, TABLE_PERSON, query_text(page->core, incident->verified_by)));
	put_merged(page, incident);
	put_id(page, "split_from", ID_INCIDENT, incident->split_from);
	put_time(page, "climbs_again", query_climb_ms(incident));
	put_facts(page, api, incident);
	put_reports(page, incident);
}

/* --- working hours --------------------------------------------------------------------------------- */

static void put_span(struct page *page, uint32_t from_min, uint32_t to_min)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%02u:%02u-%02u:%02u", from_min / 60 % 100, from_min % 60,
		to_min / 60 % 100, to_min % 60);

	if (from_min != to_min)
		json_write_text(&page->out, (struct text){text, (uint32_t)len});
}

static void put_days(struct page *page, const char *key, const struct calendar *calendar, int32_t works)
{
	put_key(page, key);
	json_open_array(&page->out);
	for (uint32_t i = 0; i < calendar->day_count; i++) {
		char text[TIME_TEXT_LEN + 1];

		if (calendar->day[i] % 2 != works)
			continue;
		time_format(calendar->day[i] / 2 * INT64_C(86400000), text);
		json_write_text(&page->out, (struct text){text, DATE_LEN});
	}
	json_close_array(&page->out);
}

void get_calendar(struct request *request)
{
	static const char *const weekday[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
	struct page *page = &request->page;
	const struct town_state *town = query_town(page->core);
	const struct calendar *calendar = &town->calendar;

	json_open_object(&page->out);
	put_bool(page, "set", calendar->weekdays != 0);
	put_bool(page, "open", calendar_open(calendar, town->offset_min, page->now_ms));
	put_key(page, "weekdays");
	json_open_array(&page->out);
	for (uint32_t day = 0; day < sizeof(weekday) / sizeof(weekday[0]); day++)
		if ((calendar->weekdays >> day & 1) != 0)
			json_write_text(&page->out, text_of(weekday[day]));
	json_close_array(&page->out);
	put_key(page, "hours");
	json_open_array(&page->out);
	put_span(page, calendar->from_min, calendar->to_min);
	put_span(page, calendar->from2_min, calendar->to2_min);
	json_close_array(&page->out);
	put_days(page, "rest", calendar, 0);
	put_days(page, "work", calendar, 1);
	json_close_object(&page->out);
	reply_page(request);
}
