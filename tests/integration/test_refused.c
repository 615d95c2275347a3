/* test_refused: unit-terminal and alarm-player whose key is not known yet: refused first, in once it is, by themselves. */
#include "keyed_town.h"
#include "program_beside.h"

#include <signal.h>
#include <sys/wait.h>

enum { PATIENCE_TURNS = 60000 }; /* of a millisecond at least */

static const char *self;
static pid_t child;
static struct pair late, elsewhere; /* the bearer's; that of a daemon which is not there */
static char folder[] = "/tmp/refused.XXXXXX", late_file[64], elsewhere_file[64], alarm_file[64];

/* The key file of the late one, for that server. */
static void write_keys(const char *path, const struct pair *of)
{
	const uint8_t *key[] = {of->public_key, late.public_key, late.secret_key};
	FILE *file = fopen(path, "w");
	char text[41];

	assert_non_null(file);
	for (int i = 0; i < 3; i++)
		fprintf(file, "%s\n", zmq_z85_encode(text, key[i], 32));
	assert_int_equal(fclose(file), 0);
}

static int open_late(void **state)
{
	FILE *file;

	(void)open_keyed(state);
	make_pair(&late);
	make_pair(&elsewhere);
	memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
	assert_non_null(mkdtemp(folder));
	(void)snprintf(late_file, sizeof late_file, "%s/late.key", folder);
	(void)snprintf(elsewhere_file, sizeof elsewhere_file, "%s/elsewhere.key", folder);
	(void)snprintf(alarm_file, sizeof alarm_file, "%s/alarms", folder);
	write_keys(late_file, &server);
	write_keys(elsewhere_file, &elsewhere);
	file = fopen(alarm_file, "w");
	assert_non_null(file);
	fprintf(file, "%s\n", alarm_from("cam-1"));
	return fclose(file);
}

static int close_late(void **state)
{
	if (child > 0) {
		kill(child, SIGTERM);
		waitpid(child, NULL, 0);
	}
	child = 0;
	unlink(late_file);
	unlink(elsewhere_file);
	unlink(alarm_file);
	rmdir(folder);
	return close_keyed(state);
}

static void start(const char *name, const char *const *argv)
{
	if (!program_find(self, name))
		skip();
	child = fork();
	if (child == 0) {
		execv(program, (char *const *)(uintptr_t)argv);
		_exit(127);
	}
}

static void one_turn(void)
{
	turn();
	zmq_poll(NULL, 0, 1);
}

static void await_refused(uint64_t count)
{
	for (int i = 0; i < PATIENCE_TURNS; i++) {
		one_turn();
		if (ingest_get_counters(town.ingest)->handshakes_refused >= count)
			return;
	}
	fail_msg(
		"%u handshakes were refused", (unsigned)ingest_get_counters(town.ingest)->handshakes_refused);
}

static void a_terminal_comes_again_until_it_is_known(void **state)
{
	const char *units = ingest_endpoint(town.ingest, DOOR_UNITS);
	const char *argv[] = {"unit-terminal", "--connect", "ipc:///nowhere/units", "--connect", units,
		"--key-file", elsewhere_file, "--key-file", late_file, "--unit", "FE-1", "--behaviour",
		"good", NULL};
	const struct ingest_counters *count = ingest_get_counters(town.ingest);

	(void)state;
	start("unit-terminal", argv);
	await_refused(2);
	assert_int_equal(count->links, 0);
	take_in("late", KEY_UNIT, "FE-1", &late, 0);
	for (int i = 0; i < PATIENCE_TURNS && count->links == 0; i++)
		one_turn();
	assert_int_equal(count->links, 1);
	/* And is heard of again when it is not: it is cut, and tries. */
	revoke_key("late");
	await_refused(count->handshakes_refused + 1);
	assert_int_equal(count->links, 0);
}

/* Two daemons, of which the first is not there, each with a key file of its own. */
static void a_player_comes_again_until_it_is_known(void **state)
{
	const char *alarms = ingest_endpoint(town.ingest, DOOR_ALARMS);
	const char *argv[] = {"alarm-player", "--endpoint", "ipc:///nowhere/alarms", "--endpoint", alarms,
		"--key-file", elsewhere_file, "--key-file", late_file, "--fast", "--give-up", "60", "--quiet",
		alarm_file, NULL};
	int status = 0;

	(void)state;
	start("alarm-player", argv);
	await_refused(2);
	take_in("late", KEY_GATEWAY, "", &late, 0);
	for (int i = 0; i < 2 * PATIENCE_TURNS && waitpid(child, &status, WNOHANG) == 0; i++)
		one_turn();
	child = 0;
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_int_equal(ingest_get_counters(town.ingest)->alarms, 1);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
#define LATE(test) cmocka_unit_test_setup_teardown(test, open_late, close_late)
		LATE(a_terminal_comes_again_until_it_is_known),
		LATE(a_player_comes_again_until_it_is_known),
	};

	(void)argc;
	self = argv[0];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
