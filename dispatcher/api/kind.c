/* kind: words that people give for types, hazards and items, turned into codes; see the header. */
#include "api/kind.h"

#include <string.h>

#include "api/tell_line.h"

static bool same(struct text a, struct text b)
{
	return a.len == b.len && a.len > 0 && memcmp(a.ptr, b.ptr, a.len) == 0;
}

/* The word itself, or its Chinese. */
static bool names(struct text word, struct text code)
{
	return same(word, code) || same(word, query_word_zh(code));
}

#define SAID(text_) (int)(text_).len, (text_).ptr

/* --- types of incidents ---------------------------------------------------------------------------- */

static const struct text other = {"other", 5}, other_zh = {"其他", 6};

static const struct playbook *active(const struct core *core, uint32_t slot)
{
	const struct playbook *playbook = query_at(core, TABLE_PLAYBOOK, slot);

	return playbook != NULL && playbook->active ? playbook : NULL;
}

/* As the core chooses: what was measured or forecast is asked of the least plans. */
static bool plainer(const struct playbook *playbook, const struct playbook *than)
{
	return than == NULL || playbook->has_above + playbook->warning + playbook->grid_count <
				       than->has_above + than->warning + than->grid_count;
}

/* An incident type that a playbook or the responsibilities have. */
static struct text town_type(const struct core *core, struct text word)
{
	for (uint32_t slot = 1; slot <= query_used(core, TABLE_PLAYBOOK); slot++) {
		const struct playbook *playbook = active(core, slot);
		struct text type = query_text(core, playbook == NULL ? 0 : playbook->incident_type);

		if (names(word, type))
			return type;
	}
	for (uint32_t slot = 1; slot <= query_used(core, TABLE_DUTY); slot++) {
		const struct duty *duty = query_at(core, TABLE_DUTY, slot);
		struct text type = query_text(core, duty == NULL ? 0 : duty->incident_type);

		if (names(word, type))
			return type;
	}
	return same(word, other) || same(word, other_zh) ? other : (struct text){NULL, 0};
}

static struct text listed_type(struct text word)
{
	for (uint32_t index = 0; index < query_alarm_types(); index++)
		if (names(word, query_alarm_type(index)))
			return query_alarm_type(index);
	return (struct text){NULL, 0};
}

static bool answers(const struct core *core, const struct playbook *playbook, struct text alarm_type)
{
	for (uint32_t i = 0; i < playbook->type_count; i++)
		if (same(query_text(core, playbook->type[i]), alarm_type))
			return true;
	return false;
}

/* The playbook whose title the word is, or the plainest one for a listed alarm type. */
static const struct playbook *named_plan(const struct core *core, struct text word)
{
	struct text listed = listed_type(word);
	const struct playbook *found = NULL;

	for (uint32_t slot = 1; slot <= query_used(core, TABLE_PLAYBOOK); slot++) {
		const struct playbook *playbook = active(core, slot);

		if (playbook == NULL)
			continue;
		if (same(word, query_text(core, playbook->title)))
			return playbook;
		if (listed.len > 0 && answers(core, playbook, listed) && plainer(playbook, found))
			found = playbook;
	}
	return found;
}

static void say_type(struct tell *out, uint32_t *count, struct text type)
{
	struct text zh = same(type, other) ? other_zh : query_word_zh(type);

	line_en(out, *count == 0 ? " %.*s" : ", %.*s", SAID(type));
	line_zh(out, *count == 0 ? "%.*s" : "、%.*s", SAID(zh));
	if (!same(type, zh)) {
		line_en(out, " (%.*s)", SAID(zh));
		line_zh(out, "(%.*s)", SAID(type));
	}
	++*count;
}

static bool said_before(const struct core *core, uint32_t slot, uint32_t type)
{
	for (uint32_t earlier = 1; earlier < slot; earlier++)
		if (active(core, earlier) != NULL && active(core, earlier)->incident_type == type)
			return true;
	return false;
}

static bool has_plan(const struct core *core, uint32_t type)
{
	return said_before(core, query_used(core, TABLE_PLAYBOOK) + 1, type);
}

static void refuse_type(const struct core *core, struct text word, struct refused *refused)
{
	struct tell *out = &refused->said;
	uint32_t count = 0;

	refused->status = 422;
	refused->error = "invalid";
	line_en(out, "type: there is no incident type %.*s. Types:", SAID(word));
	line_zh(out, "没有事件类型“%.*s”。可用类型:", SAID(word));
	for (uint32_t slot = 1; slot <= query_used(core, TABLE_PLAYBOOK); slot++) {
		const struct playbook *playbook = active(core, slot);

		if (playbook != NULL && !said_before(core, slot, playbook->incident_type))
			say_type(out, &count, query_text(core, playbook->incident_type));
	}
	for (uint32_t slot = 1; slot <= query_used(core, TABLE_DUTY); slot++) {
		const struct duty *duty = query_at(core, TABLE_DUTY, slot);

		if (duty != NULL && !has_plan(core, duty->incident_type))
			say_type(out, &count, query_text(core, duty->incident_type));
	}
	say_type(out, &count, other);
	line_en(out, ". A playbook's title or a listed alarm type (alarm.…) will do, too");
	line_zh(out, "。也可用预案名称或报警类型(alarm.…)");
}

/* The plan that was asked for by its id. */
static bool asked_plan(const struct core *core, struct event_open *open, struct refused *refused)
{
	const struct playbook *playbook = active(core, query_find(core, TABLE_PLAYBOOK, open->playbook));
	struct text type = query_text(core, playbook == NULL ? 0 : playbook->incident_type);

	if (playbook == NULL) {
		refused->status = 404;
		refused->error = "not_found";
		line_en(&refused->said,
			"playbook: none with the id %.*s is in force; /v1/playbooks shows them",
			SAID(open->playbook));
		line_zh(&refused->said, "没有在用预案“%.*s”,请用 playbook list 查看", SAID(open->playbook));
		return false;
	}
	if (same(open->type, type))
		return true;
	refused->status = 422;
	refused->error = "invalid";
	line_en(&refused->said, "playbook: %.*s is for the type %.*s, not for %.*s", SAID(open->playbook),
		SAID(type), SAID(open->type));
	line_zh(&refused->said, "预案“%.*s”用于类型%.*s,不用于%.*s", SAID(open->playbook), SAID(type),
		SAID(open->type));
	return false;
}

bool kind_of_open(const struct core *core, struct event_open *open, struct refused *refused)
{
	struct text known = town_type(core, open->type), listed = listed_type(open->type);
	const struct playbook *named = known.len > 0 ? NULL : named_plan(core, open->type);

	if (named != NULL) {
		known = query_text(core, named->incident_type);
		if (open->playbook.len == 0)
			open->playbook = query_text(core, named->id);
	} else if (known.len == 0) {
		known = listed;
	}
	if (known.len == 0) {
		refuse_type(core, open->type, refused);
		return false;
	}
	open->type = known;
	return open->playbook.len == 0 || asked_plan(core, open, refused);
}
