/* refusal_who: who may do what was refused; see the header. */
#include "api/refusal_who.h"

#include <stddef.h>

#include "api/tell_line.h"
#include "core/permit.h"

#define SAID(text_) (int)(text_).len, (text_).ptr

enum { BEARERS_SHOWN_MAX = 8 };

/* In the order in which one would ask them. */
static const uint32_t role_order[] = {
	WHO_DUTY_OFFICER, WHO_OFFICE, WHO_LEADER, WHO_COMMITTEE, WHO_KEEPER, WHO_AUDITOR};

static void say_roles(struct tell *out, uint32_t roles)
{
	uint32_t count = 0;

	for (size_t i = 0; i < sizeof(role_order) / sizeof(role_order[0]); i++) {
		struct text en = words_who_of(role_order[i]), zh = words_who_zh(role_order[i]);

		if ((roles & role_order[i]) == 0)
			continue;
		line_en(out, count == 0 ? "%.*s" : ", %.*s", SAID(en));
		line_zh(out, count++ == 0 ? "%.*s" : "、%.*s", SAID(zh));
	}
	if ((roles & PERMIT_OTHERS) == 0)
		return;
	line_en(out, count == 0 ? "the others of the town" : " and the others of the town");
	line_zh(out, count == 0 ? "其他人员" : "及其他人员");
}

/* "id name (roles)". */
static void say_person(struct tell *out, const struct core *core, struct permit_person person, struct text by)
{
	struct line_name name = person.number == 0 ? line_name(by, (struct text){NULL, 0})
						   : line_name(query_id(core, TABLE_PERSON, person.number),
							     query_name(core, TABLE_PERSON, person.number));
	uint32_t offices = person.roles & ~(uint32_t)PERMIT_OTHERS;

	line_en(out, "%.*s", name.len, name.text);
	line_zh(out, "%.*s", name.len, name.text);
	if (person.bearers == 0)
		return;
	line_en(out, " (");
	line_zh(out, "(");
	say_roles(out, offices != 0 ? offices : (uint32_t)PERMIT_OTHERS);
	line_en(out, ")");
	line_zh(out, ")");
}

static void say_bearers(struct tell *out, const struct core *core, struct text name)
{
	uint32_t text = query_text_find(core, name), count = 0;

	line_en(out, "%.*s is the name of several persons; say which, by id:", SAID(name));
	line_zh(out, "“%.*s”有多人同名,请用编号指明:", SAID(name));
	for (uint32_t slot = 1; slot <= query_used(core, TABLE_PERSON) && count < BEARERS_SHOWN_MAX; slot++) {
		const struct person *person = query_at(core, TABLE_PERSON, slot);
		struct text id = query_id(core, TABLE_PERSON, slot);

		if (person == NULL || person->name != text || person->retired)
			continue;
		line_en(out, count == 0 ? " %.*s" : ", %.*s", SAID(id));
		line_zh(out, count++ == 0 ? "%.*s" : "、%.*s", SAID(id));
	}
}

void refusal_not_permitted(struct tell *out, const struct core *core, const struct event *event)
{
	switch (permit_event(core, event)) {
	case PERMIT_ROLE:
		say_person(out, core, permit_person(core, event->by), event->by);
		line_en(out, " may not do this; those who may: ");
		line_zh(out, "无此权限;有权的是:");
		say_roles(out, permit_who_of(core, event));
		line_en(out, ". Ask one of them, or say by: who it is that acts");
		line_zh(out, "。请由其操作,或用 --by 指明实际操作人");
		break;
	case PERMIT_NOBODY:
		if (event->by.len > 0) {
			line_en(out, "%.*s is nobody of this town", SAID(event->by));
			line_zh(out, "本镇人员名册中没有“%.*s”", SAID(event->by));
		} else {
			line_en(out, "nobody is named");
			line_zh(out, "未指明操作人");
		}
		line_en(out, "; commands are taken from persons of the town alone: say by: an id or a name "
			     "of /v1/people");
		line_zh(out, ";本镇只接受名册人员的指令,请用 --by 指明编号或姓名(people list 可查)");
		break;
	case PERMIT_SEVERAL:
		say_bearers(out, core, event->by);
		break;
	default:
		break;
	}
}

static struct text agreed_of(const struct event *event)
{
	return event->kind == EVENT_RESPONSE ? event->u.response.agreed : event->u.supply.agreed;
}

void refusal_needs_agreement(struct tell *out, const struct core *core, const struct event *event)
{
	struct text agreed = agreed_of(event);
	struct permit_person other = permit_person(core, agreed);

	if (event->kind == EVENT_SUPPLY) {
		line_en(out, "this would take the stock of %.*s below its minimum; ",
			SAID(event->u.supply.item));
		line_zh(out, "此次调拨将使%.*s低于最低储备;", SAID(event->u.supply.item));
	}
	if (agreed.len > 0) {
		say_person(out, core, other, agreed);
		line_en(out, other.bearers == 0 ? " is nobody of this town; " : " cannot agree to it; ");
		line_zh(out, other.bearers == 0 ? "不在本镇人员名册中;" : "无权同意;");
	}
	line_en(out, "one of these must agree: ");
	line_zh(out, "须经以下人员之一同意:");
	say_roles(out, permit_agreement(core, event));
	line_en(out, ". Say agreed: who did (an id or a name)");
	line_zh(out, "。请用 --agreed 指明同意人(编号或姓名)");
}
