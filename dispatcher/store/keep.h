/* keep: the newest whole snapshot's file, in parts, into dispatch.snapshot, and back; knows nothing of what is in it. */
#ifndef STORE_KEEP_H
#define STORE_KEEP_H

#include "store/file_ops.h"
#include "store/link.h"

/*
 * Between the projector's batches one part of KEEP_PART_BYTES is sent at a time, so that neither a turn nor a projection
 * waits for more than that. A file above KEEP_BYTES_MAX is not kept there: the whole journal is then read instead. When the
 * last part is in, the snapshots before the one before it go.
 */
enum {
	KEEP_PART_BYTES = 1 << 20,
	KEEP_BYTES_MAX = 128 << 20,
	KEEP_PARTS_MAX = KEEP_BYTES_MAX / KEEP_PART_BYTES
};

struct keep {
	const struct file_ops *ops;
	const char *town_id, *stream;
	int dir_fd;

	/* the newest in the folder */
	uint64_t seq; /* 0: none */
	int64_t at_ms;
	uint8_t hash[STORE_HASH_BYTES]; /* of row seq */

	uint64_t kept_seq;    /* done with: in the database, or given up */
	uint64_t sending_seq; /* 0: none */
	int64_t sending_at_ms;
	uint8_t sending_hash[STORE_HASH_BYTES];
	int fd; /* of that file; -1 */
	uint64_t bytes;
	uint32_t part, part_count;
	uint8_t *buffer; /* KEEP_PART_BYTES, from the first use on */
};

void keep_init(struct keep *keep, const struct file_ops *ops, const char *town_id, const char *stream);
void keep_close(struct keep *keep);

/* There is a newer file: of the state after row seq, whose event time and hash these are. */
void keep_offer(
	struct keep *keep, int dir_fd, uint64_t seq, int64_t at_ms, const uint8_t hash[STORE_HASH_BYTES]);

/* The connection is a new one: what was under way begins anew. */
void keep_restart(struct keep *keep);

/* Whether a part waits to be sent: not before the journal has the row. */
bool keep_due(const struct keep *keep, uint64_t journal_seq);

/* The next part, without a Sync. False: as PQsendQueryParams; a file that cannot be read is given up, and told. */
bool keep_send(struct keep *keep, struct link *link);

/* What was sent is in the database; or was refused: given up until the next snapshot. */
void keep_sent(struct keep *keep, struct link *link, bool refused);

/* ---- back ---- */

/* The newest snapshot of which all parts are there: seq, parts, hash, and parts again. The second: one part's bytes. */
enum { KEEP_NEWEST_FIELDS = 4 };
bool keep_ask_newest(PGconn *pg, const char *town_id, const char *stream);
bool keep_ask_part(PGconn *pg, const char *town_id, const char *stream, uint64_t seq, uint32_t part);

#endif
