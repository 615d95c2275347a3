/* fuzz_config: the daemon's configuration file, and the limits and rules that come of it. */
#include "fuzz.h"

#include <fcntl.h>
#include <sys/mman.h>

#include "../../dispatcher/config.h"

static int fd = -1;
static char path[64];

int LLVMFuzzerInitialize(int *count, char ***value)
{
	(void)count;
	(void)value;
	fd = memfd_create("config", MFD_CLOEXEC);
	FUZZ_MUST(fd >= 0);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	fuzz_quiet();
	return 0;
}

static void check_limits(const struct config *config)
{
	struct core_limits limits;
	struct core_rules rules;

	config_core_limits(config, &limits);
	config_core_rules(config, &rules);
	for (uint32_t table = 0; table < TABLE_COUNT; table++)
		FUZZ_MUST(limits.max[table] > 0);
	FUZZ_MUST(limits.texts > 0 && limits.text_bytes > 0);
	FUZZ_MUST(rules.identity_keep_ms > 0 && rules.answer_ms > 0 && rules.bell_ms > 0);
	FUZZ_MUST(rules.notice_tries >= 1 && rules.notice_tries <= 9 && rules.carrier_speed_mm_s > 0);
	for (uint32_t level = 1; level < RESPONSE_COUNT; level++)
		FUZZ_MUST(rules.response[level].release <= RELEASE_COUNT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned line, column;

	FUZZ_MUST(ftruncate(fd, 0) == 0 && pwrite(fd, data, size, 0) == (ssize_t)size);
	struct config *config = config_load(path);

	config_find_key(path, "alarms", &line, &column);
	FUZZ_MUST(line == 0 || (line <= size + 1 && column <= size + 1));
	if (config == NULL)
		return 0;
	check_limits(config);
	config_free(config);
	return 0;
}
