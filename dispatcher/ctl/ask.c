/* ask: asks on the terminal; see the header. */
#include "ctl/ask.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

bool ask_possible(const struct session *session)
{
	return !session->json && isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
}

static void interrupted(int signal)
{
	(void)signal;
}

/* A line, or nothing: at its end, or when Ctrl-C comes, which is let in only while we wait. */
static bool line_wait(char *line, int size)
{
	struct sigaction action = {.sa_handler = interrupted}, before;
	struct pollfd from = {.fd = STDIN_FILENO, .events = POLLIN};
	sigset_t interrupt, mask;
	bool came;

	(void)sigemptyset(&interrupt);
	(void)sigaddset(&interrupt, SIGINT);
	(void)sigprocmask(SIG_BLOCK, &interrupt, &mask);
	ASSERT(sigaction(SIGINT, &action, &before) == 0);
	(void)sigdelset(&mask, SIGINT);
	fflush(stdout); /* the question; nobody can answer before */
	came = ppoll(&from, 1, NULL, &mask) > 0 && fgets(line, size, stdin) != NULL;
	(void)sigprocmask(SIG_UNBLOCK, &interrupt, NULL);
	ASSERT(sigaction(SIGINT, &before, NULL) == 0);
	clearerr(stdin); /* a shell goes on reading */
	return came;
}

void ask_word(const struct session *session, const char *question, char answer[ASK_ANSWER_MAX])
{
	char line[ASK_ANSWER_MAX];
	size_t from;

	fprintf(session->screen.to, "%s%s%s ", screen_tone(&session->screen, TONE_BOLD), question,
		screen_plain(&session->screen));
	if (!line_wait(line, sizeof(line))) {
		fputc('\n', session->screen.to);
		line[0] = '\0';
	}
	from = strspn(line, " \t");
	(void)screen_format(
		answer, ASK_ANSWER_MAX, "%.*s", (int)strcspn(line + from, " \t\r\n"), line + from);
}

bool ask_is_yes(const char *answer)
{
	return strcasecmp(answer, "y") == 0 || strcasecmp(answer, "yes") == 0 ||
	       strcmp(answer, "\u662F") == 0;
}

bool ask_yes(const struct session *session, const char *question)
{
	char answer[ASK_ANSWER_MAX];

	ask_word(session, question, answer);
	return ask_is_yes(answer);
}
