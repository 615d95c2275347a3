/* command_fill: what the name of a command says, and places by whatever they were called. */
#include "api/command.h"
#include "api/find.h"
#include "api/internal.h"
#include "api/kind.h"
#include "core/text_pool.h"

#include <string.h>

static int64_t now(const struct api *api)
{
	return api->hooks.now_ms(api->hooks.context);
}

/* The clock on the wall may go ahead of ours. */
enum { SOON_MS = 120000 };

static void past_or_now(const struct api *api, int64_t *at_ms)
{
	int64_t now_ms = now(api);

	if (*at_ms > now_ms && *at_ms <= now_ms + SOON_MS)
		*at_ms = now_ms;
}

/* lon and lat to a place; false: *detail. */
static bool place_of(
	struct api *api, const struct command_input *input, struct place *out, const char **detail)
{
	const struct ground *ground = api->ground;
	struct text crs = input->crs.len > 0 ? input->crs : TEXT("EPSG:4490");

	if (!input->has_lon || !input->has_lat) {
		*detail = "lon, lat: both are needed";
		return false;
	}
	*detail = "lon, lat, crs: not a place";
	return ground->place_from(ground->context, crs, input->lon, input->lat, out, detail) == DISP_OK;
}

bool fill_act(struct api *api, struct command_input *input, uint8_t preset, const char **detail)
{
	(void)api;
	(void)detail;
	input->event.u.act.act = preset;
	return true;
}

bool fill_verify(struct api *api, struct command_input *input, uint8_t preset, const char **detail)
{
	(void)api;
	(void)detail;
	input->event.u.act.act = input->passed ? preset : ACT_VERIFY_FAILED;
	return true;
}

bool fill_add(struct api *api, struct command_input *input, uint8_t preset, const char **detail)
{
	(void)api;
	(void)preset;
	(void)detail;
	if (input->event.u.add.count == 0)
		input->event.u.add.count = 1;
	return true;
}

/* --- incident-open --------------------------------------------------------------------------------- */

static bool open_in_grid(struct api *api, struct command_input *input, const char **detail)
{
	struct event_open *open = &input->event.u.open;
	uint32_t grid;

	if (!find_grid(api, input->grid, &grid, &input->refused))
		return false;
	open->grid = query_id(api->core, TABLE_GRID, grid);
	*detail = "grid: nothing says where it lies; give lon and lat";
	return find_grid_point(api, grid, &open->place);
}

static bool open_at_device(struct api *api, struct command_input *input)
{
	struct event_open *open = &input->event.u.open;
	uint32_t number;

	if (!find_device(api, input->device, &number, &input->refused))
		return false;
	const struct device *device = query_at(api->core, TABLE_DEVICE, number);

	open->place = device->place;
	open->source = query_id(api->core, TABLE_DEVICE, number);
	open->grid = query_id(api->core, TABLE_GRID, device->grid);
	return true;
}

static bool open_at_place(struct api *api, struct command_input *input)
{
	struct event_open *open = &input->event.u.open;
	struct text name = {NULL, 0};

	if (!find_place(api, input->place, &open->place, &name, &input->refused))
		return false;
	open->where = input->place;
	if (text_equal(name, input->place) || name.len == 0 || name.len > COMMAND_NAME_MAX)
		return true;
	/* The town's text lives only until the next town is loaded. */
	memcpy(input->name, name.ptr, name.len);
	open->where = (struct text){input->name, name.len};
	open->said = input->place;
	return true;
}

/* Where it is and what kind of trouble, by whatever it was called; into input->event.u.open. */
static bool place_and_kind(struct api *api, struct command_input *input, const char **detail)
{
	struct event_open *open = &input->event.u.open;
	bool lonlat = input->has_lon || input->has_lat, found;

	if (lonlat + (input->grid.len > 0) + (input->device.len > 0) + (input->place.len > 0) != 1) {
		*detail = "where is it? give one of: lon and lat; grid; device; place";
		return false;
	}
	if (lonlat)
		found = place_of(api, input, &open->place, detail);
	else if (input->grid.len > 0)
		found = open_in_grid(api, input, detail);
	else if (input->device.len > 0)
		found = open_at_device(api, input);
	else
		found = open_at_place(api, input);
	if (!found)
		return false;
	if (open->grid.len == 0 && !api->ground->grid_at(api->ground->context, &open->place, &open->grid)) {
		*detail = "the place lies outside the town";
		return false;
	}
	/* The town's text lives only until the next town is loaded; the core's stays. */
	uint32_t grid = query_find(api->core, TABLE_GRID, open->grid);

	if (grid != 0)
		open->grid = query_id(api->core, TABLE_GRID, grid);
	return kind_of_open(api->core, open, &input->refused);
}

bool fill_open(struct api *api, struct command_input *input, uint8_t preset, const char **detail)
{
	(void)preset;
	past_or_now(api, &input->event.u.open.reported_ms);
	if (input->event.u.open.reported_ms > now(api)) {
		*detail = "at: lies in the future";
		return false;
	}
	return place_and_kind(api, input, detail);
}

bool fill_paper(struct api *api, struct command_input *input, uint8_t preset, const char **detail)
{
	struct event_paper paper = input->event.u.paper; /* both kinds of event share their memory */
	int64_t *times[] = {&paper.reported_ms, &paper.dispatched_ms, &paper.arrived_ms, &paper.done_ms,
		&paper.verified_ms, &paper.ended_ms};

	(void)preset;
	input->event.u.open = (struct event_open){.type = paper.type};
	bool found = place_and_kind(api, input, detail);
	struct event_open open = input->event.u.open;

	paper.type = open.type;
	paper.place = open.place;
	paper.grid = open.grid;
	paper.source = open.source;
	paper.where = open.where;
	paper.said = open.said;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		past_or_now(api, times[i]);
	input->event.u.paper = paper;
	return found;
}

/* --- the others ------------------------------------------------------------------------------------ */

bool fill_recall(struct api *api, struct command_input *input, uint8_t preset, const char **detail)
{
	(void)api;
	if (preset != ANSWER_NONE)
		input->event.u.answer.answer = preset;
	else if (input->event.u.answer.answer > ANSWER_FAILED) {
		*detail = "answer: one of accept, decline, en_route, arrived, done, failed";
		return false;
	}
	return true;
}

bool fill_unit_set(struct api *api, struct command_input *input, uint8_t preset, const char **detail)
{
	struct event_unit_set *set = &input->event.u.unit_set;
	struct text name;

	(void)preset;
	set->has_place = input->has_lon || input->has_lat || input->place.len > 0;
	if (input->place.len == 0)
		return !set->has_place || place_of(api, input, &set->place, detail);
	*detail = "place: give either its name, or lon and lat";
	return !input->has_lon && !input->has_lat &&
	       find_place(api, input->place, &set->place, &name, &input->refused);
}

bool fill_device_set(struct api *api, struct command_input *input, uint8_t preset, const char **detail)
{
	(void)api;
	(void)detail;
	input->event.u.device_set.enabled = preset != 0;
	return true;
}

bool fill_stock(struct api *api, struct command_input *input, uint8_t preset, const char **detail)
{
	(void)detail;
	input->event.u.stock_move.act = preset;
	return kind_of_item(api->core, &input->event.u.stock_move.item, &input->refused);
}

/* More than all depots have is asked for only knowingly; what one depot has, the core looks at. */
bool fill_supply(struct api *api, struct command_input *input, uint8_t preset, const char **detail)
{
	struct event_supply *supply = &input->event.u.supply;

	(void)preset;
	(void)detail;
	if (!kind_of_item(api->core, &supply->item, &input->refused))
		return false;
	return supply->depot.len > 0 || input->partial ||
	       kind_is_there(api->core, supply->item, supply->quantity, now(api), &input->refused);
}

/* preset: a warning begins, or ends. */
bool fill_clear(struct api *api, struct command_input *input, uint8_t preset, const char **detail)
{
	struct event_warning *warning = &input->event.u.warning;

	if (!preset) {
		struct refused unknown = {
			.status = 0}; /* one that was set before the list had it ends, too */

		(void)kind_of_hazard(&warning->hazard, &unknown);
		warning->colour = COLOUR_NONE;
		return true;
	}
	*detail = "until: must lie in the future";
	return warning->until_ms > now(api) && kind_of_hazard(&warning->hazard, &input->refused);
}

/* preset: a silence begins, or ends. */
bool fill_silence(struct api *api, struct command_input *input, uint8_t preset, const char **detail)
{
	struct event_silence *silence = &input->event.u.silence;

	if (!preset)
		return true;
	if (silence->source.len + silence->type.len + silence->grid.len == 0) {
		*detail = "silence what? give at least one of: source, type, grid";
		return false;
	}
	*detail = "until: must lie in the future";
	return silence->until_ms > now(api) && kind_of_silence(api->core, silence, &input->refused);
}

bool fill_task(struct api *api, struct command_input *input, uint8_t preset, const char **detail)
{
	(void)api;
	(void)detail;
	input->event.u.task.state = preset;
	return true;
}

bool fill_shift(struct api *api, struct command_input *input, uint8_t preset, const char **detail)
{
	(void)api;
	(void)detail;
	input->event.u.shift.act = preset;
	return true;
}

/* Everything at once is said, not left out: a missing id must not silence what nobody has looked at. */
bool fill_ack(struct api *api, struct command_input *input, uint8_t preset, const char **detail)
{
	(void)api;
	(void)preset;
	*detail = "which alert? give one of: incident, all";
	return (input->event.u.ack.incident != 0) != input->all;
}
