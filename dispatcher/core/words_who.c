/* words_who: the spelling of who may be told; no logic but look-up. */
#include "core/words.h"

#include <stddef.h>

#include "core/playbook.h"
#include "core/text_pool.h"

#define LITERAL(s)                                                                                           \
	{                                                                                                    \
		(s), (uint32_t)sizeof(s) - 1                                                                 \
	}

/* The first spelling of a bit is the one we write; the later ones are the rungs of `escalate`. */
static const struct who_word {
	uint32_t bit;
	struct text en, zh;
} who_words[] = {
	{WHO_DUTY_OFFICER, LITERAL("duty_officer"), LITERAL("值班员")},
	{WHO_OFFICE, LITERAL("office"), LITERAL("应急管理办公室")},
	{WHO_COMMITTEE, LITERAL("committee"), LITERAL("应急调度委员会")},
	{WHO_LEADER, LITERAL("leader"), LITERAL("带班领导")},
	{WHO_KEEPER, LITERAL("keeper"), LITERAL("仓库管理员")},
	{WHO_AUDITOR, LITERAL("auditor"), LITERAL("审计员")},
	{WHO_GRID_MEMBER, LITERAL("grid_member"), LITERAL("网格员")},
	{WHO_GRID_HEAD, LITERAL("grid_head"), LITERAL("三级网格长")},
	{WHO_VILLAGE_HEAD, LITERAL("village_head"), LITERAL("二级网格长")},
	{WHO_TOWN_HEAD, LITERAL("town_head"), LITERAL("一级网格长")},
	{WHO_MICRO_HEADS, LITERAL("micro_heads"), LITERAL("微网格长")},
	{WHO_ALL_HEADS, LITERAL("all_heads"), LITERAL("全体网格长")},
	{WHO_LEAD, LITERAL("lead"), LITERAL("牵头部门")},
	{WHO_ASSIST, LITERAL("assist"), LITERAL("配合部门")},
	{WHO_GRID_HEAD, LITERAL("grid_3"), LITERAL("三级网格长")},
	{WHO_VILLAGE_HEAD, LITERAL("grid_2"), LITERAL("二级网格长")},
	{WHO_TOWN_HEAD, LITERAL("grid_1"), LITERAL("一级网格长")},
};

enum { WHO_WORD_COUNT = sizeof(who_words) / sizeof(who_words[0]) };

uint32_t words_who(struct text word)
{
	for (uint32_t i = 0; i < WHO_WORD_COUNT; i++) {
		if (text_equal(who_words[i].en, word))
			return who_words[i].bit;
	}
	return 0;
}

static const struct who_word *who_at(uint32_t bit)
{
	for (uint32_t i = 0; i < WHO_WORD_COUNT; i++) {
		if (who_words[i].bit == bit)
			return &who_words[i];
	}
	return NULL;
}

struct text words_who_of(uint32_t bit)
{
	const struct who_word *who = who_at(bit);

	return who ? who->en : TEXT("?");
}

struct text words_who_zh(uint32_t bit)
{
	const struct who_word *who = who_at(bit);

	return who ? who->zh : TEXT("?");
}
