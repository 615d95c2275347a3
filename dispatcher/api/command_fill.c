/* command_fill: what the name of a command says, and places by whatever they were called. */
#include "api/command.h"
#include "api/internal.h"
#include "api/kind.h"

#include <string.h>

static int64_t now(const struct api *api)
{
	return api->hooks.now_ms(api->hooks.context);
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

/* A grid's own point, where the program knows one; else that of a device in it. */
static bool open_in_grid(struct api *api, struct command_input *input, const char **detail)
{
	struct event_open *open = &input->event.u.open;
	uint32_t grid = query_find(api->core, TABLE_GRID, input->grid);

	*detail = "grid: there is no such grid; /v1/grids shows them";
	if (grid == 0)
		return false;
	open->grid = input->grid;
	if (api->hooks.place != NULL && api->hooks.place(api->hooks.context, input->grid, &open->place))
		return true;
	for (uint32_t slot = 1; slot <= query_used(api->core, TABLE_DEVICE); slot++) {
		const struct device *device = query_at(api->core, TABLE_DEVICE, slot);

		if (device != NULL && !device->retired && device->grid == grid) {
			open->place = device->place;
			return true;
		}
	}
	*detail = "grid: nothing says where it lies; give lon and lat";
	return false;
}

static bool open_at_device(struct api *api, struct command_input *input, const char **detail)
{
	struct event_open *open = &input->event.u.open;
	const struct device *device =
		query_at(api->core, TABLE_DEVICE, query_find(api->core, TABLE_DEVICE, input->device));

	*detail = "device: there is no such device; /v1/devices shows them";
	if (device == NULL)
		return false;
	open->place = device->place;
	open->source = input->device;
	open->grid = query_id(api->core, TABLE_GRID, device->grid);
	return true;
}

static bool open_at_place(struct api *api, struct command_input *input, const char **detail)
{
	*detail = "place: no such name; give lon and lat, a grid or a device";
	input->event.u.open.where = input->place;
	return api->hooks.place != NULL &&
	       api->hooks.place(api->hooks.context, input->place, &input->event.u.open.place);
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
		found = open_at_device(api, input, detail);
	else
		found = open_at_place(api, input, detail);
	if (!found)
		return false;
	if (open->grid.len == 0 && !api->ground->grid_at(api->ground->context, &open->place, &open->grid)) {
		*detail = "the place lies outside the town";
		return false;
	}
	return kind_of_open(api->core, open, &input->refused);
}

bool fill_open(struct api *api, struct command_input *input, uint8_t preset, const char **detail)
{
	(void)preset;
	if (input->event.u.open.reported_ms > now(api)) {
		*detail = "at: lies in the future";
		return false;
	}
	return place_and_kind(api, input, detail);
}

bool fill_paper(struct api *api, struct command_input *input, uint8_t preset, const char **detail)
{
	struct event_paper paper = input->event.u.paper; /* both kinds of event share their memory */

	(void)preset;
	input->event.u.open = (struct event_open){.type = paper.type};
	bool found = place_and_kind(api, input, detail);
	struct event_open open = input->event.u.open;

	paper.type = open.type;
	paper.place = open.place;
	paper.grid = open.grid;
	paper.source = open.source;
	paper.where = open.where;
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

	(void)preset;
	set->has_place = input->has_lon || input->has_lat;
	return !set->has_place || place_of(api, input, &set->place, detail);
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
