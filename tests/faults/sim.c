/* sim: a heap of what is due, a generator of chance, a running hash of the trace. */
#include "sim.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

struct due {
	int64_t at_ms;
	uint64_t serial;
	sim_fn *fn;
	void *context;
	uint64_t arg;
};

struct sim sim;
static struct due *heap;
static size_t heap_count, heap_max;
static uint64_t serial;

void sim_begin(uint64_t seed, bool trace)
{
	memset(&sim, 0, sizeof sim);
	sim.seed = seed;
	sim.random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	sim.now_ms = SIM_BOOT_MS;
	sim.digest = UINT64_C(0xcbf29ce484222325);
	sim.trace = trace;
	sim.faults = true;
	heap_count = 0;
	serial = 0;
}

/* What is still due is dropped; whose memory its context is frees it elsewhere. */
void sim_end(void)
{
	sim.over = true;
	heap_count = 0;
}

static bool before(const struct due *left, const struct due *right)
{
	return left->at_ms != right->at_ms ? left->at_ms < right->at_ms : left->serial < right->serial;
}

void sim_at(int64_t at_ms, sim_fn *fn, void *context, uint64_t arg)
{
	void *arena = memory_leave();
	size_t at;

	if (heap_count == heap_max) {
		heap_max = heap_max == 0 ? 1024 : heap_max * 2;
		heap = realloc(heap, heap_max * sizeof *heap);
		if (heap == NULL)
			abort();
	}
	memory_enter(arena);
	struct due one = {at_ms < sim.now_ms ? sim.now_ms : at_ms, ++serial, fn, context, arg};

	for (at = heap_count++; at > 0 && before(&one, &heap[(at - 1) / 2]); at = (at - 1) / 2)
		heap[at] = heap[(at - 1) / 2];
	heap[at] = one;
}

static struct due take(void)
{
	struct due first = heap[0], last = heap[--heap_count];
	size_t at = 0;

	for (;;) {
		size_t child = 2 * at + 1;

		if (child >= heap_count)
			break;
		if (child + 1 < heap_count && before(&heap[child + 1], &heap[child]))
			child++;
		if (!before(&heap[child], &last))
			break;
		heap[at] = heap[child];
		at = child;
	}
	heap[at] = last;
	return first;
}

void sim_run(int64_t until_ms)
{
	while (heap_count > 0 && heap[0].at_ms <= until_ms) {
		struct due due = take();

		if (due.at_ms > sim.now_ms)
			sim.now_ms = due.at_ms;
		due.fn(due.context, due.arg);
	}
	if (until_ms > sim.now_ms)
		sim.now_ms = until_ms;
}

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t chance(void)
{
	uint64_t z = sim.random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

uint64_t sim_below(uint64_t count)
{
	return count == 0 ? 0 : chance() % count;
}

int64_t sim_between(int64_t from, int64_t to)
{
	return to <= from ? from : from + (int64_t)sim_below((uint64_t)(to - from) + 1);
}

bool sim_one_in(uint64_t count)
{
	return count != 0 && sim_below(count) == 0;
}

int64_t sim_long(int64_t least, int64_t most)
{
	int64_t value = least < 1 ? 1 : least;

	while (value < most && !sim_one_in(3))
		value *= 2;
	return sim_between(least, value < most ? value : most);
}

static void mix(uint64_t value)
{
	sim.digest = (sim.digest ^ value) * UINT64_C(0x100000001b3);
	sim.digest ^= sim.digest >> 29;
}

void sim_note(const char *what, uint64_t a, uint64_t b)
{
	for (const char *at = what; *at != '\0'; at++)
		mix((uint8_t)*at);
	mix((uint64_t)sim.now_ms);
	mix(a);
	mix(b);
	sim.steps++;
	if (sim.trace)
		printf("%" PRId64 ".%03d %s %" PRIu64 " %" PRIu64 "\n", (sim.now_ms - SIM_BOOT_MS) / 1000,
			(int)((sim.now_ms - SIM_BOOT_MS) % 1000), what, a, b);
}

void sim_violation(const char *promise, const char *format, ...)
{
	va_list arguments;

	(void)memory_leave();
	va_start(arguments, format);
	if (sim.violations++ == 0) {
		sim.promise = promise;
		vsnprintf(sim.what, sizeof sim.what, format, arguments);
	}
	va_end(arguments);
	longjmp(sim.end, 1);
}
