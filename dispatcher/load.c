/* load: the town and the playbooks of the configuration, read, checked and handed to the core as events; at the start and on HUP. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon.h"
#include "shell/duties.h"
#include "shell/register.h"
#include "shell/say.h"

static void hash_bytes(uint8_t out[PLAYBOOK_HASH_BYTES], const void *bytes, size_t len)
{
	(void)crypto_hash_sha256(out, bytes, len);
}

/* The hash of the pack: of each file's name and bytes, in the order in which they are read. */
static bool hash_town(const char *dir, uint8_t out[PLAYBOOK_HASH_BYTES])
{
	crypto_hash_sha256_state state;
	static uint8_t block[65536];

	(void)crypto_hash_sha256_init(&state);
	for (uint32_t file = 0; file < TOWN_FILE_COUNT; file++) {
		const char *name = town_file_name((enum town_file)file);
		char path[4096];
		size_t got;

		(void)crypto_hash_sha256_update(&state, (const uint8_t *)name, strlen(name) + 1);
		snprintf(path, sizeof path, "%s/%s", dir, name);
		FILE *from = fopen(path, "rb");

		if (from == NULL)
			continue; /* some files may be absent; town_load has said so of the others */
		while ((got = fread(block, 1, sizeof block, from)) > 0)
			(void)crypto_hash_sha256_update(&state, block, got);
		fclose(from);
	}
	(void)crypto_hash_sha256_final(&state, out);
	return true;
}

/* Faults as text for whoever asked, and as lines for the log. */
static void keep_faults(struct daemon *daemon, struct api_loaded *out, const struct reading_faults *faults)
{
	free(daemon->fault_text);
	daemon->fault_text = NULL;
	FILE *to = open_memstream(&daemon->fault_text, &daemon->fault_size);

	if (to == NULL)
		return;
	reading_fault_print(to, faults);
	fclose(to);
	out->faults = (struct text){daemon->fault_text, (uint32_t)daemon->fault_size};
	fputs(daemon->fault_text, stderr);
}

static struct town *read_town(struct daemon *daemon, const char *dir, struct api_loaded *out)
{
	struct reading_faults faults;
	struct town *town = NULL;

	reading_faults_init(&faults);
	if (town_load(dir, daemon->geo, &town, &faults) != DISP_OK) {
		town = NULL;
		say(SAY_ERROR, "town.refused", "dir=%s faults=%u", dir, faults.count);
		keep_faults(daemon, out, &faults);
		out->detail = TEXT("the town pack has faults; nothing was loaded");
	}
	reading_faults_free(&faults);
	return town;
}

static struct playbook_set *read_playbooks(
	struct daemon *daemon, const struct town *town, struct api_loaded *out)
{
	struct reading_faults faults;
	struct playbook_set *set = NULL;
	struct playbook_vocabulary vocabulary = register_vocabulary(town);

	reading_faults_init(&faults);
	enum disp_err err = playbook_load_dir(daemon->config->playbooks, hash_bytes, &set, &faults);

	if (err == DISP_OK)
		err = playbook_check_town(set, &vocabulary, &faults);
	if (set != NULL && duties_check(town, set, &faults) != DISP_OK)
		err = DISP_E_INPUT;
	if (err != DISP_OK) {
		playbook_set_free(set);
		set = NULL;
		say(SAY_ERROR, "playbooks.refused", "dir=%s faults=%u", daemon->config->playbooks,
			faults.count);
		keep_faults(daemon, out, &faults);
		out->detail = TEXT("the playbooks have faults; the old ones stay in force");
	}
	reading_faults_free(&faults);
	return set;
}

/* Registration goes through the front door like everything else, in as many turns as it takes. */
enum disp_err load_event(void *context, struct event *event)
{
	struct daemon *daemon = context;

	if (!shell_room(&daemon->shell, 1)) {
		shell_flush(&daemon->shell, clock_boot_ms());
		store_work(daemon->store, clock_boot_ms());
	}
	for (uint32_t tries = 0; tries < 1000 && !shell_room(&daemon->shell, 1); tries++) {
		usleep(10000);
		store_work(daemon->store, clock_boot_ms());
		shell_flush(&daemon->shell, clock_boot_ms());
	}
	enum disp_err err = shell_take(&daemon->shell, event, daemon_now_ms(daemon), NULL);

	return err == DISP_E_AGAIN ? DISP_E_IO : err;
}

/* Who asked for it, in front of the rows that follow; nobody did at the start and on HUP: only when something has changed. */
static enum disp_err put_asked(struct daemon *daemon, const struct event *asked, const char *dir,
	const uint8_t hash[PLAYBOOK_HASH_BYTES], uint32_t count)
{
	const struct town_state *town = query_town(daemon->core);
	struct event event = *asked;
	const uint8_t *before = event.u.load.what == EVENT_TOWN ? town->pack_hash : town->plan_hash;

	if (event.from.len == 0 && memcmp(before, hash, PLAYBOOK_HASH_BYTES) == 0)
		return DISP_OK;
	event.u.load.dir = (struct text){dir, (uint32_t)strlen(dir)};
	event.u.load.count = count;
	memcpy(event.u.load.hash, hash, sizeof event.u.load.hash);
	say(SAY_INFO, "load.asked", "by=\"%.*s\" channel=%.*s dir=\"%s\" count=%u", (int)event.by.len,
		event.by.ptr, (int)event.channel.len, event.channel.ptr, dir, count);
	return load_event(daemon, &event);
}

static uint32_t town_rows(const struct town *town)
{
	return town->grid_count + town->person_count + town->unit_count + town->depot_count +
	       town->stock_count + town->device_count;
}

static bool put_town(struct daemon *daemon, const struct town *town, struct api_loaded *out)
{
	const char *what = NULL;
	enum disp_err err = DISP_OK;

	if (memcmp(query_town(daemon->core)->pack_hash, daemon->town_hash, PLAYBOOK_HASH_BYTES) != 0)
		err = register_town(daemon->core, town, daemon->town_hash, load_event, daemon, &what);
	if (err != DISP_OK) {
		snprintf(daemon->detail, sizeof daemon->detail,
			"the town does not fit: %s (see limits in the configuration)",
			what != NULL         ? what
			: err == DISP_E_FULL ? "texts or text_bytes"
					     : "the log takes no rows");
		out->detail = (struct text){daemon->detail, (uint32_t)strlen(daemon->detail)};
		say(SAY_ERROR, "town.refused", "detail=\"%s\"", daemon->detail);
		return false;
	}
	out->count = town_rows(town);
	out->ok = true;
	say(SAY_INFO, "town.loaded", "code=%s units=%u devices=%u people=%u grids=%u", town->code,
		town->unit_count, town->device_count, town->person_count, town->grid_count);
	return true;
}

bool load_check(struct daemon *daemon)
{
	struct api_loaded loaded = {0};

	daemon->town = read_town(daemon, daemon->config->town, &loaded);
	if (daemon->town == NULL)
		return false;
	(void)hash_town(daemon->config->town, daemon->town_hash);
	struct playbook_set *set = read_playbooks(daemon, daemon->town, &loaded);

	if (set == NULL)
		return false;
	memcpy(daemon->plan_hash, set->hash, sizeof daemon->plan_hash);
	playbook_set_free(set);
	return true;
}

bool load_first(struct daemon *daemon)
{
	const struct event town = {
		.kind = EVENT_LOAD, .channel = TEXT("start"), .u.load = {.what = EVENT_TOWN}};
	const struct event plan = {
		.kind = EVENT_LOAD, .channel = TEXT("start"), .u.load = {.what = EVENT_PLAN}};
	struct api_loaded loaded = {0};

	return put_asked(daemon, &town, daemon->config->town, daemon->town_hash, town_rows(daemon->town)) ==
		       DISP_OK &&
	       put_town(daemon, daemon->town, &loaded) && load_playbooks(daemon, &plan, &loaded);
}

void load_again(struct daemon *daemon)
{
	const struct event plan = {
		.kind = EVENT_LOAD, .channel = TEXT("HUP"), .u.load = {.what = EVENT_PLAN}};
	struct api_loaded loaded = {0};

	(void)load_playbooks(daemon, &plan, &loaded);
}

bool load_town(struct daemon *daemon, const struct event *asked, const char *dir, struct api_loaded *out)
{
	struct town *town = read_town(daemon, dir, out);

	if (town == NULL)
		return false;
	if (strcmp(town->code, daemon->town->code) != 0) {
		out->detail =
			TEXT("this is another town's pack: its code differs; one daemon serves one town");
		town_free(town);
		return false;
	}
	(void)hash_town(dir, daemon->town_hash);
	if (put_asked(daemon, asked, dir, daemon->town_hash, town_rows(town)) != DISP_OK) {
		out->detail = TEXT("the log takes no rows; nothing was loaded");
		town_free(town);
		return false;
	}
	if (!put_town(daemon, town, out)) {
		town_free(town);
		return false;
	}
	town_free(daemon->town);
	daemon->town = town;
	out->detail = TEXT("loaded");
	return true;
}

bool load_playbooks(struct daemon *daemon, const struct event *asked, struct api_loaded *out)
{
	struct playbook_set *set = read_playbooks(daemon, daemon->town, out);

	if (set == NULL)
		return false;
	memcpy(daemon->plan_hash, set->hash, sizeof daemon->plan_hash);
	bool taken = put_asked(daemon, asked, daemon->config->playbooks, set->hash, set->count) == DISP_OK &&
		     register_plan(daemon->core, set, load_event, daemon) == DISP_OK;

	out->ok = taken;
	out->count = set->count;
	out->detail =
		taken ? TEXT("in force for incidents from now on")
		      : TEXT("they do not fit: see playbooks under limits in the configuration; the old ones "
			     "stay in force");
	if (taken)
		say(SAY_INFO, "playbooks.loaded", "count=%u taken=1", set->count);
	else
		say(SAY_ERROR, "playbooks.refused", "count=%u detail=\"%.*s\"", set->count,
			(int)out->detail.len, out->detail.ptr);
	playbook_set_free(set);
	return taken;
}
