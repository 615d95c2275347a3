/* check_pair: of two daemons one leads: books of the lease, of who writes the journal, of what was set aside and brought in again. */
#ifndef TESTS_FAULTS_CHECK_PAIR_H
#define TESTS_FAULTS_CHECK_PAIR_H

#include "check.h"
#include "pg.h"

/* True: this world has two daemons; what is in force is then what the journal has, not what is durable somewhere. */
bool check_is_pair(void);
void check_pair_begin(void);

/* The node has been told that it may send, or dies. */
void check_pair_died(uint32_t number);
/* Before a message of a leader: its own lease must hold by these books, and no other one's. */
void check_pair_sends(uint32_t number, uint64_t epoch, const char *what);
/* Who took that epoch; UINT32_MAX: nobody. */
uint32_t check_pair_holder(uint64_t epoch);
uint32_t check_pair_take_overs(void); /* epochs taken by another node than the one before */
/* The one that leads; UINT32_MAX: none, or more. */
uint32_t check_pair_leader(void);

/* The journal's row has come to the shadow. */
void check_pair_row(const struct event *event, const struct effects *effects);
/* A terminal has begun to obey an order that it was told with that seq. */
void check_obeyed(uint32_t order, uint64_t seq);
/* The order stands in the journal, with that seq. */
bool check_order_stands(uint32_t order, uint64_t seq);
/* When all is over: whatever was obeyed is known, whatever was set aside was brought in. */
void check_pair_finished(void);
const char *check_pair_unfinished(void);

#endif
