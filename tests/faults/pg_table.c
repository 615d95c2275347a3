/* pg_table: the statements that the store sends, over tables in memory; each knows the one text it stands for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "pg_wire.h"

/* Of two daemons, what is told of the lease stands behind the parameters. */
enum { ARRAYS = 8, STAGED_MAX = 4096, ADD_PARAMS = 10, ASIDE_PARAMS = 11 };

struct pg pg;

/* What the open transaction has done, undone by forgetting it. */
static struct {
	struct pg_row row[STAGED_MAX];
	bool aside[STAGED_MAX];
	uint32_t count;
	bool moves;
	uint64_t projected;
	uint32_t projections;
	struct pg_part part;
	bool has_part;
	uint64_t prune;
} work;

void pg_begin(void)
{
	pg = (struct pg){.faults.latency_ms = 1};
	work.count = 0;
}

static void row_free(struct pg_row *row)
{
	free(row->body);
	*row = (struct pg_row){0};
}

void pg_end(void)
{
	for (uint64_t index = 0; index < pg.rows; index++)
		row_free(&pg.row[index]);
	free(pg.row);
	for (uint32_t index = 0; index < pg.aside_count; index++)
		row_free(&pg.aside[index]);
	for (uint32_t index = 0; index < pg.part_count; index++)
		free(pg.part[index].body);
	for (uint32_t index = 0; index < pg.stray_count; index++)
		row_free(&pg.stray[index].row);
	free(pg.stray);
	pg = (struct pg){0};
}

static const struct pg_row *journal_at(uint64_t seq)
{
	return seq >= 1 && seq <= pg.rows && pg.row[seq - 1].there ? &pg.row[seq - 1] : NULL;
}

const struct pg_row *pg_find(uint64_t seq)
{
	const struct pg_row *row = journal_at(seq);

	for (uint32_t index = 0; row == NULL && index < pg.aside_count; index++)
		if (pg.aside[index].seq == seq)
			row = &pg.aside[index];
	return row;
}

/* --- parameters -------------------------------------------------------------------------------- */

static uint64_t big_endian(const uint8_t *bytes, uint32_t count)
{
	uint64_t value = 0;

	for (uint32_t index = 0; index < count; index++)
		value = value << 8 | bytes[index];
	return value;
}

/* A walk along an array in binary form. */
struct cells cells_of(const struct command *command, int param)
{
	const uint8_t *bytes = command->bytes + command->offset[param];

	return (struct cells){bytes + 20, (uint32_t)big_endian(bytes + 12, 4)};
}

const uint8_t *cell_next(struct cells *cells, uint32_t *length)
{
	const uint8_t *bytes = cells->at + 4;

	*length = (uint32_t)big_endian(cells->at, 4);
	cells->at = bytes + (*length == UINT32_MAX ? 0 : *length);
	return bytes;
}

static uint64_t number_of(const struct command *command, int param)
{
	return strtoull((const char *)command->bytes + command->offset[param], NULL, 10);
}

static void copy_hash(uint8_t to[32], struct cells *cells)
{
	uint32_t length;
	const uint8_t *from = cell_next(cells, &length);

	if (length != 32)
		sim_violation("the journal's form", "a hash of %u bytes was sent", length);
	memcpy(to, from, 32);
}

/* The next row of the eight arrays; its body points into them. */
void pg_take_row(struct cells cells[ARRAYS], struct pg_row *row)
{
	uint32_t length;

	*row = (struct pg_row){.there = true, .has_plan = true};
	row->seq = big_endian(cell_next(&cells[0], &length), 8);
	row->at_ms = (int64_t)big_endian(cell_next(&cells[1], &length), 8);
	row->epoch = big_endian(cell_next(&cells[2], &length), 8);
	const uint8_t *kind = cell_next(&cells[3], &length);

	memcpy(row->kind, kind, length < sizeof row->kind ? length : sizeof row->kind - 1);
	copy_hash(row->plan_hash, &cells[4]);
	row->body = (uint8_t *)(uintptr_t)cell_next(&cells[5], &row->size);
	copy_hash(row->prev_hash, &cells[6]);
	copy_hash(row->hash, &cells[7]);
}

static void stage(const struct pg_row *row, bool aside)
{
	struct pg_row *to = &work.row[work.count];

	if (work.count == STAGED_MAX)
		sim_violation("the simulator", "a transaction with too many rows");
	*to = *row;
	to->body = malloc(row->size + 1);
	if (to->body == NULL)
		abort();
	memcpy(to->body, row->body, row->size);
	work.aside[work.count++] = aside;
}

/* Always the same rows: by what stands in them. */
static bool is_poison(const struct pg_row *row)
{
	uint64_t lot = big_endian(row->hash, 8);

	return pg.faults.poison != 0 && strcmp(row->kind, "alarm") == 0 && lot % pg.faults.poison == 0;
}

/* --- the statements ----------------------------------------------------------------------------- */

static void add(const struct command *command, struct pg_result *result)
{
	struct cells cells[ARRAYS];
	uint64_t added = 0, same = 0, conflict = 0;
	bool fenced = command->params > ADD_PARAMS;
	int64_t word = fenced ? pg_lease_word(command, ADD_PARAMS) : 0;

	for (int index = 0; index < ARRAYS; index++)
		cells[index] = cells_of(command, 2 + index);
	for (uint32_t left = cells[0].count; left > 0; left--) {
		struct pg_row row;

		pg_take_row(cells, &row);
		const struct pg_row *there = journal_at(row.seq);

		if (there == NULL && word != 0)
			continue;
		if (there == NULL && is_poison(&row)) {
			result_fail(result, "22P05", "a character with no equivalent");
			return;
		}
		if (there == NULL) {
			stage(&row, false);
			added++;
		} else if (memcmp(there->hash, row.hash, 32) == 0) {
			same++;
		} else if (conflict == 0 || row.seq < conflict) {
			conflict = row.seq;
		}
	}
	result_shape(result, 1, fenced ? 4 : 3, 1);
	result_put_i64(result, 0, 0, (int64_t)added);
	result_put_i64(result, 0, 1, (int64_t)same);
	if (conflict != 0)
		result_put_i64(result, 0, 2, (int64_t)conflict);
	if (fenced)
		result_put_i64(result, 0, 3, word);
}

static void set_aside(const struct command *command, struct pg_result *result)
{
	struct cells cells[ARRAYS];
	struct pg_row row;
	bool fenced = command->params > ASIDE_PARAMS;
	int64_t word = fenced ? pg_lease_word(command, ASIDE_PARAMS) : 0;

	if (fenced) {
		result_shape(result, 1, 4, 1);
		result_put_i64(result, 0, 0, 0);
		result_put_i64(result, 0, 1, 0);
		result_put_i64(result, 0, 3, word);
	}
	if (word != 0)
		return;
	for (int index = 0; index < ARRAYS; index++)
		cells[index] = cells_of(command, 2 + index);
	for (uint32_t left = cells[0].count; left > 0; left--) {
		bool there = false;

		pg_take_row(cells, &row);
		for (uint32_t index = 0; index < pg.aside_count; index++)
			there |= pg.aside[index].seq == row.seq;
		if (!there)
			stage(&row, true);
	}
}

bool pg_rows_of(const struct command *command, uint64_t *first, uint64_t *last)
{
	struct cells cells;

	if (command->kind != COMMAND_PREPARED || command->params < 10 ||
		(strcmp(command->name, "add") != 0 && strcmp(command->name, "aside") != 0))
		return false;
	cells = cells_of(command, 2);
	*first = big_endian(cells.at + 4, 8);
	*last = *first + cells.count - 1;
	return true;
}

static void move(const struct command *command, struct pg_result *result)
{
	uint64_t from = number_of(command, 2), to = number_of(command, 3);
	uint64_t stands = work.moves ? work.projected : pg.projected;
	bool there = pg.projects || work.moves;

	if ((!there && from != 0) || (there && stands != from)) {
		result_fail(result, "22012", "division by zero");
		return;
	}
	work.moves = true;
	work.projected = to;
	result_shape(result, 1, 1, 0);
	result_put(result, 0, 0, "1", 1);
}

void pg_put_row(struct pg_result *result, int at, const struct pg_row *row)
{
	result_put_i64(result, at, 0, (int64_t)row->seq);
	result_put_i64(result, at, 1, row->at_ms);
	result_put_i64(result, at, 2, (int64_t)row->epoch);
	result_put(result, at, 3, row->kind, (int)strlen(row->kind));
	result_put(result, at, 4, row->plan_hash, 32);
	result_put(result, at, 5, row->body, (int)row->size);
	result_put(result, at, 6, row->prev_hash, 32);
	result_put(result, at, 7, row->hash, 32);
}

static void rows_from(const struct command *command, struct pg_result *result)
{
	uint64_t from = number_of(command, 2), limit = number_of(command, 3), last = pg.end, seq = from;
	static const struct pg_row *found[4096];
	int count = 0;

	for (uint32_t index = 0; index < pg.aside_count; index++)
		last = pg.aside[index].seq > last ? pg.aside[index].seq : last;
	for (; seq <= last && (uint64_t)count < limit && count < 4096; seq++) {
		const struct pg_row *row = pg_find(seq);

		if (row != NULL)
			found[count++] = row;
	}
	result_shape(result, count, 8, 1);
	for (int at = 0; at < count; at++)
		pg_put_row(result, at, found[at]);
}

/* with_aside: of the rows set aside, too. */
static void journal_end(struct pg_result *result, bool with_aside)
{
	const struct pg_row *row = journal_at(pg.end);

	for (uint32_t index = 0; with_aside && index < pg.aside_count; index++)
		if (row == NULL || pg.aside[index].seq > row->seq)
			row = &pg.aside[index];

	result_shape(result, row == NULL ? 0 : 1, 2, 1);
	if (row == NULL)
		return;
	result_put_i64(result, 0, 0, (int64_t)row->seq);
	result_put(result, 0, 1, row->hash, 32);
}

/* --- snapshots in parts -------------------------------------------------------------------------- */

static void part_put(const struct command *command)
{
	struct pg_part *part = &work.part;

	*part = (struct pg_part){.seq = number_of(command, 2),
		.part = (uint32_t)number_of(command, 3),
		.parts = (uint32_t)number_of(command, 4),
		.size = command->length[7]};
	memcpy(part->hash, command->bytes + command->offset[6], 32);
	part->body = malloc(part->size + (size_t)1);
	if (part->body == NULL)
		abort();
	memcpy(part->body, command->bytes + command->offset[7], part->size);
	work.has_part = true;
}

static uint64_t part_newest(uint64_t below)
{
	uint64_t newest = 0;

	for (uint32_t index = 0; index < pg.part_count; index++) {
		const struct pg_part *part = &pg.part[index];
		uint32_t count = 0;

		for (uint32_t other = 0; other < pg.part_count; other++)
			count += pg.part[other].seq == part->seq && pg.part[other].parts == part->parts;
		if (part->seq < below && part->seq > newest && count == part->parts)
			newest = part->seq;
	}
	return newest;
}

static const struct pg_part *part_at(uint64_t seq, uint32_t number)
{
	for (uint32_t index = 0; index < pg.part_count; index++)
		if (pg.part[index].seq == seq && pg.part[index].part == number)
			return &pg.part[index];
	return NULL;
}

static void newest(struct pg_result *result)
{
	uint64_t seq = part_newest(UINT64_MAX);
	const struct pg_part *part = part_at(seq, 0);

	result_shape(result, seq == 0 || part == NULL ? 0 : 1, 4, 1);
	if (result->rows == 0)
		return;
	result_put_i64(result, 0, 0, (int64_t)seq);
	result_put_i64(result, 0, 1, part->parts);
	result_put(result, 0, 2, part->hash, 32);
	result_put_i64(result, 0, 3, part->parts);
}

static void part_commit(void)
{
	for (uint32_t index = 0; index < pg.part_count; index++) {
		struct pg_part *part = &pg.part[index];
		bool same = work.has_part && part->seq == work.part.seq && part->part == work.part.part;

		if (!same && part->seq >= work.prune)
			continue;
		free(part->body);
		*part = pg.part[--pg.part_count];
		index--;
	}
	if (work.has_part && pg.part_count < PG_PARTS_MAX)
		pg.part[pg.part_count++] = work.part;
	else if (work.has_part)
		free(work.part.body);
}

/* --- a transaction ------------------------------------------------------------------------------- */

void pg_begin_work(void)
{
	for (uint32_t index = 0; index < work.count; index++)
		free(work.row[index].body);
	if (work.has_part)
		free(work.part.body);
	work.count = work.projections = 0;
	work.moves = work.has_part = false;
	work.prune = 0;
	pg_lease_begin();
	pg_stray_begin();
}

static void row_commit(struct pg_row *row, bool aside)
{
	if (aside) {
		if (pg.aside_count == PG_ASIDE_MAX)
			sim_violation("the simulator", "too many rows set aside");
		pg.aside[pg.aside_count++] = *row;
	} else {
		uint64_t max = pg.rows == 0 ? 4096 : pg.rows;

		while (max < row->seq)
			max *= 2;
		if (max != pg.rows) {
			pg.row = realloc(pg.row, max * sizeof *pg.row);
			if (pg.row == NULL)
				abort();
			memset(pg.row + pg.rows, 0, (max - pg.rows) * sizeof *pg.row);
			pg.rows = max;
		}
		pg.row[row->seq - 1] = *row;
		pg.end = row->seq > pg.end ? row->seq : pg.end;
	}
	if (pg.committed != NULL)
		pg.committed(row, aside);
}

void pg_commit_work(void)
{
	for (uint32_t index = 0; index < work.count; index++)
		row_commit(&work.row[index], work.aside[index]);
	if (work.moves) {
		pg.projects = true;
		pg.projected = work.projected;
	}
	if (work.has_part || work.prune != 0)
		part_commit();
	pg_lease_commit();
	pg_stray_commit();
	pg.projections += work.projections;
	pg.transactions++;
	work.count = 0;
	work.moves = work.has_part = false;
	work.prune = 0;
}

static bool is(const char *text, const char *begins)
{
	return strncmp(text, begins, strlen(begins)) == 0;
}

static void fence(const struct command *command, struct pg_result *result)
{
	if (pg_lease_word(command, 1) != 0) {
		result_fail(result, "22012", "division by zero");
		return;
	}
	result_shape(result, 1, 1, 0);
	result_put(result, 0, 0, "1", 1);
}

static void prepared(const struct command *command, struct pg_result *result)
{
	if (strcmp(command->name, "add") == 0)
		add(command, result);
	else if (strcmp(command->name, "move") == 0)
		move(command, result);
	else if (strcmp(command->name, "aside") == 0 && command->params > 4)
		set_aside(command, result);
	else if (strcmp(command->name, "fence") == 0)
		fence(command, result);
	else /* a projection */
		work.projections++;
}

void pg_statement(const struct pg_conn *conn, const struct command *command, struct pg_result *result)
{
	const char *text = command->text;

	(void)conn;
	if (command->kind == COMMAND_PREPARE)
		return;
	if (command->kind == COMMAND_PREPARED) {
		prepared(command, result);
	} else if (is(text, "SELECT set_config")) {
		result_shape(result, 1, 1, 0);
		result_put(result, 0, 0, "off", 3);
	} else if (is(text, "SELECT seq, hash FROM dispatch.journal")) {
		journal_end(result, false);
	} else if (is(text, "SELECT seq, hash FROM ((SELECT")) {
		journal_end(result, true);
	} else if (is(text, "SELECT seq, (extract(epoch") && strstr(text, "dispatch.stray") == NULL) {
		rows_from(command, result);
	} else if (is(text, "SELECT stage, seq, kind")) { /* nobody is there who would settle one */
		result_shape(result, 0, 6, 0);
	} else if (is(text, "SELECT seq FROM dispatch.projected_seq")) {
		result_shape(result, pg.projects ? 1 : 0, 1, 1);
		if (pg.projects)
			result_put_i64(result, 0, 0, (int64_t)pg.projected);
	} else if (is(text, "SELECT seq, min(parts)")) {
		newest(result);
	} else if (is(text, "SELECT body FROM dispatch.snapshot")) {
		const struct pg_part *part = part_at(number_of(command, 2), (uint32_t)number_of(command, 3));

		result_shape(result, part == NULL ? 0 : 1, 1, 1);
		if (part != NULL)
			result_put(result, 0, 0, part->body, (int)part->size);
	} else if (is(text, "INSERT INTO dispatch.snapshot")) {
		part_put(command);
	} else if (is(text, "DELETE FROM dispatch.snapshot")) {
		work.prune = part_newest(number_of(command, 2));
	} else if (!pg_lease_statement(command, result) && !pg_stray_statement(command, result)) {
		sim_violation("the simulator", "a statement that it does not know: %.60s", text);
	}
}
