/* log_file: lists segments, reads and checks records, tells a torn tail from damage; never writes. */
#include "store/log_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "store/bytes.h"
#include "store/crc32c.h"

enum { MAGIC = 0x31474c44, SOURCE_BYTES = 256 << 10 };

/* --- records ---------------------------------------------------------------------------------- */

void log_record_put(uint8_t *bytes, const struct log_record *record)
{
	bytes_put_u32(bytes, MAGIC);
	bytes_put_u32(bytes + 4, 0);
	bytes_put_u32(bytes + 8, record->payload_bytes);
	bytes_put_u32(bytes + 12, record->count);
	bytes_put_u64(bytes + 16, record->first);
	bytes_put_u64(bytes + 24, record->durable);
}

uint32_t log_record_bytes(const uint8_t *bytes)
{
	return LOG_HEAD_BYTES + bytes_get_u32(bytes + 8);
}

void log_record_seal(uint8_t *bytes, uint64_t durable)
{
	bytes_put_u64(bytes + 24, durable);
	bytes_put_u32(bytes + 4, crc32c_extend(0, bytes + 8, log_record_bytes(bytes) - 8));
}

void log_opening_put(uint8_t bytes[LOG_OPENING_BYTES], uint64_t first, uint64_t previous_first)
{
	struct log_record opening = {.first = first, .payload_bytes = 8};

	log_record_put(bytes, &opening);
	bytes_put_u64(bytes + LOG_HEAD_BYTES, previous_first);
	log_record_seal(bytes, first - 1);
}

static bool head_get(const uint8_t *bytes, struct log_record *record)
{
	record->payload_bytes = bytes_get_u32(bytes + 8);
	record->count = bytes_get_u32(bytes + 12);
	record->first = bytes_get_u64(bytes + 16);
	record->durable = bytes_get_u64(bytes + 24);
	return bytes_get_u32(bytes) == MAGIC &&
	       record->payload_bytes <= LOG_RECORD_BYTES_MAX - LOG_HEAD_BYTES &&
	       record->count <= record->payload_bytes / 4 && record->durable < record->first &&
	       record->first <= UINT64_MAX - record->count;
}

/* The rows must fill the payload exactly. */
static bool rows_fit(const uint8_t *payload, const struct log_record *record)
{
	uint32_t left = record->payload_bytes;

	if (record->count == 0)
		return left == 8;
	for (uint32_t index = 0; index < record->count; index++) {
		if (left < 4)
			return false;
		uint32_t len = bytes_get_u32(payload);
		if (len > left - 4)
			return false;
		payload += 4 + len;
		left -= 4 + len;
	}
	return left == 0;
}

/* --- segments --------------------------------------------------------------------------------- */

enum disp_err log_segments_add(struct log_segments *segments, uint64_t first)
{
	if (segments->count == segments->max) {
		uint32_t max = segments->max ? segments->max * 2 : 16;
		struct log_segment *item = realloc(segments->item, max * sizeof *item);
		if (!item)
			return DISP_E_FULL;
		segments->item = item;
		segments->max = max;
	}
	segments->item[segments->count++] = (struct log_segment){.first = first};
	return DISP_OK;
}

void log_segments_remove(struct log_segments *segments, uint32_t index)
{
	free(segments->item[index].mark);
	segments->count--;
	memmove(segments->item + index, segments->item + index + 1,
		(segments->count - index) * sizeof *segments->item);
}

void log_segments_free(struct log_segments *segments)
{
	while (segments->count > 0)
		log_segments_remove(segments, segments->count - 1);
	free(segments->item);
	*segments = (struct log_segments){0};
}

uint32_t log_segments_find(const struct log_segments *segments, uint64_t seq)
{
	uint32_t low = 0, high = segments->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (segments->item[middle].first <= seq)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ? UINT32_MAX : low - 1;
}

static int by_first(const void *left, const void *right)
{
	const struct log_segment *a = left, *b = right;

	return (a->first > b->first) - (a->first < b->first);
}

struct listing {
	struct log_segments *segments;
	enum disp_err err;
};

static void segment_visit(void *context, const char *name)
{
	struct listing *listing = context;
	uint64_t first;

	if (listing->err == DISP_OK && file_name_get(name, "", ".log", &first) && first > 0)
		listing->err = log_segments_add(listing->segments, first);
}

enum disp_err log_segments_list(struct log_segments *segments, const struct file_ops *ops, int dir_fd)
{
	struct listing listing = {.segments = segments, .err = DISP_OK};

	if (ops->list(dir_fd, segment_visit, &listing) != 0)
		return DISP_E_IO;
	errno = ENOMEM;
	if (listing.err != DISP_OK)
		return DISP_E_IO;
	if (segments->count > 0)
		qsort(segments->item, segments->count, sizeof *segments->item, by_first);
	return DISP_OK;
}

void log_segment_mark(struct log_segment *segment, uint64_t seq, uint64_t offset)
{
	if (segment->mark_count > 0 &&
		offset < segment->mark[segment->mark_count - 1].offset + LOG_MARK_EVERY_BYTES)
		return;
	if (segment->mark_count == segment->mark_max) {
		uint32_t max = segment->mark_max ? segment->mark_max * 2 : 16;
		struct log_mark *mark = realloc(segment->mark, max * sizeof *mark);
		if (!mark)
			return;
		segment->mark = mark;
		segment->mark_max = max;
	}
	segment->mark[segment->mark_count++] = (struct log_mark){seq, offset};
}

struct log_mark log_segment_nearest(const struct log_segment *segment, uint64_t seq)
{
	uint32_t low = 0, high = segment->mark_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (segment->mark[middle].seq <= seq)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ? (struct log_mark){segment->first, 0} : segment->mark[low - 1];
}

/* --- reading ---------------------------------------------------------------------------------- */

enum disp_err log_source_open(
	struct log_source *source, const struct file_ops *ops, int dir_fd, uint64_t first)
{
	char name[FILE_NAME_BYTES];

	log_source_close(source);
	source->ops = ops;
	file_name_put(name, "", first, ".log");
	source->fd = ops->openat(dir_fd, name, O_RDONLY | O_CLOEXEC, 0);
	source->what = source->fd < 0 ? "cannot open the segment" : "";
	return source->fd < 0 ? DISP_E_IO : DISP_OK;
}

void log_source_close(struct log_source *source)
{
	if (source->fd >= 0)
		(void)source->ops->close(source->fd);
	source->fd = -1;
	source->used = 0;
	source->at = 0;
}

void log_source_free(struct log_source *source)
{
	log_source_close(source);
	free(source->buffer);
	source->buffer = NULL;
	source->max = 0;
}

static bool grow(struct log_source *source, size_t need)
{
	size_t max = source->max ? source->max : SOURCE_BYTES;

	while (max < need)
		max *= 2;
	if (max == source->max)
		return true;
	uint8_t *buffer = realloc(source->buffer, max);
	if (!buffer)
		return false;
	source->buffer = buffer;
	source->max = max;
	return true;
}

/* Makes `need` bytes from `offset` on present, as far as the file has them; *have says how many are. */
static enum disp_err fill(struct log_source *source, uint64_t offset, size_t need, size_t *have)
{
	uint64_t size;
	size_t got;

	if (offset >= source->at && offset - source->at <= source->used &&
		source->used - (offset - source->at) >= need) {
		*have = source->used - (size_t)(offset - source->at);
		return DISP_OK;
	}
	if (need > source->max && source->max > 0) { /* do not believe a length that the file cannot hold */
		source->what = "cannot read the segment's size";
		if (source->ops->size(source->fd, &size) != 0)
			return DISP_E_IO;
		if (size < offset + need)
			need = source->max;
	}
	source->what = "no memory to read a record";
	errno = ENOMEM;
	if (!grow(source, need))
		return DISP_E_IO;
	source->what = "cannot read the segment";
	source->used = 0;
	source->at = offset;
	if (file_read_some(source->ops, source->fd, source->buffer, source->max, offset, &got) != DISP_OK)
		return DISP_E_IO;
	source->used = got;
	*have = got;
	return DISP_OK;
}

static enum disp_err damaged(struct log_source *source, const char *what)
{
	source->what = what;
	return DISP_E_DAMAGED;
}

/* Checks the record at `offset` in all but its place in the sequence. */
static enum disp_err record_at(
	struct log_source *source, uint64_t offset, struct log_record *record, const uint8_t **bytes)
{
	size_t have;
	enum disp_err err = fill(source, offset, LOG_HEAD_BYTES, &have);

	if (err != DISP_OK)
		return err;
	if (have == 0)
		return DISP_E_NONE;
	if (have < LOG_HEAD_BYTES)
		return damaged(source, "the file ends within a record's head");
	if (!head_get(source->buffer + (offset - source->at), record))
		return damaged(source, "not a record's head");

	uint32_t size = LOG_HEAD_BYTES + record->payload_bytes;
	err = fill(source, offset, size, &have);
	if (err != DISP_OK)
		return err;
	if (have < size)
		return damaged(source, "the file ends within a record");
	*bytes = source->buffer + (offset - source->at);
	if (bytes_get_u32(*bytes + 4) != crc32c_extend(0, *bytes + 8, size - 8))
		return damaged(source, "wrong checksum");
	if (!rows_fit(*bytes + LOG_HEAD_BYTES, record))
		return damaged(source, "row lengths do not fill the record");
	return DISP_OK;
}

enum disp_err log_source_record(struct log_source *source, uint64_t offset, uint64_t expected,
	struct log_record *record, const uint8_t **bytes)
{
	bool fresh = source->used == 0;
	enum disp_err err = record_at(source, offset, record, bytes);

	/* What was read ahead may have been read while it was written: look once more before crying damage.
	 */
	if ((err == DISP_E_DAMAGED || err == DISP_E_NONE) && !fresh) {
		source->used = 0;
		err = record_at(source, offset, record, bytes);
	}
	if (err != DISP_OK)
		return err;
	if (record->first != expected)
		return damaged(source, "a record out of sequence");
	if ((record->count == 0) != (offset == 0))
		return damaged(source, "a segment's opening record where none belongs, or none");
	source->what = "";
	return DISP_OK;
}

/* Every byte may begin a record. A false magic costs one head check; a false head with a true crc does not
 * happen. */
enum disp_err log_source_behind(
	struct log_source *source, uint64_t offset, uint64_t expected, bool *was_durable, uint64_t *rows)
{
	const uint8_t magic[4] = {MAGIC & 0xff, MAGIC >> 8 & 0xff, MAGIC >> 16 & 0xff, MAGIC >> 24 & 0xff};
	struct log_record record;
	const uint8_t *bytes;
	size_t have;

	*was_durable = false;
	*rows = 0;
	source->used = 0;
	for (;;) {
		enum disp_err err = fill(source, offset, LOG_HEAD_BYTES, &have);
		if (err != DISP_OK || have < LOG_HEAD_BYTES)
			return err;
		const uint8_t *from = source->buffer + (offset - source->at);
		const uint8_t *found = memmem(from, have, magic, sizeof magic);
		offset += found ? (uint64_t)(found - from) : have - (sizeof magic - 1);
		if (!found)
			continue;
		err = record_at(source, offset, &record, &bytes);
		if (err == DISP_E_IO)
			return err;
		if (err == DISP_OK && record.first >= expected) {
			*was_durable |= record.durable >= expected;
			*rows += record.count;
			offset += LOG_HEAD_BYTES + record.payload_bytes;
		} else {
			offset++;
		}
	}
}
