/* check_log: reads the log's durable bytes as log.h and chain.h describe them, and applies each row once to a core. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "check_pair.h"
#include "town.h"
#include "wire/row.h"

enum { HEAD = 32, CHAIN_HEAD = 120 };

static struct check_row *rows;
static uint64_t rows_max, durable[NODES_MAX], shadow_seq;
static struct check_row *own[NODES_MAX]; /* of two daemons: what is durable there; [own_max] */
static uint64_t own_max[NODES_MAX];
static bool strays[NODES_MAX]; /* its log is being set aside */
static void *shadow_memory;
static struct core *shadow;
static struct effects effects;
static struct row_scratch *scratch;
static uint32_t crc_table[256];
static bool seen_any[NODES_MAX];

static uint64_t little(const uint8_t *bytes, uint32_t count)
{
	uint64_t value = 0;

	while (count > 0)
		value = value << 8 | bytes[--count];
	return value;
}

/* CRC-32C (Castagnoli), RFC 3720, a byte at a time: the store has its own. */
static uint32_t crc32c_of(const uint8_t *bytes, size_t size)
{
	uint32_t crc = UINT32_MAX;

	for (uint32_t index = 0; crc_table[255] == 0 && index < 256; index++) {
		uint32_t entry = index;

		for (int bit = 0; bit < 8; bit++)
			entry = entry >> 1 ^ (entry & 1 ? UINT32_C(0x82f63b78) : 0);
		crc_table[index] = entry;
	}
	for (size_t at = 0; at < size; at++)
		crc = crc >> 8 ^ crc_table[(crc ^ bytes[at]) & 0xff];
	return ~crc;
}

static void check_memory(const void *memory)
{
	if (memory == NULL)
		abort();
}

void check_begin(void)
{
	struct core_limits limits;
	struct core_rules rules;
	struct travel travel = town_travel(0);

	town_limits(&limits);
	core_rules_default(&rules);
	if (shadow_memory == NULL) {
		shadow_memory = malloc(core_size(&limits));
		effects.item = calloc(EFFECTS_MAX, sizeof(struct effect));
		scratch = calloc(1, sizeof *scratch);
	}
	check_memory(shadow_memory);
	check_memory(effects.item);
	check_memory(scratch);
	memset(shadow_memory, 0, core_size(&limits));
	if (core_init(shadow_memory, &limits, &rules, &travel, &shadow) != DISP_OK)
		abort();
	memset(durable, 0, sizeof durable);
	memset(seen_any, 0, sizeof seen_any);
	memset(strays, 0, sizeof strays);
	shadow_seq = 0;
	check_rows_begin();
	check_pair_begin();
}

void check_end(void)
{
	free(rows);
	rows = NULL;
	rows_max = 0;
	for (uint32_t number = 0; number < NODES_MAX; number++) {
		free(own[number]);
		own[number] = NULL;
		own_max[number] = 0;
	}
}

void check_new_disk(const struct node *self)
{
	durable[self->number] = 0;
	if (own[self->number] != NULL)
		memset(own[self->number], 0, own_max[self->number] * sizeof *own[0]);
}

uint64_t check_durable(const struct node *self)
{
	return durable[self->number];
}

const struct check_row *check_row_at(uint64_t seq)
{
	return seq >= 1 && seq <= shadow_seq ? &rows[seq - 1] : NULL;
}

uint64_t check_shadow_digest(uint64_t *seq)
{
	*seq = shadow_seq;
	return core_digest(shadow);
}

/* SHA-256 over the row and its predecessor's hash, as chain.h has it. */
static void check_hash(uint64_t seq, const uint8_t *bytes, const uint8_t *body, size_t size, const char *kind)
{
	crypto_hash_sha256_state state;
	uint8_t numbers[24], hash[32];

	for (unsigned index = 0; index < 8; index++) {
		numbers[index] = (uint8_t)(seq >> (56 - 8 * index));
		numbers[8 + index] = bytes[8 + 7 - index];
		numbers[16 + index] = bytes[16 + 7 - index];
	}
	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, bytes + 56, 32);
	crypto_hash_sha256_update(&state, numbers, 24);
	crypto_hash_sha256_update(&state, bytes + 24, 32);
	crypto_hash_sha256_update(&state, (const uint8_t *)kind, strlen(kind) + 1);
	crypto_hash_sha256_update(&state, body, size);
	crypto_hash_sha256_final(&state, hash);
	if (memcmp(hash, bytes + 88, 32) != 0)
		sim_violation("the chain is whole", "row %llu has another hash", (unsigned long long)seq);
	if (seq > 1 && memcmp(rows[seq - 2].hash, bytes + 56, 32) != 0)
		sim_violation("the chain is whole", "row %llu follows another row", (unsigned long long)seq);
}

static struct check_row *make_room(struct check_row **list, uint64_t *max, uint64_t seq)
{
	uint64_t more = *max == 0 ? 16384 : *max;

	while (more < seq)
		more *= 2;
	if (more != *max) {
		*list = realloc(*list, more * sizeof **list);
		check_memory(*list);
		memset(*list + *max, 0, (more - *max) * sizeof **list);
		*max = more;
	}
	return &(*list)[seq - 1];
}

static void first_seen(uint64_t seq, const uint8_t *bytes, size_t size)
{
	struct event event;
	struct text word = words_of(WORDS_EVENT, (uint32_t)little(bytes + 4, 4));
	char kind[64] = "";

	(void)make_room(&rows, &rows_max, seq);
	memcpy(kind, word.ptr, word.len);
	check_hash(seq, bytes, bytes + CHAIN_HEAD, size - CHAIN_HEAD, kind);
	memcpy(rows[seq - 1].hash, bytes + 88, 32);
	rows[seq - 1].at_ms = (int64_t)little(bytes + 8, 8);
	rows[seq - 1].epoch = little(bytes + 16, 8);
	shadow_seq = seq;
	if (row_decode(bytes + CHAIN_HEAD, size - CHAIN_HEAD, &event, &effects, scratch) != DISP_OK ||
		core_apply(shadow, &event, &effects) != DISP_OK)
		sim_violation("rows can be applied", "row %llu cannot", (unsigned long long)seq);
	if (event.seq != seq || event.epoch != rows[seq - 1].epoch || event.at_ms != rows[seq - 1].at_ms)
		sim_violation("rows can be applied", "row %llu says it is another", (unsigned long long)seq);
	rows[seq - 1].digest = core_digest(shadow);
	check_row(&event, &effects);
	if (check_is_pair())
		check_pair_row(&event, &effects);
}

/* --- of two daemons ---------------------------------------------------------------------------------- */

static void put_little(uint8_t *bytes, uint64_t value, uint32_t count)
{
	for (uint32_t index = 0; index < count; index++)
		bytes[index] = (uint8_t)(value >> 8 * index);
}

/* In the form in which a log has it. */
void check_journal_grew(void)
{
	static uint8_t bytes[CHAIN_HEAD + (4 << 20)];
	const struct pg_row *row;

	while ((row = pg_find(shadow_seq + 1)) != NULL) {
		put_little(bytes + 4,
			words_find(WORDS_EVENT, (struct text){row->kind, (uint32_t)strlen(row->kind)}), 4);
		put_little(bytes + 8, (uint64_t)row->at_ms, 8);
		put_little(bytes + 16, row->epoch, 8);
		memcpy(bytes + 24, row->plan_hash, 32);
		memcpy(bytes + 56, row->prev_hash, 32);
		memcpy(bytes + 88, row->hash, 32);
		memcpy(bytes + CHAIN_HEAD, row->body, row->size);
		first_seen(row->seq, bytes, CHAIN_HEAD + row->size);
	}
}

const struct check_row *check_row_of(const struct node *self, uint64_t seq)
{
	static const uint8_t none[32];

	if (!check_is_pair())
		return check_row_at(seq);
	if (seq == 0 || seq > own_max[self->number] || seq > durable[self->number])
		return NULL;
	const struct check_row *row = &own[self->number][seq - 1];

	return memcmp(row->hash, none, 32) == 0 ? NULL : row;
}

static void take_own(struct node *self, uint64_t seq, const uint8_t *bytes)
{
	uint64_t *last = &durable[self->number];
	const struct check_row *before = check_row_of(self, seq);

	if (before != NULL) {
		if (memcmp(before->hash, bytes + 88, 32) != 0)
			sim_violation("durable for ever", "row %llu of n%u was another one before",
				(unsigned long long)seq, self->number);
		return;
	}
	if (seq > *last + 1 && *last != 0)
		return; /* behind a gap: not durable yet */
	const struct check_row *previous = check_row_of(self, seq - 1);

	if (previous != NULL && memcmp(previous->hash, bytes + 56, 32) != 0)
		sim_violation("the chain is whole", "row %llu of n%u follows another row",
			(unsigned long long)seq, self->number);
	struct check_row *row = make_room(&own[self->number], &own_max[self->number], seq);

	memcpy(row->hash, bytes + 88, 32);
	row->at_ms = (int64_t)little(bytes + 8, 8);
	row->epoch = little(bytes + 16, 8);
	*last = seq > *last ? seq : *last;
}

static void forget_file(void *context, struct disk_file *file, const char *name)
{
	(void)context;
	(void)name;
	file->read_bytes = 0;
}

static void forget_log(struct node *self)
{
	check_new_disk(self);
	disk_each_log(self->disk, forget_file, NULL);
}

void check_sets_stray(struct node *self, uint64_t from_seq)
{
	void *arena = memory_leave();

	(void)from_seq;
	strays[self->number] = true;
	memory_enter(arena);
}

/* What a start has found after that is what counts. */
void check_log_anew(struct node *self, bool recovered)
{
	void *arena = memory_leave();

	if (strays[self->number]) {
		forget_log(self);
		if (recovered)
			check_synced(self, self->disk);
		strays[self->number] = !recovered;
	}
	memory_enter(arena);
}

static void take_row(struct node *self, uint64_t seq, const uint8_t *bytes, size_t size)
{
	uint64_t *last = &durable[self->number];

	if (size < CHAIN_HEAD)
		sim_violation("the log's form", "row %llu is too short", (unsigned long long)seq);
	if (check_is_pair()) {
		take_own(self, seq, bytes);
		return;
	}
	if (seq == shadow_seq + 1)
		first_seen(seq, bytes, size);
	else if (seq > shadow_seq)
		return; /* behind a gap: not durable yet */
	else if (memcmp(rows[seq - 1].hash, bytes + 88, 32) != 0)
		sim_violation("durable for ever", "row %llu was another one before", (unsigned long long)seq);
	if (seq == *last + 1 || *last == 0) /* a new disk may begin anywhere */
		*last = seq;
}

/* One record. False: there is no whole one. */
static bool take_record(struct node *self, struct disk_file *file)
{
	const uint8_t *bytes = file->kept + file->read_bytes;
	uint64_t left = file->sure_bytes - file->read_bytes;

	if (file->sure_bytes < file->read_bytes || left < HEAD || little(bytes, 4) != 0x31474c44)
		return false;
	uint64_t payload = little(bytes + 8, 4), count = little(bytes + 12, 4), seq = little(bytes + 16, 8);

	if (payload > left - HEAD || crc32c_of(bytes + 8, HEAD - 8 + payload) != little(bytes + 4, 4))
		return false;
	const uint8_t *at = bytes + HEAD;

	for (; count > 0; count--, seq++) {
		uint64_t size = little(at, 4);

		take_row(self, seq, at + 4, size);
		at += 4 + size;
	}
	file->last_at = file->read_bytes;
	file->read_bytes += HEAD + payload;
	return true;
}

static void take_file(void *context, struct disk_file *file, const char *name)
{
	(void)name;
	while (take_record(context, file))
		;
}

void check_synced(void *context, struct disk *disk)
{
	void *arena = memory_leave();

	disk_each_log(disk, take_file, context);
	memory_enter(arena);
}
