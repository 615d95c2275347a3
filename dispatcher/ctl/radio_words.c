/* radio_words: the status words of radio traffic, English, Chinese and by the initials of their pinyin; no code. */
#include "ctl/radio.h"

static const struct radio_status statuses[] = {
	{"accept", WORDS_ANSWER, NULL, true, false, "yes ok roger 接令 接受 收到 明白 jl js"},
	{"decline", WORDS_ANSWER, NULL, true, true, "no 谢绝 拒绝 不去 去不了 jj bq"},
	{"en_route", WORDS_ANSWER, "en_route", false, false, "go 去 出动 出发 已出发 赶赴 在路上 cd cf"},
	{"arrived", WORDS_ANSWER, "on_scene", false, false,
		"at on_scene 到场 到达 到了 到位 抵达 现场 在现场 在场 已到场 dc dd"},
	{"done", WORDS_ANSWER, NULL, true, false, "完成 完毕 结束 处置完 已完成 wc wb"},
	{"failed", WORDS_ANSWER, NULL, true, true, "失败 未完成 无法完成 坏 坏了 sb"},
	{"available", WORDS_UNIT_STATE, NULL, false, false, "free home 归队 待命 空闲 gd dm"},
	{"returning", WORDS_UNIT_STATE, NULL, false, false, "back 返回 返程 回撤 撤 撤回 fh"},
	{"off_duty", WORDS_UNIT_STATE, NULL, false, true, "下班 下岗 xb"},
	{"out_of_service", WORDS_UNIT_STATE, NULL, true, true, "oos broken 停用 故障 抛锚 ty gz"},
};

const struct radio_status *radio_statuses(uint32_t *count)
{
	*count = (uint32_t)(sizeof(statuses) / sizeof(statuses[0]));
	return statuses;
}
