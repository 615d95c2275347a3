/* fuzz_image: snapshots as a disk or a peer may give them back: the file's check, and the core's own. */
#include "fuzz_town_core.h"

#include <fcntl.h>
#include <unistd.h>

#include "store/bytes.h"
#include "store/crc32c.h"
#include "store/snapshot_file.h"

/*
 * An input: one byte of flags. FLAG_FILE: what stands behind is the file of a snapshot; with FLAG_SEAL its checksums are
 * made right first. Else it is changes to the image of a small town: section, u16 place, length, bytes; and the core's own
 * check is all that is left to notice.
 */
enum { FLAG_FILE = 1, FLAG_SEAL = 2, FLAG_CUT = 4, HEAD_BYTES = 24, ENTRY_BYTES = 24, TRAILER_BYTES = 24 };
enum { SEQ = 7, CHANGES_MAX = 32, CHANGE_BYTES_MAX = 16 };

static struct fuzz_block town, empty;
static struct core_section section[CORE_SECTIONS_MAX]; /* of the town */
static uint32_t section_count;

int LLVMFuzzerInitialize(int *count, char ***value)
{
	(void)count;
	(void)value;
	struct core_limits limits = fuzz_town_open(&town);

	section_count = core_save(town.core, section);
	empty.core = world_core(&limits, &empty.memory);
	fuzz_block_keep(&empty, &limits);
	return 0;
}

/* --- a core from sections ----------------------------------------------------------------------------- */

/* Refused, or whole. */
static void load(const struct core_section *from, uint32_t count)
{
	fuzz_block_restore(&empty);
	if (core_load(empty.core, from, count) != DISP_OK)
		return;
	FUZZ_MUST(core_digest(empty.core) == core_digest_full(empty.core));
	(void)core_due_ms(empty.core);
}

static void load_changed(struct fuzz_input *input, bool cut)
{
	struct core_section copy[CORE_SECTIONS_MAX];

	for (uint32_t index = 0; index < section_count; index++) {
		copy[index] = section[index];
		copy[index].ptr = malloc(section[index].bytes + 1);
		FUZZ_MUST(copy[index].ptr != NULL);
		memcpy((void *)(uintptr_t)copy[index].ptr, section[index].ptr, section[index].bytes);
	}
	for (uint32_t change = 0; change < CHANGES_MAX && input->left > 0; change++) {
		struct core_section *to = &copy[fuzz_u8(input) % section_count];
		size_t at = fuzz_u16(input), len = fuzz_u8(input) % (CHANGE_BYTES_MAX + 1);
		const uint8_t *bytes = fuzz_bytes(input, len, &len);

		if (cut && change == 0)
			to->bytes -= to->bytes > len ? len : 0;
		else if (to->bytes > len)
			memcpy((uint8_t *)(uintptr_t)to->ptr + at % (to->bytes - len), bytes, len);
	}
	load(copy, section_count);
	for (uint32_t index = 0; index < section_count; index++)
		free((void *)(uintptr_t)copy[index].ptr);
}

/* --- a file --------------------------------------------------------------------------------------------- */

/* Nothing is written: what is adopted would be put beside the log. */
static int no_openat(int dir_fd, const char *name, int flags, mode_t mode)
{
	(void)dir_fd;
	(void)name;
	(void)flags;
	(void)mode;
	return open("/dev/null", O_RDWR | O_CLOEXEC);
}

static ssize_t no_pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
	(void)fd;
	(void)bytes;
	(void)offset;
	return (ssize_t)size;
}

static int no_fsync(int fd)
{
	(void)fd;
	return 0;
}

static int no_renameat(int from_dir_fd, const char *from, int to_dir_fd, const char *to)
{
	(void)from_dir_fd;
	(void)from;
	(void)to_dir_fd;
	(void)to;
	return 0;
}

static const struct file_ops ops = {
	.openat = no_openat, .pwrite = no_pwrite, .fsync = no_fsync, .renameat = no_renameat, .close = close};

/* Each section's checksum where the directory says that it lies, then the file's. */
static void seal(uint8_t *bytes, size_t size)
{
	if (size < HEAD_BYTES + TRAILER_BYTES)
		return;
	uint8_t *trailer = bytes + size - TRAILER_BYTES;
	uint64_t at = bytes_get_u64(trailer);

	for (uint32_t left = bytes_get_u32(trailer + 16);
		left > 0 && at <= size - TRAILER_BYTES - ENTRY_BYTES; left--, at += ENTRY_BYTES) {
		uint64_t offset = bytes_get_u64(bytes + at + 8), len = bytes_get_u64(bytes + at + 16);

		if (offset <= size && len <= size - offset)
			bytes_put_u32(bytes + at + 4, crc32c_extend(0, bytes + offset, (size_t)len));
	}
	bytes_put_u32(trailer + 20, crc32c_extend(0, bytes, size - 4));
}

static void load_file(struct fuzz_input *input, bool sealed)
{
	struct snapshot snapshot;
	struct core_section from[SNAPSHOT_SECTIONS_MAX];
	uint8_t *bytes = malloc(input->left > 0 ? input->left : 1); /* snapshot_adopt's from then on */
	const uint8_t *found;
	uint64_t size;

	FUZZ_MUST(bytes != NULL);
	memcpy(bytes, input->at, input->left);
	if (sealed)
		seal(bytes, input->left);
	if (snapshot_adopt(&snapshot, &ops, -1, SEQ, bytes, input->left) != DISP_OK) {
		FUZZ_MUST(snapshot.bytes == NULL);
		return;
	}
	FUZZ_MUST(snapshot.count <= SNAPSHOT_SECTIONS_MAX && snapshot.seq == SEQ);
	for (uint32_t index = 0; index < snapshot.count; index++) {
		FUZZ_MUST(snapshot_find(&snapshot, snapshot.section[index].id, &found, &size) == DISP_OK);
		from[index] = (struct core_section){.id = snapshot.section[index].id,
			.ptr = snapshot.bytes + snapshot.section[index].offset,
			.bytes = snapshot.section[index].bytes};
	}
	load(from, snapshot.count);
	snapshot_free(&snapshot);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	uint8_t flags = fuzz_u8(&input);

	if ((flags & FLAG_FILE) != 0)
		load_file(&input, (flags & FLAG_SEAL) != 0);
	else
		load_changed(&input, (flags & FLAG_CUT) != 0);
	return 0;
}
