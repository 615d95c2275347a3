/* town: the small town of the simulated nights: its land, its people, its plans; the same in every world. */
#ifndef TESTS_FAULTS_TOWN_H
#define TESTS_FAULTS_TOWN_H

#include "core/core.h"
#include "wire/ground.h"

enum {
	TOWN_GRIDS = 4,
	TOWN_UNITS = 12,
	TOWN_DEPOTS = 2,
	TOWN_DEVICES = 24,
	TOWN_SPEAKERS = 2,
	TOWN_PERSONS = 12
};

extern const struct ground town_ground;
extern const char *const town_alarm_types[];
enum { TOWN_ALARM_TYPES = 5 };

void town_limits(struct core_limits *limits);
/* Ways take longer with each mile of `delay`: no two lives need have the same. */
struct travel town_travel(uint32_t delay);

/* Longitude and latitude in degrees x 10^7 of what stands `at` in a row of `count`, west to east. */
void town_point(uint32_t at, uint32_t count, int32_t *lon_e7, int32_t *lat_e7);

/* Every row of the registry, in order; stops at what take does not return DISP_OK for. */
enum disp_err town_register(enum disp_err (*take)(void *context, struct event *event), void *context);

#endif
