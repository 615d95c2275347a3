/* snapshot_file: writes without heap or stdio, reads only what is whole; never writes over a good snapshot.
 */
#include "store/snapshot_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "store/bytes.h"
#include "store/crc32c.h"

enum { VERSION = 1, HEAD_BYTES = 24, ENTRY_BYTES = 24, TRAILER_BYTES = 24 };

static const char magic[8] = {'D', 'I', 'S', 'P', 'S', 'N', 'A', 'P'};
static const char prefix[] = "snapshot-";

void snapshot_name_put(char name[FILE_NAME_BYTES], uint64_t seq)
{
	file_name_put(name, prefix, seq, ".snap");
}

/* --- writing: async-signal-safe, all of it ---------------------------------------------------- */

static void fail(struct snapshot_writer *writer, enum disp_err err)
{
	if (writer->err != DISP_OK)
		return;
	writer->err = err;
	writer->os_errno = errno;
}

static void flush(struct snapshot_writer *writer)
{
	if (writer->err == DISP_OK && file_write_all(writer->ops, writer->fd, writer->buffer, writer->used,
					      writer->offset) != DISP_OK)
		fail(writer, DISP_E_IO);
	writer->offset += writer->used;
	writer->used = 0;
}

static void put(struct snapshot_writer *writer, const void *bytes, size_t size)
{
	const uint8_t *from = bytes;

	if (writer->err != DISP_OK)
		return;
	writer->crc = crc32c_extend(writer->crc, bytes, size);
	while (size > 0) {
		size_t part = SNAPSHOT_BUFFER_BYTES - writer->used;
		if (part > size)
			part = size;
		memcpy(writer->buffer + writer->used, from, part);
		writer->used += part;
		from += part;
		size -= part;
		if (writer->used == SNAPSHOT_BUFFER_BYTES)
			flush(writer);
	}
}

void snapshot_begin(struct snapshot_writer *writer, const struct file_ops *ops, int dir_fd, uint64_t seq)
{
	char name[FILE_NAME_BYTES];
	uint8_t head[HEAD_BYTES] = {0};

	writer->ops = ops ? ops : &file_ops_real;
	writer->dir_fd = dir_fd;
	writer->seq = seq;
	writer->offset = 0;
	writer->used = 0;
	writer->crc = 0;
	writer->count = 0;
	writer->err = DISP_OK;
	writer->os_errno = 0;
	file_name_put(name, prefix, seq, ".tmp");
	writer->fd = writer->ops->openat(dir_fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (writer->fd < 0)
		fail(writer, DISP_E_IO);
	memcpy(head, magic, sizeof magic);
	bytes_put_u32(head + 8, VERSION);
	bytes_put_u64(head + 16, seq);
	put(writer, head, sizeof head);
}

void snapshot_section_begin(struct snapshot_writer *writer, uint32_t id)
{
	if (writer->count == SNAPSHOT_SECTIONS_MAX) {
		fail(writer, DISP_E_FULL);
		return;
	}
	writer->section[writer->count++] =
		(struct snapshot_section){.id = id, .offset = writer->offset + writer->used};
}

void snapshot_put(struct snapshot_writer *writer, const void *bytes, size_t size)
{
	ASSERT(writer->count > 0);
	struct snapshot_section *section = &writer->section[writer->count - 1];

	section->crc = crc32c_extend(section->crc, bytes, size);
	section->bytes += size;
	put(writer, bytes, size);
}

static void directory_put(struct snapshot_writer *writer)
{
	uint64_t offset = writer->offset + writer->used;
	uint8_t entry[ENTRY_BYTES], trailer[TRAILER_BYTES];

	for (uint32_t index = 0; index < writer->count; index++) {
		bytes_put_u32(entry, writer->section[index].id);
		bytes_put_u32(entry + 4, writer->section[index].crc);
		bytes_put_u64(entry + 8, writer->section[index].offset);
		bytes_put_u64(entry + 16, writer->section[index].bytes);
		put(writer, entry, sizeof entry);
	}
	bytes_put_u64(trailer, offset);
	bytes_put_u64(trailer + 8, writer->seq);
	bytes_put_u32(trailer + 16, writer->count);
	put(writer, trailer, TRAILER_BYTES - 4);
	bytes_put_u32(trailer, writer->crc);
	put(writer, trailer, 4);
	flush(writer);
}

enum disp_err snapshot_commit(struct snapshot_writer *writer)
{
	const struct file_ops *ops = writer->ops;
	char temporary[FILE_NAME_BYTES], name[FILE_NAME_BYTES];

	file_name_put(temporary, prefix, writer->seq, ".tmp");
	file_name_put(name, prefix, writer->seq, ".snap");
	directory_put(writer);
	if (writer->err == DISP_OK && ops->fsync(writer->fd) != 0)
		fail(writer, DISP_E_IO);
	if (writer->fd >= 0)
		(void)ops->close(writer->fd);
	writer->fd = -1;
	if (writer->err == DISP_OK && ops->renameat(writer->dir_fd, temporary, writer->dir_fd, name) != 0)
		fail(writer, DISP_E_IO);
	if (writer->err != DISP_OK)
		(void)ops->unlinkat(writer->dir_fd, temporary, 0);
	else if (ops->fsync(writer->dir_fd) != 0)
		fail(writer, DISP_E_IO);
	return writer->err;
}

/* --- reading ---------------------------------------------------------------------------------- */

/* What is wrong with the file's bytes, NULL when nothing; fills in the snapshot's directory. */
static const char *check(struct snapshot *snapshot, uint64_t size)
{
	const uint8_t *bytes = snapshot->bytes;

	if (size < HEAD_BYTES + TRAILER_BYTES)
		return "too short for a snapshot";
	const uint8_t *trailer = bytes + size - TRAILER_BYTES;
	if (memcmp(bytes, magic, sizeof magic) != 0)
		return "not a snapshot";
	if (crc32c_extend(0, bytes, size - 4) != bytes_get_u32(trailer + 20))
		return "wrong checksum over the file";
	if (bytes_get_u32(bytes + 8) != VERSION)
		return "a version that this program does not know";
	if (bytes_get_u64(bytes + 16) != snapshot->seq || bytes_get_u64(trailer + 8) != snapshot->seq)
		return "its seq is not the one in its name";
	uint64_t offset = bytes_get_u64(trailer);
	snapshot->count = bytes_get_u32(trailer + 16);
	if (snapshot->count > SNAPSHOT_SECTIONS_MAX || offset < HEAD_BYTES || offset > size - TRAILER_BYTES ||
		size - TRAILER_BYTES - offset != (uint64_t)snapshot->count * ENTRY_BYTES)
		return "its directory does not fit";
	for (uint32_t index = 0; index < snapshot->count; index++) {
		const uint8_t *entry = bytes + offset + index * ENTRY_BYTES;
		struct snapshot_section *section = &snapshot->section[index];
		section->id = bytes_get_u32(entry);
		section->crc = bytes_get_u32(entry + 4);
		section->offset = bytes_get_u64(entry + 8);
		section->bytes = bytes_get_u64(entry + 16);
		if (section->offset < HEAD_BYTES || section->offset > offset ||
			section->bytes > offset - section->offset)
			return "a section does not fit";
		if (crc32c_extend(0, bytes + section->offset, section->bytes) != section->crc)
			return "wrong checksum over a section";
	}
	return NULL;
}

/* DISP_E_DAMAGED: *what says why. */
static enum disp_err load(
	struct snapshot *snapshot, const struct file_ops *ops, int dir_fd, uint64_t seq, const char **what)
{
	char name[FILE_NAME_BYTES];
	uint64_t size;
	size_t got = 0;
	enum disp_err err = DISP_E_IO;

	file_name_put(name, prefix, seq, ".snap");
	int fd = ops->openat(dir_fd, name, O_RDONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return DISP_E_IO;
	snapshot->seq = seq;
	snapshot->bytes = NULL;
	if (ops->size(fd, &size) == 0) {
		snapshot->bytes = malloc((size_t)size + 1);
		if (!snapshot->bytes)
			errno = ENOMEM;
		else
			err = file_read_some(ops, fd, snapshot->bytes, (size_t)size, 0, &got);
	}
	int why = errno;
	(void)ops->close(fd);
	errno = why;
	if (err == DISP_OK) {
		*what = check(snapshot, got);
		err = *what ? DISP_E_DAMAGED : DISP_OK;
	}
	if (err != DISP_OK)
		snapshot_free(snapshot);
	return err;
}

/* Whole, or not there: as snapshot_commit. */
static enum disp_err file_put(
	const struct file_ops *ops, int dir_fd, uint64_t seq, const uint8_t *bytes, uint64_t size)
{
	char temporary[FILE_NAME_BYTES], name[FILE_NAME_BYTES];
	enum disp_err err = DISP_OK;

	file_name_put(temporary, prefix, seq, ".tmp");
	snapshot_name_put(name, seq);
	int fd = ops->openat(dir_fd, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0)
		return DISP_E_IO;
	if (file_write_all(ops, fd, bytes, size, 0) != DISP_OK || ops->fsync(fd) != 0)
		err = DISP_E_IO;
	int why = errno;

	(void)ops->close(fd);
	errno = why;
	if (err == DISP_OK &&
		(ops->renameat(dir_fd, temporary, dir_fd, name) != 0 || ops->fsync(dir_fd) != 0))
		err = DISP_E_IO;
	return err;
}

enum disp_err snapshot_adopt(struct snapshot *snapshot, const struct file_ops *ops, int dir_fd, uint64_t seq,
	uint8_t *bytes, uint64_t size)
{
	enum disp_err err;

	ops = ops ? ops : &file_ops_real;
	*snapshot = (struct snapshot){.seq = seq, .bytes = bytes};
	err = check(snapshot, size) == NULL ? file_put(ops, dir_fd, seq, bytes, size) : DISP_E_DAMAGED;
	if (err != DISP_OK) {
		int why = errno;

		snapshot_free(snapshot);
		errno = why;
	}
	return err;
}

/* Calls visit for each name that has the suffix. errno and DISP_E_IO when the directory cannot be read. */
struct each {
	const char *suffix;
	void (*visit)(void *context, uint64_t seq);
	void *context;
};

static void each_visit(void *context, const char *name)
{
	const struct each *each = context;
	uint64_t seq;

	if (file_name_get(name, prefix, each->suffix, &seq))
		each->visit(each->context, seq);
}

static enum disp_err each_name(const struct file_ops *ops, int dir_fd, const char *suffix,
	void (*visit)(void *context, uint64_t seq), void *context)
{
	struct each each = {suffix, visit, context};

	return ops->list(dir_fd, each_visit, &each) == 0 ? DISP_OK : DISP_E_IO;
}

struct below {
	bool bounded, found;
	uint64_t bound, seq; /* seq: the greatest below bound */
};

static void below_visit(void *context, uint64_t seq)
{
	struct below *below = context;

	if (below->bounded && seq >= below->bound)
		return;
	if (!below->found || seq > below->seq)
		below->seq = seq;
	below->found = true;
}

enum disp_err snapshot_read_newest(
	struct snapshot *snapshot, const struct file_ops *ops, int dir_fd, struct snapshot_report *report)
{
	struct below below = {0};
	const char *what = "";

	ops = ops ? ops : &file_ops_real;
	*snapshot = (struct snapshot){0};
	*report = (struct snapshot_report){.what = ""};
	for (;;) {
		below.found = false;
		enum disp_err err = each_name(ops, dir_fd, ".snap", below_visit, &below);
		if (err == DISP_OK && !below.found)
			return report->damaged_count > 0 ? DISP_E_DAMAGED : DISP_E_NONE;
		if (err != DISP_OK) {
			report->os_errno = errno;
			return err;
		}
		err = load(snapshot, ops, dir_fd, below.seq, &what);
		if (err == DISP_OK)
			return DISP_OK;
		if (err == DISP_E_IO) { /* a bad sector in the newest must not hide the older one */
			report->os_errno = errno;
			what = "cannot be read";
		}
		if (report->damaged_count++ == 0) {
			report->damaged_seq = below.seq;
			report->what = what;
		}
		below.bounded = true;
		below.bound = below.seq;
	}
}

void snapshot_free(struct snapshot *snapshot)
{
	free(snapshot->bytes);
	*snapshot = (struct snapshot){0};
}

enum disp_err snapshot_find(
	const struct snapshot *snapshot, uint32_t id, const uint8_t **bytes, uint64_t *size)
{
	for (uint32_t index = 0; index < snapshot->count; index++) {
		if (snapshot->section[index].id != id)
			continue;
		*bytes = snapshot->bytes + snapshot->section[index].offset;
		*size = snapshot->section[index].bytes;
		return DISP_OK;
	}
	return DISP_E_NONE;
}

/* --- removing --------------------------------------------------------------------------------- */

struct removal {
	const struct file_ops *ops;
	int dir_fd;
	const char *suffix;
	uint64_t below; /* this and newer ones stay */
	int os_errno;
};

static void removal_visit(void *context, uint64_t seq)
{
	struct removal *removal = context;
	char name[FILE_NAME_BYTES];
	int before = errno;

	if (seq >= removal->below)
		return;
	file_name_put(name, prefix, seq, removal->suffix);
	if (removal->ops->unlinkat(removal->dir_fd, name, 0) != 0 && errno != ENOENT)
		removal->os_errno = errno;
	errno = before;
}

enum disp_err snapshot_prune(const struct file_ops *ops, int dir_fd, uint64_t *oldest_seq)
{
	struct removal removal = {ops ? ops : &file_ops_real, dir_fd, ".tmp", UINT64_MAX, 0};
	struct below below = {0};
	enum disp_err err = DISP_OK;

	*oldest_seq = 0;
	for (int keep = 0; err == DISP_OK && keep < SNAPSHOT_KEEP_COUNT; keep++) {
		below.found = false;
		err = each_name(removal.ops, dir_fd, ".snap", below_visit, &below);
		if (!below.found)
			break;
		*oldest_seq = below.bound = below.seq;
		below.bounded = true;
	}
	if (err == DISP_OK)
		err = each_name(removal.ops, dir_fd, removal.suffix, removal_visit, &removal);
	removal.suffix = ".snap";
	removal.below = *oldest_seq;
	if (err == DISP_OK)
		err = each_name(removal.ops, dir_fd, removal.suffix, removal_visit, &removal);
	if (err == DISP_OK && removal.os_errno != 0) {
		errno = removal.os_errno;
		err = DISP_E_IO;
	}
	return err;
}
