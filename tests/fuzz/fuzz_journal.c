/* fuzz_journal: rows as the database may give them back: their columns, their chain, their bytes, and what they do to a core. */
#include "fuzz_row.h"
#include "fuzz_town_core.h"

#include "store/chain.h"
#include "store/readback.h"
#include "wire/row_core.h"

/*
 * An input: one byte of flags, then rows, each its eight columns: u16 length (0xffff: NULL) and the bytes. FLAG_BODY: what
 * stands behind the flags is the body of one row instead. FLAG_CHAIN: the hashes are made right first.
 */
enum { FLAG_CHAIN = 1, FLAG_BODY = 2, COLUMNS = 8, ROWS_MAX = 8, NULL_LENGTH = 0xffff };

static struct fuzz_block town;

/* One case is open, with orders: the numbers of a row may name something. */
int LLVMFuzzerInitialize(int *count, char ***value)
{
	(void)count;
	(void)value;
	(void)fuzz_town_open(&town);
	return 0;
}

/* --- a row ---------------------------------------------------------------------------------------- */

/* Whatever the row says, it is shown, and it is applied or refused; what was applied is still a whole core. */
static void apply(const struct store_row *row)
{
	static struct row_scratch scratch, scratch_again;
	static struct row_core names;
	static struct effect item[EFFECTS_MAX];
	struct core *core = town.core;
	struct row_names by_core = row_core_names(&names, core);
	struct event event, again;
	struct effects effects = {0, item};

	memset(item, 0x3c, sizeof(item));
	if (row_decode(row->body, row->size, &event, &effects, &scratch) != DISP_OK)
		return;
	FUZZ_MUST(event.kind > EVENT_NONE && event.kind < EVENT_KIND_COUNT && effects.count <= EFFECTS_MAX);
	(void)fuzz_row_round(&event, &effects, &again, &scratch_again);
	fuzz_row_json(&event, &effects, &by_core);
	fuzz_row_json(&event, &effects, NULL);
	event.seq = query_town(core)->seq + 1; /* else it is refused before anything is looked at */
	if (event.at_ms < query_town(core)->at_ms)
		event.at_ms = query_town(core)->at_ms;
	if (core_apply(core, &event, &effects) == DISP_OK)
		FUZZ_MUST(core_digest(core) == core_digest_full(core));
	else
		fuzz_block_restore(&town);
}

static void check_row(struct store_row *row, uint8_t prev[STORE_HASH_BYTES], bool chained)
{
	uint8_t hash[STORE_HASH_BYTES], head[CHAIN_HEAD_BYTES];
	struct store_row read;

	chain_hash(row, hash);
	if (chained) {
		row->prev_hash = prev;
		chain_hash(row, hash);
		row->hash = hash;
	}
	enum disp_err err = chain_row_check(row, prev);

	FUZZ_MUST(!chained || err == DISP_OK);
	FUZZ_MUST(err != DISP_OK || memcmp(hash, row->hash, sizeof(hash)) == 0);
	uint8_t *bytes = malloc(CHAIN_HEAD_BYTES + (size_t)row->size);

	FUZZ_MUST(bytes != NULL);
	chain_row_put(row, head);
	memcpy(bytes, head, sizeof(head));
	memcpy(bytes + sizeof(head), row->body, row->size);
	FUZZ_MUST(chain_row_get(row->seq, bytes, sizeof(head) + row->size, &read) == DISP_OK);
	FUZZ_MUST(chain_row_check(&read, prev) == err && read.at_ms == row->at_ms && read.kind == row->kind);
	apply(&read);
	memcpy(prev, hash, sizeof(hash));
	free(bytes);
}

/* --- an input --------------------------------------------------------------------------------------- */

static PGresult *result_of(struct fuzz_input *input)
{
	static char names[COLUMNS][8] = {"seq", "at", "epoch", "kind", "plan", "body", "prev", "hash"};
	PGresAttDesc column[COLUMNS] = {0};
	PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);

	for (int index = 0; index < COLUMNS; index++)
		column[index] =
			(PGresAttDesc){.name = names[index], .format = 1, .typlen = -1, .atttypmod = -1};
	FUZZ_MUST(result != NULL && PQsetResultAttrs(result, COLUMNS, column) == 1);
	for (int row = 0; row < ROWS_MAX && input->left > 0; row++)
		for (int index = 0; index < COLUMNS; index++) {
			size_t len = fuzz_u16(input);
			bool none = len == NULL_LENGTH;
			const uint8_t *bytes = fuzz_bytes(input, none ? 0 : len, &len);
			char *copy = malloc(len + 1); /* libpq takes no const, and wants none changed */

			FUZZ_MUST(copy != NULL);
			if (len > 0)
				memcpy(copy, bytes, len);
			FUZZ_MUST(PQsetvalue(result, row, index, none ? NULL : copy, none ? -1 : (int)len) ==
				  1);
			free(copy);
		}
	return result;
}

static void run_rows(struct fuzz_input *input, bool chained)
{
	uint8_t prev[STORE_HASH_BYTES] = {0};
	PGresult *result = result_of(input);
	struct store_row row;

	for (int index = 0; index < PQntuples(result); index++)
		if (readback_row(result, index, &row) == DISP_OK)
			check_row(&row, prev, chained);
	PQclear(result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t zeros[STORE_HASH_BYTES];
	struct fuzz_input input = {data, size};
	uint8_t flags = fuzz_u8(&input);

	fuzz_block_restore(&town);
	if ((flags & FLAG_BODY) != 0)
		apply(&(struct store_row){.seq = 1,
			.plan_hash = zeros,
			.prev_hash = zeros,
			.hash = zeros,
			.body = input.at,
			.size = (uint32_t)input.left});
	else
		run_rows(&input, (flags & FLAG_CHAIN) != 0);
	return 0;
}
