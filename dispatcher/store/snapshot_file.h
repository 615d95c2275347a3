/* snapshot_file: opaque sections in one file that is either whole or not there; knows nothing of what they
 * mean. */
#ifndef STORE_SNAPSHOT_FILE_H
#define STORE_SNAPSHOT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "store/file_ops.h"

/*
 * On disk: DIR/snapshot-<seq, 20 digits>.snap, all integers little-endian:
 *
 *   head       8 magic "DISPSNAP", u32 version 1, u32 0, u64 seq
 *   sections   their bytes, one behind the other
 *   directory  for each section: u32 id, u32 crc32c of its bytes, u64 offset, u64 bytes
 *   trailer    u64 directory's offset, u64 seq, u32 section count, u32 crc32c of all before these 4 bytes
 */
enum { SNAPSHOT_SECTIONS_MAX = 64, SNAPSHOT_BUFFER_BYTES = 64 << 10, SNAPSHOT_KEEP_COUNT = 2 };

struct snapshot_section {
	uint32_t id; /* the caller's name for it */
	uint32_t crc;
	uint64_t offset, bytes;
};

/* The name of its file. */
void snapshot_name_put(char name[FILE_NAME_BYTES], uint64_t seq);

/* A snapshot being written. About 66 KiB; the caller's memory, made before fork(). Look at err fields only.
 */
struct snapshot_writer {
	const struct file_ops *ops;
	int dir_fd, fd;
	uint64_t seq;
	uint64_t offset; /* of buffer[0] in the file */
	size_t used;
	uint32_t crc; /* of all put so far */
	uint32_t count;
	enum disp_err err; /* the first failure; later calls do nothing */
	int os_errno;
	struct snapshot_section section[SNAPSHOT_SECTIONS_MAX];
	uint8_t buffer[SNAPSHOT_BUFFER_BYTES];
};

/*
 * snapshot_begin, snapshot_section_begin, snapshot_put …, snapshot_commit - writes one snapshot of the state
 * after row seq.
 *
 * Order   bytes go to snapshot-<seq>.tmp; snapshot_commit makes the file durable, renames it and makes the
 * name durable. Until it has returned DISP_OK there is no new snapshot. Errors  kept in the writer and
 * returned by snapshot_commit: DISP_E_IO with os_errno, DISP_E_FULL more than SNAPSHOT_SECTIONS_MAX sections.
 * The .tmp is then removed. snapshot_put before a section: ASSERT. When only the name could not be made
 * durable, the whole new snapshot may be found all the same. Memory  none but the writer's. Only
 * async-signal-safe calls: usable in a fork()ed child of a process with threads.
 */
void snapshot_begin(struct snapshot_writer *writer, const struct file_ops *ops, int dir_fd, uint64_t seq);
void snapshot_section_begin(struct snapshot_writer *writer, uint32_t id);
void snapshot_put(struct snapshot_writer *writer, const void *bytes, size_t size);
enum disp_err snapshot_commit(struct snapshot_writer *writer) DISP_MUSTCHECK;

/* A snapshot in memory. */
struct snapshot {
	uint64_t seq;
	uint32_t count;
	struct snapshot_section section[SNAPSHOT_SECTIONS_MAX];
	uint8_t *bytes; /* the whole file; section[i] lies at its offset */
};

struct snapshot_report {
	uint32_t damaged_count; /* newer ones that were passed over */
	uint64_t damaged_seq;   /* the newest of them */
	const char *what;       /* what is wrong with that one, "" nothing */
	int os_errno;           /* of what could not be read; 0: nothing */
};

/*
 * snapshot_read_newest - reads the newest snapshot in the directory that is whole.
 *
 * Errors  DISP_E_NONE     there is none.
 *         DISP_E_DAMAGED  there are some, and none is whole.
 *         DISP_E_IO       the directory cannot be read. A file that cannot be counts as damaged.
 *         On DISP_OK too, report->damaged_count says whether a newer one was passed over.
 * Memory  the file's size; snapshot_free gives it back.
 */
enum disp_err snapshot_read_newest(struct snapshot *snapshot, const struct file_ops *ops, int dir_fd,
	struct snapshot_report *report) DISP_MUSTCHECK;
void snapshot_free(struct snapshot *snapshot);

/*
 * snapshot_adopt - the bytes of a snapshot's file that come from elsewhere: checked, and put into the directory as if they
 * had been written here.
 *
 * Errors  DISP_E_DAMAGED  not a whole snapshot of that seq. DISP_E_IO  the disk; errno says why.
 * Memory  bytes are from malloc and become the snapshot's; in case of an error they are freed.
 */
enum disp_err snapshot_adopt(struct snapshot *snapshot, const struct file_ops *ops, int dir_fd, uint64_t seq,
	uint8_t *bytes, uint64_t size) DISP_MUSTCHECK;

/* The section with this id. DISP_E_NONE: not in this snapshot. */
enum disp_err snapshot_find(
	const struct snapshot *snapshot, uint32_t id, const uint8_t **bytes, uint64_t *size) DISP_MUSTCHECK;

/*
 * snapshot_prune - removes all but the newest SNAPSHOT_KEEP_COUNT snapshots, and what broken-off writers
 * left. Call it after a commit, not while one is written. *oldest_seq: of those kept, 0 when there is none:
 * log rows up to it are no longer needed for a start from any of them.
 */
enum disp_err snapshot_prune(const struct file_ops *ops, int dir_fd, uint64_t *oldest_seq) DISP_MUSTCHECK;

#endif
