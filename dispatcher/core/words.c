/* words: the spelling of every enumeration, English and Chinese; no logic but look-up. */
#include "core/words.h"

#include <stddef.h>

#include "core/error.h"
#include "core/text_pool.h"
#include "core/words_table.h"

static const struct word colour_words[] = {
	WORD("none", "无"),
	WORD("blue", "蓝色"),
	WORD("yellow", "黄色"),
	WORD("orange", "橙色"),
	WORD("red", "红色"),
};
TABLE_SIZED(colour_words, COLOUR_COUNT);

static const struct word grade_words[] = {
	WORD("none", "未定级"),
	WORD("general", "一般"),
	WORD("larger", "较大"),
	WORD("major", "重大"),
	WORD("extreme", "特别重大"),
};
TABLE_SIZED(grade_words, GRADE_COUNT);

static const struct word release_words[] = {
	WORD("auto", "自动派遣"),
	WORD("confirm", "确认后派遣"),
	WORD("advise", "仅建议"),
};
TABLE_SIZED(release_words, RELEASE_COUNT);

static const struct word response_words[] = {
	WORD("clear", "未启动"),
	WORD("I", "Ⅰ级"),
	WORD("II", "Ⅱ级"),
	WORD("III", "Ⅲ级"),
	WORD("IV", "Ⅳ级"),
};
TABLE_SIZED(response_words, RESPONSE_COUNT);

static const struct word match_words[] = {
	WORD("fits", "符合"),
	WORD("inactive", "已停用"),
	WORD("type", "报警类型不符"),
	WORD("confidence", "可信度不足"),
	WORD("value", "数值未到阈值"),
	WORD("hours", "不在时段内"),
	WORD("modes", "响应级别不符"),
	WORD("warning", "无相应预警"),
	WORD("grid", "不在所列网格"),
};
TABLE_SIZED(match_words, MATCH_WHY_COUNT);

static const struct word mode_words[] = {WORD("actual", "实战"), WORD("exercise", "演练")};
TABLE_SIZED(mode_words, MODE_COUNT);

static const struct word alarm_state_words[] = {
	WORD("raised", "报警"),
	WORD("cleared", "解除"),
	WORD("alive", "心跳"),
	WORD("test", "测试"),
};
TABLE_SIZED(alarm_state_words, ALARM_STATE_COUNT);

static const struct word alarm_result_words[] = {
	WORD("accepted", "已受理"),
	WORD("duplicate", "重复报送"),
	WORD("suppressed", "已静默"),
	WORD("rejected", "已拒收"),
};
TABLE_SIZED(alarm_result_words, ALARM_RESULT_COUNT);

static const struct word reject_words[] = {
	WORD("none", "无"),
	WORD("malformed", "报文有误"),
	WORD("too_large", "报文过大"),
	WORD("unknown_source", "来源未登记"),
	WORD("unknown_type", "类型未列入"),
	WORD("bad_position", "位置有误"),
	WORD("outside_town", "位置不在辖区内"),
	WORD("bad_time", "时间有误"),
	WORD("too_old", "时间过早"),
	WORD("not_permitted", "无权限"),
	WORD("overloaded", "系统过载"),
	WORD("not_leader", "非主用节点"),
};
TABLE_SIZED(reject_words, REJECT_COUNT);

static const struct word incident_state_words[] = {
	WORD("none", "无"),
	WORD("reported", "待立案"),
	WORD("accepted", "已立案"),
	WORD("dispatched", "已派遣"),
	WORD("working", "处置中"),
	WORD("done_reported", "已反馈"),
	WORD("verified", "已核查"),
	WORD("closed", "已结案"),
	WORD("cancelled", "已撤销"),
	WORD("referred", "已移送"),
};
TABLE_SIZED(incident_state_words, INCIDENT_STATE_COUNT);

static const struct word disposition_words[] = {
	WORD("none", "无"),
	WORD("resolved", "已解决"),
	WORD("false", "误报"),
	WORD("nuisance", "骚扰"),
	WORD("duplicate", "重复"),
	WORD("referred", "移送"),
	WORD("no_action", "无需处置"),
};
TABLE_SIZED(disposition_words, DISPOSITION_COUNT);

static const struct word incident_act_words[] = {
	WORD("none", "无"),
	WORD("confirm", "确认立案"),
	WORD("reject", "不予立案"),
	WORD("upgrade", "升级增援"),
	WORD("escalate", "上报"),
	WORD("note", "备注"),
	WORD("done", "反馈完成"),
	WORD("verify", "核查通过"),
	WORD("verify_failed", "核查不通过"),
	WORD("reopen", "重新打开"),
	WORD("cancel", "撤销"),
	WORD("refer", "移送"),
	WORD("close", "结案"),
	WORD("merge", "合并"),
	WORD("split", "拆分"),
	WORD("dispatch", "派遣"),
	WORD("work", "到场处置"),
};
TABLE_SIZED(incident_act_words, ACT_COUNT);

static const struct word unit_state_words[] = {
	WORD("off_duty", "不在岗"),
	WORD("available", "待命"),
	WORD("reserved", "保留"),
	WORD("ordered", "已派遣"),
	WORD("acknowledged", "已接令"),
	WORD("en_route", "赶赴中"),
	WORD("on_scene", "已到场"),
	WORD("returning", "返回中"),
	WORD("out_of_service", "停用"),
};
TABLE_SIZED(unit_state_words, UNIT_STATE_COUNT);

static const struct word order_state_words[] = {
	WORD("none", "无"),
	WORD("issued", "已下达"),
	WORD("delivered", "已送达"),
	WORD("accepted", "已接受"),
	WORD("en_route", "赶赴中"),
	WORD("arrived", "已到场"),
	WORD("done", "已完成"),
	WORD("declined", "已谢绝"),
	WORD("expired", "逾时未答"),
	WORD("recalled", "已召回"),
	WORD("failed", "失败"),
};
TABLE_SIZED(order_state_words, ORDER_STATE_COUNT);

static const struct word answer_words[] = {
	WORD("none", "无"),
	WORD("accept", "接受"),
	WORD("decline", "谢绝"),
	WORD("en_route", "出发"),
	WORD("arrived", "到场"),
	WORD("done", "完成"),
	WORD("failed", "无法完成"),
	WORD("delivered", "送达"),
	WORD("expire", "逾时"),
	WORD("recall", "召回"),
};
TABLE_SIZED(answer_words, ANSWER_COUNT);

static const struct word target_words[] = {
	WORD("none", "无"),
	WORD("unit", "力量"),
	WORD("depot", "仓库"),
	WORD("device", "设备"),
	WORD("person", "人员"),
};
TABLE_SIZED(target_words, TARGET_COUNT);

static const struct word need_state_words[] = {
	WORD("none", "无"),
	WORD("open", "待满足"),
	WORD("filled", "已满足"),
	WORD("ended", "已结束"),
	WORD("covered", "由并入事件承担"),
};
TABLE_SIZED(need_state_words, NEED_STATE_COUNT);

static const struct word step_state_words[] = {
	WORD("idle", "未开始"),
	WORD("waiting", "等待"),
	WORD("active", "进行中"),
	WORD("effective", "已落实"),
	WORD("failed", "未见效"),
	WORD("skipped", "已跳过"),
};
TABLE_SIZED(step_state_words, STEP_STATE_COUNT);

static const struct word supply_state_words[] = {
	WORD("none", "无"),
	WORD("reserved", "已预留"),
	WORD("issued", "已出库"),
	WORD("returned", "已归还"),
	WORD("released", "已释放"),
};
TABLE_SIZED(supply_state_words, SUPPLY_STATE_COUNT);

static const struct word stock_act_words[] = {
	WORD("none", "无"),
	WORD("receive", "入库"),
	WORD("issue", "出库"),
	WORD("return", "归还"),
	WORD("count", "盘点"),
};
TABLE_SIZED(stock_act_words, STOCK_ACT_COUNT);

static const struct word device_state_words[] = {
	WORD("ok", "正常"),
	WORD("silent", "失联"),
	WORD("disabled", "停用"),
};
TABLE_SIZED(device_state_words, DEVICE_STATE_COUNT);

static const struct word notice_state_words[] = {
	WORD("none", "无"),
	WORD("pending", "待叫应"),
	WORD("answered", "已叫应"),
	WORD("unreached", "未叫应"),
	WORD("ended", "已结束"),
};
TABLE_SIZED(notice_state_words, NOTICE_STATE_COUNT);

static const struct word task_state_words[] = {
	WORD("none", "无"),
	WORD("open", "待办"),
	WORD("taken", "已领取"),
	WORD("done", "已完成"),
	WORD("cancelled", "已取消"),
};
TABLE_SIZED(task_state_words, TASK_STATE_COUNT);

static const struct word deadline_kind_words[] = {
	WORD("receive", "接收时限"),
	WORD("arrive", "到场时限"),
	WORD("dispose", "处置时限"),
	WORD("verify", "核查时限"),
	WORD("confirm", "确认时限"),
};
TABLE_SIZED(deadline_kind_words, DEADLINE_COUNT);

static const struct word deadline_state_words[] = {
	WORD("idle", "未启动"),
	WORD("running", "计时中"),
	WORD("met", "按时"),
	WORD("late", "超时"),
	WORD("stopped", "已停止"),
	WORD("expired", "到时自动派出"),
};
TABLE_SIZED(deadline_state_words, DEADLINE_STATE_COUNT);

static const struct word why_words[] = {
	WORD("none", "无"),
	WORD("slower", "到达较晚"),
	WORD("other_need", "已用于本事件其他需求"),
	WORD("busy", "有任务在身"),
	WORD("off_duty", "不在岗"),
	WORD("off_shift", "不在班"),
	WORD("out_of_service", "停用"),
	WORD("reserved", "保留"),
	WORD("lacks_skill", "缺少技能"),
	WORD("declined", "已谢绝"),
	WORD("no_answer", "未应答"),
	WORD("failed", "途中失败"),
	WORD("stale_position", "位置过旧"),
	WORD("unreachable", "无法到达"),
	WORD("no_stock", "库存不足"),
	WORD("no_carrier", "无运送力量"),
	WORD("no_device", "附近无设备"),
	WORD("device_silent", "设备失联"),
	WORD("no_link", "终端不在线"),
	WORD("no_effect", "未见效"),
	WORD("fewer_than_asked", "数量不足"),
	WORD("held", "等待值班员"),
};
TABLE_SIZED(why_words, WHY_COUNT);

static const struct word outcome_words[] = {
	WORD("ok", "完成"),
	WORD("not_found", "未找到"),
	WORD("wrong_state", "当前状态不允许"),
	WORD("busy", "该力量有任务在身"),
	WORD("full", "容量已满"),
	WORD("invalid", "参数有误"),
	WORD("not_permitted", "无权限"),
	WORD("same_person", "核查人不能是处置人"),
	WORD("no_stock", "库存不足"),
	WORD("unchanged", "无变化"),
	WORD("needs_agreement", "须经同意"),
	WORD("gone_too_far", "情况已有变化,不能撤回"),
	WORD("no_evidence", "缺少核查依据"),
	WORD("in_future", "时间晚于现在"),
	WORD("time_order", "时间先后有误"),
	WORD("taken", "已被占用"),
};
TABLE_SIZED(outcome_words, OUTCOME_COUNT);

static const struct word step_kind_words[] = {
	WORD("none", "无"),
	WORD("send", "派力量"),
	WORD("supply", "调物资"),
	WORD("action", "动作"),
	WORD("notify", "通知"),
};
TABLE_SIZED(step_kind_words, STEP_NOTIFY + 1);

static const struct word shift_act_words[] = {
	WORD("none", "无"),
	WORD("on", "上岗"),
	WORD("off", "离岗"),
	WORD("handover", "交接班"),
	WORD("present", "在岗"),
};
TABLE_SIZED(shift_act_words, SHIFT_ACT_COUNT);

static const struct word alert_words[] = {
	WORD("opened", "新事件"),
	WORD("held", "待确认"),
	WORD("short", "力量或物资不足"),
	WORD("late", "超时"),
	WORD("level", "升级增援"),
	WORD("unreached", "未叫应"),
	WORD("failed", "有措施未落实"),
	WORD("presence", "值班无人应答"),
	WORD("aside", "有消息或记录被搁置"),
};
TABLE_SIZED(alert_words, ALERT_COUNT);

static const struct word alert_state_words[] = {
	WORD("ended", "已解除"),
	WORD("stands", "待确认"),
	WORD("seen", "已确认"),
};
TABLE_SIZED(alert_state_words, ALERT_STATE_COUNT);

static const struct word fact_words[] = {
	WORD("casualties", "人员伤亡"),
	WORD("cause", "起因和性质"),
	WORD("trend", "发展趋势"),
	WORD("scope", "影响范围"),
	WORD("loss", "财产损失"),
	WORD("measures", "拟采取的措施"),
	WORD("request", "请求支援事项"),
	WORD("contact", "联系人及电话"),
	WORD("signer", "签发人"),
	WORD("lessons", "经验教训"),
};
TABLE_SIZED(fact_words, FACT_COUNT);

static const struct word report_words[] = {
	WORD("first", "初报"),
	WORD("followup", "续报"),
	WORD("final", "终报"),
};
TABLE_SIZED(report_words, REPORT_COUNT);

static const struct word key_kind_words[] = {
	WORD("none", "无"),
	WORD("curve", "密钥对"),
	WORD("token", "令牌"),
};
TABLE_SIZED(key_kind_words, KEY_KIND_COUNT);

static const struct word key_role_words[] = {
	WORD("none", "无"),
	WORD("device", "设备"),
	WORD("unit", "力量终端"),
	WORD("depot", "仓库终端"),
	WORD("gateway", "网关"),
	WORD("reader", "订阅端"),
	WORD("console", "控制台"),
	WORD("pair", "备机"),
};
TABLE_SIZED(key_role_words, KEY_ROLE_COUNT);

static const struct word key_state_words[] = {
	WORD("valid", "有效"),
	WORD("expired", "已到期"),
	WORD("revoked", "已吊销"),
};
TABLE_SIZED(key_state_words, KEY_STATE_COUNT);

static const struct word key_act_words[] = {
	WORD("none", "无"),
	WORD("add", "登记"),
	WORD("revoke", "吊销"),
};
TABLE_SIZED(key_act_words, KEY_ACT_COUNT);

#define SET(table)                                                                                           \
	{                                                                                                    \
		(table), (uint32_t)(sizeof(table) / sizeof((table)[0]))                                      \
	}

static const struct set {
	const struct word *word;
	uint32_t count;
} sets[] = {
	[WORDS_COLOUR] = SET(colour_words),
	[WORDS_GRADE] = SET(grade_words),
	[WORDS_RELEASE] = SET(release_words),
	[WORDS_RESPONSE] = SET(response_words),
	[WORDS_MODE] = SET(mode_words),
	[WORDS_ALARM_STATE] = SET(alarm_state_words),
	[WORDS_ALARM_RESULT] = SET(alarm_result_words),
	[WORDS_REJECT] = SET(reject_words),
	[WORDS_INCIDENT_STATE] = SET(incident_state_words),
	[WORDS_DISPOSITION] = SET(disposition_words),
	[WORDS_INCIDENT_ACT] = SET(incident_act_words),
	[WORDS_UNIT_STATE] = SET(unit_state_words),
	[WORDS_ORDER_STATE] = SET(order_state_words),
	[WORDS_ANSWER] = SET(answer_words),
	[WORDS_TARGET] = SET(target_words),
	[WORDS_NEED_STATE] = SET(need_state_words),
	[WORDS_STEP_STATE] = SET(step_state_words),
	[WORDS_SUPPLY_STATE] = SET(supply_state_words),
	[WORDS_STOCK_ACT] = SET(stock_act_words),
	[WORDS_DEVICE_STATE] = SET(device_state_words),
	[WORDS_NOTICE_STATE] = SET(notice_state_words),
	[WORDS_TASK_STATE] = SET(task_state_words),
	[WORDS_DEADLINE_KIND] = SET(deadline_kind_words),
	[WORDS_DEADLINE_STATE] = SET(deadline_state_words),
	[WORDS_WHY] = SET(why_words),
	[WORDS_OUTCOME] = SET(outcome_words),
	[WORDS_MATCH] = SET(match_words),
	[WORDS_STEP_KIND] = SET(step_kind_words),
	[WORDS_EVENT] = SET(event_words),
	[WORDS_EFFECT] = SET(effect_words),
	[WORDS_SHIFT_ACT] = SET(shift_act_words),
	[WORDS_ALERT] = SET(alert_words),
	[WORDS_ALERT_STATE] = SET(alert_state_words),
	[WORDS_FACT] = SET(fact_words),
	[WORDS_REPORT] = SET(report_words),
	[WORDS_KEY_KIND] = SET(key_kind_words),
	[WORDS_KEY_ROLE] = SET(key_role_words),
	[WORDS_KEY_ACT] = SET(key_act_words),
	[WORDS_KEY_STATE] = SET(key_state_words),
	[WORDS_ASIDE_FROM] = SET(aside_from_words),
	[WORDS_ASIDE_ACT] = SET(aside_act_words),
};
TABLE_SIZED(sets, WORDS_SET_COUNT);

static const struct word *word_at(enum words_set set, uint32_t value)
{
	ASSERT((uint32_t)set < WORDS_SET_COUNT);
	return value < sets[set].count ? &sets[set].word[value] : NULL;
}

struct text words_of(enum words_set set, uint32_t value)
{
	const struct word *word = word_at(set, value);

	return word ? word->en : TEXT("?");
}

struct text words_zh(enum words_set set, uint32_t value)
{
	const struct word *word = word_at(set, value);

	return word ? word->zh : TEXT("?");
}

/* Grades are also found by their Chinese names: playbooks spell them so. */
uint32_t words_find(enum words_set set, struct text word)
{
	ASSERT((uint32_t)set < WORDS_SET_COUNT);
	for (uint32_t i = 0; i < sets[set].count; i++) {
		if (text_equal(sets[set].word[i].en, word) ||
			(set == WORDS_GRADE && text_equal(sets[set].word[i].zh, word)))
			return i;
	}
	return UINT32_MAX;
}
