/* test_console: dispatchctl without a command, on a terminal of its own: what the keys do. No daemon is there. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { HEARD_MAX = 1 << 16, PATIENCE_MS = 20000 };

static char program[512], home[] = "/tmp/dispatch-console.XXXXXX";
static char heard[HEARD_MAX]; /* since the last key */
static size_t heard_len;
static pid_t child;
static int terminal;

/* The programs lie two folders above the tests of the same build. */
static void find_program(const char *self)
{
	const char *end = strstr(self, "/tests/integration/");

	snprintf(program, sizeof(program), "%.*s/%s", end ? (int)(end - self) : 1, end ? self : ".",
		"dispatchctl");
}

/* Until it has written this, after the last key. */
static void hear(const char *text)
{
	while (strstr(heard, text) == NULL) {
		struct pollfd from = {.fd = terminal, .events = POLLIN};
		ssize_t got = poll(&from, 1, PATIENCE_MS) == 1
				      ? read(terminal, heard + heard_len, HEARD_MAX - 1 - heard_len)
				      : 0;

		if (got <= 0)
			fail_msg("no '%s' in: %s", text, heard);
		heard_len += (size_t)got;
		heard[heard_len] = '\0';
	}
}

static void press(const char *keys)
{
	heard_len = 0;
	heard[0] = '\0';
	assert_int_equal(write(terminal, keys, strlen(keys)), strlen(keys));
}

static void console_start(void)
{
	child = forkpty(&terminal, NULL, NULL, NULL);
	assert_true(child >= 0);
	if (child == 0) {
		(void)setenv("TERM", "xterm", 1);
		(void)setenv("XDG_STATE_HOME", home, 1);
		(void)setenv("HOME", home, 1);
		(void)setenv("LC_ALL", "C.UTF-8", 1);
		execl(program, program, "--lang", "en", "--server", "unix:/nonexistent/dispatch.sock",
			(char *)NULL);
		_exit(127);
	}
	heard_len = 0;
	heard[0] = '\0';
	hear("dispatch[no daemon]> ");
}

/* Its exit code, or 1000 and the signal. */
static int console_end(void)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	child = 0;
	close(terminal);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static int console_kill(void **state)
{
	(void)state;
	if (child > 0) {
		kill(child, SIGKILL);
		(void)console_end();
	}
	return 0;
}

static void up_brings_the_line_before(void **state)
{
	(void)state;
	console_start();
	press("help status\n");
	hear("dispatchctl status");
	hear("dispatch[no daemon]> ");
	press("\033[A");
	hear("help status");
	press("\n");
	hear("dispatchctl status");
	hear("dispatch[no daemon]> ");
	press("exit\n");
	assert_int_equal(console_end(), 0);
}

static void interrupt_drops_the_line(void **state)
{
	(void)state;
	console_start();
	press("nonsense\001");
	hear("\033["); /* the editor goes back: that is no echo, it has the terminal */
	press("\003"); /* from the line's beginning too */
	hear("dispatch[no daemon]> ");
	press("help order swap\n");
	hear("dispatchctl order swap");
	hear("dispatch[no daemon]> ");
	press("\xE4\xB8\xAD\xE6\x96\x87"); /* letters of several bytes are dropped, too */
	hear("\xE6\x96\x87");
	press("\003");
	hear("dispatch[no daemon]> ");
	press("help order recall\n");
	hear("dispatchctl order recall");
	hear("dispatch[no daemon]> ");
	press("exit\n");
	assert_int_equal(console_end(), 0);
}

static void a_row_that_no_list_had_is_refused(void **state)
{
	(void)state;
	console_start();
	press("order show %1\n");
	hear("there is no %1; the last list has 0 rows");
	hear("dispatch[no daemon]> ");
	press("note \"%1\" 50%\n");
	hear("there is no command 'note %1'");
	hear("dispatch[no daemon]> ");
	press(".WR-1 en\n"); /* radio traffic, and nobody to ask */
	hear("no daemon at");
	hear("dispatch[no daemon]> ");
	press("exit\n");
	assert_int_equal(console_end(), 5);
}

static void what_was_typed_outlives_a_kill(void **state)
{
	(void)state;
	console_start();
	press("help depot show\n");
	hear("dispatchctl depot show");
	hear("dispatch[no daemon]> ");
	kill(child, SIGKILL);
	assert_int_equal(console_end(), 1000 + SIGKILL);
	console_start();
	press("\033[A");
	hear("help depot show");
	press("\001\013exit\n"); /* to its beginning, cut to its end */
	assert_int_equal(console_end(), 0);
}

static void tab_completes(void **state)
{
	(void)state;
	console_start();
	press("inc\tsw\b\bverify --h\t\n"); /* what it makes of that shows in what is run */
	hear("dispatchctl incident verify");
	hear("dispatch[no daemon]> ");
	press("exit\n");
	assert_int_equal(console_end(), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(up_brings_the_line_before, console_kill),
		cmocka_unit_test_teardown(interrupt_drops_the_line, console_kill),
		cmocka_unit_test_teardown(a_row_that_no_list_had_is_refused, console_kill),
		cmocka_unit_test_teardown(what_was_typed_outlives_a_kill, console_kill),
		cmocka_unit_test_teardown(tab_completes, console_kill),
	};
	char remove[128];
	int failed;

	(void)argc;
	find_program(argv[0]);
	if (access(program, X_OK) != 0) {
		printf("no %s\n", program);
		return 77;
	}
	if (mkdtemp(home) == NULL)
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	snprintf(remove, sizeof(remove), "rm -rf '%s'", home);
	return system(remove) == 0 ? failed : 1;
}
