/* keys: the registry of keys: how one is asked for, listed, told, and why one was refused. Holds no secret. */
#include <stdlib.h>
#include <string.h>

#include "api/command.h"
#include "api/internal.h"
#include "api/refusal.h"
#include "api/tell_line.h"
#include "wire/z85.h"

#define SAID(text_)    (int)(text_).len, (text_).ptr
#define EN(set, value) (int)words_of((set), (value)).len, words_of((set), (value)).ptr
#define ZH(set, value) (int)words_zh((set), (value)).len, words_zh((set), (value)).ptr

/* preset: enum key_act. */
bool fill_key(struct api *api, struct command_input *input, uint8_t preset, const char **detail)
{
	struct event_key *key = &input->event.u.key;

	(void)api;
	key->act = preset;
	if (preset == KEY_REVOKE)
		return true;
	*detail = "which key? give one of: public, hash";
	if ((input->public_key.len > 0) == (key->hash.len > 0))
		return false;
	key->kind = key->hash.len > 0 ? KEY_TOKEN : KEY_CURVE;
	*detail = "public: 40 characters of Z85 are needed";
	return key->kind == KEY_TOKEN || z85_read(input->public_key, key->public_key, KEY_PUBLIC_BYTES);
}

/* --- the list ---------------------------------------------------------------------------------------- */

static enum table table_of(uint8_t role)
{
	switch (role) {
	case KEY_DEVICE:
		return TABLE_DEVICE;
	case KEY_UNIT:
		return TABLE_UNIT;
	case KEY_DEPOT:
		return TABLE_DEPOT;
	case KEY_CONSOLE:
		return TABLE_PERSON;
	default:
		return TABLE_TOWN;
	}
}

static void show_key(struct page *page, const struct key *key)
{
	enum table table = table_of(key->role);
	char z85[Z85_KEY_SIZE];

	json_open_object(&page->out);
	put_number(page, "id", key->id);
	put_word(page, "role", WORDS_KEY_ROLE, key->role);
	put_word(page, "kind", WORDS_KEY_KIND, key->kind);
	put_word(page, "state", WORDS_KEY_STATE, query_key_state(key, page->now_ms));
	put_number(page, "who", key->who);
	put_name(page, "who_name", table,
		table == TABLE_TOWN ? 0 : query_find(page->core, table, query_text(page->core, key->who)));
	put_text_nullable(page, "public",
		key->kind == KEY_CURVE ? z85_write(key->public_key, KEY_PUBLIC_BYTES, z85)
				       : (struct text){NULL, 0});
	put_time(page, "until", key->until_ms);
	put_time(page, "added", key->added_ms);
	put_number(page, "by", key->by);
	put_number(page, "reason", key->reason);
	put_time(page, "revoked", key->revoked_ms);
	put_number(page, "revoked_by", key->revoked_by);
	put_number(page, "revoked_reason", key->revoked_reason);
	json_close_object(&page->out);
	page_flush(page);
}

struct key_filter {
	bool all;
	int64_t now_ms;
};

static bool key_fits(const struct core *core, const void *record, const void *context)
{
	const struct key_filter *filter = context;

	(void)core;
	return filter->all || query_key_valid(record, filter->now_ms);
}

/* The newest first. */
void get_keys(struct request *request)
{
	struct page *page = &request->page;
	struct key_filter filter = {.now_ms = page->now_ms};

	if (!ask_bool(request, "all", &filter.all))
		return;
	uint32_t count, *slots = pick_slots(page->core, TABLE_KEY, key_fits, &filter, &count);

	json_open_array(&page->out);
	for (uint32_t i = 0; i < count; i++)
		show_key(page, query_at(page->core, TABLE_KEY, slots[i]));
	json_close_array(&page->out);
	free(slots);
	reply_page(request);
}

/* --- what happened ------------------------------------------------------------------------------------- */

void tell_key_event(struct tell *out, const struct core *core, const struct event_key *key)
{
	enum table table = table_of(key->role);
	struct line_name who = line_name(
		key->who, table == TABLE_TOWN ? (struct text){NULL, 0}
					      : query_name(core, table, query_find(core, table, key->who)));

	if (key->act == KEY_REVOKE) {
		line_en(out, "key %.*s revoked", SAID(key->id));
		line_zh(out, "吊销密钥%.*s", SAID(key->id));
	} else {
		line_en(out, "key %.*s taken in: %.*s", SAID(key->id), EN(WORDS_KEY_ROLE, key->role));
		line_zh(out, "登记密钥%.*s:%.*s", SAID(key->id), ZH(WORDS_KEY_ROLE, key->role));
		line_en(out, who.len > 0 ? " %.*s" : "%.*s", who.len, who.text);
		line_zh(out, "%.*s", who.len, who.text);
	}
	line_quote(out, "; ", ";", key->reason);
}

void tell_key_effect(struct tell *out, const struct core *core, const struct effect_key *effect)
{
	struct text id = query_id(core, TABLE_KEY, query_slot(core, TABLE_KEY, effect->key));
	bool added = effect->act == KEY_ADD;

	line_en(out, id.len > 0 ? "key %.*s %s" : "key%.*s %s", SAID(id), added ? "holds" : "holds no more");
	line_zh(out, "密钥%.*s%s", SAID(id), added ? "生效" : "失效");
}

/* --- why not ------------------------------------------------------------------------------------------- */

static void say(struct tell *out, const char *en, const char *zh)
{
	line_en(out, "%s", en);
	line_zh(out, "%s", zh);
}

static void say_invalid(struct tell *out, const struct event *event)
{
	const struct event_key *key = &event->u.key;
	bool takes_token = key->role == KEY_CONSOLE, whose = table_of(key->role) != TABLE_TOWN;
	bool fits = (key->kind == KEY_TOKEN) == takes_token || key->role == KEY_READER;

	if (key->act == KEY_REVOKE)
		say(out, "say why (reason)", "请注明原因(reason)");
	else if (!fits)
		say(out,
			takes_token ? "a console has a token, not a pair of keys"
				    : "only a console or a reader has a token; this role has a pair of keys",
			takes_token ? "控制台使用令牌,不用密钥对"
				    : "只有控制台和只读者使用令牌,该角色须用密钥对");
	else if (whose && key->who.len == 0)
		say(out, "whose is it? who is missing", "请指明归属对象(who)");
	else if (!whose && key->who.len > 0)
		say(out, "this role is about nobody in particular: leave who out",
			"该角色不属于特定对象,不填 who");
	else if (key->until_ms != 0 && key->until_ms <= event->at_ms)
		say(out, "until: must lie in the future", "until:必须晚于当前时间");
	else if (key->kind == KEY_TOKEN)
		say(out, "id: 1 to 64 of A-Z a-z 0-9 _ -; hash: an argon2id string",
			"编号须为1至64个字母、数字、下划线或连字符;hash 须为 argon2id 字符串");
	else
		say(out, "id: 1 to 64 of A-Z a-z 0-9 _ -; public: not all zeros",
			"编号须为1至64个字母、数字、下划线或连字符;公钥不能全为零");
}

static void say_missing(struct tell *out, const struct event_key *key)
{
	if (key->act == KEY_REVOKE) {
		line_en(out, "key %.*s: there is none; see key list --all", SAID(key->id));
		line_zh(out, "没有密钥%.*s,可用 key list --all 查看", SAID(key->id));
	} else {
		line_en(out, "there is no %s %.*s",
			key->role == KEY_CONSOLE ? "person" : words_of(WORDS_KEY_ROLE, key->role).ptr,
			SAID(key->who));
		line_zh(out, "没有此%s:%.*s",
			key->role == KEY_DEVICE  ? "设备"
			: key->role == KEY_UNIT  ? "力量"
			: key->role == KEY_DEPOT ? "仓库"
						 : "人员",
			SAID(key->who));
	}
}

static void say_taken(struct tell *out, const struct core *core, const struct event_key *key)
{
	uint32_t slot = query_key_find(core, key->id);

	if (slot != 0) {
		line_en(out, "there is a key %.*s already; an id is used once", SAID(key->id));
		line_zh(out, "已有密钥%.*s,编号不可重复使用", SAID(key->id));
		return;
	}
	struct text other = query_id(core, TABLE_KEY, query_key_by_public(core, key->public_key));

	line_en(out, "this public key is that of %.*s; make a new pair", SAID(other));
	line_zh(out, "该公钥已登记为%.*s,请另行生成密钥对", SAID(other));
}

bool refusal_key(struct tell *out, const struct core *core, const struct event *event, uint8_t outcome)
{
	const struct event_key *key = &event->u.key;

	if (event->kind != EVENT_KEY)
		return false;
	if (outcome == OUTCOME_INVALID) {
		say_invalid(out, event);
	} else if (outcome == OUTCOME_NOT_FOUND) {
		say_missing(out, key);
	} else if (outcome == OUTCOME_TAKEN) {
		say_taken(out, core, key);
	} else if (outcome == OUTCOME_UNCHANGED) {
		line_en(out, "key %.*s is revoked already", SAID(key->id));
		line_zh(out, "密钥%.*s已吊销", SAID(key->id));
	} else if (outcome == OUTCOME_FULL) {
		say(out, "no room for one more key: revoke those that nobody uses",
			"密钥已满,请先吊销不再使用的密钥");
	} else {
		return false;
	}
	return true;
}
