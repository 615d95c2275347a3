/* whoami: who somebody is to this town, and which commands that person may give. */
#include "api/command.h"
#include "api/internal.h"
#include "core/permit.h"

/* A command as it is asked for; wide: its reach is a whole type or grid, or it holds all help back. */
static struct event event_of(const struct command *command, struct text by, bool wide)
{
	struct event event = {.kind = command->kind, .by = by, .channel = TEXT("console")};

	switch (command->kind) {
	case EVENT_ACT:
		event.u.act.act = command->preset;
		break;
	case EVENT_ANSWER:
		event.u.answer.answer = command->preset != 0 ? command->preset : (uint8_t)ANSWER_ACCEPT;
		break;
	case EVENT_STOCK_MOVE:
		event.u.stock_move.act = command->preset;
		break;
	case EVENT_RELEASE:
		event.u.release.release = wide ? RELEASE_ADVISE : RELEASE_AUTO;
		break;
	case EVENT_ASIDE:
		event.u.aside.act = command->preset;
		break;
	case EVENT_SILENCE:
		event.u.silence.expire = command->preset ? 0 : 1;
		event.u.silence.source = wide ? (struct text){NULL, 0} : TEXT("?");
		break;
	default:
		break;
	}
	return event;
}

static void put_commands(struct page *page, const char *key, struct text by, bool may)
{
	uint32_t count;
	const struct command *commands = command_table(&count);
	struct event load = {.kind = EVENT_LOAD, .by = by, .channel = TEXT("console")};
	struct event lead = {
		.kind = EVENT_LEAD, .by = by, .channel = TEXT("console"), .u.lead = {.forced = true}};

	put_key(page, key);
	json_open_array(&page->out);
	for (uint32_t i = 0; i < count; i++) {
		struct event narrow = event_of(&commands[i], by, false),
			     wide = event_of(&commands[i], by, true);
		bool has_wide = permit_who(&narrow) != permit_who(&wide);

		if ((permit_event(page->core, &narrow) == PERMIT_MAY) == may)
			json_write_text(&page->out, commands[i].name);
		if (has_wide && (permit_event(page->core, &wide) == PERMIT_MAY) == may)
			json_write_text(&page->out, wide.kind == EVENT_RELEASE
							    ? TEXT("release advise")
							    : TEXT("silence-add of a type or grid"));
	}
	if ((permit_event(page->core, &load) == PERMIT_MAY) == may) {
		json_write_text(&page->out, TEXT("playbooks/reload"));
		json_write_text(&page->out, TEXT("town/load"));
	}
	if ((permit_event(page->core, &lead) == PERMIT_MAY) == may)
		json_write_text(&page->out, TEXT("lead"));
	json_close_array(&page->out);
}

void get_whoami(struct request *request)
{
	struct page *page = &request->page;
	const char *given = ask_text(request, "by");
	struct text by = text_of(given != NULL && given[0] != '\0' ? given : request->caller->name);
	struct permit_person person = permit_person(page->core, by);

	json_open_object(&page->out);
	put_text(page, "by", by);
	put_text(page, "from", text_of(request->caller->from));
	put_thing(page, "person", TABLE_PERSON, person.number);
	put_name(page, "name", TABLE_PERSON, person.number);
	put_int(page, "bearers", person.bearers);
	put_who(page, "roles", person.roles & ~(uint32_t)PERMIT_OTHERS);
	put_bool(page, "named", query_rules(page->core)->named);
	put_commands(page, "may", by, true);
	put_commands(page, "may_not", by, false);
	json_close_object(&page->out);
	reply_page(request);
}
