/* pg_lease: the row of dispatch.lease, and the statements that rest on it; no two transactions are open at once here. */
#include <stdlib.h>
#include <string.h>

#include "pg_wire.h"

static struct {
	bool changed;
	struct pg_lease row;
} work;

void pg_lease_begin(void)
{
	work.changed = false;
}

void pg_lease_commit(void)
{
	bool other = work.changed && work.row.epoch != pg.lease.epoch;

	if (work.changed)
		pg.lease = work.row;
	work.changed = false;
	if (other && pg.leased != NULL)
		pg.leased(&pg.lease);
}

static const struct pg_lease *lease_now(void)
{
	return work.changed ? &work.row : &pg.lease;
}

static const char *text_of(const struct command *command, int param)
{
	return (const char *)command->bytes + command->offset[param];
}

static uint64_t number_of(const struct command *command, int param)
{
	return strtoull(text_of(command, param), NULL, 10);
}

static bool is_ours(const struct command *command, int param)
{
	const struct pg_lease *row = lease_now();

	return row->epoch != 0 && row->epoch == number_of(command, param) &&
	       strcmp(row->holder, text_of(command, param + 1)) == 0;
}

int64_t pg_lease_word(const struct command *command, int param)
{
	uint64_t epoch = lease_now()->epoch;

	if (is_ours(command, param))
		return 0;
	return epoch != 0 && epoch >= number_of(command, param) ? (int64_t)epoch : -1;
}

/* One row, if it was done. */
static void done(struct pg_result *result, bool yes)
{
	result_shape(result, yes ? 1 : 0, 1, 0);
	if (yes)
		result_put(result, 0, 0, "1", 1);
}

static void put(const struct command *command, uint64_t beat)
{
	const char *holder = text_of(command, 2);
	size_t size = strlen(holder);

	if (size >= sizeof work.row.holder)
		sim_violation("the simulator", "a holder's name that is too long");
	work.changed = true;
	work.row = (struct pg_lease){.epoch = number_of(command, 1), .beat = beat};
	memcpy(work.row.holder, holder, size);
}

static void look(struct pg_result *result)
{
	const struct pg_lease *row = lease_now();

	result_shape(result, row->epoch != 0 ? 1 : 0, 3, 1);
	if (row->epoch == 0)
		return;
	result_put_i64(result, 0, 0, (int64_t)row->epoch);
	result_put_i64(result, 0, 1, (int64_t)row->beat);
	result_put(result, 0, 2, row->holder, (int)strlen(row->holder));
}

static bool is(const char *text, const char *begins)
{
	return strncmp(text, begins, strlen(begins)) == 0;
}

bool pg_lease_statement(const struct command *command, struct pg_result *result)
{
	const struct pg_lease *row = lease_now();
	const char *text = command->text;
	bool yes;

	if (is(text, "WITH fence AS")) {
		result_shape(result, 1, 2, 1);
		result_put_i64(result, 0, 0, pg_lease_word(command, 1));
		if (row->epoch != 0)
			result_put_i64(result, 0, 1, (int64_t)row->epoch);
	} else if (is(text, "UPDATE dispatch.lease SET beat")) {
		yes = is_ours(command, 1);
		if (yes)
			put(command, row->beat + 1);
		done(result, yes);
	} else if (is(text, "UPDATE dispatch.lease SET epoch")) {
		yes = row->epoch != 0 && row->epoch == number_of(command, 3) &&
		      row->beat == number_of(command, 4) && number_of(command, 1) > row->epoch;
		if (yes)
			put(command, row->beat + 1);
		done(result, yes);
	} else if (is(text, "INSERT INTO dispatch.lease")) {
		yes = row->epoch == 0;
		if (yes)
			put(command, 0);
		done(result, yes);
	} else if (is(text, "SELECT count(pg_terminate_backend")) {
		done(result, true);
	} else if (is(text, "SELECT epoch, beat, holder FROM dispatch.lease")) {
		look(result);
	} else {
		return false;
	}
	return true;
}
