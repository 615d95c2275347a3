/* ask: a question to the person at the terminal, and the answer. Knows no command. */
#ifndef CTL_ASK_H
#define CTL_ASK_H

#include "ctl/session.h"

enum { ASK_ANSWER_MAX = 64 };

/* Whether a person can be asked: both ends are a terminal, and no JSON is wanted. */
bool ask_possible(const struct session *session);

/* The first word of the answer, "" for none, for the end of the input and for Ctrl-C. */
void ask_word(const struct session *session, const char *question, char answer[ASK_ANSWER_MAX]);

/* Whether the answer is y, yes or 是; anything else is no. */
bool ask_yes(const struct session *session, const char *question);
bool ask_is_yes(const char *answer);

#endif
