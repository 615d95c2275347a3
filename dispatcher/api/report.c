/* report: GET /v1/incidents/{id}/report: a report upward as text, or as JSON with its gaps. */
#include "api/report.h"

#include <stdlib.h>
#include <string.h>

static void put_gaps(struct page *page, const struct report *report)
{
	put_key(page, "gaps");
	json_open_array(&page->out);
	for (uint32_t i = 0; i < report->gap_count; i++)
		json_write_text(&page->out, text_of(report->gap[i].word));
	json_close_array(&page->out);
	put_key(page, "gaps_zh");
	json_open_array(&page->out);
	for (uint32_t i = 0; i < report->gap_count; i++)
		json_write_text(&page->out, text_of(report->gap[i].zh));
	json_close_array(&page->out);
}

static void reply_json(struct request *request, const struct report *report, struct text text)
{
	struct page *page = &request->page;

	json_open_object(&page->out);
	put_id(page, "incident", ID_INCIDENT, report->incident->r.number);
	put_word(page, "kind", WORDS_REPORT, report->kind);
	if (report->kind == REPORT_FOLLOWUP)
		put_int(page, "number", report->number);
	else
		put_null(page, "number");
	put_text(page, "lang", report->en ? TEXT("en") : TEXT("zh"));
	put_time(page, "at", report->now_ms);
	put_time(page, "last_sent", report->since_ms);
	put_int(page, "sent_first", report->incident->report_count[REPORT_FIRST]);
	put_int(page, "sent_followup", report->incident->report_count[REPORT_FOLLOWUP]);
	put_int(page, "sent_final", report->incident->report_count[REPORT_FINAL]);
	put_gaps(page, report);
	put_text(page, "text", text);
	json_close_object(&page->out);
	reply_page(request);
}

static void reply_text(struct request *request, struct text text)
{
	if (evbuffer_add(request->body, text.ptr, text.len) != 0)
		reply_error(request->api, request->http, 503, "overloaded", "no memory; try again soon");
	else
		reply_bytes(request->api, request->http, 200, "text/plain; charset=utf-8", request->body);
}

static bool wants_json(struct request *request)
{
	const char *accept = evhttp_find_header(evhttp_request_get_input_headers(request->http), "Accept");

	return accept != NULL && strstr(accept, "application/json") != NULL;
}

void get_report(struct request *request)
{
	uint32_t slot = path_slot(request, ID_INCIDENT, TABLE_INCIDENT), kind = REPORT_FIRST;
	const char *lang = ask_text(request, "lang");
	bool json = wants_json(request);
	struct report *report;
	struct text text = {NULL, 0};
	size_t count;
	char *bytes;

	if (slot == 0 || !ask_word(request, "kind", WORDS_REPORT, &kind) || !ask_bool(request, "json", &json))
		return;
	if (lang != NULL && strcmp(lang, "zh") != 0 && strcmp(lang, "en") != 0) {
		reply_error(request->api, request->http, 400, "invalid", "lang: not one of its words");
		return;
	}
	report = calloc(1, sizeof(*report));
	bytes = NULL;
	if (report != NULL) {
		report->core = request->api->core;
		report->incident = query_at(request->api->core, TABLE_INCIDENT, slot);
		report->now_ms = request->page.now_ms;
		report->kind = kind;
		report->en = lang != NULL && strcmp(lang, "en") == 0;
		report_gather(report, request->api);
		report_write(report);
		bytes = ink_finish(&report->ink, &count);
	}
	if (bytes != NULL)
		text = (struct text){bytes, (uint32_t)count};
	if (bytes == NULL)
		reply_error(request->api, request->http, 503, "overloaded", "no memory; try again soon");
	else if (json)
		reply_json(request, report, text);
	else
		reply_text(request, text);
	free(bytes);
	free(report);
}
