/* value_word: the core's own words in the reader's language, and the tone of those that are good or bad; no JSON. */
#include "ctl/value.h"

#include <string.h>

const char *value_word(const struct screen *screen, enum words_set set, const char *word)
{
	uint32_t value = words_find(set, (struct text){word, (uint32_t)strlen(word)});

	if (screen->lang != LANG_ZH || value == UINT32_MAX)
		return word;
	return words_zh(set, value).ptr; /* a literal: terminated */
}

enum tone value_tone(enum words_set set, const char *word)
{
	static const struct {
		enum words_set set;
		const char *words;
		enum tone tone;
	} tones[] = {
		{WORDS_INCIDENT_STATE, " reported ", TONE_BAD},
		{WORDS_INCIDENT_STATE, " accepted dispatched working ", TONE_WARN},
		{WORDS_INCIDENT_STATE, " verified closed ", TONE_GOOD},
		{WORDS_UNIT_STATE, " available ", TONE_GOOD},
		{WORDS_UNIT_STATE, " out_of_service ", TONE_BAD},
		{WORDS_UNIT_STATE, " ordered acknowledged en_route on_scene ", TONE_WARN},
		{WORDS_ORDER_STATE, " declined expired failed ", TONE_BAD},
		{WORDS_ORDER_STATE, " issued delivered ", TONE_WARN},
		{WORDS_ORDER_STATE, " accepted en_route arrived done ", TONE_GOOD},
		{WORDS_DEVICE_STATE, " silent ", TONE_BAD},
		{WORDS_DEADLINE_STATE, " late ", TONE_BAD},
		{WORDS_DEADLINE_STATE, " met ", TONE_GOOD},
		{WORDS_TASK_STATE, " open ", TONE_BAD},
		{WORDS_NOTICE_STATE, " unreached ", TONE_BAD},
		{WORDS_STEP_STATE, " failed ", TONE_BAD},
		{WORDS_NEED_STATE, " open ", TONE_BAD},
		{WORDS_ALARM_RESULT, " rejected ", TONE_BAD},
		{WORDS_COLOUR, " red ", TONE_BAD},
		{WORDS_COLOUR, " orange yellow ", TONE_WARN},
	};
	char spaced[80];

	screen_format(spaced, sizeof(spaced), " %.70s ", word);
	for (size_t i = 0; i < sizeof(tones) / sizeof(tones[0]); i++)
		if (tones[i].set == set && strstr(tones[i].words, spaced) != NULL)
			return tones[i].tone;
	return TONE_PLAIN;
}
