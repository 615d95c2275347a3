/* tell: effects as lines for people; see the header. */
#include "api/tell.h"

#include <string.h>

#include "api/tell_line.h"
#include "wire/ids.h"
#include "wire/time_text.h"

/* What every function here needs. */
struct teller {
	struct tell *out;
	const struct core *core;
};

static const enum table table_of_target[TARGET_COUNT] = {[TARGET_UNIT] = TABLE_UNIT,
	[TARGET_DEPOT] = TABLE_DEPOT,
	[TARGET_DEVICE] = TABLE_DEVICE,
	[TARGET_PERSON] = TABLE_PERSON};

/* "id name" of a registered thing. */
static struct line_name name_of(const struct teller *teller, enum table table, uint32_t number)
{
	return line_name(query_id(teller->core, table, number), query_name(teller->core, table, number));
}

static struct line_name target_name(const struct teller *teller, uint8_t target, uint32_t who)
{
	return name_of(teller, target < TARGET_COUNT ? table_of_target[target] : TABLE_TOWN, who);
}

static struct line_name text_name(const struct teller *teller, uint32_t text)
{
	return line_name(query_text(teller->core, text), (struct text){NULL, 0});
}

static struct line_name id_name(enum id_kind kind, uint64_t number)
{
	struct line_name name;

	name.len = (int)ids_write(kind, number, name.text).len;
	return name;
}

static struct line_name skills_name(const struct teller *teller, uint64_t skills)
{
	struct line_name name;
	uint32_t len = query_skills(teller->core, skills, name.text, sizeof(name.text));

	name.len = len < sizeof(name.text) ? (int)len : 0;
	return name;
}

static struct line_name skills_name_zh(const struct teller *teller, uint64_t skills)
{
	struct line_name name = {.len = 0};

	for (uint32_t bit = 0; bit < 64 && skills >> bit != 0; bit++) {
		struct text word = words_town_zh(query_skill(teller->core, bit));

		if ((skills >> bit & 1) != 0 && word.len > 0 &&
			(size_t)name.len + word.len + 1 < sizeof(name.text)) {
			if (name.len > 0)
				name.text[name.len++] = '+';
			memcpy(name.text + name.len, word.ptr, word.len);
			name.len += (int)word.len;
		}
	}
	return name;
}

static struct line_name item_name_zh(const struct teller *teller, uint32_t item)
{
	return line_name(tell_item_zh(teller->core, query_text(teller->core, item)), (struct text){NULL, 0});
}

static struct line_name time_name(const struct teller *teller, int64_t at_ms)
{
	struct line_name name = {.len = 0};

	if (at_ms == 0)
		return name;
	time_format_local(at_ms, query_town(teller->core)->offset_min, name.text);
	name.len = TIME_LOCAL_LEN;
	return name;
}

#define NAME(name)     (name).len, (name).text
#define EN(set, value) (int)words_of((set), (value)).len, words_of((set), (value)).ptr
#define ZH(set, value) (int)words_zh((set), (value)).len, words_zh((set), (value)).ptr

/* --- one function a group of effects --------------------------------------------------------------- */

static void tell_result(const struct teller *teller, const struct effect *effect)
{
	const struct effect_result *result = &effect->u.result;
	line_en(teller->out, "%.*s", EN(WORDS_OUTCOME, result->outcome));
	line_zh(teller->out, "%.*s", ZH(WORDS_OUTCOME, result->outcome));
	if (result->why != WHY_NONE) {
		line_en(teller->out, ": %.*s", EN(WORDS_WHY, result->why));
		line_zh(teller->out, ":%.*s", ZH(WORDS_WHY, result->why));
	}
}

static void tell_alarm(const struct teller *teller, const struct effect *effect)
{
	const struct effect_alarm *alarm = &effect->u.alarm;
	struct line_name device = name_of(teller, TABLE_DEVICE, alarm->device);
	struct line_name incident = id_name(ID_INCIDENT, alarm->incident);

	line_en(teller->out, "alarm");
	if (alarm->device != 0) {
		line_en(teller->out, " of %.*s", NAME(device));
		line_zh(teller->out, "%.*s的", NAME(device));
	}
	line_en(teller->out, " %.*s", EN(WORDS_ALARM_RESULT, alarm->result));
	line_zh(teller->out, "报警%.*s", ZH(WORDS_ALARM_RESULT, alarm->result));
	if (alarm->reject != REJECT_NONE) {
		line_en(teller->out, ": %.*s", EN(WORDS_REJECT, alarm->reject));
		line_zh(teller->out, ":%.*s", ZH(WORDS_REJECT, alarm->reject));
	} else if (alarm->incident != 0) {
		line_en(teller->out, alarm->opened ? ", opens %.*s" : ", belongs to %.*s", NAME(incident));
		line_zh(teller->out, alarm->opened ? ",新建事件%.*s" : ",归入事件%.*s", NAME(incident));
	}
}

static void tell_incident_effect(const struct teller *teller, const struct effect *effect)
{
	const struct effect_incident *opened = &effect->u.incident;
	const struct effect_incident_state *moved = &effect->u.incident_state;
	struct line_name id = id_name(ID_INCIDENT, opened->number);

	if (effect->kind == EFFECT_INCIDENT) {
		/* words heard for the first time have no number yet when it is decided */
		uint32_t slot = query_slot(teller->core, TABLE_INCIDENT, opened->number);
		const struct incident *incident = query_at(teller->core, TABLE_INCIDENT, slot);
		uint32_t title_text =
			opened->title == 0 && incident != NULL ? incident->title : opened->title;
		struct line_name title = text_name(teller, title_text);
		struct line_name plan = name_of(teller, TABLE_PLAYBOOK, opened->playbook);

		line_en(teller->out, "incident %.*s opened: %.*s; playbook %.*s", NAME(id), NAME(title),
			opened->playbook == 0 ? 4 : plan.len, opened->playbook == 0 ? "none" : plan.text);
		title = line_name(
			query_word_zh(query_text(teller->core, title_text)), (struct text){NULL, 0});
		line_zh(teller->out, "新建事件%.*s:%.*s;预案%.*s", NAME(id), NAME(title),
			opened->playbook == 0 ? (int)strlen("无") : plan.len,
			opened->playbook == 0 ? "无" : plan.text);
		return;
	}
	line_en(teller->out, "state %.*s -> %.*s", EN(WORDS_INCIDENT_STATE, moved->from),
		EN(WORDS_INCIDENT_STATE, moved->to));
	line_zh(teller->out, "状态由%.*s变为%.*s", ZH(WORDS_INCIDENT_STATE, moved->from),
		ZH(WORDS_INCIDENT_STATE, moved->to));
	if (moved->disposition != DISPOSITION_NONE) {
		line_en(teller->out, " (%.*s)", EN(WORDS_DISPOSITION, moved->disposition));
		line_zh(teller->out, "(%.*s)", ZH(WORDS_DISPOSITION, moved->disposition));
	}
	if (moved->act == ACT_VERIFY)
		tell_evidence(teller->out, moved->evidence);
}

static void tell_growth(const struct teller *teller, const struct effect *effect)
{
	const struct effect_incident_climb *climb = &effect->u.incident_climb;
	struct line_name into = id_name(ID_INCIDENT, effect->u.incident_merged.into);

	if (effect->kind == EFFECT_INCIDENT_LEVEL) {
		line_en(teller->out, "raised to level %u%s", effect->u.incident_level.level,
			effect->u.incident_level.by_sensors ? ": confirmed by a second sensor" : "");
		line_zh(teller->out, "升级至%u级增援%s", effect->u.incident_level.level,
			effect->u.incident_level.by_sensors ? ":另一传感器证实" : "");
	} else if (effect->kind == EFFECT_INCIDENT_CLIMB) {
		line_en(teller->out, "escalated to %.*s", (int)words_who_of(climb->who).len,
			words_who_of(climb->who).ptr);
		line_zh(teller->out, "上报至%.*s", (int)words_who_zh(climb->who).len,
			words_who_zh(climb->who).ptr);
		if (climb->deadline < DEADLINE_COUNT) {
			struct line_name due = time_name(teller, climb->due_ms);

			line_en(teller->out, ": deadline %.*s missed",
				EN(WORDS_DEADLINE_KIND, climb->deadline));
			line_zh(teller->out, ":%.*s已超", ZH(WORDS_DEADLINE_KIND, climb->deadline));
			line_en(teller->out, due.len > 0 ? ", was due %.*s" : "%.*s", NAME(due));
			line_zh(teller->out, due.len > 0 ? ",应于%.*s" : "%.*s", NAME(due));
		}
	} else if (effect->u.incident_merged.into == 0) {
		line_en(teller->out, "split off, a case of its own again");
		line_zh(teller->out, "已从合并中拆出");
	} else {
		line_en(teller->out, "merged into %.*s", NAME(into));
		line_zh(teller->out, "并入事件%.*s", NAME(into));
	}
}

static void tell_step(const struct teller *teller, const struct effect *effect)
{
	const struct effect_step *step = &effect->u.step;
	line_en(teller->out, "step %u %.*s", step->step, EN(WORDS_STEP_STATE, step->state));
	line_zh(teller->out, "步骤%u%.*s", step->step, ZH(WORDS_STEP_STATE, step->state));
	if (step->why != WHY_NONE) {
		line_en(teller->out, ": %.*s", EN(WORDS_WHY, step->why));
		line_zh(teller->out, ":%.*s", ZH(WORDS_WHY, step->why));
	}
}

static void tell_need(const struct teller *teller, const struct effect *effect)
{
	const struct effect_need *need = &effect->u.need;
	const struct effect_need_state *state = &effect->u.need_state;
	struct line_name id = id_name(ID_NEED, need->number);

	if (effect->kind == EFFECT_NEED) {
		struct line_name what = need->kind == STEP_SUPPLY ? text_name(teller, need->item)
								  : skills_name(teller, need->skills);

		line_en(teller->out, "wanted %.*s: %u x %.*s", NAME(id), need->count, NAME(what));
		what = need->kind == STEP_SUPPLY ? item_name_zh(teller, need->item)
						 : skills_name_zh(teller, need->skills);
		line_zh(teller->out, "需求%.*s:%.*s × %u", NAME(id), NAME(what), need->count);
		return;
	}
	line_en(teller->out, "requirement %.*s %.*s", NAME(id), EN(WORDS_NEED_STATE, state->state));
	line_zh(teller->out, "需求%.*s%.*s", NAME(id), ZH(WORDS_NEED_STATE, state->state));
	if (state->missing > 0) {
		line_en(teller->out, ", %u missing", state->missing);
		line_zh(teller->out, ",缺%u", state->missing);
	}
	if (state->why != WHY_NONE) {
		line_en(teller->out, ": %.*s", EN(WORDS_WHY, state->why));
		line_zh(teller->out, ":%.*s", ZH(WORDS_WHY, state->why));
	}
}

static void tell_choice(const struct teller *teller, const struct effect *effect)
{
	const struct effect_choice *choice = &effect->u.choice;
	struct line_name id = id_name(ID_NEED, choice->need);

	line_en(teller->out, "for %.*s passed over:", NAME(id));
	line_zh(teller->out, "需求%.*s未选:", NAME(id));
	if (choice->passed_count == 0) {
		line_en(teller->out, " nobody else would do");
		line_zh(teller->out, "没有其他符合者");
	}
	for (uint32_t i = 0; i < choice->passed_count && i < CHOICE_PASSED_MAX; i++) {
		const struct passed *passed = &choice->passed[i];
		struct line_name unit = passed->depot != 0 ? name_of(teller, TABLE_DEPOT, passed->depot)
							   : name_of(teller, TABLE_UNIT, passed->unit);

		line_en(teller->out, "%s %.*s (%.*s)", i > 0 ? "," : "", NAME(unit),
			EN(WORDS_WHY, choice->passed[i].why));
		line_zh(teller->out, "%s%.*s(%.*s)", i > 0 ? "、" : "", NAME(unit),
			ZH(WORDS_WHY, choice->passed[i].why));
	}
	if (choice->rest_count > 0) {
		line_en(teller->out, "; and %u more", choice->rest_count);
		line_zh(teller->out, ";另有%u个", choice->rest_count);
	}
}

static void tell_order(const struct teller *teller, const struct effect *effect)
{
	const struct effect_order *order = &effect->u.order;
	const struct effect_order_state *state = &effect->u.order_state;
	struct line_name id = id_name(ID_ORDER, order->number);

	if (effect->kind == EFFECT_ORDER) {
		struct line_name who = target_name(teller, order->target, order->who);
		struct line_name task =
			text_name(teller, order->target == TARGET_DEVICE ? order->action : order->task);

		struct line_name task_zh = line_name(
			query_word_zh((struct text){task.text, (uint32_t)task.len}), (struct text){NULL, 0});

		line_en(teller->out, "order %.*s to %.*s: %.*s; %lu m, ", NAME(id), NAME(who), NAME(task),
			tell_whole(order->range_mm));
		line_zh(teller->out, "派遣%.*s:%.*s,%.*s;%lu米,", NAME(id), NAME(who), NAME(task_zh),
			tell_whole(order->range_mm));
		line_span(teller->out, order->travel_ms);
		line_en(teller->out, "%s%s%s", order->substitute ? "; substitute" : "",
			order->late ? "; late" : "", order->stale ? "; old position" : "");
		line_zh(teller->out, "%s%s%s", order->substitute ? ";替代力量" : "",
			order->late ? ";预计超时" : "", order->stale ? ";位置较旧" : "");
		return;
	}
	if (state->respond_by_ms != 0 && state->why == WHY_NONE) {
		line_en(teller->out, "order %.*s: the crew is told what else to fetch", NAME(id));
		line_zh(teller->out, "派遣%.*s:已告知承运力量一并提取新增物资", NAME(id));
		return;
	}
	if (state->respond_by_ms != 0) {
		line_en(teller->out,
			"order %.*s: the keeper has not answered, and no other depot has it all: called "
			"again",
			NAME(id));
		line_zh(teller->out, "派遣%.*s:保管员无人应答,其他仓库无足量库存,再次致电", NAME(id));
		return;
	}
	line_en(teller->out, "order %.*s %.*s -> %.*s", NAME(id), EN(WORDS_ORDER_STATE, state->from),
		EN(WORDS_ORDER_STATE, state->to));
	line_zh(teller->out, "派遣%.*s由%.*s变为%.*s", NAME(id), ZH(WORDS_ORDER_STATE, state->from),
		ZH(WORDS_ORDER_STATE, state->to));
	if (state->why != WHY_NONE && state->to != ORDER_DECLINED) { /* it would say so twice */
		line_en(teller->out, ": %.*s", EN(WORDS_WHY, state->why));
		line_zh(teller->out, ":%.*s", ZH(WORDS_WHY, state->why));
	}
}

static void tell_unit(const struct teller *teller, const struct effect *effect)
{
	const struct effect_unit_state *state = &effect->u.unit_state;
	struct line_name unit = name_of(teller, TABLE_UNIT, state->unit);

	if (effect->kind == EFFECT_UNIT_PLACE) {
		line_en(teller->out, "position of %.*s", NAME(unit));
		line_zh(teller->out, "%.*s更新位置", NAME(unit));
		return;
	}
	line_en(teller->out, "%.*s %.*s -> %.*s", NAME(unit), EN(WORDS_UNIT_STATE, state->from),
		EN(WORDS_UNIT_STATE, state->to));
	line_zh(teller->out, "%.*s由%.*s变为%.*s", NAME(unit), ZH(WORDS_UNIT_STATE, state->from),
		ZH(WORDS_UNIT_STATE, state->to));
}

static void tell_material(const struct teller *teller, const struct effect *effect)
{
	uint32_t number = effect->kind == EFFECT_SUPPLY         ? effect->u.supply.stock
			  : effect->kind == EFFECT_SUPPLY_STATE ? effect->u.supply_state.stock
								: effect->u.stock.stock;
	const struct stock *stock = query_at(teller->core, TABLE_STOCK, number);
	struct line_name depot = name_of(teller, TABLE_DEPOT, stock == NULL ? 0 : stock->depot);
	struct line_name item = text_name(teller, stock == NULL ? 0 : stock->name);

	if (effect->kind == EFFECT_SUPPLY) {
		line_en(teller->out, "%ld x %.*s reserved at %.*s", (long)effect->u.supply.quantity,
			NAME(item), NAME(depot));
		line_zh(teller->out, "%.*s预留%.*s × %ld", NAME(depot), NAME(item),
			(long)effect->u.supply.quantity);
	} else if (effect->kind == EFFECT_SUPPLY_STATE) {
		line_en(teller->out, "%ld x %.*s of %.*s %.*s", (long)effect->u.supply_state.quantity,
			NAME(item), NAME(depot), EN(WORDS_SUPPLY_STATE, effect->u.supply_state.to));
		line_zh(teller->out, "%.*s的%.*s × %ld%.*s", NAME(depot), NAME(item),
			(long)effect->u.supply_state.quantity,
			ZH(WORDS_SUPPLY_STATE, effect->u.supply_state.to));
	} else {
		line_en(teller->out, "%.*s at %.*s: %ld on hand, %ld reserved", NAME(item), NAME(depot),
			(long)effect->u.stock.on_hand, (long)effect->u.stock.reserved);
		line_zh(teller->out, "%.*s的%.*s:库存%ld,预留%ld", NAME(depot), NAME(item),
			(long)effect->u.stock.on_hand, (long)effect->u.stock.reserved);
	}
}

static void tell_call(const struct teller *teller, const struct effect *effect)
{
	tell_notice_effect(teller->out, teller->core, effect);
}

static void tell_deadline(const struct teller *teller, const struct effect *effect)
{
	const struct effect_deadline *deadline = &effect->u.deadline;
	struct line_name due = time_name(teller, deadline->due_ms);

	line_en(teller->out, "deadline %.*s %.*s", EN(WORDS_DEADLINE_KIND, deadline->kind),
		EN(WORDS_DEADLINE_STATE, deadline->state));
	line_zh(teller->out, "%.*s%.*s", ZH(WORDS_DEADLINE_KIND, deadline->kind),
		ZH(WORDS_DEADLINE_STATE, deadline->state));
	if (deadline->state == DEADLINE_RUNNING && due.len > 0) {
		line_en(teller->out, ", due %.*s", NAME(due));
		line_zh(teller->out, ",截止%.*s", NAME(due));
	}
}

static void tell_switch(const struct teller *teller, const struct effect *effect)
{
	struct line_name device = name_of(teller, TABLE_DEVICE, effect->u.device.device);
	struct line_name hazard = text_name(teller, effect->u.warning.hazard);
	struct line_name silence = id_name(ID_SILENCE, effect->u.silence.number);
	struct line_name who = target_name(teller, effect->u.link.target, effect->u.link.who);

	switch (effect->kind) {
	case EFFECT_DEVICE:
		line_en(teller->out, "device %.*s %.*s", NAME(device),
			EN(WORDS_DEVICE_STATE, effect->u.device.state));
		line_zh(teller->out, "设备%.*s%.*s", NAME(device),
			ZH(WORDS_DEVICE_STATE, effect->u.device.state));
		break;
	case EFFECT_LINK:
		line_en(teller->out, "terminal of %.*s %s", NAME(who),
			effect->u.link.up ? "connected" : "lost");
		line_zh(teller->out, "%.*s的终端%s", NAME(who), effect->u.link.up ? "上线" : "离线");
		break;
	case EFFECT_WARNING:
		line_en(teller->out, "warning %.*s: %.*s", NAME(hazard),
			EN(WORDS_COLOUR, effect->u.warning.colour));
		hazard = line_name(query_word_zh(query_text(teller->core, effect->u.warning.hazard)),
			(struct text){NULL, 0});
		line_zh(teller->out, "预警%.*s:%.*s", NAME(hazard),
			ZH(WORDS_COLOUR, effect->u.warning.colour));
		break;
	case EFFECT_RELEASE:
		line_en(teller->out, "orders leave: %.*s", EN(WORDS_RELEASE, effect->u.release.release));
		line_zh(teller->out, "派遣方式:%.*s", ZH(WORDS_RELEASE, effect->u.release.release));
		break;
	case EFFECT_RESPONSE:
		line_en(teller->out, "response level: %.*s", EN(WORDS_RESPONSE, effect->u.response.level));
		line_zh(teller->out, "应急响应:%.*s", ZH(WORDS_RESPONSE, effect->u.response.level));
		break;
	default:
		line_en(teller->out, "silence %.*s %s", NAME(silence),
			effect->u.silence.active ? "begins" : "ends");
		line_zh(teller->out, "静默%.*s%s", NAME(silence), effect->u.silence.active ? "开始" : "结束");
	}
}

static void tell_key(const struct teller *teller, const struct effect *effect)
{
	tell_key_effect(teller->out, teller->core, &effect->u.key);
}

static void tell_aside(const struct teller *teller, const struct effect *effect)
{
	tell_aside_effect(teller->out, &effect->u.aside);
}

/* NULL: not worth a line: registry, agenda. */
static void (*const tell_kind[EFFECT_KIND_COUNT])(
	const struct teller *teller, const struct effect *effect) = {
	[EFFECT_RESULT] = tell_result,
	[EFFECT_ALARM] = tell_alarm,
	[EFFECT_INCIDENT] = tell_incident_effect,
	[EFFECT_INCIDENT_STATE] = tell_incident_effect,
	[EFFECT_INCIDENT_LEVEL] = tell_growth,
	[EFFECT_INCIDENT_CLIMB] = tell_growth,
	[EFFECT_INCIDENT_MERGED] = tell_growth,
	[EFFECT_STEP] = tell_step,
	[EFFECT_NEED] = tell_need,
	[EFFECT_NEED_STATE] = tell_need,
	[EFFECT_CHOICE] = tell_choice,
	[EFFECT_ORDER] = tell_order,
	[EFFECT_ORDER_STATE] = tell_order,
	[EFFECT_UNIT_STATE] = tell_unit,
	[EFFECT_UNIT_PLACE] = tell_unit,
	[EFFECT_SUPPLY] = tell_material,
	[EFFECT_SUPPLY_STATE] = tell_material,
	[EFFECT_STOCK] = tell_material,
	[EFFECT_NOTICE] = tell_call,
	[EFFECT_NOTICE_STATE] = tell_call,
	[EFFECT_NOTICE_TRY] = tell_call,
	[EFFECT_TASK] = tell_call,
	[EFFECT_TASK_STATE] = tell_call,
	[EFFECT_DEADLINE] = tell_deadline,
	[EFFECT_DEVICE] = tell_switch,
	[EFFECT_LINK] = tell_switch,
	[EFFECT_WARNING] = tell_switch,
	[EFFECT_RELEASE] = tell_switch,
	[EFFECT_SILENCE] = tell_switch,
	[EFFECT_RESPONSE] = tell_switch,
	[EFFECT_KEY] = tell_key,
	[EFFECT_ASIDE] = tell_aside,
};

bool tell_effect(struct tell *out, const struct core *core, const struct effect *effect)
{
	struct teller teller = {out, core};

	out->en_len = out->zh_len = 0;
	if (tell_desk(out, core, effect))
		return true;
	if (effect->kind >= EFFECT_KIND_COUNT || tell_kind[effect->kind] == NULL)
		return tell_paper(out, core, effect);
	tell_kind[effect->kind](&teller, effect);
	return true;
}
