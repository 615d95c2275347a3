/* find: a place, a grid or a device by the words that somebody used for it; see the header. */
#include "api/find.h"

#include <stdio.h>
#include <string.h>

#include "api/tell_line.h"
#include "core/text_pool.h"

#define SAID(text_) (int)(text_).len, (text_).ptr

enum { NEAR_SHOWN_MAX = 5, CHARACTERS_MAX = 64, RANK_PART = 1000, RANK_NAME = 2000, RANK_ID = 3000 };

/* A search over one kind of thing: the best so far, best first. */
struct search {
	struct text word;
	struct candidate best[CANDIDATES_MAX];
	uint32_t number[CANDIDATES_MAX], rank[CANDIDATES_MAX];
	uint32_t count;
	uint32_t whole, parts; /* whose name it is, or that hold it */
};

/* --- how alike ------------------------------------------------------------------------------------- */

static bool holds(struct text whole, struct text part)
{
	return part.len > 0 && part.len <= whole.len &&
	       memmem(whole.ptr, whole.len, part.ptr, part.len) != NULL;
}

/* Bytes of the UTF-8 character that begins here. */
static uint32_t step_of(struct text text, uint32_t at)
{
	uint32_t next = at + 1;

	while (next < text.len && ((uint8_t)text.ptr[next] & 0xc0) == 0x80)
		next++;
	return next - at;
}

/* Characters of the word that the name has, too; 0 where they are less than half. */
static uint32_t shared(struct text word, struct text name)
{
	uint32_t characters = 0, common = 0;

	for (uint32_t at = 0; at < word.len && characters < CHARACTERS_MAX; characters++) {
		uint32_t step = step_of(word, at);

		common += holds(name, (struct text){word.ptr + at, step});
		at += step;
	}
	return 2 * common >= characters ? common : 0;
}

static uint32_t rank_of(struct text word, struct text id, struct text name)
{
	if (word.len == 0)
		return 0;
	if (text_equal(word, id))
		return RANK_ID;
	if (text_equal(word, name))
		return RANK_NAME;
	if (holds(name, word) || holds(id, word))
		return RANK_PART;
	uint32_t by_name = shared(word, name), by_id = shared(word, id);

	return by_name > by_id ? by_name : by_id;
}

/* --- the search ---------------------------------------------------------------------------------------- */

static void offer(struct search *search, struct candidate candidate, uint32_t number)
{
	uint32_t rank = rank_of(search->word, candidate.id, candidate.name), at = search->count;

	search->whole += rank >= RANK_NAME;
	search->parts += rank == RANK_PART;
	if (rank == 0 || (at == CANDIDATES_MAX && search->rank[at - 1] >= rank))
		return;
	at -= at == CANDIDATES_MAX;
	for (; at > 0 && search->rank[at - 1] < rank; at--) {
		search->best[at] = search->best[at - 1];
		search->number[at] = search->number[at - 1];
		search->rank[at] = search->rank[at - 1];
	}
	search->best[at] = candidate;
	search->number[at] = number;
	search->rank[at] = rank;
	search->count += search->count < CANDIDATES_MAX;
}

static bool is_found(const struct search *search)
{
	if (search->count == 0)
		return false;
	return search->rank[0] == RANK_ID || search->whole == 1 || (search->whole == 0 && search->parts == 1);
}

static void say_candidates(struct tell *out, const struct refused *refused)
{
	for (uint32_t i = 0; i < refused->candidate_count; i++) {
		const struct candidate *one = &refused->candidate[i];

		line_en(out, i == 0 ? " %.*s" : ", %.*s", SAID(one->name.len > 0 ? one->name : one->id));
		line_zh(out, i == 0 ? "%.*s" : "、%.*s", SAID(one->name.len > 0 ? one->name : one->id));
		if (one->id.len == 0 || one->name.len == 0)
			continue;
		line_en(out, " (%.*s)", SAID(one->id));
		line_zh(out, "(%.*s)", SAID(one->id));
	}
}

/* Several may be meant, or none is. What: place, grid, device. */
static bool refuse(const struct search *search, const char *en, const char *zh, struct refused *refused)
{
	uint32_t meant = search->whole > 0 ? search->whole : search->parts;
	uint32_t shown = meant > 0 ? meant : NEAR_SHOWN_MAX;
	struct tell *out = &refused->said;

	refused->status = meant > 0 ? 409 : 404;
	refused->error = meant > 0 ? "ambiguous" : "not_found";
	refused->candidate_count = shown < search->count ? shown : search->count;
	memcpy(refused->candidate, search->best, refused->candidate_count * sizeof(refused->candidate[0]));
	if (meant > 0) {
		line_en(out, "%s: %.*s may be one of %u:", en, SAID(search->word), meant);
		line_zh(out, "“%.*s”可能是%u个%s中的一个:", SAID(search->word), meant, zh);
		say_candidates(out, refused);
		line_en(out, "; say which");
		line_zh(out, ";请说全名或编号");
		return false;
	}
	line_en(out, "%s: there is no %.*s", en, SAID(search->word));
	line_zh(out, "没有%s“%.*s”", zh, SAID(search->word));
	if (refused->candidate_count > 0) {
		line_en(out, "; like it:");
		line_zh(out, ";相近的有:");
		say_candidates(out, refused);
	}
	return false;
}

/* --- places -------------------------------------------------------------------------------------------- */

/* The core's own text for a grid's code: what the program hands out lives only until the next town. */
static struct text grid_at(const struct api *api, const struct place *place)
{
	struct text code = {NULL, 0};

	if (!api->ground->grid_at(api->ground->context, place, &code))
		return (struct text){NULL, 0};
	return query_id(api->core, TABLE_GRID, query_find(api->core, TABLE_GRID, code));
}

bool find_place(
	struct api *api, struct text word, struct place *out, struct text *name, struct refused *refused)
{
	struct search search = {.word = word};
	struct candidate one = {.has_place = true};

	/* The program may know words of its own, such as a grid's. */
	if (api->hooks.place != NULL && api->hooks.place(api->hooks.context, word, out)) {
		uint32_t grid = query_find(api->core, TABLE_GRID, word);

		*name = grid == 0 ? word : query_name(api->core, TABLE_GRID, grid);
		return true;
	}
	for (uint32_t i = 0; api->hooks.place_at != NULL &&
			     api->hooks.place_at(api->hooks.context, i, &one.name, &one.place);
		i++)
		offer(&search, one, i);
	for (uint32_t i = 0; i < search.count; i++)
		search.best[i].grid = grid_at(api, &search.best[i].place);
	if (!is_found(&search)) {
		(void)refuse(&search, "place", "地点", refused);
		line_en(&refused->said, "; or give lon and lat, a grid or a device");
		line_zh(&refused->said, ";也可给出坐标、网格或设备");
		return false;
	}
	*out = search.best[0].place;
	*name = search.best[0].name;
	return true;
}

/* --- grids and devices ----------------------------------------------------------------------------------- */

bool find_grid_point(struct api *api, uint32_t grid, struct place *out)
{
	if (api->hooks.place != NULL &&
		api->hooks.place(api->hooks.context, query_id(api->core, TABLE_GRID, grid), out))
		return true;
	for (uint32_t slot = 1; slot <= query_used(api->core, TABLE_DEVICE); slot++) {
		const struct device *device = query_at(api->core, TABLE_DEVICE, slot);

		if (device != NULL && !device->retired && device->grid == grid) {
			*out = device->place;
			return true;
		}
	}
	return false;
}

bool find_grid(struct api *api, struct text word, uint32_t *grid, struct refused *refused)
{
	const struct core *core = api->core;
	struct search search = {.word = word};

	for (uint32_t slot = 1; slot <= query_used(core, TABLE_GRID); slot++) {
		const struct grid *one = query_at(core, TABLE_GRID, slot);
		struct candidate candidate = {.id = query_id(core, TABLE_GRID, slot),
			.name = query_name(core, TABLE_GRID, slot),
			.grid = query_id(core, TABLE_GRID, slot)};

		if (one != NULL && !one->retired)
			offer(&search, candidate, slot);
	}
	for (uint32_t i = 0; i < search.count && !is_found(&search); i++)
		search.best[i].has_place = find_grid_point(api, search.number[i], &search.best[i].place);
	if (!is_found(&search))
		return refuse(&search, "grid", "网格", refused);
	*grid = search.number[0];
	return true;
}

bool find_device(struct api *api, struct text word, uint32_t *device, struct refused *refused)
{
	const struct core *core = api->core;
	struct search search = {.word = word};

	for (uint32_t slot = 1; slot <= query_used(core, TABLE_DEVICE); slot++) {
		const struct device *one = query_at(core, TABLE_DEVICE, slot);

		if (one != NULL && !one->retired)
			offer(&search,
				(struct candidate){.id = query_id(core, TABLE_DEVICE, slot),
					.name = query_name(core, TABLE_DEVICE, slot),
					.grid = query_id(core, TABLE_GRID, one->grid),
					.place = one->place,
					.has_place = true},
				slot);
	}
	if (!is_found(&search))
		return refuse(&search, "device", "设备", refused);
	*device = search.number[0];
	return true;
}

/* --- answers ------------------------------------------------------------------------------------------- */

static void put_candidate(struct page *page, const struct candidate *one)
{
	json_open_object(&page->out);
	put_text(page, "name", one->name.len > 0 ? one->name : one->id);
	put_text_nullable(page, "id", one->id);
	if (one->has_place) {
		put_fixed(page, "lon", one->place.lon_e7, 7);
		put_fixed(page, "lat", one->place.lat_e7, 7);
	} else {
		put_null(page, "lon");
		put_null(page, "lat");
	}
	put_text_nullable(page, "grid", one->grid);
	json_close_object(&page->out);
}

void reply_candidates(struct api *api, struct evhttp_request *http, const struct refused *refused)
{
	struct evbuffer *body = evbuffer_new();
	struct page page;

	if (body != NULL) {
		page_begin(&page, api->page, body, api->core, 0);
		json_open_object(&page.out);
		put_text(&page, "error", text_of(refused->error));
		put_text(&page, "detail", (struct text){refused->said.en, refused->said.en_len});
		put_text(&page, "detail_zh", (struct text){refused->said.zh, refused->said.zh_len});
		put_key(&page, "candidates");
		json_open_array(&page.out);
		for (uint32_t i = 0; i < refused->candidate_count; i++)
			put_candidate(&page, &refused->candidate[i]);
		json_close_array(&page.out);
		json_close_object(&page.out);
	}
	if (body != NULL && page_end(&page))
		reply_bytes(api, http, refused->status, "application/json", body);
	else
		reply_error(api, http, 503, "overloaded", "no memory; try again soon");
	if (body != NULL)
		evbuffer_free(body);
}

/* GET /v1/places: all of them, or those whose name holds the word. */
void get_places(struct request *request)
{
	struct api *api = request->api;
	struct page *page = &request->page;
	const char *name = ask_text(request, "name");
	struct candidate one = {.has_place = true};

	json_open_array(&page->out);
	for (uint32_t i = 0; api->hooks.place_at != NULL &&
			     api->hooks.place_at(api->hooks.context, i, &one.name, &one.place);
		i++) {
		if (name != NULL && !holds(one.name, text_of(name)))
			continue;
		one.grid = grid_at(api, &one.place);
		put_candidate(page, &one);
		page_flush(page);
	}
	json_close_array(&page->out);
	reply_page(request);
}
