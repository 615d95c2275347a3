/* officer: the duty officer at the desk of a node: a door of his own, commands now and then, and what became of them. */
#ifndef TESTS_FAULTS_OFFICER_H
#define TESTS_FAULTS_OFFICER_H

#include "node.h"

enum { COMMANDS_MAX = 8192 };

/* Every command bears its number in a text of its own: "C12". */
struct officer_command {
	bool told_ok; /* the answer "ok" has left the door */
	bool stray;   /* in a row that was set aside */
	uint32_t rows;
};
extern struct officer_command officer_command[COMMANDS_MAX];
extern uint32_t officer_commands;

void officer_begin(void);
struct door_port officer_door(struct node *node);

#endif
