/* node: one daemon in the simulated world: its life from start to crash, its turns, its clock. */
#ifndef TESTS_FAULTS_NODE_H
#define TESTS_FAULTS_NODE_H

#include <setjmp.h>

#include "core/query.h"
#include "disk.h"
#include "memory.h"
#include "net.h"
#include "shell/shell.h"

enum { NODES_MAX = NET_NODES_MAX, NODE_FLIPS_MAX = 4 };

enum node_state { NODE_DOWN, NODE_STARTING, NODE_UP };

struct node_faults {
	bool crashes;     /* dies by itself, at any call */
	uint64_t power;   /* one death in so many is a power cut; 0 never */
	uint64_t starved; /* one allocation in so many fails; 0 never */
	uint64_t restart_max_ms;
};

struct node {
	uint32_t number;
	enum node_state state;
	struct memory *memory;
	struct disk *disk;
	struct life *life; /* in the arena; NULL: down */
	jmp_buf death;
	uint64_t fuse;   /* calls until it dies; 0: it does not */
	bool power;      /* and the machine with it */
	bool starved;    /* an allocation failed in this life: it may end in a panic */
	bool inside;     /* it runs, or waits in a call */
	int64_t wake_ms; /* the next turn; INT64_MAX none */
	int64_t paused_ms;
	uint64_t stop_in; /* calls until it is stopped in the midst of its turn; 0: it is not */
	int64_t stop_ms;
	struct node_faults faults;
	struct disk_flip flip[NODE_FLIPS_MAX]; /* since the last start that went well */
	uint32_t flips, damaged_starts;
	uint32_t starts, failed_starts, deaths, powers;
	uint64_t turns, lived; /* lived: lives that became ready */
	uint32_t stops, anew;  /* stopped in the midst of a turn; replaced by the other daemon */
};
extern struct node nodes[NODES_MAX];
extern uint32_t node_count;

void node_begin(uint32_t count);
void node_end(void);
void node_start(struct node *node);
/* Dies at its next call, at once when it sleeps. */
void node_kill(struct node *node, bool power);
void node_pause(struct node *node, int64_t ms);
/* As SIGSTOP does: after so many calls, for so long, and then it goes on. */
void node_stop(struct node *node, uint64_t calls, int64_t ms);
void node_wake(uint32_t number);

/* Of the life at hand; NULL: down. */
const struct core *node_core(const struct node *node);
struct shell *node_shell(const struct node *node);
int64_t node_event_ms(const struct node *node); /* its event time now */
/* It may decide and send; a node that is alone always does. */
bool life_leads(const struct node *node);
/* All that it has decided has been told, and is in PostgreSQL. */
bool node_is_quiet(const struct node *node);

#endif
