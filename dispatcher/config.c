/* config: read with libcyaml, which refuses unknown keys and wrong kinds; see the header. */
#include "config.h"

#include <cyaml/cyaml.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_FIELD(type, key, presence)                                                                      \
	CYAML_FIELD_STRING_PTR(#key, CYAML_FLAG_POINTER | (presence), struct type, key, 0, CYAML_UNLIMITED)
#define NUMBER_FIELD(type, key) CYAML_FIELD_UINT(#key, CYAML_FLAG_OPTIONAL, struct type, key)
#define GIVEN_FIELD(type, key)                                                                               \
	CYAML_FIELD_UINT_PTR(#key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct type, key)
#define PART_FIELD(key, presence) CYAML_FIELD_MAPPING(#key, presence, struct config, key, key##_fields)

enum { NEEDED = CYAML_FLAG_DEFAULT, OPTIONAL = CYAML_FLAG_OPTIONAL };

static const cyaml_schema_field_t postgres_fields[] = {TEXT_FIELD(config_postgres, conninfo, OPTIONAL),
	TEXT_FIELD(config_postgres, migrate_conninfo, OPTIONAL),
	TEXT_FIELD(config_postgres, migrations, OPTIONAL), CYAML_FIELD_END};

static const cyaml_schema_value_t account_value = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, CYAML_UNLIMITED)};

static const cyaml_schema_field_t tls_fields[] = {TEXT_FIELD(config_tls, certificate, OPTIONAL),
	TEXT_FIELD(config_tls, key, OPTIONAL), CYAML_FIELD_END};

static const cyaml_schema_field_t listen_fields[] = {TEXT_FIELD(config_listen, alarms, NEEDED),
	TEXT_FIELD(config_listen, units, NEEDED), TEXT_FIELD(config_listen, feed, NEEDED),
	TEXT_FIELD(config_listen, http, NEEDED), TEXT_FIELD(config_listen, tcp, OPTIONAL),
	TEXT_FIELD(config_listen, key_file, OPTIONAL), TEXT_FIELD(config_listen, gateway_key_file, OPTIONAL),
	CYAML_FIELD_BOOL("insecure", OPTIONAL, struct config_listen, insecure),
	CYAML_FIELD_SEQUENCE("accounts", CYAML_FLAG_POINTER | OPTIONAL, struct config_listen, accounts,
		&account_value, 1, CYAML_UNLIMITED),
	NUMBER_FIELD(config_listen, lockout_s), CYAML_FIELD_END};

static const cyaml_schema_field_t clock_fields[] = {
	TEXT_FIELD(config_clock, start, OPTIONAL), NUMBER_FIELD(config_clock, rate), CYAML_FIELD_END};

static const cyaml_schema_field_t pair_fields[] = {TEXT_FIELD(config_pair, name, OPTIONAL),
	TEXT_FIELD(config_pair, listen, NEEDED), TEXT_FIELD(config_pair, peer, NEEDED),
	TEXT_FIELD(config_pair, peer_key, OPTIONAL), CYAML_FIELD_END};

static const cyaml_schema_field_t board_fields[] = {
	TEXT_FIELD(config_board, file, OPTIONAL), GIVEN_FIELD(config_board, every_s), CYAML_FIELD_END};

static const cyaml_schema_field_t limits_fields[] = {NUMBER_FIELD(config_limits, grids),
	NUMBER_FIELD(config_limits, people), NUMBER_FIELD(config_limits, units),
	NUMBER_FIELD(config_limits, depots), NUMBER_FIELD(config_limits, stock_lines),
	NUMBER_FIELD(config_limits, devices), NUMBER_FIELD(config_limits, responsibilities),
	NUMBER_FIELD(config_limits, playbooks), NUMBER_FIELD(config_limits, incidents),
	NUMBER_FIELD(config_limits, needs), NUMBER_FIELD(config_limits, orders),
	NUMBER_FIELD(config_limits, supplies), NUMBER_FIELD(config_limits, notices),
	NUMBER_FIELD(config_limits, call_tasks), NUMBER_FIELD(config_limits, silences),
	NUMBER_FIELD(config_limits, identities), NUMBER_FIELD(config_limits, keys),
	NUMBER_FIELD(config_limits, texts), NUMBER_FIELD(config_limits, text_bytes), CYAML_FIELD_END};

static const cyaml_schema_field_t rules_fields[] = {NUMBER_FIELD(config_rules, identity_keep_s),
	NUMBER_FIELD(config_rules, position_fresh_s), NUMBER_FIELD(config_rules, position_stale_s),
	NUMBER_FIELD(config_rules, position_drop_s), NUMBER_FIELD(config_rules, position_cost_permille),
	NUMBER_FIELD(config_rules, position_cost_max_s), NUMBER_FIELD(config_rules, answer_s),
	NUMBER_FIELD(config_rules, ask_again_s), NUMBER_FIELD(config_rules, retry_s),
	NUMBER_FIELD(config_rules, join_m), NUMBER_FIELD(config_rules, join_s),
	NUMBER_FIELD(config_rules, same_place_m), NUMBER_FIELD(config_rules, carrier_speed_kmh),
	NUMBER_FIELD(config_rules, notice_tries), NUMBER_FIELD(config_rules, notice_s),
	NUMBER_FIELD(config_rules, depot_answer_s), NUMBER_FIELD(config_rules, bell_s),
	NUMBER_FIELD(config_rules, bell_rings), NUMBER_FIELD(config_rules, presence_s),
	NUMBER_FIELD(config_rules, presence_answer_s),
	CYAML_FIELD_BOOL("named", OPTIONAL, struct config_rules, named),
	CYAML_FIELD_BOOL("evidence", OPTIONAL, struct config_rules, evidence), CYAML_FIELD_END};

static const cyaml_schema_value_t role_value = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, CYAML_UNLIMITED)};

#define ROLES_FIELD(key)                                                                                     \
	CYAML_FIELD_SEQUENCE(#key, CYAML_FLAG_POINTER | OPTIONAL, struct config_level, key, &role_value, 1,  \
		CYAML_UNLIMITED)
static const cyaml_schema_field_t level_fields[] = {ROLES_FIELD(agree), ROLES_FIELD(notify),
	TEXT_FIELD(config_level, release, OPTIONAL), CYAML_FIELD_END};

#define LEVEL_FIELD(key)                                                                                     \
	CYAML_FIELD_MAPPING_PTR(                                                                             \
		#key, CYAML_FLAG_POINTER | OPTIONAL, struct config_response, key, level_fields)
static const cyaml_schema_field_t response_fields[] = {
	LEVEL_FIELD(I), LEVEL_FIELD(II), LEVEL_FIELD(III), LEVEL_FIELD(IV), CYAML_FIELD_END};

static const cyaml_schema_field_t config_fields[] = {TEXT_FIELD(config, town, NEEDED),
	TEXT_FIELD(config, playbooks, NEEDED), TEXT_FIELD(config, data, NEEDED),
	TEXT_FIELD(config, ready_file, OPTIONAL), TEXT_FIELD(config, log_level, OPTIONAL),
	PART_FIELD(postgres, OPTIONAL), PART_FIELD(listen, NEEDED), PART_FIELD(tls, OPTIONAL),
	PART_FIELD(clock, OPTIONAL), PART_FIELD(pair, OPTIONAL), PART_FIELD(board, OPTIONAL),
	PART_FIELD(limits, OPTIONAL), PART_FIELD(rules, OPTIONAL), PART_FIELD(response, OPTIONAL),
	NUMBER_FIELD(config, store_grace_ms), NUMBER_FIELD(config, snapshot_rows), CYAML_FIELD_END};

static const cyaml_schema_value_t config_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct config, config_fields)};

/* --- faults: path:line:column: what --------------------------------------------------------------- */

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

static void fault_print(const char *path, const struct fault *fault)
{
	if (fault->line == 0)
		fprintf(stderr, "%s: %s\n", path, fault->what);
	else
		fprintf(stderr, "%s:%u:%u: %s\n", path, fault->line, fault->column, fault->what);
}

struct config *config_read(const char *path)
{
	struct fault fault = {.line = 0};
	const cyaml_config_t reader = {
		.log_fn = fault_note, .log_ctx = &fault, .mem_fn = cyaml_mem, .log_level = CYAML_LOG_ERROR};
	struct config *config = NULL;
	cyaml_err_t err = cyaml_load_file(path, &reader, &config_schema, (cyaml_data_t **)&config, NULL);
	const char *key = strncmp(fault.what, "Unexpected key: ", 16) == 0 ? fault.what + 16 : NULL;

	if (err == CYAML_OK && config != NULL)
		return config;
	if (fault.what[0] == '\0')
		(void)snprintf(fault.what, sizeof fault.what, "%s",
			err == CYAML_OK ? "holds nothing" : cyaml_strerror(err));
	if (key != NULL && key[0] != '\0') /* an empty one is where the reader says */
		config_find_key(path, key, &fault.line, &fault.column);
	fault_print(path, &fault);
	return NULL;
}

struct config *config_load(const char *path)
{
	struct config *config = config_read(path);

	if (config == NULL || config_check(path, config))
		return config;
	config_free(config);
	return NULL;
}

void config_free(struct config *config)
{
	const cyaml_config_t reader = {.mem_fn = cyaml_mem};

	(void)cyaml_free(&reader, &config_schema, config, 0);
}

bool config_pair_keyed(const struct config *config)
{
	const struct config_pair *pair = &config->pair;

	return pair->listen != NULL && !config->listen.insecure &&
	       (strncmp(pair->listen, "tcp://", 6) == 0 || strncmp(pair->peer, "tcp://", 6) == 0);
}

bool config_account(const char *name, uint32_t *uid)
{
	const struct passwd *entry;
	char *end;
	unsigned long number = strtoul(name, &end, 10);

	if (name[0] >= '0' && name[0] <= '9' && *end == '\0' && number < UINT32_MAX) {
		*uid = (uint32_t)number;
		return true;
	}
	entry = getpwnam(name);
	if (entry != NULL)
		*uid = entry->pw_uid;
	return entry != NULL;
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
		[TABLE_KEY] = from->keys,
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

static uint32_t roles_of(char *const *word, unsigned count)
{
	uint32_t roles = 0;

	for (unsigned index = 0; index < count; index++)
		roles |= words_who((struct text){word[index], (uint32_t)strlen(word[index])});
	return roles;
}

const struct config_level *config_level(const struct config *config, uint32_t level)
{
	const struct config_response *from = &config->response;
	const struct config_level *const levels[RESPONSE_COUNT] = {
		NULL, from->I, from->II, from->III, from->IV};

	return level < RESPONSE_COUNT ? levels[level] : NULL;
}

/* "nobody" is no role: a list of it alone is a list of none. */
static void put_level(struct core_response *to, const struct config_level *from)
{
	if (from == NULL)
		return;
	if (from->agree != NULL)
		to->agree = roles_of(from->agree, from->agree_count);
	if (from->notify != NULL)
		to->notify = roles_of(from->notify, from->notify_count);
	if (from->release != NULL) {
		uint32_t release = words_find(
			WORDS_RELEASE, (struct text){from->release, (uint32_t)strlen(from->release)});

		to->release = release < RELEASE_COUNT ? (uint8_t)release : (uint8_t)RELEASE_COUNT;
	}
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
	if (from->notice_tries != 0)
		rules->notice_tries = from->notice_tries;
	put(&rules->notice_ms, from->notice_s, 1000);
	put(&rules->depot_answer_ms, from->depot_answer_s, 1000);
	put(&rules->bell_ms, from->bell_s, 1000);
	if (from->bell_rings != 0)
		rules->bell_rings = from->bell_rings;
	put(&rules->presence_ms, from->presence_s, 1000);
	put(&rules->presence_answer_ms, from->presence_answer_s, 1000);
	rules->named = from->named;
	rules->evidence = from->evidence;
	for (uint32_t level = 1; level < RESPONSE_COUNT; level++)
		put_level(&rules->response[level], config_level(config, level));
}
