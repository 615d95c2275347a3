/* main: worlds by their seeds: a phase with faults in which nothing wrong may happen, one without in which all finishes. */
#include <getopt.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "chaos.h"
#include "check_pair.h"
#include "devices.h"
#include "net.h"
#include "officer.h"
#include "pg.h"
#include "shell/say.h"
#include "terminals.h"

enum { FINISH_MAX_MS = 10 * SIM_MINUTE, LOOK_MS = 500, PART_MS = 5 * SIM_MINUTE };
enum { ONE_LEADS_MS = 5000, UP_MAX_MS = 30000, LOOK_LEAD_MS = 50 };

struct options {
	uint64_t first, count;
	int64_t minutes;
	bool trace, quiet, twice, stop;
	bool pair; /* two daemons */
};

struct figures {
	uint64_t seeds, violated, alarms, rows, deaths, powers, starts_refused, turns;
	uint64_t take_overs, stops, anew, strays; /* of two daemons */
	int64_t simulated_ms;
};

static void begin(uint64_t seed, bool trace, bool pair)
{
	sim_begin(seed, trace);
	net_begin();
	pg_begin();
	node_begin(pair ? 2 : 1);
	check_begin();
	devices_begin();
	terminals_begin();
	officer_begin();
	chaos_begin();
	for (uint32_t number = 0; number < node_count; number++)
		node_start(&nodes[number]);
}

static void end(struct figures *figures)
{
	uint64_t rows;

	(void)check_shadow_digest(&rows);
	figures->seeds++;
	figures->violated += sim.violations > 0;
	figures->alarms += sent_alarms;
	figures->rows += rows;
	for (uint32_t number = 0; number < node_count; number++) {
		figures->deaths += nodes[number].deaths;
		figures->powers += nodes[number].powers;
		figures->starts_refused += nodes[number].failed_starts;
		figures->turns += nodes[number].turns;
		figures->stops += nodes[number].stops;
		figures->anew += nodes[number].anew;
	}
	figures->take_overs += check_pair_take_overs();
	figures->strays += pg.stray_count;
	figures->simulated_ms += sim.now_ms - SIM_BOOT_MS;
	node_end();
	pq_reset();
	pg_end();
	check_end();
	sim_end();
}

/* The storm changes its strength every few minutes. */
static void storm(int64_t minutes)
{
	for (int64_t part = 0; part < minutes * SIM_MINUTE; part += PART_MS) {
		devices_storm(sim_one_in(6) ? sim_between(100, 300) : sim_between(800, 6000));
		sim_run(sim.now_ms + PART_MS);
	}
	devices_storm(0);
}

/* Of two daemons one leads soon, once both can. */
static void one_leads_soon(void)
{
	int64_t since_ms = sim.now_ms, both_ms = 0;

	if (!check_is_pair())
		return;
	while (check_pair_leader() == UINT32_MAX) {
		bool both = nodes[0].state == NODE_UP && nodes[1].state == NODE_UP;

		both_ms = !both ? 0 : both_ms == 0 ? sim.now_ms : both_ms;
		if ((both_ms != 0 && sim.now_ms - both_ms > ONE_LEADS_MS) ||
			sim.now_ms - since_ms > UP_MAX_MS + ONE_LEADS_MS)
			sim_violation("one leads soon", "nobody does, after %lld ms with both there",
				both_ms == 0 ? -1LL : (long long)(sim.now_ms - both_ms));
		sim_run(sim.now_ms + LOOK_LEAD_MS);
	}
}

static void finish(void)
{
	int64_t until_ms = sim.now_ms + FINISH_MAX_MS;
	const char *why;

	chaos_over();
	sim_note("faults.over", 0, 0);
	one_leads_soon();
	while ((why = check_unfinished()) != NULL) {
		if (sim.now_ms >= until_ms)
			sim_violation("everything finishes", "after %d s: %s", FINISH_MAX_MS / 1000, why);
		sim_run(sim.now_ms + LOOK_MS);
	}
	sim_note("finished", 0, 0);
	node_kill(&nodes[check_is_pair() ? check_pair_leader() : 0], true);
	one_leads_soon();
	while ((why = check_unfinished()) != NULL) {
		if (sim.now_ms >= until_ms)
			sim_violation("everything finishes", "after the last start: %s", why);
		sim_run(sim.now_ms + LOOK_MS);
	}
	check_finished();
}

/* Returns the digest of the trace. */
static uint64_t run_seed(uint64_t seed, const struct options *options, struct figures *figures)
{
	begin(seed, options->trace, options->pair);
	if (setjmp(sim.end) == 0) {
		storm(options->minutes);
		finish();
	}
	uint64_t digest = sim.digest, steps = sim.steps;
	int64_t now_ms = sim.now_ms;
	uint32_t violations = sim.violations,
		 deaths = nodes[0].deaths + (options->pair ? nodes[1].deaths : 0);

	end(figures);
	if (violations > 0)
		printf("seed %" PRIu64 ": VIOLATION of \"%s\" after %.3f s: %s\n", seed, sim.promise,
			(double)(now_ms - SIM_BOOT_MS) / 1000, sim.what);
	if (!options->quiet)
		printf("seed %" PRIu64 ": trace %016" PRIx64 ", %" PRIu64 " steps, %" PRIu64 " deaths\n",
			seed, digest, steps, (uint64_t)deaths);
	fflush(stdout);
	return digest;
}

static double cpu_seconds(void)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_SELF, &usage);
	return (double)usage.ru_utime.tv_sec + (double)usage.ru_stime.tv_sec +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static int run(const struct options *options)
{
	struct figures figures = {0};
	int differs = 0;

	for (uint64_t seed = options->first; seed < options->first + options->count; seed++) {
		uint64_t digest = run_seed(seed, options, &figures);

		if (options->twice && run_seed(seed, options, &figures) != digest) {
			printf("seed %" PRIu64 ": another trace the second time\n", seed);
			differs = 1;
		}
		if (options->stop && figures.violated > 0)
			break;
	}
	printf("figures seeds=%" PRIu64 " violations=%" PRIu64 " simulated_s=%" PRId64
	       " cpu_ms=%.0f alarms=%" PRIu64 " rows=%" PRIu64 " deaths=%" PRIu64 " power_cuts=%" PRIu64
	       " starts_refused=%" PRIu64 " turns=%" PRIu64 " take_overs=%" PRIu64 " stops=%" PRIu64
	       " anew=%" PRIu64 " strays=%" PRIu64 "\n",
		figures.seeds, figures.violated, figures.simulated_ms / 1000, cpu_seconds() * 1000,
		figures.alarms, figures.rows, figures.deaths, figures.powers, figures.starts_refused,
		figures.turns, figures.take_overs, figures.stops, figures.anew, figures.strays);
	return figures.violated > 0 || differs ? 1 : 0;
}

int main(int argc, char **argv)
{
	static const struct option long_options[] = {{"seed", required_argument, NULL, 's'},
		{"first", required_argument, NULL, 'f'}, {"count", required_argument, NULL, 'n'},
		{"minutes", required_argument, NULL, 'm'}, {"trace", no_argument, NULL, 't'},
		{"quiet", no_argument, NULL, 'q'}, {"twice", no_argument, NULL, '2'},
		{"stop", no_argument, NULL, 'x'}, {"pair", no_argument, NULL, 'p'}, {NULL, 0, NULL, 0}};
	struct options options = {.first = 1, .count = 1, .minutes = 60};
	int option;

	while ((option = getopt_long(argc, argv, "s:f:n:m:tq2xp", long_options, NULL)) != -1) {
		switch (option) {
		case 's':
			options.first = strtoull(optarg, NULL, 10);
			options.count = 1;
			break;
		case 'f':
			options.first = strtoull(optarg, NULL, 10);
			break;
		case 'n':
			options.count = strtoull(optarg, NULL, 10);
			break;
		case 'm':
			options.minutes = strtoll(optarg, NULL, 10);
			break;
		case 't':
			options.trace = true;
			break;
		case 'q':
			options.quiet = true;
			break;
		case '2':
			options.twice = true;
			break;
		case 'x': /* at the first violation */
			options.stop = true;
			break;
		case 'p':
			options.pair = true;
			break;
		default:
			fprintf(stderr,
				"usage: faults [--seed N | --first N --count N] [--minutes N] [--trace] "
				"[--quiet] [--twice] [--stop] [--pair]\n");
			return 2;
		}
	}
	if (!options.trace) /* the trace says it in its own words */
		say_level_set((enum say_level)(SAY_ERROR + 1));
	if (sodium_init() < 0)
		return 2;
	return run(&options);
}
