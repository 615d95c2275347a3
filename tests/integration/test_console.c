/* test_console: dispatchctl without a command, on a terminal of its own: what the keys do. No daemon is there. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "console_terminal.h"
#include "program_beside.h"

static char home[] = "/tmp/dispatch-console.XXXXXX";
static pid_t child;

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
	hear_afresh();
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
	if (!program_find(argv[0], "dispatchctl"))
		return 77;
	if (mkdtemp(home) == NULL)
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	snprintf(remove, sizeof(remove), "rm -rf '%s'", home);
	return system(remove) == 0 ? failed : 1;
}
