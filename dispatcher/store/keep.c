/* keep: the newest whole snapshot's file, in parts, into dispatch.snapshot, and back; knows nothing of what is in it. */
#include "store/keep.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/array.h"
#include "store/snapshot_file.h"

enum { NUMBER_BYTES = 24 };

static const char PUT[] =
	"INSERT INTO dispatch.snapshot AS s (town_id, stream, seq, part, parts, at, hash, body) VALUES ($1, "
	"$2, "
	"$3::bigint, $4::integer, $5::integer, 'epoch'::timestamptz + $6::bigint * interval '1 ms', $7, $8) "
	"ON CONFLICT (town_id, stream, seq, part) DO UPDATE SET parts = excluded.parts, at = excluded.at, "
	"hash = excluded.hash, body = excluded.body";

/* All but this one and the one before it. */
static const char PRUNE[] =
	"DELETE FROM dispatch.snapshot WHERE town_id = $1 AND stream = $2 AND seq < coalesce((SELECT "
	"max(o.seq) FROM "
	"dispatch.snapshot o WHERE o.town_id = $1 AND o.stream = $2 AND o.seq < $3::bigint), 0)";

static const char NEWEST[] =
	"SELECT seq, min(parts)::bigint, decode(min(encode(hash, 'hex')), 'hex'), count(*) FROM "
	"dispatch.snapshot WHERE town_id = $1 AND "
	"stream = $2 GROUP BY seq HAVING count(*) = min(parts) AND min(parts) = max(parts) AND "
	"min(encode(hash, 'hex')) = max(encode(hash, 'hex')) ORDER BY seq DESC LIMIT 1";

static const char PART[] = "SELECT body FROM dispatch.snapshot WHERE town_id = $1 AND stream = $2 AND "
			   "seq = $3::bigint AND part = $4::integer";

void keep_init(struct keep *keep, const struct file_ops *ops, const char *town_id, const char *stream)
{
	*keep = (struct keep){.ops = ops, .town_id = town_id, .stream = stream, .fd = -1};
}

void keep_close(struct keep *keep)
{
	keep_restart(keep);
	free(keep->buffer);
	keep->buffer = NULL;
}

void keep_offer(
	struct keep *keep, int dir_fd, uint64_t seq, int64_t at_ms, const uint8_t hash[STORE_HASH_BYTES])
{
	keep->dir_fd = dir_fd;
	keep->seq = seq;
	keep->at_ms = at_ms;
	memcpy(keep->hash, hash, STORE_HASH_BYTES);
}

void keep_restart(struct keep *keep)
{
	if (keep->fd >= 0)
		(void)keep->ops->close(keep->fd);
	keep->fd = -1;
	keep->sending_seq = 0;
}

bool keep_due(const struct keep *keep, uint64_t journal_seq)
{
	return keep->sending_seq != 0 || (keep->seq > keep->kept_seq && keep->seq <= journal_seq);
}

static void give_up(struct keep *keep, struct link *link, const char *why)
{
	link_tell(link, STORE_WARNING, "the snapshot after row %" PRIu64 " is not kept here: %s", keep->seq,
		why);
	keep->kept_seq = keep->seq;
	keep_restart(keep);
}

static bool begin(struct keep *keep, struct link *link)
{
	char name[FILE_NAME_BYTES];
	uint64_t size = 0;

	snapshot_name_put(name, keep->seq);
	keep->fd = keep->ops->openat(keep->dir_fd, name, O_RDONLY | O_CLOEXEC, 0);
	if (keep->fd < 0 || keep->ops->size(keep->fd, &size) != 0) {
		give_up(keep, link, strerror(errno));
		return false;
	}
	if (size == 0 || size > KEEP_BYTES_MAX) {
		give_up(keep, link,
			"its size is above the limit; a start without the local log reads the whole journal");
		return false;
	}
	if (keep->buffer == NULL)
		keep->buffer = malloc(KEEP_PART_BYTES);
	if (keep->buffer == NULL) {
		give_up(keep, link, "no memory");
		return false;
	}
	keep->sending_seq = keep->seq;
	keep->sending_at_ms = keep->at_ms;
	memcpy(keep->sending_hash, keep->hash, STORE_HASH_BYTES);
	keep->bytes = size;
	keep->part = 0;
	keep->part_count = (uint32_t)((keep->bytes + KEEP_PART_BYTES - 1) / KEEP_PART_BYTES);
	return true;
}

bool keep_send(struct keep *keep, struct link *link)
{
	char seq[NUMBER_BYTES];
	char part[NUMBER_BYTES];
	char parts[NUMBER_BYTES];
	char at[NUMBER_BYTES];
	static const Oid oid[8] = {OID_TEXT, OID_TEXT, 0, 0, 0, 0, OID_BYTEA, OID_BYTEA};
	static const int format[8] = {0, 0, 0, 0, 0, 0, 1, 1};
	size_t got = 0;

	if (keep->sending_seq == 0 && !begin(keep, link))
		return true;
	uint64_t offset = (uint64_t)keep->part * KEEP_PART_BYTES;

	if (file_read_some(keep->ops, keep->fd, keep->buffer, KEEP_PART_BYTES, offset, &got) != DISP_OK ||
		got == 0) {
		give_up(keep, link, "its file cannot be read");
		return true;
	}
	const char *value[8] = {keep->town_id, keep->stream, seq, part, parts, at,
		(const char *)keep->sending_hash, (const char *)keep->buffer};
	const int length[8] = {0, 0, 0, 0, 0, 0, STORE_HASH_BYTES, (int)got};

	snprintf(seq, sizeof(seq), "%" PRIu64, keep->sending_seq);
	snprintf(part, sizeof(part), "%" PRIu32, keep->part);
	snprintf(parts, sizeof(parts), "%" PRIu32, keep->part_count);
	snprintf(at, sizeof(at), "%" PRId64, keep->sending_at_ms);
	return PQsendQueryParams(link->pg, PUT, 8, oid, value, length, format, 0) == 1 &&
	       (keep->part + 1 < keep->part_count ||
		       PQsendQueryParams(link->pg, PRUNE, 3, oid, value, NULL, NULL, 0) == 1);
}

void keep_sent(struct keep *keep, struct link *link, bool refused)
{
	if (refused) {
		give_up(keep, link, "it was refused");
		return;
	}
	if (keep->sending_seq == 0 || ++keep->part < keep->part_count)
		return;
	link_tell(link, STORE_INFO, "the snapshot after row %" PRIu64 " is kept here, too: %" PRIu64 " bytes",
		keep->sending_seq, keep->bytes);
	keep->kept_seq = keep->sending_seq;
	keep_restart(keep);
}

bool keep_ask_newest(PGconn *pg, const char *town_id, const char *stream)
{
	const Oid oid[2] = {OID_TEXT, OID_TEXT};
	const char *value[2] = {town_id, stream};

	return PQsendQueryParams(pg, NEWEST, 2, oid, value, NULL, NULL, 1) == 1;
}

bool keep_ask_part(PGconn *pg, const char *town_id, const char *stream, uint64_t seq, uint32_t part)
{
	char seq_text[NUMBER_BYTES];
	char part_text[NUMBER_BYTES];
	const Oid oid[4] = {OID_TEXT, OID_TEXT, 0, 0};
	const char *value[4] = {town_id, stream, seq_text, part_text};

	snprintf(seq_text, sizeof(seq_text), "%" PRIu64, seq);
	snprintf(part_text, sizeof(part_text), "%" PRIu32, part);
	return PQsendQueryParams(pg, PART, 4, oid, value, NULL, NULL, 1) == 1;
}
