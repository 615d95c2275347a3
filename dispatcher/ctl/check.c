/* check: folders of playbooks and town packs, read here without a daemon; every fault a line. */
#include <string.h>

#include "ctl/run.h"
#include "ctl/value.h"
#include "geo/geo.h"
#include "playbook/playbook.h"
#include "shell/duties.h"
#include "town/town.h"

/* What was found, in the form of the daemon's own answer to reload and load. */
struct found {
	struct session *session;
	json_t *faults; /* strings */
	uint32_t count, total;
};

static struct found found_begin(struct session *session)
{
	struct found found = {.session = session, .faults = json_array()};

	ASSERT(found.faults != NULL);
	return found;
}

/* A fault as file:line:column: what; of a file as a whole without line and column. */
static void found_add(struct found *found, const char *file, uint32_t line, uint32_t column, const char *what)
{
	char text[1024];

	if (line == 0)
		screen_format(text, sizeof(text), "%s: %s", file, what);
	else
		screen_format(text, sizeof(text), "%s:%u:%u: %s", file, line, column, what);
	(void)json_array_append_new(found->faults, json_stringn_nocheck(text, strlen(text)));
	found->count++;
}

static void found_faults(struct found *found, const struct reading_faults *faults)
{
	for (uint32_t i = 0; i < faults->kept; i++)
		found_add(found, faults->item[i].file, faults->item[i].line, faults->item[i].column,
			faults->item[i].what);
	found->total += faults->count;
}

/* Prints all; what: how many of what are fine. */
static int found_end(struct found *found, bool fine, uint32_t count, const char *what)
{
	const struct screen *screen = &found->session->screen;
	const json_t *fault;
	size_t index;

	if (found->session->json) {
		json_t *document = json_pack("{s:s, s:i, s:O}", "result", fine ? "ok" : "refused", "count",
			(int)count, "faults", found->faults);

		ASSERT(document != NULL);
		session_print(found->session, document);
		json_decref(document);
	} else {
		VALUE_EACH(found->faults, index, fault)
		{
			fprintf(screen->to, "%s\n", json_string_value(fault));
		}
		if (found->total > found->count)
			fprintf(screen->to, screen_say(screen, "and %u more\n"), found->total - found->count);
	}
	json_decref(found->faults);
	if (!fine) {
		session_complain(found->session, "%u faults; mend them and check again", found->total);
		return EXIT_REFUSED;
	}
	if (!found->session->json)
		fprintf(screen->to, screen_say(screen, what), count);
	return EXIT_DONE;
}

/* Nothing here looks at the hash: two playbooks are told apart by their ids. */
static void hash_none(uint8_t out[PLAYBOOK_HASH_BYTES], const void *bytes, size_t len)
{
	(void)bytes;
	(void)len;
	memset(out, 0, PLAYBOOK_HASH_BYTES);
}

/* --- what a town has ------------------------------------------------------------------------------- */

static bool text_is(struct text text, const char *word)
{
	return strlen(word) == text.len && memcmp(word, text.ptr, text.len) == 0;
}

static bool words_have(const struct town_words *words, struct text word)
{
	for (uint32_t i = 0; i < words->count; i++)
		if (text_is(word, words->item[i]))
			return true;
	return false;
}

static bool town_has_skill(void *context, struct text skill)
{
	const struct town *town = context;

	for (uint32_t i = 0; i < town->unit_count; i++)
		if (words_have(&town->unit[i].skills, skill))
			return true;
	return false;
}

static bool town_has_item(void *context, struct text item)
{
	const struct town *town = context;

	for (uint32_t i = 0; i < town->stock_count; i++)
		if (text_is(item, town->stock[i].item))
			return true;
	return false;
}

static bool town_has_action(void *context, struct text kind, struct text action)
{
	const struct town *town = context;
	bool any = text_is(kind, "self");

	for (uint32_t i = 0; i < town->device_count; i++)
		if ((any || text_is(kind, town->device[i].kind)) &&
			(action.len == 0 || words_have(&town->device[i].actions, action)))
			return true;
	return false;
}

static bool town_has_grid(void *context, struct text code)
{
	const struct town *town = context;

	for (uint32_t i = 0; i < town->grid_count; i++)
		if (text_is(code, town->grid[i].code))
			return true;
	return false;
}

/* --- the two commands ------------------------------------------------------------------------------ */

/* Reads a pack; what is wrong goes to `found`. NULL: something is. */
static struct town *town_read(struct found *found, const char *dir)
{
	struct reading_faults faults;
	struct town *town = NULL;
	struct geo *geo;
	char error[256];

	if (geo_open(&geo, error, sizeof(error)) != DISP_OK) {
		found_add(found, "proj.db", 0, 0, error);
		found->total++;
		return NULL;
	}
	reading_faults_init(&faults);
	if (town_load(dir, geo, &town, &faults) != DISP_OK)
		found_faults(found, &faults);
	reading_faults_free(&faults);
	geo_close(geo);
	return town;
}

static uint32_t town_rows(const struct town *town)
{
	return town->grid_count + town->person_count + town->unit_count + town->depot_count +
	       town->stock_count + town->device_count + town->responsibility_count + town->place_count;
}

int run_town_check(struct session *session, const struct args *args)
{
	struct found found = found_begin(session);
	struct town *town = town_read(&found, args_text(args, "DIR"));
	uint32_t rows = town == NULL ? 0 : town_rows(town);

	town_free(town);
	return found_end(&found, town != NULL, rows, N_("no fault in %u rows\n"));
}

/* What the plans ask for and the pack cannot give. False: something. */
static bool town_gives(struct found *found, const struct playbook_set *set, const char *dir)
{
	struct town *town = town_read(found, dir);
	struct playbook_vocabulary vocabulary = {
		town, town_has_skill, town_has_item, town_has_action, town_has_grid};
	struct reading_faults faults;
	bool gives;

	if (town == NULL)
		return false;
	reading_faults_init(&faults);
	gives = playbook_check_town(set, &vocabulary, &faults) == DISP_OK;
	gives = duties_check(town, set, &faults) == DISP_OK && gives;
	found_faults(found, &faults);
	reading_faults_free(&faults);
	town_free(town);
	return gives;
}

int run_playbook_check(struct session *session, const struct args *args)
{
	struct found found = found_begin(session);
	struct playbook_set *set = NULL;
	struct reading_faults faults;
	const char *town = args_text(args, "--town");
	uint32_t count = 0;
	bool fine;

	reading_faults_init(&faults);
	fine = playbook_load_dir(args_text(args, "DIR"), hash_none, &set, &faults) == DISP_OK;
	found_faults(&found, &faults);
	reading_faults_free(&faults);
	if (fine && town != NULL)
		fine = town_gives(&found, set, town);
	if (fine)
		count = set->count;
	playbook_set_free(set);
	return found_end(&found, fine, count, N_("no fault in %u playbooks\n"));
}
