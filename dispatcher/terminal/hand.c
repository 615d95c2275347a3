/* hand: what a person at the terminal types; the last order is meant unless another is named. */
#include "terminal/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/ids.h"

static struct text text_of(const char *terminated)
{
	return (struct text){terminated, (uint32_t)strlen(terminated)};
}

static const struct {
	const char *word;
	uint8_t answer;
} said[] = {{"accept", ANSWER_ACCEPT}, {"decline", ANSWER_DECLINE}, {"en_route", ANSWER_EN_ROUTE},
	{"arrived", ANSWER_ARRIVED}, {"done", ANSWER_DONE}, {"fail", ANSWER_FAILED}};

static void help(void)
{
	puts("accept|decline|en_route|arrived|done|fail [O12] [原因]   回复派遣\n"
	     "status available|off_duty|out_of_service                 状态\n"
	     "position 经度 纬度                                       位置\n"
	     "notice N5                                                收到通知\n"
	     "终端编号在前可指定终端: FE-2 accept                      quit 退出");
}

static struct job *job_meant(struct terminal *terminal, char **rest)
{
	uint64_t number;
	char *word = *rest;
	size_t length = word ? strcspn(word, " ") : 0;

	if (word && ids_read(ID_ORDER, (struct text){word, (uint32_t)length}, &number) == DISP_OK) {
		*rest = word[length] ? word + length + 1 : NULL;
		return job_find(terminal, (uint32_t)number);
	}
	for (uint32_t back = 1; back <= JOBS_MAX; back++) {
		struct job *job = &terminal->job[(terminal->job_next + JOBS_MAX - back) % JOBS_MAX];

		if (job->order != 0 && job->stage != STAGE_OVER)
			return job;
	}
	return NULL;
}

static void answer_order(struct crowd *crowd, struct terminal *terminal, uint8_t answer, char *rest)
{
	struct job *job = job_meant(terminal, &rest);

	if (!job) {
		puts("没有这个派遣");
		return;
	}
	job_answer(crowd, terminal, job, answer, rest ? rest : "");
	if (answer == ANSWER_DECLINE || answer == ANSWER_DONE || answer == ANSWER_FAILED)
		job->stage = STAGE_OVER;
}

static void set_position(struct crowd *crowd, struct terminal *terminal, const char *rest)
{
	double lon, lat;

	if (!rest || sscanf(rest, "%lf %lf", &lon, &lat) != 2 ||
		!(lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90)) {
		puts("position 经度 纬度");
		return;
	}
	terminal->spot = (struct spot){true, (int32_t)(lon * 1e7), (int32_t)(lat * 1e7)};
	say_position(crowd, terminal);
}

void hand_line(struct crowd *crowd, char *line)
{
	struct terminal *terminal = &crowd->terminal[0];
	char *rest = line, *word;

	line[strcspn(line, "\r\n")] = '\0';
	word = strsep(&rest, " ");
	for (uint32_t i = 0; i < crowd->count; i++) {
		if (rest && strcmp(word, crowd->terminal[i].id) == 0) {
			terminal = &crowd->terminal[i];
			word = strsep(&rest, " ");
			break;
		}
	}
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		if (strcmp(word, said[i].word) == 0) {
			answer_order(crowd, terminal, said[i].answer, rest);
			return;
		}
	}
	if (strcmp(word, "status") == 0 && rest)
		say_status(crowd, terminal, text_of(rest));
	else if (strcmp(word, "position") == 0)
		set_position(crowd, terminal, rest);
	else if (strcmp(word, "notice") == 0 && rest)
		say_notice(crowd, terminal, text_of(rest));
	else if (word[0] != '\0')
		help();
}
