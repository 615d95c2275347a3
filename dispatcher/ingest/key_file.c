/* key_file: a pair of keys in a file that only its owner reads: made once, read at each start. Knows nobody's rights. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ingest/ingest.h"
#include "wire/z85.h"

enum { LINE = Z85_KEY_SIZE + 1, LINES_MAX = 3, PATH_BYTES = 4096 };

static enum disp_err fail(char *error, enum disp_err err, const char *path, const char *what)
{
	snprintf(error, INGEST_ERROR_SIZE, "%.90s: %s", path, what);
	return err;
}

/* The lines are all of one length. */
static bool read_line(const char *bytes, uint32_t line, uint8_t key[KEY_PUBLIC_BYTES])
{
	return bytes[line * LINE + Z85_KEY_SIZE] == '\n' &&
	       z85_read((struct text){bytes + line * LINE, Z85_KEY_SIZE}, key, KEY_PUBLIC_BYTES);
}

static enum disp_err read_pair(int fd, const char *path, uint32_t lines, uint8_t public_key[KEY_PUBLIC_BYTES],
	uint8_t secret_key[KEY_PUBLIC_BYTES], char *error)
{
	char bytes[LINES_MAX * LINE + 1];
	uint8_t made[KEY_PUBLIC_BYTES];
	struct stat status;
	bool good;

	if (fstat(fd, &status) != 0)
		return fail(error, DISP_E_IO, path, strerror(errno));
	if (!S_ISREG(status.st_mode) || (status.st_mode & 077) != 0)
		return fail(error, DISP_E_INPUT, path,
			"others than its owner can read this secret: chmod 600, or, where "
			"somebody may have read it, remove it, and a new one is made");
	good = read(fd, bytes, sizeof(bytes)) == (ssize_t)lines * LINE &&
	       read_line(bytes, lines - 2, public_key) && read_line(bytes, lines - 1, secret_key) &&
	       crypto_scalarmult_base(made, secret_key) == 0 && memcmp(made, public_key, sizeof(made)) == 0;
	sodium_memzero(bytes, sizeof(bytes));
	return good ? DISP_OK
		    : fail(error, DISP_E_INPUT, path, "no pair of keys, each in a line of its own, as Z85");
}

static uint32_t write_line(char *bytes, uint32_t at, const uint8_t key[KEY_PUBLIC_BYTES])
{
	(void)z85_write(key, KEY_PUBLIC_BYTES, bytes + at);
	bytes[at + Z85_KEY_SIZE] = '\n';
	return at + LINE;
}

/* Whole under another name first: what has the name is good, and nobody else's is written over. */
static bool write_file(const char *path, const char *bytes, uint32_t count)
{
	char fresh[PATH_BYTES];
	bool good = snprintf(fresh, sizeof(fresh), "%s.new", path) < (int)sizeof(fresh);

	(void)unlink(fresh);
	int fd = good ? open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600) : -1;

	if (fd < 0)
		return false;
	good = write(fd, bytes, count) == (ssize_t)count && fsync(fd) == 0;
	good = close(fd) == 0 && good && link(fresh, path) == 0;
	(void)unlink(fresh);
	return good;
}

static enum disp_err make_pair(const char *path, const uint8_t *first, uint8_t public_key[KEY_PUBLIC_BYTES],
	uint8_t secret_key[KEY_PUBLIC_BYTES], char *error)
{
	char bytes[LINES_MAX * LINE];
	uint32_t count = 0;

	if (crypto_box_keypair(public_key, secret_key) != 0)
		return fail(error, DISP_E_IO, path, "no new pair of keys");
	if (first)
		count = write_line(bytes, count, first);
	count = write_line(bytes, count, public_key);
	count = write_line(bytes, count, secret_key);
	bool good = write_file(path, bytes, count);
	int why = errno;

	sodium_memzero(bytes, sizeof(bytes));
	return good ? DISP_OK : fail(error, DISP_E_IO, path, strerror(why));
}

enum disp_err ingest_key_file(const char *path, const uint8_t *first, uint8_t public_key[KEY_PUBLIC_BYTES],
	uint8_t secret_key[KEY_PUBLIC_BYTES], char *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	error[0] = '\0';
	if (fd < 0 && errno != ENOENT)
		return fail(error, DISP_E_IO, path, strerror(errno));
	if (fd < 0)
		return make_pair(path, first, public_key, secret_key, error);
	enum disp_err err = read_pair(fd, path, first ? 3 : 2, public_key, secret_key, error);

	(void)close(fd);
	return err;
}
