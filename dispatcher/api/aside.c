/* aside: what was set aside and waits for a person: how it is listed, shown, let in or dropped, told, and why that was refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/command.h"
#include "api/internal.h"
#include "api/refusal.h"
#include "api/tell_line.h"
#include "wire/utf8.h"

enum { ID_SIZE_MAX = 80, BEGINS_MIN = 4, CONTENT_MAX = 16 * 1024 };

#define SAID(text_)    (int)(text_).len, (text_).ptr
#define EN(set, value) (int)words_of((set), (value)).len, words_of((set), (value)).ptr
#define ZH(set, value) (int)words_zh((set), (value)).len, words_zh((set), (value)).ptr

static bool is_message(uint8_t row)
{
	return row == EVENT_NONE;
}

/* --- which one --------------------------------------------------------------------------------------- */

static bool begins(struct text id, struct text word)
{
	return word.len <= id.len && memcmp(id.ptr, word.ptr, word.len) == 0;
}

/* By its whole id; a message also by how that begins, where it is the only one. 0: there is none, *several: more than one. */
static uint32_t find(const struct core *core, struct text word, bool *several)
{
	uint32_t slot = query_aside_find(core, word), found = 0;

	*several = false;
	if (slot != 0 || word.len < BEGINS_MIN)
		return slot;
	for (slot = 1; slot <= query_used(core, TABLE_ASIDE); slot++) {
		const struct aside *aside = query_at(core, TABLE_ASIDE, slot);

		if (aside == NULL || !is_message(aside->row) || !begins(query_text(core, aside->id), word))
			continue;
		*several |= found != 0;
		found = slot;
	}
	return *several ? 0 : found;
}

static bool say_several(struct refused *refused, struct text word)
{
	refused->status = 409;
	refused->error = "ambiguous";
	line_en(&refused->said, "%.*s: several begin so; give more of it", SAID(word));
	line_zh(&refused->said, "%.*s:不止一项以此开头,请多输入几位", SAID(word));
	return false;
}

static bool say_not_now(struct refused *refused)
{
	refused->status = 503;
	refused->error = "unavailable";
	line_en(&refused->said, "PostgreSQL is not there, so nothing can be written; try again when it is");
	line_zh(&refused->said, "数据库未连接,暂不能写入,请在恢复后重试");
	return false;
}

/* preset: enum aside_act. The event names the whole id. */
bool fill_aside(struct api *api, struct command_input *input, uint8_t preset, const char **detail)
{
	struct event_aside *said = &input->event.u.aside;
	bool several;
	const struct aside *aside = query_at(api->core, TABLE_ASIDE, find(api->core, said->id, &several));

	(void)detail;
	said->act = preset;
	if (several)
		return say_several(&input->refused, said->id);
	if (aside == NULL)
		return true; /* the core says so */
	said->id = query_text(api->core, aside->id);
	if ((aside->from == ASIDE_JOURNAL || aside->from == ASIDE_TABLES) && api->hooks.aside_ready != NULL &&
		!api->hooks.aside_ready(api->hooks.context))
		return say_not_now(&input->refused);
	return true;
}

/* --- the list, and one of it ---------------------------------------------------------------------------- */

static void put_members(struct page *page, const struct aside *aside)
{
	put_number(page, "id", aside->id);
	put_text(page, "what", is_message(aside->row) ? TEXT("message") : TEXT("row"));
	put_word(page, "from", WORDS_ASIDE_FROM, aside->from);
	put_word_nullable(page, "kind", WORDS_EVENT, aside->row);
	put_int(page, "bytes", aside->bytes);
	put_int(page, "times", aside->times);
	put_number(page, "reason", aside->reason);
	put_time(page, "at", aside->at_ms);
	put_int(page, "seq", (int64_t)aside->seq);
}

static bool any(const struct core *core, const void *record, const void *context)
{
	(void)core;
	(void)record;
	(void)context;
	return true;
}

/* The newest first. */
void get_asides(struct request *request)
{
	struct page *page = &request->page;
	uint32_t count, *slots = pick_slots(page->core, TABLE_ASIDE, any, NULL, &count);

	json_open_array(&page->out);
	for (uint32_t i = 0; i < count; i++) {
		json_open_object(&page->out);
		put_members(page, query_at(page->core, TABLE_ASIDE, slots[i]));
		json_close_object(&page->out);
		page_flush(page);
	}
	json_close_array(&page->out);
	free(slots);
	reply_page(request);
}

/* As text where it is text, else in hex; the beginning of what is long. */
static void put_content(struct page *page, const uint8_t *bytes, size_t count)
{
	static char hex[2 * CONTENT_MAX + 1];
	size_t shown = count < CONTENT_MAX ? count : CONTENT_MAX;
	struct text text = {(const char *)bytes, (uint32_t)shown};

	while (shown < count && text.len > 0 && (bytes[text.len] & 0xC0) == 0x80)
		text.len--; /* not within a character */
	bool readable = shown == 0 || (utf8_valid(text) && memchr(bytes, 0, text.len) == NULL);

	put_text_nullable(page, "content", readable ? text : (struct text){NULL, 0});
	for (size_t at = 0; !readable && at < shown; at++)
		snprintf(hex + 2 * at, 3, "%02x", bytes[at]);
	put_text_nullable(page, "content_hex",
		readable ? (struct text){NULL, 0} : (struct text){hex, 2 * (uint32_t)shown});
	put_bool(page, "cut", shown < count);
}

/* What the message says; of a row nothing. */
static void put_message(struct page *page, struct api *api, const struct aside *aside)
{
	const uint8_t *bytes = NULL;
	size_t count = 0;
	char id[ID_SIZE_MAX];

	snprintf(id, sizeof id, "%.*s", SAID(query_text(api->core, aside->id)));
	if (!is_message(aside->row) || api->hooks.aside_read == NULL ||
		api->hooks.aside_read(api->hooks.context, id, &bytes, &count) != DISP_OK)
		count = 0;
	put_content(page, bytes, count);
}

/* The row itself, as the journal has it; of a message none. */
static void put_row(struct page *page, struct api *api, const struct aside *aside)
{
	struct event event;
	struct effects effects;
	uint64_t seq = 0;
	struct text id = query_text(api->core, aside->id);

	for (uint32_t at = 0; at < id.len && id.ptr[at] >= '0' && id.ptr[at] <= '9'; at++)
		seq = seq * 10 + (uint64_t)(id.ptr[at] - '0');
	put_key(page, "row");
	if (!is_message(aside->row) && row_read(api, seq, &event, &effects))
		write_row(page, api, &event, &effects);
	else
		json_write_null(&page->out);
}

void get_aside(struct request *request)
{
	struct api *api = request->api;
	struct page *page = &request->page;
	bool several;
	const struct aside *aside = query_at(api->core, TABLE_ASIDE, find(api->core, request->id, &several));

	if (aside == NULL) {
		reply_error(api, request->http, several ? 409 : 404, several ? "ambiguous" : "not_found",
			several ? "%.*s: several begin so; give more of it"
				: "%.*s: there is no such thing; the list without it shows what there is",
			(int)(request->id.len < 200 ? request->id.len : 200), request->id.ptr);
		return;
	}
	json_open_object(&page->out);
	put_members(page, aside);
	put_message(page, api, aside);
	put_row(page, api, aside);
	json_close_object(&page->out);
	reply_page(request);
}

/* --- what happened -------------------------------------------------------------------------------------- */

static void tell_found(struct tell *out, const struct event_aside *said)
{
	if (is_message(said->row)) {
		line_en(out, "message %.*s (%.*s) has brought the dispatcher down %u times and is set aside",
			SAID(said->id), EN(WORDS_ASIDE_FROM, said->from), said->times);
		line_zh(out, "消息%.*s(%.*s)已%u次使调度程序中断,现予搁置", SAID(said->id),
			ZH(WORDS_ASIDE_FROM, said->from), said->times);
	} else if (said->from == ASIDE_OTHER) {
		line_en(out, "another daemon has decided this (%.*s), and it is not in force here: %.*s",
			EN(WORDS_EVENT, said->row), SAID(said->id));
		line_zh(out, "另一台调度机作出的决定(%.*s)在此未生效,现予搁置:%.*s",
			ZH(WORDS_EVENT, said->row), SAID(said->id));
	} else {
		line_en(out, "row %.*s (%.*s) is set aside: %.*s", SAID(said->id), EN(WORDS_EVENT, said->row),
			EN(WORDS_ASIDE_FROM, said->from));
		line_zh(out, "记录%.*s(%.*s)现予搁置:%.*s", SAID(said->id), ZH(WORDS_EVENT, said->row),
			ZH(WORDS_ASIDE_FROM, said->from));
	}
}

void tell_aside_event(struct tell *out, const struct event_aside *said)
{
	if (said->act == ASIDE_FOUND) {
		tell_found(out, said);
	} else {
		line_en(out, "what was set aside as %.*s is %s", SAID(said->id),
			said->act == ASIDE_RELEASE ? "let in again" : "left out for good");
		line_zh(out, "被搁置的%.*s已%s", SAID(said->id),
			said->act == ASIDE_RELEASE ? "放行" : "弃置");
	}
	line_quote(out, "; ", ";", said->reason);
}

void tell_aside_effect(struct tell *out, const struct effect_aside *effect)
{
	if (effect->act == ASIDE_FOUND) {
		line_en(out, "set aside for a person");
		line_zh(out, "搁置,待人处理");
	} else if (effect->act == ASIDE_RELEASE) {
		line_en(out, "a message is taken in when it is sent again; a row is written now; what "
			     "another daemon "
			     "decided is for people to do");
		line_zh(out, "消息在再次发来时受理,记录即刻补写,另一台的决定由人办理");
	} else {
		line_en(out, "a message stays refused; a row stays as it is; what another daemon decided is "
			     "not done");
		line_zh(out, "消息今后一律拒收,记录不再补写,另一台的决定不再办理");
	}
}

/* --- why not --------------------------------------------------------------------------------------------- */

bool refusal_aside(struct tell *out, const struct event *event, uint8_t outcome)
{
	const struct event_aside *said = &event->u.aside;

	if (event->kind != EVENT_ASIDE)
		return false;
	if (outcome == OUTCOME_INVALID) {
		line_en(out, "say why (reason)");
		line_zh(out, "请注明原因(reason)");
	} else if (outcome == OUTCOME_NOT_FOUND) {
		line_en(out, "nothing is set aside as %.*s; see aside list", SAID(said->id));
		line_zh(out, "没有被搁置的%.*s,可用 aside list 查看", SAID(said->id));
	} else {
		return false;
	}
	return true;
}
