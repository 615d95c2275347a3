/* ask: asks on the terminal; see the header. */
#include "ctl/ask.h"

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

void ask_word(const struct session *session, const char *question, char answer[ASK_ANSWER_MAX])
{
	struct sigaction action = {.sa_handler = interrupted},
			 before; /* no SA_RESTART: it ends the reading */
	char line[ASK_ANSWER_MAX];
	size_t from;

	fprintf(session->screen.to, "%s%s%s ", screen_tone(&session->screen, TONE_BOLD), question,
		screen_plain(&session->screen));
	fflush(session->screen.to);
	answer[0] = '\0';
	ASSERT(sigaction(SIGINT, &action, &before) == 0);
	if (fgets(line, sizeof(line), stdin) == NULL) {
		clearerr(stdin); /* a shell goes on reading */
		fputc('\n', session->screen.to);
		line[0] = '\0';
	}
	ASSERT(sigaction(SIGINT, &before, NULL) == 0);
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
