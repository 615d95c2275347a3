/* check_end: when the faults are over: everything finished, and nothing is missing. */
#include <string.h>

#include "check_pair.h"
#include "devices.h"
#include "officer.h"
#include "pg.h"
#include "terminals.h"

const char *check_unfinished(void)
{
	if (alarms_unanswered > 0)
		return "an alarm is not answered";
	if (terminals_away() > 0)
		return "a terminal is not linked";
	for (uint32_t number = 0; number < node_count; number++) {
		if (nodes[number].state != NODE_UP)
			return "the daemon is down";
		if (!node_is_quiet(&nodes[number]))
			return "not all is told and in the database";
		if (pg_find(check_durable(&nodes[number])) == NULL)
			return "the last row is not in the database";
	}
	return check_is_pair() ? check_pair_unfinished() : NULL;
}

static void check_journal(void)
{
	uint64_t last;

	(void)check_shadow_digest(&last);
	for (uint64_t seq = 1; seq <= last; seq++) {
		const struct pg_row *row = pg_find(seq);
		const struct check_row *ours = check_row_at(seq);

		if (row == NULL)
			sim_violation(
				"the journal is whole", "row %llu is not in it", (unsigned long long)seq);
		for (uint32_t number = 0; check_is_pair() && number < node_count; number++) {
			const struct check_row *own = check_row_of(&nodes[number], seq);

			if (own != NULL && memcmp(own->hash, row->hash, 32) != 0)
				sim_violation("one history", "row %llu of n%u is another one",
					(unsigned long long)seq, number);
		}
		if (memcmp(row->hash, ours->hash, 32) != 0)
			sim_violation(
				"the journal is whole", "row %llu is another one", (unsigned long long)seq);
		if (seq > 1 && memcmp(row->prev_hash, check_row_at(seq - 1)->hash, 32) != 0)
			sim_violation("the journal is whole", "row %llu follows another row",
				(unsigned long long)seq);
		if (row->epoch != ours->epoch || row->at_ms != ours->at_ms)
			sim_violation("the journal is whole", "row %llu has another epoch or time",
				(unsigned long long)seq);
	}
	if (pg.end > last)
		sim_violation("the journal is whole", "PostgreSQL has row %llu, durable are %llu",
			(unsigned long long)pg.end, (unsigned long long)last);
}

void check_finished(void)
{
	check_journal();
	for (uint32_t number = 0; number < sent_alarms; number++) {
		const struct sent_alarm *alarm = &sent_alarm[number];

		if (alarm->accepted && alarm->rows != 1)
			sim_violation("an accepted alarm is never lost",
				"alarm a%u was accepted, and stands in "
				"%u rows",
				number, alarm->rows);
		if (alarm->accepted && !alarm->stray &&
			(alarm->two_incidents || alarm->incident != alarm->row_incident))
			sim_violation("one alarm, one incident", "alarm a%u: %u was said, %u is recorded",
				number, alarm->incident, alarm->row_incident);
	}
	for (uint32_t number = 0; number < officer_commands; number++)
		if (officer_command[number].told_ok && officer_command[number].rows != 1 &&
			!(officer_command[number].rows == 0 && officer_command[number].stray))
			sim_violation("an officer's act is never lost",
				"command C%u was taken, and stands in %u "
				"rows",
				number, officer_command[number].rows);
	if (check_is_pair())
		check_pair_finished();
}
