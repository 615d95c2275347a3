/* detail_zh: Chinese for what the api and the readers of arguments say of a bad request; no logic but look-up. */
#include "api/internal.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *en, *zh;
} details[] = {
	/* whole */
	{"lon, lat: both are needed", "经度和纬度须同时给出"},
	{"lon, lat, crs: not a place", "坐标无效"},
	{"grid: there is no such grid; /v1/grids shows them", "没有此网格,可用 grid list 查看"},
	{"grid: nothing says where it lies; give lon and lat", "不知该网格位置,请给出经纬度"},
	{"device: there is no such device; /v1/devices shows them", "没有此设备,可用 device list 查看"},
	{"place: no such name; give lon and lat, a grid or a device", "没有此地名,请给出经纬度、网格或设备"},
	{"where is it? give one of: lon and lat; grid; device; place",
		"请说明地点,以下任选其一:经纬度、网格、设备、地名"},
	{"the place lies outside the town", "该位置不在本镇范围内"},
	{"which alert? give one of: incident, all", "请指明要确认的提醒:事件编号(incident),或全部(all)"},
	{"silence what? give at least one of: source, type, grid", "请指明静默对象:设备、类型、网格至少一项"},
	{"which key? give one of: public, hash", "请给出公钥(public)或令牌校验串(hash)其中一项"},
	{"too many commands are waiting; try again soon", "等待处理的命令过多,请稍后再试"},
	{"too much is waiting to be sent; try again soon", "等待发送的内容过多,请稍后再试"},
	{"nothing can be written down at present (is the disk full?); nothing was done, try again soon",
		"目前无法存盘(磁盘已满?),命令未执行,请稍后再试"},
	{"it has brought the dispatcher down twice and is set aside; see aside list",
		"该请求曾两次使调度程序中断,已搁置,可用 aside list 查看"},
	{"several begin so; give more of it", "不止一项以此开头,请多输入几位"},
	{"too many clients; try again later", "连接过多,请稍后再试"},
	{"too many listen already; try again later", "监听连接过多,请稍后再试"},
	{"no memory; try again soon", "内存不足,请稍后再试"},
	{"it cannot be decided now; try again soon", "暂不能处理,请稍后再试"},
	{"the answer was too long; ask for less", "结果过长,请缩小查询范围"},
	{"a command has at most 65536 bytes", "命令内容不得超过 65536 字节"},
	{"the path or its query cannot be read", "请求路径或参数无法识别"},
	{"there is no other daemon: this one leads", "本镇只有这一台调度机,现由本机值守"},
	{"this one leads already", "本机已在值守,无需接管"},
	{"this machine leads already; nothing was done", "本机已在值守,无需接管"},
	{"body: {\"force\": true, \"reason\": \"…\"} is needed", "须给出 force 和 reason"},
	/* behind the name of an argument */
	{"lies in the future", "不能晚于当前时间"},
	{"must lie in the future", "必须晚于当前时间"},
	{"one of accept, decline, en_route, arrived, done, failed",
		"须为 accept、decline、en_route、arrived、done、failed 之一"},
	{"longitude beyond 180 or latitude beyond 90 degrees", "经度须在±180、纬度须在±90度以内"},
	{"there is no such thing; the list without it shows what there is", "未找到,请在列表中核对"},
	{"there is no such thing; /v1/depots and /v1/stock show what there is",
		"未找到,可用 depot list、stock list 查看"},
	{"there is no such command; see schemas/openapi.yaml", "没有此命令"},
	{"there is no such path; see schemas/openapi.yaml", "没有此路径"},
	{"40 characters of Z85 are needed", "须为40个 Z85 字符"},
	{"a list of words is needed", "须为词语列表"},
	{"at least one word is needed", "至少需要一个词"},
	{"a number is needed", "须为数字"},
	{"is missing", "缺少此项"},
	{"missing", "缺少此项"},
	{"this command has no such argument", "此命令没有该参数"},
	{"a JSON object is needed", "须为 JSON 对象"},
	{"cannot be none", "不能为空"},
	{"must be a text", "须为文字"},
	{"too long", "过长"},
	{"too many", "过多"},
	{"must not be empty", "不能为空"},
	{"must not hold control characters", "不能含控制字符"},
	{"no such word", "没有此取值"},
	{"not one of its words", "没有此取值"},
	{"must be true", "须为 true"},
	{"must be true or false", "须为 true 或 false"},
	{"true or false", "须为 true 或 false"},
	{"must be a whole number in range", "须为范围内的整数"},
	{"not a whole number in its range", "须为范围内的整数"},
	{"must be an RFC 3339 time, like 2026-07-01T08:00:00.123Z",
		"须为 RFC 3339 时间,如 2026-07-01T08:00:00.123Z"},
	{"no such form of id", "编号格式不对"},
	{"not an id of that kind", "编号格式不对"},
	{"no such coordinate system", "没有此坐标系"},
	{"unknown coordinate system", "没有此坐标系"},
	{"not a place", "坐标无效"},
};

static const char *find(const char *en)
{
	for (size_t i = 0; i < sizeof(details) / sizeof(details[0]); i++)
		if (strcmp(details[i].en, en) == 0)
			return details[i].zh;
	return NULL;
}

struct text detail_zh(const char *detail, char *out, size_t size)
{
	const char *colon = strstr(detail, ": ");
	const char *whole = find(detail), *part = colon == NULL ? NULL : find(colon + 2);
	int len = 0;

	if (whole != NULL)
		len = snprintf(out, size, "%s", whole);
	else if (part != NULL)
		len = snprintf(out, size, "%.*s:%s", (int)(colon - detail), detail, part);
	if (len < 0 || (size_t)len >= size)
		len = 0;
	return (struct text){out, (uint32_t)len};
}
