/* config: read with libcyaml, which refuses unknown keys and wrong kinds; see the header. */
#include "config.h"

#include <cyaml/cyaml.h>
#include <stdio.h>

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

static const cyaml_schema_field_t config_fields[] = {TEXT_FIELD(config, town, NEEDED),
	TEXT_FIELD(config, playbooks, NEEDED), TEXT_FIELD(config, data, NEEDED),
	TEXT_FIELD(config, ready_file, OPTIONAL), TEXT_FIELD(config, log_level, OPTIONAL),
	PART_FIELD(postgres, OPTIONAL), PART_FIELD(listen, NEEDED), PART_FIELD(clock, OPTIONAL),
	PART_FIELD(limits, OPTIONAL), NUMBER_FIELD(config, store_grace_ms),
	NUMBER_FIELD(config, snapshot_rows), CYAML_FIELD_END};

static const cyaml_schema_value_t config_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct config, config_fields)};

static const cyaml_config_t reader = {
	.log_fn = cyaml_log, .mem_fn = cyaml_mem, .log_level = CYAML_LOG_WARNING};

struct config *config_load(const char *path)
{
	struct config *config = NULL;
	cyaml_err_t err = cyaml_load_file(path, &reader, &config_schema, (cyaml_data_t **)&config, NULL);

	if (err == CYAML_OK)
		return config;
	fprintf(stderr, "%s: %s\n", path, cyaml_strerror(err));
	return NULL;
}

void config_free(struct config *config)
{
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
