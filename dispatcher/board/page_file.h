/* page_file: a finished page to a file, whole or not at all, by a thread of its own: a slow disk holds nobody up. */
#ifndef BOARD_PAGE_FILE_H
#define BOARD_PAGE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

struct page_file;

struct page_file_state {
	uint64_t written, failed; /* pages */
	int error;                /* errno of the last one; 0: it is there */
	bool busy;                /* one is being written */
};

/*
 * page_file_open - the file is made with the first page, readable to owner and group: it holds names and telephone numbers.
 *
 * Errors  DISP_E_INPUT: the path is empty or too long; DISP_E_FULL: no memory or no thread.
 * Memory  path is copied. page_file_close frees.
 */
enum disp_err page_file_open(struct page_file **out, const char *path) DISP_MUSTCHECK;

/*
 * page_file_put - writes beside the file, syncs, renames. Never waits.
 *
 * Memory  bytes is malloc'ed and belongs to the file from now on, whatever comes of it.
 * Errors  DISP_E_AGAIN: the one before is still being written; this one is thrown away.
 */
enum disp_err page_file_put(struct page_file *file, char *bytes, size_t count) DISP_MUSTCHECK;

void page_file_get_state(struct page_file *file, struct page_file_state *out);

/* Waits until nothing is being written, at most so long; false: it still is. */
bool page_file_wait(struct page_file *file, int64_t wait_ms);

/* Waits likewise, then lets go: a write that hangs is left to itself. NULL may be closed. */
void page_file_close(struct page_file *file, int64_t wait_ms);

#endif
