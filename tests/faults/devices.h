/* devices: senders of alarms: each repeats an alarm until it is answered, and remembers what it was told. */
#ifndef TESTS_FAULTS_DEVICES_H
#define TESTS_FAULTS_DEVICES_H

#include "sim.h"

enum { ALARMS_MAX = 8000 /* fewer than the town remembers */ };

struct sent_alarm {
	uint8_t device, type, state;
	bool answered, accepted, refused; /* accepted: said so, be it as a repeat */
	uint8_t rows;                     /* durable ones that take it in */
	uint32_t incident, row_incident;  /* as answered; as the row has it */
	int64_t at_ms;
	uint32_t tries;
	bool stray, two_incidents; /* in a row that was set aside; told one, and then another */
};
extern struct sent_alarm sent_alarm[ALARMS_MAX];
extern uint32_t sent_alarms, alarms_unanswered;

void devices_begin(void);
/* Alarms come from now on, one in every_ms on average; 0: none. */
void devices_storm(int64_t every_ms);

#endif
