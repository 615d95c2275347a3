/* words_aside: the spelling of what is set aside for a person. */
#include "core/words_table.h"

const struct word aside_from_words[] = {
	WORD("none", "无"),
	WORD("alarms", "报警端口"),
	WORD("units", "终端端口"),
	WORD("http", "HTTP接口"),
	WORD("journal", "日志表"),
	WORD("tables", "业务表"),
	WORD("other", "另一台调度机"),
};
TABLE_SIZED(aside_from_words, ASIDE_FROM_COUNT);

const struct word aside_act_words[] = {
	WORD("none", "无"),
	WORD("found", "搁置"),
	WORD("release", "放行"),
	WORD("drop", "弃置"),
};
TABLE_SIZED(aside_act_words, ASIDE_ACT_COUNT);
