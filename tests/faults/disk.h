/* disk: an in-memory file system below store/file_ops.h: what was not synced is lost, torn or kept by chance. */
#ifndef TESTS_FAULTS_DISK_H
#define TESTS_FAULTS_DISK_H

#include "sim.h"
#include "store/file_ops.h"

/*
 * Each file has the bytes that a reader sees (the page cache) and those on the platter, by sectors of 512 bytes. fsync
 * moves one to the other; when it fails, what was dirty counts as clean, is still seen, and is on the platter or not.
 * Names live in directories in the same way; fsync of a directory makes them durable.
 */
enum { DISK_SECTOR = 512, DISK_NAME_BYTES = 64, DISK_FD_FIRST = 100000 };

struct disk_file {
	bool used, is_dir, touched; /* touched: dirty sectors may be there */
	uint32_t number;
	uint8_t *seen, *kept; /* of a file */
	uint8_t *dirty;       /* [max / DISK_SECTOR] */
	uint64_t seen_bytes, kept_bytes, max, dirty_from, dirty_to;
	uint64_t sure_bytes; /* that the last fsync that succeeded has made durable */
	uint64_t read_bytes; /* how far a watcher has looked */
	uint64_t last_at;    /* where the last record lies that it has seen */
};

struct disk_faults {
	uint64_t write_eio, sync_eio, read_eio; /* one in so many calls; 0 never */
	uint64_t short_write;
	bool full;          /* ENOSPC for whatever grows */
	int64_t latency_ms; /* of one batch of the log */
};

struct disk;
struct disk *disk_new(void);
void disk_free(struct disk *disk);
extern const struct file_ops disk_ops;

/* The calls of disk_ops go to this one. point: called before and after whatever changes the disk. */
void disk_use(struct disk *disk, void (*point)(void));
struct disk_faults *disk_get_faults(struct disk *disk);

/* Told when fsync or fdatasync of something has returned 0. */
void disk_watch(struct disk *disk, void (*synced)(void *context, struct disk *disk), void *context);
/* All durable files DIR/log/<20 digits>.log, in the order of their names. */
void disk_each_log(struct disk *disk, void (*visit)(void *context, struct disk_file *file, const char *name),
	void *context);

/* The process ended: its descriptors go. power: the machine did, with what was not synced. */
void disk_crash(struct disk *disk, bool power);
/* When the batch that was asked about is through; INT64_MAX: none. */
int64_t disk_busy_until(const struct disk *disk);

/*
 * A bit of a durable log byte turns, not of the last record: nothing behind it could tell that it was durable. False:
 * there is nothing to turn.
 */
struct disk_flip {
	struct disk_file *file;
	uint64_t offset;
	uint8_t was;
};
bool disk_flip(struct disk *disk, struct disk_flip *flip);
void disk_flip_back(const struct disk_flip *flip);
/* A new disk: only /data is there. */
void disk_replace(struct disk *disk);

#endif
