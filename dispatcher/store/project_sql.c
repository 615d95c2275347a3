/* project_sql: what the projector sends; private to it. */
#include "store/project_sql.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "store/chain.h"
#include "store/project_rule.h"

enum { SQL_BYTES = 16 << 10 };

/* Planned for each batch anew: a plan that was made for tables of a few rows reads whole tables when they have grown. */
static const char SETTINGS[] =
	"SELECT set_config('statement_timeout', '30s', false), set_config('enable_seqscan', 'off', false), "
	"set_config('plan_cache_mode', 'force_custom_plan', false), "
	"set_config('application_name', 'dispatcherd projector', false)";

/* Fails with a division by zero when the projections stand elsewhere than this batch thinks. */
static const char MOVE[] =
	"WITH moved AS (INSERT INTO dispatch.projected_seq AS p (town_id, stream, seq, at) "
	"SELECT $1::text, $2::text, $4::bigint, 'epoch'::timestamptz + $5::bigint * interval '1 ms' "
	"WHERE $3::bigint = 0 OR EXISTS (SELECT FROM dispatch.projected_seq q WHERE q.town_id = $1::text AND "
	"q.stream = $2::text) "
	"ON CONFLICT (town_id, stream) DO UPDATE SET seq = excluded.seq, at = excluded.at WHERE p.seq = "
	"$3::bigint "
	"RETURNING 1) SELECT 1 / count(*) FROM moved";

/*
 * Of two daemons: the last statement of each transaction, so that the row is not held while the rest is on its way. Fails with
 * a division by zero when it is not ours.
 */
static const char FENCE[] = "WITH " FENCE_CTE("$1", "$2", "$3") " SELECT 1 / count(*) FROM fence WHERE ours";

static const char STANDS[] = "SELECT seq FROM dispatch.projected_seq WHERE town_id = $1 AND stream = $2";

/* A row that the journal has refused, too, stands beside it. One that is projected anew and refused again waits again. */
static const char ASIDE[] =
	"INSERT INTO dispatch.quarantine AS q (town_id, stream, stage, seq, at, epoch, kind, "
	"plan_hash, body, prev_hash, hash, "
	"error) SELECT $1::text, $2::text, 'projection', j.seq, j.at, j.epoch, j.kind, "
	"j.plan_hash, j.body, j.prev_hash, "
	"j.hash, $4::text FROM (SELECT town_id, stream, seq, at, epoch, kind, plan_hash, body, "
	"prev_hash, hash FROM dispatch.journal UNION ALL SELECT town_id, stream, seq, at, epoch, "
	"kind, plan_hash, body, prev_hash, hash FROM dispatch.quarantine WHERE stage = 'journal' "
	"AND settled IS DISTINCT FROM 'released') j WHERE j.town_id = $1::text AND "
	"j.stream = $2::text AND j.seq = $3::bigint LIMIT 1 "
	"ON CONFLICT (town_id, stream, stage, seq) DO UPDATE SET settled = NULL, error = "
	"excluded.error, set_aside_at = now(), times = q.times + 1 WHERE q.settled = 'released'";

struct sql {
	char text[SQL_BYTES];
	size_t used;
};

__attribute__((format(printf, 2, 3))) static void add(struct sql *sql, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	int len = vsnprintf(sql->text + sql->used, sizeof(sql->text) - sql->used, format, arguments);

	va_end(arguments);
	ASSERT(len >= 0 && (size_t)len < sizeof(sql->text) - sql->used);
	sql->used += (size_t)len;
}

/* The column's value from its text. */
static void add_value(struct sql *sql, const struct project_column *column)
{
	static const char *const format[] = {[PROJECT_TEXT] = "i.\"%s\"",
		[PROJECT_INT] = "i.\"%s\"::bigint",
		[PROJECT_REAL] = "i.\"%s\"::double precision",
		[PROJECT_DATE] = "('epoch'::timestamptz + i.\"%s\"::bigint * interval '1 ms')::date"};

	if (column->mode == PROJECT_ADD)
		add(sql, ", coalesce(i.\"%s\"::bigint, 0)", column->name);
	else if (
		column->type ==
		PROJECT_TIME) /* what is taken away is infinity, until a rule of project_rule.c has gone by */
		add(sql,
			", CASE i.\"%s\" WHEN '' THEN 'infinity' ELSE 'epoch'::timestamptz + "
			"nullif(i.\"%s\", '')::bigint * interval '1 ms' END",
			column->name, column->name);
	else {
		add(sql, ", ");
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		add(sql, format[column->type], column->name);
#pragma GCC diagnostic pop
	}
}

/* What holds for a time and is then taken away: of what came before, nobody knows any more whether it still held. */
static bool is_of_a_time(const struct project_table_def *def, const struct project_column *column)
{
	static const char *const of[][2] = {{"incident", "merged_into"}, {"incident", "alert"},
		{"need", "why"}, {"order_", "ended_at"}, {"order_", "reason"}, {"unit", "order_id"},
		{"unit", "incident"}};

	for (size_t index = 0; index < sizeof(of) / sizeof(of[0]); index++)
		if (strcmp(def->name, of[index][0]) == 0 && strcmp(column->name, of[index][1]) == 0)
			return true;
	return false;
}

/* What stands there goes before what comes late. */
static void add_late(
	struct sql *sql, const struct project_table_def *def, const struct project_column *column)
{
	const char *name = column->name;

	if (is_of_a_time(def, column))
		add(sql, "t.\"%s\"", name);
	else if (column->mode == PROJECT_FIRST)
		add(sql, "coalesce(excluded.\"%s\", t.\"%s\")", name, name);
	else if (column->type == PROJECT_TEXT)
		add(sql, "coalesce(t.\"%s\", nullif(excluded.\"%s\", ''))", name, name);
	else if (column->type == PROJECT_TIME)
		add(sql, "coalesce(t.\"%s\", nullif(excluded.\"%s\", 'infinity'))", name, name);
	else
		add(sql, "coalesce(t.\"%s\", excluded.\"%s\")", name, name);
}

static void add_in_turn(struct sql *sql, const struct project_column *column)
{
	const char *name = column->name;

	if (column->mode == PROJECT_FIRST)
		add(sql, "coalesce(t.\"%s\", excluded.\"%s\")", name, name);
	else if (column->type == PROJECT_TEXT) /* '' takes away what stood there */
		add(sql, "nullif(coalesce(excluded.\"%s\", t.\"%s\"), '')", name, name);
	else
		add(sql, "coalesce(excluded.\"%s\", t.\"%s\")", name, name);
}

/* Whether rows of the table say which row of the journal has written them last. */
static bool has_seq(const struct project_table_def *def)
{
	for (uint32_t index = def->key_count; index < def->column_count; index++)
		if (strcmp(def->column[index].name, "seq") == 0)
			return def->column[index].mode == PROJECT_SET;
	return false;
}

/* Where nothing later was written, a row that comes late comes in its turn. */
static void add_by_seq(
	struct sql *sql, const struct project_table_def *def, const struct project_column *column)
{
	bool known = has_seq(def);

	if (known) {
		add(sql, "CASE WHEN t.seq < excluded.seq THEN ");
		add_in_turn(sql, column);
		add(sql, " ELSE ");
	}
	add_late(sql, def, column);
	if (known)
		add(sql, " END");
}

static void add_update(struct sql *sql, const struct project_table_def *def, bool late)
{
	for (uint32_t index = def->key_count; index < def->column_count; index++) {
		const struct project_column *column = &def->column[index];

		add(sql, "%s\"%s\" = ", index == def->key_count ? "" : ", ", column->name);
		if (column->mode == PROJECT_ADD)
			add(sql, "coalesce(t.\"%s\", 0) + excluded.\"%s\"", column->name, column->name);
		else if (late)
			add_by_seq(sql, def, column);
		else
			add_in_turn(sql, column);
	}
}

/* One array statement for the table: $1 the town, $2 … a text[] a column. */
static void upsert(struct sql *sql, const struct project_table_def *def, bool late)
{
	sql->used = 0;
	add(sql, "INSERT INTO dispatch.\"%s\" AS t (town_id", def->name);
	for (uint32_t index = 0; index < def->column_count; index++)
		add(sql, ", \"%s\"", def->column[index].name);
	add(sql, ") SELECT $1::text");
	for (uint32_t index = 0; index < def->column_count; index++)
		add_value(sql, &def->column[index]);
	add(sql, " FROM unnest(");
	for (uint32_t index = 0; index < def->column_count; index++)
		add(sql, "%s$%u::text[]", index == 0 ? "" : ", ", index + 2);
	add(sql, ") AS i(");
	for (uint32_t index = 0; index < def->column_count; index++)
		add(sql, "%s\"%s\"", index == 0 ? "" : ", ", def->column[index].name);
	add(sql, ") ON CONFLICT (town_id");
	for (uint32_t index = 0; index < def->key_count; index++)
		add(sql, ", \"%s\"", def->column[index].name);
	add(sql, ") DO UPDATE SET ");
	add_update(sql, def, late);
}

bool project_send_fence(struct project *project)
{
	const struct fence *fence = project->config.fence;

	if (fence == NULL)
		return true;
	const char *value[3] = {fence->town_id, fence->number, fence->holder};

	return PQsendQueryPrepared(project->link.pg, "fence", 3, value, NULL, NULL, 0) == 1;
}

bool project_send_setup(struct project *project)
{
	PGconn *pg = project->link.pg;
	const char *key[2] = {project->config.town_id, project->config.stream};
	Oid oid[PROJECT_COLUMNS_MAX + 1] = {OID_TEXT};
	const Oid key_oid[2] = {OID_TEXT, OID_TEXT};
	static struct sql sql;
	char name[16];
	bool sent = PQenterPipelineMode(pg) &&
		    PQsendQueryParams(pg, SETTINGS, 0, NULL, NULL, NULL, NULL, 0) &&
		    PQsendPrepare(pg, "move", MOVE, 0, NULL) && PQsendPrepare(pg, "aside", ASIDE, 0, NULL) &&
		    (project->config.fence == NULL || PQsendPrepare(pg, "fence", FENCE, 0, NULL));

	for (uint32_t column = 1; column <= PROJECT_COLUMNS_MAX; column++)
		oid[column] = OID_TEXT_ARRAY;
	for (uint32_t table = 0; sent && table < PROJECT_TABLE_COUNT; table++) {
		if (project_table[table].name[0] == '\0')
			continue;
		upsert(&sql, &project_table[table], false);
		snprintf(name, sizeof(name), "t%u", table);
		sent = PQsendPrepare(pg, name, sql.text, (int)project_table[table].column_count + 1, oid) ==
		       1;
	}
	for (uint32_t rule = 0; sent && rule < PROJECT_RULE_COUNT; rule++) {
		snprintf(name, sizeof(name), "r%u", rule);
		sent = PQsendPrepare(pg, name, project_rule[rule].sql, (int)project_rule[rule].arrays + 1,
			       oid) == 1;
	}
	return sent && (project->config.fence == NULL || fence_ask(project->config.fence, pg)) &&
	       keep_ask_newest(pg, key[0], key[1]) &&
	       PQsendQueryParams(pg, STANDS, 2, key_oid, key, NULL, NULL, 1) && PQpipelineSync(pg);
}

static bool send_move(struct project *project, uint64_t from)
{
	char number[3][24];
	const char *value[5] = {
		project->config.town_id, project->config.stream, number[0], number[1], number[2]};

	snprintf(number[0], sizeof(number[0]), "%" PRIu64, from);
	snprintf(number[1], sizeof(number[1]), "%" PRIu64, project->batch_last);
	snprintf(number[2], sizeof(number[2]), "%" PRId64, project->batch_at_ms);
	return PQsendQueryPrepared(project->link.pg, "move", 5, value, NULL, NULL, 0) == 1;
}

/* The prepared statement, or else this one, over the first columns of the table. */
static bool send_columns(struct project *project, const char *statement, const char *sql,
	enum project_table table, uint32_t columns)
{
	static const Oid oid[PROJECT_COLUMNS_MAX + 1] = {OID_TEXT};
	const char *value[PROJECT_COLUMNS_MAX + 1] = {project->config.town_id};
	int length[PROJECT_COLUMNS_MAX + 1] = {0};
	int format[PROJECT_COLUMNS_MAX + 1] = {0};

	for (uint32_t column = 0; column < columns; column++) {
		struct array *array = &project->array[column];

		fold_array(&project->rows.fold, table, column, array);
		value[column + 1] = (const char *)array->bytes;
		length[column + 1] = (int)array->used;
		format[column + 1] = 1;
	}
	if (sql != NULL)
		return PQsendQueryParams(
			       project->link.pg, sql, (int)columns + 1, oid, value, length, format, 0) == 1;
	return PQsendQueryPrepared(project->link.pg, statement, (int)columns + 1, value, length, format, 0) ==
	       1;
}

static bool send_table(struct project *project, enum project_table table)
{
	const struct project_table_def *def = &project_table[table];
	char name[16];

	if (def->name[0] == '\0' || project->rows.fold.table[table].rows == 0)
		return true;
	snprintf(name, sizeof(name), "t%u", (unsigned)table);
	return send_columns(project, name, NULL, table, def->column_count);
}

/* Of what all wait for or where all stand, a row that comes late says nothing any more. */
static bool is_of_its_time(const struct project_rule *rule)
{
	return rule->table == PROJECT_TABLE_SEEN || rule->table == PROJECT_TABLE_HOMED;
}

static bool send_rules(struct project *project, enum project_table after, bool late)
{
	bool sent = true;
	char name[16];

	for (uint32_t index = 0; sent && index < PROJECT_RULE_COUNT; index++) {
		const struct project_rule *rule = &project_rule[index];

		if (rule->after != after || project->rows.fold.table[rule->table].rows == 0 ||
			(late && is_of_its_time(rule)))
			continue;
		snprintf(name, sizeof(name), "r%u", index);
		sent = send_columns(project, name, NULL, rule->table, rule->arrays);
	}
	return sent;
}

bool project_send_batch(struct project *project, uint64_t from)
{
	bool sent = send_move(project, from);

	for (uint32_t table = 0; sent && table < PROJECT_TABLE_COUNT; table++)
		sent = send_table(project, (enum project_table)table) &&
		       send_rules(project, (enum project_table)table, false);
	return sent && project_send_fence(project) && PQpipelineSync(project->link.pg);
}

static bool send_table_late(struct project *project, enum project_table table)
{
	const struct project_table_def *def = &project_table[table];
	static struct sql sql;

	if (def->name[0] == '\0' || project->rows.fold.table[table].rows == 0)
		return true;
	upsert(&sql, def, true);
	return send_columns(project, NULL, sql.text, table, def->column_count);
}

bool project_send_late(struct project *project)
{
	bool sent = true;

	for (uint32_t table = 0; sent && table < PROJECT_TABLE_COUNT; table++)
		sent = send_table_late(project, (enum project_table)table) &&
		       send_rules(project, (enum project_table)table, true);
	return sent;
}

bool project_send_passing(struct project *project, const struct store_row *row)
{
	char seq[24];
	const char *value[4] = {project->config.town_id, project->config.stream, seq, project->refusal};

	snprintf(seq, sizeof(seq), "%" PRIu64, row->seq);
	project->batch_last = row->seq;
	project->batch_at_ms = row->at_ms;
	return send_move(project, row->seq - 1) &&
	       PQsendQueryPrepared(project->link.pg, "aside", 4, value, NULL, NULL, 0) &&
	       project_send_fence(project) && PQpipelineSync(project->link.pg);
}
