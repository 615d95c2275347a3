/* node: who runs, what its calls go to, how it dies and comes again. */
#include "node.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check.h"
#include "core/error.h"
#include "life.h"
#include "pg.h"

enum {
	FUSE_MAX = 60000,
	FUSE_MAX_PAIR = 240000, /* who stands by calls more, and who is to lead needs seconds for it */
	FUSE_SHORT = 400,
	MISHAP_DEATHS = 6,
	MISHAP_CALLS = 12
}; /* calls; an hour has some hundred thousand */

struct node nodes[NODES_MAX];
uint32_t node_count;
static struct node *running;
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout_ms);
int __wrap_clock_gettime(clockid_t id, struct timespec *out);

/* --- at each call --------------------------------------------------------------------------------------- */

static void enter(struct node *self);

/* The world goes on, this one does not: all nodes share a stack, so who is stopped waits for whoever is stopped later. */
static void stop(struct node *self)
{
	void *arena = memory_leave();

	self->stop_in = 0;
	self->stops++;
	sim_note("node.stopped", self->number, (uint64_t)self->stop_ms);
	running = NULL;
	sim_run(sim.now_ms + self->stop_ms);
	sim_note("node.goes_on", self->number, 0);
	enter(self);
	memory_enter(arena);
}

/* Where it can be killed, and not stopped: between the last look at the lease and the message there is nothing. */
static void sending(void)
{
	struct node *self = running;

	if (self == NULL || self->fuse == 0 || --self->fuse > 0)
		return;
	(void)memory_leave();
	longjmp(self->death, 1);
}

static void point(void)
{
	struct node *self = running;

	if (self != NULL && self->stop_in > 0 && --self->stop_in == 0)
		stop(self);
	sending();
}

/* What is half done when something fails is where a death hurts most. */
static void mishap(void)
{
	if (running != NULL && running->faults.crashes && sim_one_in(MISHAP_DEATHS))
		running->fuse = 1 + sim_below(MISHAP_CALLS);
}

static bool starves(void)
{
	if (running == NULL || !sim_one_in(running->faults.starved))
		return false;
	running->starved = true;
	mishap();
	sim_note("node.starves", running->number, 0);
	return true;
}

static void enter(struct node *self)
{
	running = self;
	disk_use(self->disk, point);
	pq_use(self->number, point);
	net_use(self->number, point, sending);
	memory_enter(self->memory);
}

static void leave(void)
{
	(void)memory_leave();
	running = NULL;
}

_Noreturn void disp_panic(const char *what, const char *file, int line)
{
	(void)memory_leave();
	if (running == NULL || !running->starved)
		sim_violation("no panic", "%s:%d: %s", file, line, what);
	sim_note("node.panic", running->number, (uint64_t)line);
	longjmp(running->death, 1);
}

int __wrap_clock_gettime(clockid_t id, struct timespec *out)
{
	int64_t ms = sim.now_ms + (id == CLOCK_REALTIME ? SIM_WALL_MS + sim.wall_off_ms : 0);

	*out = (struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
	return 0;
}

/* Waiting lets the world go on. */
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
	struct node *self = running;

	(void)count;
	if (fds[0].fd >= 0 && pq_ready(fds[0].fd)) {
		fds[0].revents = fds[0].events;
		return 1;
	}
	if (timeout_ms <= 0 || self == NULL)
		return 0;
	leave();
	sim_run(sim.now_ms + timeout_ms);
	enter(self);
	point();
	return fds[0].fd >= 0 && pq_ready(fds[0].fd);
}

/* --- life and death -------------------------------------------------------------------------------------- */

static void start_again(void *context, uint64_t arg)
{
	struct node *self = context;

	(void)arg;
	if (self->state == NODE_DOWN)
		node_start(self);
}

static void die(struct node *self)
{
	bool power = self->power || (sim.faults && sim_one_in(self->faults.power));

	leave();
	sim_note(power ? "node.power" : "node.dies", self->number, self->starts);
	self->deaths++;
	self->powers += power;
	self->state = NODE_DOWN;
	self->inside = self->power = self->starved = false;
	self->fuse = self->stop_in = 0;
	self->life = NULL;
	self->wake_ms = INT64_MAX;
	disk_crash(self->disk, power);
	pq_crash(self->number);
	net_crash(self->number);
	memory_reset(self->memory);
	check_died(self);
	sim_at(sim.now_ms + sim_long(200, sim.faults ? (int64_t)self->faults.restart_max_ms : 1000),
		start_again, self, 0);
}

/* What was replaced by the other daemon begins anew, as a process; its machine runs on. */
static void start_anew(struct node *self)
{
	enter(self);
	life_pair_end(self);
	leave();
	sim_note("node.anew", self->number, self->starts);
	self->anew++;
	self->state = NODE_DOWN;
	self->inside = self->starved = false;
	self->fuse = self->stop_in = 0;
	self->life = NULL;
	self->wake_ms = INT64_MAX;
	disk_crash(self->disk, false);
	pq_crash(self->number);
	net_crash(self->number);
	memory_reset(self->memory);
	check_died(self);
	sim_at(sim.now_ms + sim_between(5, 50), start_again, self, 0);
}

static void light_fuse(struct node *self)
{
	self->fuse = 0;
	if (!sim.faults || !self->faults.crashes)
		return;
	self->fuse = sim_one_in(4) ? 1 + sim_below(FUSE_SHORT)
				   : 1 + sim_below(node_count > 1 ? FUSE_MAX_PAIR : FUSE_MAX);
}

static void schedule(struct node *self, int64_t at_ms);

static void turn(void *context, uint64_t at_ms)
{
	struct node *self = context;

	if (self->state != NODE_UP || self->inside || self->wake_ms != (int64_t)at_ms)
		return;
	if (sim.now_ms < self->paused_ms) {
		self->wake_ms = INT64_MAX;
		schedule(self, self->paused_ms);
		return;
	}
	self->wake_ms = INT64_MAX;
	if (setjmp(self->death) != 0) {
		die(self);
		return;
	}
	self->inside = true;
	check_turn(self);
	enter(self);
	bool goes_on = life_turn(self);
	int64_t due_ms = goes_on ? life_due_ms(self) : 0;

	leave();
	if (!goes_on) {
		start_anew(self);
		return;
	}
	self->inside = false;
	self->turns++;
	check_turned(self);
	schedule(self, due_ms > sim.now_ms ? due_ms : sim.now_ms + 1);
}

static void schedule(struct node *self, int64_t at_ms)
{
	if (at_ms >= self->wake_ms)
		return;
	self->wake_ms = at_ms;
	sim_at(at_ms, turn, self, (uint64_t)at_ms);
}

void node_wake(uint32_t number)
{
	struct node *self = &nodes[number];

	if (self->state == NODE_UP && !self->inside)
		schedule(self, sim.now_ms + 1);
}

void node_start(struct node *self)
{
	bool ready;

	if (setjmp(self->death) != 0) {
		die(self);
		return;
	}
	self->starts++;
	self->state = NODE_STARTING;
	self->inside = true;
	sim_note("node.starts", self->number, self->starts);
	light_fuse(self);
	enter(self);
	ready = life_start(self);
	leave();
	self->inside = false;
	if (!ready) { /* the process says so and ends; it is started again */
		self->failed_starts++;
		sim_note("node.refuses", self->number, self->failed_starts);
		die(self);
		return;
	}
	self->state = NODE_UP;
	self->flips = self->damaged_starts = 0;
	self->lived++;
	sim_note("node.ready", self->number, query_town(self->life->core)->seq);
	schedule(self, sim.now_ms + 1);
}

void node_kill(struct node *self, bool power)
{
	if (self->state == NODE_DOWN)
		return;
	self->power = power;
	if (self->inside) {
		self->fuse = 1;
		return;
	}
	die(self);
}

void node_pause(struct node *self, int64_t ms)
{
	sim_note("node.paused", self->number, (uint64_t)ms);
	self->paused_ms = sim.now_ms + ms;
}

void node_stop(struct node *self, uint64_t calls, int64_t ms)
{
	self->stop_in = calls;
	self->stop_ms = ms;
}

/* --- the world's begin and end -------------------------------------------------------------------------------- */

static void make_folder(struct node *self)
{
	disk_use(self->disk, point);
	if (disk_ops.mkdirat(-100, "/data", 0700) != 0)
		abort();
	int fd = disk_ops.openat(-100, "/.", 0, 0);

	if (fd < 0 || disk_ops.fsync(fd) != 0 || disk_ops.close(fd) != 0)
		abort();
}

void node_begin(uint32_t count)
{
	node_count = count;
	memory_fails = starves;
	sim.mishap = mishap;
	pq_wake = net_wake = node_wake;
	net_leaves = check_leaves;
	for (uint32_t number = 0; number < count; number++) {
		struct node *self = &nodes[number];
		struct memory *memory = self->memory == NULL ? memory_new() : self->memory;

		memory_reset(memory);
		*self = (struct node){.number = number, .memory = memory, .wake_ms = INT64_MAX};
		self->faults.restart_max_ms = 2000;
		self->disk = disk_new();
		make_folder(self);
		disk_watch(self->disk, check_synced, self);
	}
}

void node_end(void)
{
	running = NULL;
	for (uint32_t number = 0; number < node_count; number++) {
		net_crash(number);
		disk_free(nodes[number].disk);
	}
}
