/* radio_words: the status words of radio traffic, English, Chinese and by the initials of their pinyin; no code. */
#include "ctl/radio.h"

static const struct radio_status statuses[] = {
	{"accept", WORDS_ANSWER, NULL, true, "yes ok roger 接令 接受 收到 jl js"},
	{"decline", WORDS_ANSWER, NULL, true, "no 拒绝 不去 去不了 jj bq"},
	{"en_route", WORDS_ANSWER, "en_route", false, "go 出动 出发 赶赴 在路上 cd cf"},
	{"arrived", WORDS_ANSWER, "on_scene", false, "at on_scene 到场 到达 到了 dc dd"},
	{"done", WORDS_ANSWER, NULL, true, "完成 完毕 处置完 wc wb"},
	{"failed", WORDS_ANSWER, NULL, true, "失败 未完成 sb"},
	{"available", WORDS_UNIT_STATE, NULL, false, "free home 归队 待命 空闲 gd dm"},
	{"returning", WORDS_UNIT_STATE, NULL, false, "back 返回 返程 回撤 fh"},
	{"off_duty", WORDS_UNIT_STATE, NULL, false, "下班 下岗 xb"},
	{"out_of_service", WORDS_UNIT_STATE, NULL, true, "oos broken 停用 故障 抛锚 ty gz"},
};

const struct radio_status *radio_statuses(uint32_t *count)
{
	*count = (uint32_t)(sizeof(statuses) / sizeof(statuses[0]));
	return statuses;
}
