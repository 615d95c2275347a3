/* at_work: the message that is being worked on, where it outlives the process; and those that have brought it down. */
#ifndef STORE_AT_WORK_H
#define STORE_AT_WORK_H

#include "store/store.h"

/*
 * A message is noted before it is read, and noted as done when the next one is. A process that dies of its own fault
 * (a signal like SIGSEGV or SIGABRT, a watchdog's too) leaves its mark beside it; one that is killed or loses its power
 * does not, for that is not the message's doing. The next start finds the mark and counts it; a message that has done
 * so AT_WORK_TIMES is set aside: refused at the door, kept for a person, until a person releases it or drops it.
 *
 * On disk: DIR/at-work, mapped, for the one at work; DIR/aside/<id>: version, door, times, time, whether it was dropped,
 * and the bytes. The id is the first 16 bytes of SHA-256 over door and bytes, in hex.
 *
 * One thread. at_work_begin and at_work_end do no system call.
 */
enum {
	AT_WORK_BYTES_MAX =
		64 << 10, /* of a message; of a longer one the first so many, and doors refuse those anyway */
	AT_WORK_TIMES = 2,
	AT_WORK_KEPT_MAX =
		256, /* the oldest that was not set aside gives way, then the oldest that was dropped */
	AT_WORK_ID_BYTES = 33
};

struct at_work;

/* One that has brought the process down. */
struct at_work_kept {
	char id[AT_WORK_ID_BYTES];
	uint32_t door, times, bytes;
	int64_t wall_ms; /* of the last time, as the start found it */
	bool aside;      /* refused from now on */
	bool fresh;      /* set aside by this start */
	bool dropped;    /* refused for good: nobody is asked about it any more, and its bytes are gone */
};

/*
 * at_work_open - DIR must exist. What the last process left is counted, and told by report.
 *
 * Errors  DISP_E_IO  a file cannot be made or mapped; told by report. DISP_E_FULL  no memory.
 * Memory  some 70 KiB. at_work_close frees, and leaves no mark.
 */
enum disp_err at_work_open(struct at_work **out, const char *dir, int64_t wall_ms, store_report_fn *report,
	void *context) DISP_MUSTCHECK;
void at_work_close(struct at_work *at_work);

/* From now on a signal that is the process's own fault leaves its mark; then it does what it does. Once a process. */
void at_work_catch(struct at_work *at_work);

/* The message is about to be read. False: it was set aside, refuse it; nothing was noted then. */
bool at_work_begin(struct at_work *at_work, uint32_t door, const void *bytes, size_t count) DISP_MUSTCHECK;
/* All that it led to is done. */
void at_work_end(struct at_work *at_work);

/* Those that have brought the process down, oldest first. NULL: no such index. Good until the next change. */
const struct at_work_kept *at_work_at(const struct at_work *at_work, uint32_t index);

/* How many of them are refused. */
uint32_t at_work_aside(const struct at_work *at_work);

/* Its bytes, *count of them, from malloc. DISP_E_NONE: no such id. DISP_E_IO, DISP_E_FULL. */
enum disp_err at_work_read(
	const struct at_work *at_work, const char *id, uint8_t **bytes, size_t *count) DISP_MUSTCHECK;

/*
 * at_work_release - it is taken in again; once more down, and it is set aside again.
 * at_work_drop    - it stays refused, and what was kept of it is deleted.
 * Errors  DISP_E_NONE  no such id among those that were set aside; dropped ones can be released.
 *         DISP_E_IO    its file cannot be read or written: nothing has changed. DISP_E_FULL  no memory.
 */
enum disp_err at_work_release(struct at_work *at_work, const char *id) DISP_MUSTCHECK;
enum disp_err at_work_drop(struct at_work *at_work, const char *id) DISP_MUSTCHECK;

#endif
