/* chaos: episodes of each kind, one after the other, with quiet between them. */
#include "chaos.h"

#include <string.h>

#include "check_pair.h"
#include "disk.h"
#include "net.h"
#include "node.h"
#include "pg.h"
#include "terminals.h"

struct kind {
	const char *name;
	void (*begin)(struct node *node);
	void (*end)(struct node *node);
	int64_t every_ms, longest_ms;
};

static void disk_errors(struct node *self)
{
	struct disk_faults *faults = disk_get_faults(self->disk);

	faults->write_eio = sim_one_in(2) ? 3 : 20;
	faults->sync_eio = sim_one_in(2) ? 2 : 10;
}

static void sync_errors(struct node *self)
{
	if (sim_one_in(2)) /* a start is to meet them */
		node_kill(self, false);
	disk_get_faults(self->disk)->sync_eio = 1 + sim_below(4);
}

static void read_errors(struct node *self)
{
	disk_get_faults(self->disk)->read_eio = 2 + sim_below(30);
}

static void short_writes(struct node *self)
{
	disk_get_faults(self->disk)->short_write = 2;
}

static void disk_full(struct node *self)
{
	disk_get_faults(self->disk)->full = true;
}

static void disk_slow(struct node *self)
{
	disk_get_faults(self->disk)->latency_ms = sim_long(20, 3000);
}

static void disk_well(struct node *self)
{
	*disk_get_faults(self->disk) = (struct disk_faults){.latency_ms = sim_between(1, 4)};
}

static void pg_down(struct node *self)
{
	(void)self;
	if (sim.now_ms < pg.held_until_ms)
		return;
	pg.faults.down_until_ms = sim.now_ms + sim_long(100, 5 * SIM_MINUTE);
	pg_kill();
}

static void pg_silent(struct node *self)
{
	(void)self;
	if (sim.now_ms < pg.held_until_ms)
		return;
	pg.faults.silent_until_ms = sim.now_ms + sim_long(100, SIM_MINUTE);
}

static void pg_flaky(struct node *self)
{
	(void)self;
	if (sim.now_ms < pg.held_until_ms)
		return;
	pg.faults.lost_before = 10 + sim_below(200);
	pg.faults.lost_after = 10 + sim_below(200);
	pg.faults.refused = sim_one_in(2) ? 20 : 0;
	pg.faults.slow = 10;
}

static void pg_well(struct node *self)
{
	(void)self;
	pg.faults.lost_before = pg.faults.lost_after = pg.faults.refused = pg.faults.slow = 0;
}

static void killed(struct node *self)
{
	node_kill(self, sim_one_in(2));
}

static bool is_ours(const struct node *self, uint64_t seq)
{
	const struct check_row *own = check_row_of(self, seq);

	return own == NULL || memcmp(own->hash, pg_find(seq)->hash, sizeof own->hash) == 0;
}

/* Whether the database has every durable row; else a damaged or lost disk is the end of a row, whatever anybody does. */
static bool all_is_in_pg(const struct node *self)
{
	uint64_t last = check_durable(self);

	for (uint64_t seq = 1; seq <= last; seq++)
		if (pg_find(seq) == NULL || !is_ours(self, seq))
			return false;
	return last > 0;
}

static void flipped(struct node *self)
{
	node_kill(self, sim_one_in(2));
	if (self->state != NODE_DOWN || self->flips > 0 || !all_is_in_pg(self))
		return;
	for (uint64_t left = 1 + sim_below(NODE_FLIPS_MAX); left > 0; left--)
		if (disk_flip(self->disk, &self->flip[self->flips]))
			self->flips++;
}

static void disk_lost(struct node *self)
{
	node_kill(self, true);
	if (self->state != NODE_DOWN || !all_is_in_pg(self))
		return;
	self->flips = 0;
	disk_replace(self->disk);
	check_new_disk(self);
	disk_well(self);
	pg_well(self);
	pg.faults.down_until_ms = pg.faults.silent_until_ms = 0;
	pg.held_until_ms = sim.now_ms + 2 * SIM_MINUTE;
}

static void paused(struct node *self)
{
	node_pause(self, sim_long(100, 90 * SIM_SECOND));
}

static void wall_step(struct node *self)
{
	(void)self;
	sim.wall_off_ms += sim_one_in(4) ? sim_between(0, SIM_HOUR) : sim_between(-60000, 60000);
	if (sim.wall_off_ms < -60000)
		sim.wall_off_ms = -60000;
	sim_note("wall.step", (uint64_t)sim.wall_off_ms, 0);
}

static void net_bad(struct node *self)
{
	(void)self;
	net_faults.drop = 4;
	net_faults.repeat = 4;
	net_faults.delay = 3;
	net_faults.cut = sim_one_in(2) ? 40 : 0;
}

static void net_well(struct node *self)
{
	(void)self;
	net_faults.drop = net_faults.repeat = 10;
	net_faults.delay = 20;
	net_faults.cut = 0;
}

static void hunger(struct node *self)
{
	self->faults.starved = 200 + sim_below(2000);
}

static void fed(struct node *self)
{
	self->faults.starved = 0;
}

static void kill_later(void *context, uint64_t arg)
{
	(void)arg;
	if (sim.faults)
		node_kill(context, sim_one_in(2));
}

static void nothing(struct node *self)
{
	(void)self;
}

/* --- of two daemons ---------------------------------------------------------------------------------- */

/* As SIGSTOP and SIGCONT do, in the midst of a turn. */
static void stopped(struct node *self)
{
	node_stop(self, 1 + sim_below(60),
		sim_one_in(2) ? sim_between(200, 3000) : sim_long(500, 30 * SIM_SECOND));
}

static void stopped_leader(struct node *self)
{
	uint32_t leader = check_pair_leader();

	stopped(leader < node_count ? &nodes[leader] : self);
}

static void killed_leader(struct node *self)
{
	uint32_t leader = check_pair_leader();

	killed(leader < node_count ? &nodes[leader] : self);
}

static void pg_cut(struct node *self)
{
	if (sim.now_ms >= pg.held_until_ms)
		pg.faults.cut_until_ms[self->number] =
			sim.now_ms + (sim_one_in(3) ? sim_long(100, 2 * SIM_MINUTE) : sim_between(100, 6000));
}

/* First the database, then the leader: what it has taken in as an island is nowhere else. */
static void island_lost(struct node *self)
{
	uint32_t leader = check_pair_leader();

	if (leader >= node_count || sim.now_ms < pg.held_until_ms)
		return;
	self = &nodes[leader];
	pg.faults.cut_until_ms[leader] = sim.now_ms + sim_between(3000, 40000);
	if (sim_one_in(2))
		node_stop(self, 300 + sim_below(3000), sim_between(2000, 20000));
	else
		sim_at(sim.now_ms + sim_between(500, 20000), kill_later, self, 0);
}

/* Who stands by follows, and its disk is late: the leader dies before the last rows are on it. */
static void slow_standby(struct node *self)
{
	uint32_t leader = check_pair_leader();

	(void)self;
	if (leader >= node_count)
		return;
	disk_get_faults(nodes[1 - leader].disk)->latency_ms = sim_between(1000, 4000);
	sim_at(sim.now_ms + sim_between(500, 4000), kill_later, &nodes[leader], 0);
}

static void both_disks_well(struct node *self)
{
	(void)self;
	for (uint32_t number = 0; number < node_count; number++)
		disk_well(&nodes[number]);
}

static void line_cut(struct node *self)
{
	(void)self;
	net_faults.line_cut_until_ms =
		sim.now_ms + (sim_one_in(3) ? sim_long(100, 3 * SIM_MINUTE) : sim_between(100, 6000));
}

static const struct kind kinds[] = {
	{"disk.errors", disk_errors, disk_well, 5 * SIM_MINUTE, 20 * SIM_SECOND},
	{"disk.sync_errors", sync_errors, disk_well, 5 * SIM_MINUTE, 20 * SIM_SECOND},
	{"disk.read_errors", read_errors, disk_well, 8 * SIM_MINUTE, 10 * SIM_SECOND},
	{"disk.short_writes", short_writes, disk_well, 5 * SIM_MINUTE, SIM_MINUTE},
	{"disk.full", disk_full, disk_well, 8 * SIM_MINUTE, SIM_MINUTE},
	{"disk.slow", disk_slow, disk_well, 5 * SIM_MINUTE, SIM_MINUTE},
	{"pg.down", pg_down, nothing, 8 * SIM_MINUTE, SIM_SECOND},
	{"pg.silent", pg_silent, nothing, 5 * SIM_MINUTE, SIM_SECOND},
	{"pg.flaky", pg_flaky, pg_well, 4 * SIM_MINUTE, 2 * SIM_MINUTE},
	{"node.killed", killed, nothing, 5 * SIM_MINUTE, SIM_SECOND},
	{"disk.flips", flipped, nothing, 10 * SIM_MINUTE, SIM_SECOND},
	{"disk.lost", disk_lost, nothing, 15 * SIM_MINUTE, SIM_SECOND},
	{"node.pause", paused, nothing, 6 * SIM_MINUTE, SIM_SECOND},
	{"wall.steps", wall_step, nothing, 6 * SIM_MINUTE, SIM_SECOND},
	{"net.bad", net_bad, net_well, 4 * SIM_MINUTE, 3 * SIM_MINUTE},
	{"memory.short", hunger, fed, 6 * SIM_MINUTE, 30 * SIM_SECOND},
	{"node.stop", stopped, nothing, 3 * SIM_MINUTE, SIM_SECOND},
	{"leader.stop", stopped_leader, nothing, 2 * SIM_MINUTE, SIM_SECOND},
	{"leader.kill", killed_leader, nothing, 4 * SIM_MINUTE, SIM_SECOND},
	{"island.lost", island_lost, nothing, 4 * SIM_MINUTE, SIM_SECOND},
	{"standby.slow", slow_standby, both_disks_well, 5 * SIM_MINUTE, 20 * SIM_SECOND},
	{"pg.cut", pg_cut, nothing, 2 * SIM_MINUTE, SIM_SECOND},
	{"line.cut", line_cut, nothing, 3 * SIM_MINUTE, SIM_SECOND},
};
enum { KINDS = sizeof kinds / sizeof kinds[0], KINDS_OF_ONE = KINDS - 7 };

static void episode_ends(void *context, uint64_t which);

static void episode(void *context, uint64_t which)
{
	struct node *self = &nodes[sim_below(node_count)];

	(void)context;
	if (!sim.faults)
		return;
	sim_note(kinds[which].name, self->number, 1);
	kinds[which].begin(self);
	sim_at(sim.now_ms + sim_long(100, kinds[which].longest_ms), episode_ends, self, which);
}

static void episode_ends(void *context, uint64_t which)
{
	if (!sim.faults)
		return;
	sim_note(kinds[which].name, ((struct node *)context)->number, 0);
	kinds[which].end(context);
	sim_at(sim.now_ms + sim_between(1, 2 * kinds[which].every_ms), episode, NULL, which);
}

void chaos_begin(void)
{
	for (uint64_t which = 0; which < (node_count > 1 ? KINDS : KINDS_OF_ONE); which++)
		/* a damaged row hides those behind it from who sets them aside: of two daemons they are then nowhere else */
		if (sim_one_in(2) && !(node_count > 1 && kinds[which].begin == flipped))
			sim_at(sim.now_ms + sim_between(1, 2 * kinds[which].every_ms), episode, NULL, which);
	for (uint32_t number = 0; number < node_count; number++) {
		nodes[number].faults.crashes = !sim_one_in(4);
		nodes[number].faults.power = sim_one_in(3) ? 0 : 1 + sim_below(3);
		nodes[number].faults.restart_max_ms = sim_one_in(3) ? 20000 : 1500;
	}
	net_well(NULL);
	pg.faults.latency_ms = sim_one_in(3) ? sim_between(5, 80) : 1;
	pg.faults.poison = sim_one_in(3) ? 60 : 0;
	terminal_habits.vanishes = sim_one_in(2) ? 600 : 0;
	terminal_habits.freezes = sim_one_in(3) ? 900 : 0;
	if (node_count > 1 && sim_one_in(2)) /* what waits for them must not leave when the lease is over */
		terminal_habits.freezes = 150;
}

void chaos_over(void)
{
	sim.faults = false;
	for (uint32_t number = 0; number < node_count; number++) {
		disk_well(&nodes[number]);
		nodes[number].fuse = 0;
		nodes[number].paused_ms = 0;
		nodes[number].stop_in = 0;
		pg.faults.cut_until_ms[number] = 0;
		nodes[number].faults = (struct node_faults){.restart_max_ms = 1000};
		node_wake(number);
	}
	pg_well(NULL);
	pg.faults.down_until_ms = pg.faults.silent_until_ms = 0;
	net_faults = (struct net_faults){.latency_ms = 1};
}
