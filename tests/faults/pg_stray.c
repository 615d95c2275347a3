/* pg_stray: the rows of dispatch.stray, and the statements about them; no two transactions are open at once here. */
#include <stdlib.h>
#include <string.h>

#include "pg_wire.h"

enum { ARRAYS = 8, MARKS_MAX = 512, PAGE_MAX = 256 };

static struct {
	struct pg_row *row; /* [count] */
	uint32_t count, max;
	struct pg_stray mark[MARKS_MAX]; /* row.hash: of which */
	uint32_t marks;
} work;

void pg_stray_begin(void)
{
	for (uint32_t index = 0; index < work.count; index++)
		free(work.row[index].body);
	work.count = work.marks = 0;
}

static struct pg_stray *find(const uint8_t hash[32])
{
	for (uint32_t index = 0; index < pg.stray_count; index++)
		if (memcmp(pg.stray[index].row.hash, hash, 32) == 0)
			return &pg.stray[index];
	return NULL;
}

static void mark_commit(const struct pg_stray *mark)
{
	struct pg_stray *stray = find(mark->row.hash);

	if (stray == NULL || stray->brought_seq != 0 || stray->refused)
		return;
	stray->brought_seq = mark->brought_seq;
	stray->refused = mark->refused;
}

void pg_stray_commit(void)
{
	if (work.count > 0) {
		pg.stray = realloc(pg.stray, (pg.stray_count + work.count) * sizeof *pg.stray);
		if (pg.stray == NULL)
			abort();
	}
	for (uint32_t index = 0; index < work.count; index++) {
		pg.stray[pg.stray_count++] = (struct pg_stray){.row = work.row[index]};
		if (pg.strayed != NULL)
			pg.strayed(&work.row[index]);
	}
	for (uint32_t index = 0; index < work.marks; index++)
		mark_commit(&work.mark[index]);
	work.count = work.marks = 0;
}

static bool is_new(const struct pg_row *row)
{
	const struct pg_row *there = pg_find(row->seq);

	for (uint32_t index = 0; index < work.count; index++)
		if (memcmp(work.row[index].hash, row->hash, 32) == 0)
			return false;
	return (there == NULL || memcmp(there->hash, row->hash, 32) != 0) && find(row->hash) == NULL;
}

static void add(const struct command *command, struct pg_result *result)
{
	struct cells cells[ARRAYS];
	int64_t added = 0;

	for (int index = 0; index < ARRAYS; index++)
		cells[index] = cells_of(command, 2 + index);
	for (uint32_t left = cells[0].count; left > 0; left--) {
		struct pg_row row;

		pg_take_row(cells, &row);
		if (!is_new(&row))
			continue;
		if (work.count == work.max) {
			work.max = work.max == 0 ? 1024 : 2 * work.max;
			work.row = realloc(work.row, work.max * sizeof *work.row);
			if (work.row == NULL)
				abort();
		}
		uint8_t *body = malloc(row.size + (size_t)1);

		if (body == NULL)
			abort();
		memcpy(body, row.body, row.size);
		row.body = body;
		work.row[work.count++] = row;
		added++;
	}
	result_shape(result, 1, 1, 1);
	result_put_i64(result, 0, 0, added);
}

static bool comes_before(const struct pg_row *left, const struct pg_row *right)
{
	if (left->epoch != right->epoch)
		return left->epoch < right->epoch;
	return left->seq != right->seq ? left->seq < right->seq : memcmp(left->hash, right->hash, 32) < 0;
}

/* By epoch, seq and hash, those that nobody has brought in. */
static void page(struct pg_result *result)
{
	static const struct pg_row *found[PAGE_MAX];
	const struct pg_row *last = NULL;
	int count = 0;

	while (count < PAGE_MAX) {
		const struct pg_row *least = NULL;

		for (uint32_t index = 0; index < pg.stray_count; index++) {
			const struct pg_stray *stray = &pg.stray[index];

			if (stray->brought_seq == 0 && !stray->refused &&
				(last == NULL || comes_before(last, &stray->row)) &&
				(least == NULL || comes_before(&stray->row, least)))
				least = &stray->row;
		}
		if (least == NULL)
			break;
		found[count++] = last = least;
	}
	result_shape(result, count, 8, 1);
	for (int at = 0; at < count; at++)
		pg_put_row(result, at, found[at]);
}

static void mark(const struct command *command)
{
	struct cells hashes = cells_of(command, 2), seqs = cells_of(command, 3), words = cells_of(command, 4);

	for (uint32_t left = hashes.count; left > 0; left--) {
		struct pg_stray *to = &work.mark[work.marks];
		uint32_t length;
		const uint8_t *bytes = cell_next(&hashes, &length);

		if (work.marks == MARKS_MAX || length != 32)
			sim_violation("the simulator", "marks of stray rows that it cannot keep");
		*to = (struct pg_stray){.refused = false};
		memcpy(to->row.hash, bytes, 32);
		bytes = cell_next(&seqs, &length);
		for (uint32_t index = 0; length == 8 && index < 8; index++)
			to->brought_seq = to->brought_seq << 8 | bytes[index];
		(void)cell_next(&words, &length);
		to->refused = length != UINT32_MAX;
		work.marks++;
	}
}

bool pg_stray_statement(const struct command *command, struct pg_result *result)
{
	const char *text = command->text;

	if (strncmp(text, "WITH added AS (INSERT INTO dispatch.stray", 41) == 0)
		add(command, result);
	else if (strstr(text, "FROM dispatch.stray") != NULL &&
		 strncmp(text, "SELECT seq, (extract", 20) == 0)
		page(result);
	else if (strncmp(text, "UPDATE dispatch.stray", 21) == 0)
		mark(command);
	else
		return false;
	return true;
}
