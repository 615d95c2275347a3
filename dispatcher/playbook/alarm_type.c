/* alarm_type: one table of types, one list of units. */
#include "playbook/alarm_type.h"

#include <string.h>

#include "core/text_pool.h"

/* Written exactly as alarms write them: a value is compared in its unit, nothing is converted. */
static const char units_known[] = "m cm mm mm/h m/s m3/s kPa MPa ppm %LEL ug/m3 mg/m3 °C % dB V A kW count";

#define LITERAL(s)                                                                                           \
	{                                                                                                    \
		(s), (uint32_t)sizeof(s) - 1                                                                 \
	}

static const struct {
	struct text type;
	const char *units; /* NULL: any known one */
} types[] = {
	{LITERAL("alarm.water.person_near"), NULL},
	{LITERAL("alarm.water.person_in_water"), NULL},
	{LITERAL("alarm.water.level"), "m cm mm"},
	{LITERAL("alarm.pump.failed"), NULL},
	{LITERAL("alarm.manhole.moved"), NULL},
	{LITERAL("alarm.manhole.blocked"), NULL},
	{LITERAL("alarm.manhole.broken"), NULL},
	{LITERAL("alarm.fire.smoke"), NULL},
	{LITERAL("alarm.fire.flame"), NULL},
	{LITERAL("alarm.gas.leak"), "%LEL ppm % kPa MPa"},
	{LITERAL("alarm.fire.straw_burning"), NULL},
	{LITERAL("alarm.site.dust"), "ug/m3 mg/m3"},
	{LITERAL("alarm.site.no_helmet"), NULL},
	{LITERAL("alarm.site.intrusion"), NULL},
	{LITERAL("alarm.road.collapse"), NULL},
	{LITERAL("alarm.crop.pest"), NULL},
	{LITERAL("alarm.medical.help"), NULL},
	{LITERAL("alarm.weather.rainstorm"), "mm mm/h"},
	{LITERAL("alarm.road.obstruction"), NULL},
	{LITERAL("alarm.manhole.missing"), NULL},
};

enum { TYPE_COUNT = sizeof(types) / sizeof(types[0]) };

struct text alarm_type_at(uint32_t index)
{
	return index < TYPE_COUNT ? types[index].type : (struct text){0};
}

bool alarm_type_listed(struct text type)
{
	for (uint32_t index = 0; index < TYPE_COUNT; index++)
		if (text_equal(types[index].type, type))
			return true;
	return false;
}

/* Whether a list parted by single spaces holds the word. */
static bool list_holds(const char *list, struct text word)
{
	while (*list != '\0') {
		size_t len = strcspn(list, " ");

		if (text_equal((struct text){list, (uint32_t)len}, word))
			return true;
		list += len;
		list += *list == ' ';
	}
	return false;
}

bool alarm_unit_known(struct text unit)
{
	return list_holds(units_known, unit);
}

const char *alarm_unit_list(struct text type)
{
	for (uint32_t index = 0; index < TYPE_COUNT; index++)
		if (text_equal(types[index].type, type) && types[index].units != NULL)
			return types[index].units;
	return units_known;
}

bool alarm_unit_fits(struct text type, struct text unit)
{
	return list_holds(alarm_unit_list(type), unit);
}
