/* jobs: orders being carried out as the terminal's plan has it; time is the program's own, so a fast clock works. */
#include "terminal/terminal.h"

#include <stdio.h>
#include <string.h>

#include "clock/clock.h"

#define THINK_MS       INT64_C(3000)  /* before an answer */
#define TURNOUT_MS     INT64_C(2000)  /* from accept to leaving */
#define REPORT_EACH_MS INT64_C(15000) /* position on the way */

int64_t crowd_now_ms(const struct crowd *crowd)
{
	return clock_boot_ms() * crowd->rate_milli / 1000;
}

struct job *job_find(struct terminal *terminal, uint32_t order)
{
	for (uint32_t i = 0; i < JOBS_MAX; i++)
		if (terminal->job[i].order == order && order != 0)
			return &terminal->job[i];
	return NULL;
}

void job_answer(
	struct crowd *crowd, struct terminal *terminal, struct job *job, uint8_t answer, const char *reason)
{
	struct text word = words_of(WORDS_ANSWER, answer);

	job->answer = answer;
	job->said_ms = clock_boot_ms();
	snprintf(job->reason, sizeof(job->reason), "%s", reason);
	say_answer(crowd, terminal, terminal->home, job->order, answer, reason);
	printf("%s 回复 O%u %.*s %s\n", terminal->id, job->order, (int)word.len, word.ptr, reason);
	fflush(stdout);
}

struct job *job_start(
	struct crowd *crowd, struct terminal *terminal, uint32_t order, int64_t travel_ms, struct spot to)
{
	struct job *job = &terminal->job[terminal->job_next++ % JOBS_MAX];
	int64_t think_ms = THINK_MS;

	*job = (struct job){.order = order, .plan = plans_next(terminal), .travel_ms = travel_ms, .to = to};
	if (crowd->speed_milli > 0)
		job->travel_ms = travel_ms * 1000 / crowd->speed_milli;
	if (job->plan->kind == BEHAVE_SLOW)
		think_ms = job->plan->ms;
	job->due_ms = crowd_now_ms(crowd) + think_ms;
	if (job->plan->kind == BEHAVE_DEVICE || job->plan->kind == BEHAVE_FIXES ||
		job->plan->kind == BEHAVE_NO_EFFECT)
		job->due_ms = crowd_now_ms(crowd);
	if (job->plan->kind == BEHAVE_MUTE || job->plan->kind == BEHAVE_HAND)
		job->due_ms = INT64_MAX;
	return job;
}

static void end_job(struct job *job)
{
	job->stage = STAGE_OVER;
	job->due_ms = INT64_MAX;
}

/* --- the steps ------------------------------------------------------------------------------------ */

static void step_ordered(struct crowd *crowd, struct terminal *terminal, struct job *job, int64_t now_ms)
{
	const struct plan *plan = job->plan;

	if (plan->kind == BEHAVE_DECLINE) {
		job_answer(crowd, terminal, job, ANSWER_DECLINE, plan->word);
		end_job(job);
		return;
	}
	job_answer(crowd, terminal, job, ANSWER_ACCEPT, "");
	job->stage = STAGE_ACCEPTED;
	switch (plan->kind) {
	case BEHAVE_ACCEPT_THEN_MUTE:
	case BEHAVE_NO_EFFECT:
		job->due_ms = INT64_MAX;
		break;
	case BEHAVE_DEPOT:
	case BEHAVE_DEVICE:
	case BEHAVE_FIXES:
		job->stage = STAGE_AT_WORK;
		job->due_ms = now_ms + plan->ms;
		break;
	default:
		job->due_ms = now_ms + TURNOUT_MS;
	}
}

static void step_accepted(struct crowd *crowd, struct terminal *terminal, struct job *job, int64_t now_ms)
{
	job_answer(crowd, terminal, job, ANSWER_EN_ROUTE, "");
	job->stage = STAGE_EN_ROUTE;
	job->left_ms = job->told_ms = now_ms;
	job->from = terminal->spot;
	job->due_ms = now_ms;
}

static int32_t between(int32_t from, int32_t to, int64_t done, int64_t all)
{
	return (int32_t)(from + ((int64_t)to - from) * done / all);
}

static void step_en_route(struct crowd *crowd, struct terminal *terminal, struct job *job, int64_t now_ms)
{
	int64_t done_ms = now_ms - job->left_ms, next_ms;

	if (job->plan->kind == BEHAVE_BREAK && 2 * done_ms >= job->travel_ms) {
		job_answer(crowd, terminal, job, ANSWER_FAILED,
			job->plan->word[0] ? job->plan->word : "车辆故障");
		end_job(job);
		return;
	}
	if (done_ms >= job->travel_ms) {
		terminal->spot = job->to.known ? job->to : terminal->spot;
		say_position(crowd, terminal);
		job_answer(crowd, terminal, job, ANSWER_ARRIVED, "");
		job->stage = STAGE_AT_WORK;
		job->due_ms = now_ms + (job->plan->kind == BEHAVE_GOOD ? job->plan->ms : 120000);
		return;
	}
	if (job->from.known && job->to.known && job->travel_ms > 0) {
		terminal->spot.lon_e7 = between(job->from.lon_e7, job->to.lon_e7, done_ms, job->travel_ms);
		terminal->spot.lat_e7 = between(job->from.lat_e7, job->to.lat_e7, done_ms, job->travel_ms);
		say_position(crowd, terminal);
	}
	next_ms = done_ms + REPORT_EACH_MS;
	if (job->plan->kind == BEHAVE_BREAK && 2 * next_ms > job->travel_ms)
		next_ms = (job->travel_ms + 1) / 2;
	if (next_ms > job->travel_ms)
		next_ms = job->travel_ms;
	job->due_ms = job->left_ms + next_ms;
}

static void step_at_work(struct crowd *crowd, struct terminal *terminal, struct job *job)
{
	if (job->plan->kind == BEHAVE_FIXES)
		say_cleared(crowd, terminal, job->plan);
	job_answer(crowd, terminal, job, ANSWER_DONE, "");
	end_job(job);
}

static void step(struct crowd *crowd, struct terminal *terminal, struct job *job, int64_t now_ms)
{
	switch (job->stage) {
	case STAGE_ORDERED:
		step_ordered(crowd, terminal, job, now_ms);
		break;
	case STAGE_ACCEPTED:
		step_accepted(crowd, terminal, job, now_ms);
		break;
	case STAGE_EN_ROUTE:
		step_en_route(crowd, terminal, job, now_ms);
		break;
	case STAGE_AT_WORK:
		step_at_work(crowd, terminal, job);
		break;
	default:
		job->due_ms = INT64_MAX;
	}
}

void jobs_work(struct crowd *crowd, struct terminal *terminal)
{
	int64_t now_ms = crowd_now_ms(crowd);

	for (uint32_t i = 0; i < JOBS_MAX; i++)
		if (terminal->job[i].order != 0 && terminal->job[i].due_ms <= now_ms)
			step(crowd, terminal, &terminal->job[i], now_ms);
}

/* After a connection was lost nobody knows whether the latest answers arrived: they are said again. */
void jobs_repeat(struct crowd *crowd, struct terminal *terminal)
{
	for (uint32_t i = 0; i < JOBS_MAX; i++) {
		const struct job *job = &terminal->job[(terminal->job_next + i) % JOBS_MAX];

		if (job->order != 0 && job->answer != ANSWER_NONE &&
			(job->stage != STAGE_OVER || job->said_ms >= terminal->confirmed_ms))
			say_answer(crowd, terminal, terminal->home, job->order, job->answer, job->reason);
	}
}

int64_t jobs_due_ms(const struct terminal *terminal)
{
	int64_t due_ms = INT64_MAX;

	for (uint32_t i = 0; i < JOBS_MAX; i++)
		if (terminal->job[i].order != 0 && terminal->job[i].due_ms < due_ms)
			due_ms = terminal->job[i].due_ms;
	return due_ms;
}
