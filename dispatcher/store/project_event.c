/* project_event: what an event says by itself, above all the town as it was loaded; decisions are project_effect's. */
#include <stdio.h>
#include <string.h>

#include "store/project_row.h"
#include "wire/ids.h"

#define ROW(table, key) fold_row(&rows->fold, PROJECT_TABLE_##table, (key), (key), (key))

static void put_grid(struct project_rows *rows, const struct event_grid *grid)
{
	static const struct text level[] = {{NULL, 0}, {"1", 1}, {"2", 1}, {"3", 1}, {"micro", 5}};
	struct fold_row to = ROW(GRID, grid->code);

	fold_text(&to, GRID_name, grid->name);
	fold_text(&to, GRID_level, grid->level < 5 ? level[grid->level] : level[0]);
	fold_text(&to, GRID_parent, grid->parent);
	fold_text(&to, GRID_head, grid->head);
	fold_int(&to, GRID_seq, (int64_t)rows->event.seq);
}

static void put_person(struct project_rows *rows, const struct event_person *person)
{
	struct fold_row to = ROW(PERSON, person->id);
	char roles[512];
	uint32_t len = 0;

	for (uint32_t bit = 1; bit != 0; bit <<= 1) {
		struct text word = (person->roles & bit) != 0 ? words_who_of(bit) : (struct text){NULL, 0};

		if (word.len == 0 || len + word.len + 1 > sizeof(roles))
			continue;
		if (len > 0)
			roles[len++] = ';';
		memcpy(roles + len, word.ptr, word.len);
		len += word.len;
	}
	fold_text(&to, PERSON_name, person->name);
	fold_text(&to, PERSON_roles, (struct text){roles, len});
	fold_text(&to, PERSON_phone, person->phone);
	fold_text(&to, PERSON_org, person->org);
	fold_text(&to, PERSON_grid, person->grid);
	fold_int(&to, PERSON_seq, (int64_t)rows->event.seq);
}

static void put_unit(struct project_rows *rows, const struct event_unit *unit)
{
	struct fold_row fresh = ROW(UNIT_NEW, unit->id);
	struct fold_row to = ROW(UNIT, unit->id);
	char shift[32];
	int len = snprintf(shift, sizeof(shift), "%02u:%02u-%02u:%02u", unit->shift_from_min / 60u % 100u,
		unit->shift_from_min % 60u, unit->shift_to_min / 60u % 100u, unit->shift_to_min % 60u);

	fold_text(&fresh, UNIT_NEW_state, words_of(WORDS_UNIT_STATE, UNIT_AVAILABLE));
	fold_place(&fresh, UNIT_NEW_lon, UNIT_NEW_lat, &unit->home);
	fold_text(&to, UNIT_name, unit->name);
	fold_text(&to, UNIT_kind, unit->kind);
	fold_words(&to, UNIT_skills, unit->skills);
	fold_text(&to, UNIT_team, unit->team);
	fold_int(&to, UNIT_members, unit->members);
	if (unit->shift_from_min != unit->shift_to_min)
		fold_text(&to, UNIT_shift, (struct text){shift, (uint32_t)len});
	fold_place(&to, UNIT_home_lon, UNIT_home_lat, &unit->home);
	fold_fixed(&to, UNIT_speed_kmh, (int64_t)unit->speed_mm_s * 36, 4);
	fold_int(&to, UNIT_turnout_s, unit->turnout_ms / 1000);
	fold_text(&to, UNIT_terminal, unit->terminal ? TEXT("yes") : TEXT("no"));
	fold_int(&to, UNIT_seq, (int64_t)rows->event.seq);
}

static void put_depot(struct project_rows *rows, const struct event_depot *depot)
{
	struct fold_row to = ROW(DEPOT, depot->id);

	fold_text(&to, DEPOT_name, depot->name);
	fold_text(&to, DEPOT_keeper, depot->keeper);
	fold_place(&to, DEPOT_lon, DEPOT_lat, &depot->place);
	fold_int(&to, DEPOT_load_s, depot->load_ms / 1000);
	fold_int(&to, DEPOT_seq, (int64_t)rows->event.seq);
}

static void put_stock(struct project_rows *rows, const struct event_stock *stock)
{
	struct fold_row fresh =
		fold_row(&rows->fold, PROJECT_TABLE_STOCK_NEW, stock->depot, stock->item, stock->item);
	struct fold_row to =
		fold_row(&rows->fold, PROJECT_TABLE_STOCK, stock->depot, stock->item, stock->item);

	fold_int(&fresh, STOCK_NEW_quantity, stock->quantity);
	fold_int(&fresh, STOCK_NEW_reserved, 0);
	fold_text(&to, STOCK_name, stock->name);
	fold_text(&to, STOCK_unit, stock->unit);
	fold_int(&to, STOCK_minimum, stock->minimum);
	fold_time(&to, STOCK_expires, stock->expires_ms);
	fold_time(&to, STOCK_updated_at, rows->event.at_ms);
	fold_int(&to, STOCK_seq, (int64_t)rows->event.seq);
}

static void put_device(struct project_rows *rows, const struct event_device *device)
{
	struct fold_row fresh = ROW(DEVICE_NEW, device->id);
	struct fold_row to = ROW(DEVICE, device->id);

	fold_text(&fresh, DEVICE_NEW_state, words_of(WORDS_DEVICE_STATE, DEVICE_OK));
	fold_text(&to, DEVICE_kind, device->kind);
	fold_text(&to, DEVICE_name, device->name);
	fold_place(&to, DEVICE_lon, DEVICE_lat, &device->place);
	fold_text(&to, DEVICE_grid, device->grid);
	fold_words(&to, DEVICE_actions, device->actions);
	fold_int(&to, DEVICE_expect_every_s, device->expect_every_ms / 1000);
	fold_int(&to, DEVICE_seq, (int64_t)rows->event.seq);
}

static void put_playbook(struct project_rows *rows, const struct playbook_def *def)
{
	static const char digit[] = "0123456789abcdef";
	struct fold_row to = ROW(PLAYBOOK, def->id);
	char hash[2 * PLAYBOOK_HASH_BYTES];

	for (uint32_t index = 0; index < PLAYBOOK_HASH_BYTES; index++) {
		hash[2 * index] = digit[def->hash[index] >> 4];
		hash[2 * index + 1] = digit[def->hash[index] & 15];
	}
	fold_text(&to, PLAYBOOK_title, def->title);
	fold_text(&to, PLAYBOOK_hash, (struct text){hash, sizeof(hash)});
	fold_text(&to, PLAYBOOK_incident_type, def->incident_type);
	fold_int(&to, PLAYBOOK_priority, def->priority);
	fold_text(&to, PLAYBOOK_grade, words_zh(WORDS_GRADE, def->grade));
	fold_text(&to, PLAYBOOK_response_level, project_roman(def->response_level));
	fold_text(&to, PLAYBOOK_release, words_of(WORDS_RELEASE, def->release));
	fold_time(&to, PLAYBOOK_loaded_at, rows->event.at_ms);
	fold_int(&to, PLAYBOOK_seq, (int64_t)rows->event.seq);
}

static void put_retired(struct project_rows *rows, const struct event_retire *retire)
{
	struct fold_row unit = ROW(UNIT, retire->what == EVENT_UNIT ? retire->id : TEXT(""));
	struct fold_row device = ROW(DEVICE, retire->what == EVENT_DEVICE ? retire->id : TEXT(""));

	fold_text(&unit, UNIT_state, words_of(WORDS_UNIT_STATE, UNIT_OUT_OF_SERVICE));
	fold_text(&unit, UNIT_reason, TEXT("retired"));
	fold_time(&unit, UNIT_state_at, rows->event.at_ms);
	fold_text(&device, DEVICE_state, words_of(WORDS_DEVICE_STATE, DEVICE_DISABLED));
	fold_text(&device, DEVICE_reason, TEXT("retired"));
}

/* Whether the row says that the event was taken in. */
static bool taken_in(const struct project_rows *rows, enum effect_kind kind)
{
	for (uint32_t index = 0; index < rows->effects.count; index++)
		if (rows->effects.item[index].kind == kind)
			return true;
	return false;
}

static void put_registered(struct project_rows *rows)
{
	const struct event *event = &rows->event;

	switch (event->kind) {
	case EVENT_GRID:
		put_grid(rows, &event->u.grid);
		break;
	case EVENT_PERSON:
		put_person(rows, &event->u.person);
		break;
	case EVENT_UNIT:
		put_unit(rows, &event->u.unit);
		break;
	case EVENT_DEPOT:
		put_depot(rows, &event->u.depot);
		break;
	case EVENT_STOCK:
		put_stock(rows, &event->u.stock);
		break;
	case EVENT_DEVICE:
		put_device(rows, &event->u.device);
		break;
	case EVENT_PLAYBOOK:
		if (event->u.playbook.def != NULL)
			put_playbook(rows, event->u.playbook.def);
		break;
	default:
		break;
	}
}

static void put_act(struct project_rows *rows, const struct event_act *act)
{
	char id[ID_SIZE];
	struct fold_row to = ROW(INCIDENT, ids_write(ID_INCIDENT, act->incident, id));

	if (rows->effects.count == 0 || (rows->effects.item[0].kind == EFFECT_RESULT &&
						rows->effects.item[0].u.result.outcome != OUTCOME_OK))
		return;
	fold_text(&to, INCIDENT_reason, act->reason);
	if (act->act == ACT_REFER)
		fold_text(&to, INCIDENT_referred_to, act->reason);
}

void project_event(struct project_rows *rows)
{
	const struct event *event = &rows->event;

	if (taken_in(rows, EFFECT_REGISTERED))
		put_registered(rows);
	if (event->kind == EVENT_RETIRE && taken_in(rows, EFFECT_RETIRED))
		put_retired(rows, &event->u.retire);
	if (event->kind == EVENT_ACT)
		put_act(rows, &event->u.act);
}
