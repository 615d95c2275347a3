/* console_terminal: the terminal that a console runs on: keys are pressed, and what it writes is waited for. */
#ifndef TESTS_CONSOLE_TERMINAL_H
#define TESTS_CONSOLE_TERMINAL_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <pty.h>
#include <string.h>
#include <unistd.h>

enum { TEXT_MAX = 1 << 16, PATIENCE_MS = 20000 };

static char heard[TEXT_MAX]; /* since the last key */
static size_t heard_len;
static int terminal; /* the console's other end */

/* Until the console has written this, after the last key. */
static void hear(const char *text)
{
	while (strstr(heard, text) == NULL) {
		struct pollfd from = {.fd = terminal, .events = POLLIN};
		ssize_t got = poll(&from, 1, PATIENCE_MS) == 1
				      ? read(terminal, heard + heard_len, TEXT_MAX - 1 - heard_len)
				      : -1;

		if (got <= 0)
			fail_msg("no '%s' in what came: %s", text, heard);
		heard_len += (size_t)got;
		heard[heard_len] = '\0';
	}
}

static void hear_afresh(void)
{
	heard_len = 0;
	heard[0] = '\0';
}

static void press(const char *keys)
{
	hear_afresh();
	assert_int_equal(write(terminal, keys, strlen(keys)), (ssize_t)strlen(keys));
}

#endif
