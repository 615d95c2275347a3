/* config: read with libcyaml, which refuses unknown keys and wrong kinds; see the header. */
#include "config.h"

#include <cyaml/cyaml.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/time_text.h"

#define TEXT_FIELD(type, key, presence)                                                                      \
	CYAML_FIELD_STRING_PTR(#key, CYAML_FLAG_POINTER | (presence), struct type, key, 0, CYAML_UNLIMITED)
#define NUMBER_FIELD(type, key)   CYAML_FIELD_UINT(#key, CYAML_FLAG_OPTIONAL, struct type, key)
#define PART_FIELD(key, presence) CYAML_FIELD_MAPPING(#key, presence, struct config, key, key##_fields)

enum { NEEDED = CYAML_FLAG_DEFAULT, OPTIONAL = CYAML_FLAG_OPTIONAL };

static const cyaml_schema_field_t postgres_fields[] = {TEXT_FIELD(config_postgres, conninfo, OPTIONAL),
	TEXT_FIELD(config_postgres, migrate_conninfo, OPTIONAL),
	TEXT_FIELD(config_postgres, migrations, OPTIONAL), CYAML_FIELD_END};

static const cyaml_schema_field_t listen_fields[] = {TEXT_FIELD(config_listen, alarms, NEEDED),
	TEXT_FIELD(config_listen, units, NEEDED), TEXT_FIELD(config_listen, feed, NEEDED),
	TEXT_FIELD(config_listen, http, NEEDED), TEXT_FIELD(config_listen, tcp, OPTIONAL), CYAML_FIELD_END};

static const cyaml_schema_field_t clock_fields[] = {
	TEXT_FIELD(config_clock, start, OPTIONAL), NUMBER_FIELD(config_clock, rate), CYAML_FIELD_END};

static const cyaml_schema_field_t limits_fields[] = {NUMBER_FIELD(config_limits, grids),
	NUMBER_FIELD(config_limits, people), NUMBER_FIELD(config_limits, units),
	NUMBER_FIELD(config_limits, depots), NUMBER_FIELD(config_limits, stock_lines),
	NUMBER_FIELD(config_limits, devices), NUMBER_FIELD(config_limits, responsibilities),
	NUMBER_FIELD(config_limits, playbooks), NUMBER_FIELD(config_limits, incidents),
	NUMBER_FIELD(config_limits, needs), NUMBER_FIELD(config_limits, orders),
	NUMBER_FIELD(config_limits, supplies), NUMBER_FIELD(config_limits, notices),
	NUMBER_FIELD(config_limits, call_tasks), NUMBER_FIELD(config_limits, silences),
	NUMBER_FIELD(config_limits, identities), NUMBER_FIELD(config_limits, texts),
	NUMBER_FIELD(config_limits, text_bytes), CYAML_FIELD_END};

static const cyaml_schema_field_t rules_fields[] = {NUMBER_FIELD(config_rules, identity_keep_s),
	NUMBER_FIELD(config_rules, position_fresh_s), NUMBER_FIELD(config_rules, position_stale_s),
	NUMBER_FIELD(config_rules, position_drop_s), NUMBER_FIELD(config_rules, position_cost_permille),
	NUMBER_FIELD(config_rules, position_cost_max_s), NUMBER_FIELD(config_rules, answer_s),
	NUMBER_FIELD(config_rules, ask_again_s), NUMBER_FIELD(config_rules, retry_s),
	NUMBER_FIELD(config_rules, join_m), NUMBER_FIELD(config_rules, join_s),
	NUMBER_FIELD(config_rules, same_place_m), NUMBER_FIELD(config_rules, carrier_speed_kmh),
	CYAML_FIELD_END};

static const cyaml_schema_field_t config_fields[] = {TEXT_FIELD(config, town, NEEDED),
	TEXT_FIELD(config, playbooks, NEEDED), TEXT_FIELD(config, data, NEEDED),
	TEXT_FIELD(config, ready_file, OPTIONAL), TEXT_FIELD(config, log_level, OPTIONAL),
	PART_FIELD(postgres, OPTIONAL), PART_FIELD(listen, NEEDED), PART_FIELD(clock, OPTIONAL),
	PART_FIELD(limits, OPTIONAL), PART_FIELD(rules, OPTIONAL), NUMBER_FIELD(config, store_grace_ms),
	NUMBER_FIELD(config, snapshot_rows), CYAML_FIELD_END};

static const cyaml_schema_value_t config_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct config, config_fields)};

/* --- faults: path:line:column: what --------------------------------------------------------------- */

enum { LIMIT_MAX = 16777216, TEXT_BYTES_MAX = 1 << 30, LINE_MAX_BYTES = 4096 };

/* What the reader says of the first fault: what it is, then where, from the inside out. */
struct fault {
	char what[256];
	unsigned line, column;
};

static void fault_note(cyaml_log_t level, void *context, const char *format, va_list args)
{
	struct fault *fault = context;
	char said[256];
	const char *place;

	(void)level;
	(void)vsnprintf(said, sizeof said, format, args);
	said[strcspn(said, "\n")] = '\0';
	place = strstr(said, "(line: ");
	if (fault->what[0] == '\0' && strncmp(said, "Load: ", 6) == 0)
		(void)snprintf(fault->what, sizeof fault->what, "%s", said + 6);
	if (fault->line == 0 && place != NULL)
		(void)sscanf(place, "(line: %u, column: %u", &fault->line, &fault->column);
}

/* Whether the word stands at `at` as a key. */
static bool is_key(const char *line, const char *at, const char *key)
{
	const char *end = at + strlen(key);

	return (at == line || !(isalnum((unsigned char)at[-1]) || at[-1] == '_')) && *end == ':';
}

/* Where the key stands for the first time; 0: nowhere. */
static void find_key(const char *path, const char *key, struct fault *fault)
{
	char line[LINE_MAX_BYTES];
	FILE *from = fopen(path, "r");

	for (unsigned number = 1; from != NULL && fgets(line, sizeof line, from) != NULL; number++) {
		line[strcspn(line, "#")] = '\0';
		for (const char *at = strstr(line, key); at != NULL; at = strstr(at + 1, key)) {
			if (!is_key(line, at, key))
				continue;
			fault->line = number;
			fault->column = (unsigned)(at - line) + 1;
			fclose(from);
			return;
		}
	}
	if (from != NULL)
		fclose(from);
}

static void fault_print(const char *path, const struct fault *fault)
{
	if (fault->line == 0)
		fprintf(stderr, "%s: %s\n", path, fault->what);
	else
		fprintf(stderr, "%s:%u:%u: %s\n", path, fault->line, fault->column, fault->what);
}

/* --- what the schema cannot say ------------------------------------------------------------------- */

static bool refuse(const char *path, const char *key, const char *what)
{
	struct fault fault = {.line = 0};

	(void)snprintf(fault.what, sizeof fault.what, "%s: %s", key, what);
	find_key(path, key, &fault);
	fault_print(path, &fault);
	return false;
}

static bool is_endpoint(const char *text)
{
	return strncmp(text, "tcp://", 6) == 0 || strncmp(text, "ipc://", 6) == 0;
}

enum { DAY_S = 24 * 3600, WEEK_S = 7 * DAY_S, FAR_M = 100000 };

static bool check_rules(const char *path, const struct config_rules *rules)
{
	const struct {
		const char *key;
		uint32_t value, most;
	} bound[] = {{"identity_keep_s", rules->identity_keep_s, 4 * WEEK_S},
		{"position_fresh_s", rules->position_fresh_s, WEEK_S},
		{"position_stale_s", rules->position_stale_s, WEEK_S},
		{"position_drop_s", rules->position_drop_s, WEEK_S},
		{"position_cost_permille", rules->position_cost_permille, 10000},
		{"position_cost_max_s", rules->position_cost_max_s, DAY_S},
		{"answer_s", rules->answer_s, DAY_S}, {"ask_again_s", rules->ask_again_s, DAY_S},
		{"retry_s", rules->retry_s, DAY_S}, {"join_m", rules->join_m, FAR_M},
		{"join_s", rules->join_s, WEEK_S}, {"same_place_m", rules->same_place_m, FAR_M},
		{"carrier_speed_kmh", rules->carrier_speed_kmh, 300}};
	char what[64];

	for (size_t i = 0; i < sizeof bound / sizeof bound[0]; i++) {
		if (bound[i].value <= bound[i].most)
			continue;
		(void)snprintf(what, sizeof what, "more than %u", bound[i].most);
		return refuse(path, bound[i].key, what);
	}
	if (rules->identity_keep_s != 0 && rules->identity_keep_s < DAY_S)
		return refuse(path, "identity_keep_s", "less than 86400: repeats are to be known for a day");
	return true;
}

static bool check_values(const char *path, const struct config *config)
{
	const struct config_listen *listen = &config->listen;
	const char *start = config->clock.start;
	int64_t at_ms;
	bool good = true;

	if (!is_endpoint(listen->alarms))
		good = refuse(path, "alarms", "an endpoint, such as tcp://127.0.0.1:5570");
	if (!is_endpoint(listen->units))
		good = refuse(path, "units", "an endpoint, such as tcp://127.0.0.1:5571");
	if (!is_endpoint(listen->feed))
		good = refuse(path, "feed", "an endpoint, such as tcp://127.0.0.1:5572");
	if (start != NULL && time_parse((struct text){start, (uint32_t)strlen(start)}, &at_ms) != DISP_OK)
		good = refuse(path, "start", "a time, such as 2026-07-01T08:00:00Z");
	if (!check_rules(path, &config->rules))
		return false;
	const uint32_t *limit = (const uint32_t *)(const void *)&config->limits;

	for (size_t i = 0; i < sizeof config->limits / sizeof *limit; i++)
		if (limit[i] > (limit + i == &config->limits.text_bytes ? TEXT_BYTES_MAX : LIMIT_MAX))
			return refuse(path, limits_fields[i].key, "more than there can be");
	return good;
}

struct config *config_load(const char *path)
{
	struct fault fault = {.line = 0};
	const cyaml_config_t reader = {
		.log_fn = fault_note, .log_ctx = &fault, .mem_fn = cyaml_mem, .log_level = CYAML_LOG_ERROR};
	struct config *config = NULL;
	cyaml_err_t err = cyaml_load_file(path, &reader, &config_schema, (cyaml_data_t **)&config, NULL);
	const char *key = strncmp(fault.what, "Unexpected key: ", 16) == 0 ? fault.what + 16 : NULL;

	if (err == CYAML_OK && config != NULL) {
		if (check_values(path, config))
			return config;
		config_free(config);
		return NULL;
	}
	if (fault.what[0] == '\0')
		(void)snprintf(fault.what, sizeof fault.what, "%s",
			err == CYAML_OK ? "holds nothing" : cyaml_strerror(err));
	if (key != NULL)
		find_key(path, key, &fault);
	fault_print(path, &fault);
	return NULL;
}

void config_free(struct config *config)
{
	const cyaml_config_t reader = {.mem_fn = cyaml_mem};

	(void)cyaml_free(&reader, &config_schema, config, 0);
}

void config_core_limits(const struct config *config, struct core_limits *limits)
{
	const struct config_limits *from = &config->limits;
	const uint32_t wanted[TABLE_COUNT] = {
		[TABLE_GRID] = from->grids,
		[TABLE_PERSON] = from->people,
		[TABLE_UNIT] = from->units,
		[TABLE_DEPOT] = from->depots,
		[TABLE_STOCK] = from->stock_lines,
		[TABLE_DEVICE] = from->devices,
		[TABLE_DUTY] = from->responsibilities,
		[TABLE_PLAYBOOK] = from->playbooks,
		[TABLE_INCIDENT] = from->incidents,
		[TABLE_NEED] = from->needs,
		[TABLE_ORDER] = from->orders,
		[TABLE_SUPPLY] = from->supplies,
		[TABLE_NOTICE] = from->notices,
		[TABLE_TASK] = from->call_tasks,
		[TABLE_SILENCE] = from->silences,
		[TABLE_IDENTITY] = from->identities,
	};

	core_limits_default(limits);
	for (uint32_t table = 0; table < TABLE_COUNT; table++)
		if (wanted[table] != 0)
			limits->max[table] = wanted[table];
	if (from->texts != 0)
		limits->texts = from->texts;
	if (from->text_bytes != 0)
		limits->text_bytes = from->text_bytes;
}

/* Seconds, metres and km/h as they are written; 0 leaves the default. */
static void put(int64_t *to, uint32_t from, int64_t factor)
{
	if (from != 0)
		*to = from * factor;
}

void config_core_rules(const struct config *config, struct core_rules *rules)
{
	const struct config_rules *from = &config->rules;

	core_rules_default(rules);
	put(&rules->identity_keep_ms, from->identity_keep_s, 1000);
	put(&rules->position_fresh_ms, from->position_fresh_s, 1000);
	put(&rules->position_stale_ms, from->position_stale_s, 1000);
	put(&rules->position_drop_ms, from->position_drop_s, 1000);
	if (from->position_cost_permille != 0)
		rules->position_cost_permille = from->position_cost_permille;
	put(&rules->position_cost_max_ms, from->position_cost_max_s, 1000);
	put(&rules->answer_ms, from->answer_s, 1000);
	put(&rules->ask_again_ms, from->ask_again_s, 1000);
	put(&rules->retry_ms, from->retry_s, 1000);
	put(&rules->join_mm, from->join_m, 1000);
	put(&rules->join_ms, from->join_s, 1000);
	put(&rules->same_place_mm, from->same_place_m, 1000);
	if (from->carrier_speed_kmh != 0)
		rules->carrier_speed_mm_s = (int32_t)(from->carrier_speed_kmh * 1000000u / 3600u);
}
