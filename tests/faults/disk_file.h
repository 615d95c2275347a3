/* disk_file: what the files of the simulated disk share; for them alone. */
#ifndef TESTS_FAULTS_DISK_FILE_H
#define TESTS_FAULTS_DISK_FILE_H

#include "disk.h"

enum { FILES_MAX = 512, NAMES_MAX = 1024, FDS_MAX = 128, CHANGES_MAX = 1024 };

/* A name in a directory; file 0: no such name. */
struct name {
	uint32_t dir, file;
	char text[DISK_NAME_BYTES];
};

/* Changes of names that are not durable yet: a rename is two at once. */
struct change {
	uint32_t count;
	struct name name[2];
};

struct open_file {
	bool used;
	uint32_t file;
};

struct disk {
	struct disk_file file[FILES_MAX]; /* 1 is the root */
	struct name seen[NAMES_MAX], kept[NAMES_MAX];
	uint32_t seen_count, kept_count;
	struct change change[CHANGES_MAX];
	uint32_t change_count;
	struct open_file fd[FDS_MAX];
	struct disk_faults faults;
	int64_t ready_ms; /* of the batch that was asked about; 0 none */
	void (*synced)(void *context, struct disk *disk);
	void *context;
};

/* disk_names.c: paths and names. 0: there is none; errno is set. */
uint32_t names_find(const struct disk *disk, uint32_t dir, const char *text);
/* The directory and the last part of a path below `dir`. */
uint32_t names_walk(const struct disk *disk, uint32_t dir, const char *path, char last[DISK_NAME_BYTES]);
/* One or two names get what they stand for; `file` 0 removes. */
void names_change(struct disk *disk, const struct name *name, uint32_t count);
void names_sync(struct disk *disk, uint32_t dir);
void names_crash(struct disk *disk);

/* disk_bytes.c */
struct disk_file *bytes_new(struct disk *disk, bool is_dir);
void bytes_free(struct disk_file *file);
void bytes_put(struct disk_file *file, const void *from, uint64_t size, uint64_t offset);
void bytes_cut(struct disk_file *file, uint64_t size);
void bytes_sync(struct disk_file *file, bool fails);
void bytes_crash(struct disk_file *file);

#endif
