/* replay: puts every input of a target's corpus through it once, without libFuzzer; finds nothing new. */
#include "fuzz.h"

#include <dirent.h>
#include <signal.h>
#include <unistd.h>

enum { PATH_BYTES = 512 };

#pragma weak LLVMFuzzerInitialize

static char now[PATH_BYTES]; /* the input at hand, for people when it brings the program down */

static void tell(int sign)
{
	(void)!write(STDERR_FILENO, now, strlen(now));
	(void)!write(STDERR_FILENO, "\n", 1);
	(void)signal(sign, SIG_DFL);
	(void)raise(sign);
}

/* In memory of exactly its size, so that a sanitizer sees a byte too far. */
static bool run_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	long size = -1;

	if (file != NULL && fseek(file, 0, SEEK_END) == 0)
		size = ftell(file);
	if (size < 0 || fseek(file, 0, SEEK_SET) != 0) {
		perror(path);
		return false;
	}
	uint8_t *bytes = malloc(size > 0 ? (size_t)size : 1);
	bool read = bytes != NULL && fread(bytes, 1, (size_t)size, file) == (size_t)size;

	fclose(file);
	if (read)
		(void)LLVMFuzzerTestOneInput(bytes, (size_t)size);
	else
		perror(path);
	free(bytes);
	return read;
}

/* Every file of the folder; how many, or -1. */
static int run_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	int count = 0;

	if (dir == NULL) {
		perror(folder);
		return -1;
	}
	while (count >= 0 && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		int len = snprintf(now, sizeof(now), "%s/%s", folder, entry->d_name);

		count = len < (int)sizeof(now) && run_file(now) ? count + 1 : -1;
	}
	closedir(dir);
	return count;
}

/* replay_NAME: the corpus of NAME, in the tree; or the files and folders that are named. */
int main(int count, char **value)
{
	const char *name = strrchr(value[0], '_');
	char folder[PATH_BYTES];
	int done = 0;

	for (int sign = 1; sign < NSIG; sign++)
		if (sign == SIGABRT || sign == SIGSEGV || sign == SIGBUS || sign == SIGFPE || sign == SIGILL)
			(void)signal(sign, tell);
	if (LLVMFuzzerInitialize != NULL)
		(void)LLVMFuzzerInitialize(&count, &value);
	for (int index = 1; index < count; index++) {
		(void)snprintf(now, sizeof(now), "%s", value[index]);
		if (!run_file(value[index]))
			return 1;
		done++;
	}
	if (count <= 1) {
		(void)snprintf(folder, sizeof(folder), "tests/fuzz/corpus/%s", name == NULL ? "" : name + 1);
		done = run_folder(folder);
	}
	printf("%d inputs\n", done);
	return done > 0 ? 0 : 1;
}
