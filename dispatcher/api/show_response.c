/* show_response: the town's response level: what is in force, since when, by whom, and the changes before it; the journal has the words. */
#include "api/internal.h"

static void put_signed(struct page *page, const char *key, const char *name_key, struct text who)
{
	put_text_nullable(page, key, who);
	put_name(page, name_key, TABLE_PERSON, query_find(page->core, TABLE_PERSON, who));
}

/* Members level, at, by, by_name, agreed, agreed_name, reason; those that only the row knows are null where it cannot be read. */
static void put_change(struct page *page, struct api *api, const struct level_change *change)
{
	struct event event;
	struct effects effects;
	struct text none = {NULL, 0};
	bool read = change->seq != 0 && row_read(api, change->seq, &event, &effects) &&
		    event.kind == EVENT_RESPONSE;

	put_word(page, "level", WORDS_RESPONSE, change->level);
	put_time(page, "at", change->at_ms);
	put_signed(page, "by", "by_name", read ? event.by : none);
	put_signed(page, "agreed", "agreed_name", read ? event.u.response.agreed : none);
	put_text_nullable(page, "reason", read ? event.u.response.reason : none);
}

void get_response(struct request *request)
{
	struct page *page = &request->page;
	const struct town_state *town = query_town(page->core);
	struct level_change change = {.level = RESPONSE_CLEAR};

	json_open_object(&page->out);
	(void)query_level_change(page->core, 0, &change);
	put_change(page, request->api, &change);
	put_word(page, "release", WORDS_RELEASE, town->release);
	if (town->release_kept > 0)
		put_word(page, "release_after", WORDS_RELEASE, town->release_kept - 1);
	else
		put_null(page, "release_after");
	put_key(page, "changes");
	json_open_array(&page->out);
	for (uint32_t index = 0; query_level_change(page->core, index, &change); index++) {
		json_open_object(&page->out);
		put_change(page, request->api, &change);
		json_close_object(&page->out);
		page_flush(page);
	}
	json_close_array(&page->out);
	json_close_object(&page->out);
	reply_page(request);
}
