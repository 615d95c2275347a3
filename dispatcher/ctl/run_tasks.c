/* run_tasks: several call tasks taken or done with one command line: a command each, answered each for itself. */
#include <stdlib.h>

#include "ctl/hint.h"
#include "ctl/run.h"
#include "ctl/several.h"
#include "ctl/value.h"

/* The same body with one task of the list in it. */
static int task_send(struct session *session, const char *path, json_t *body, json_t *task, json_t **reply)
{
	ASSERT(json_object_set(body, "task", task) == 0);
	char *text = session_text(body);
	int code = session_send(session, "POST", path, text, reply);

	free(text);
	return code;
}

/* Of several the code does not say which one was refused, nor why: that stands on the screen. */
static int tasks_send(struct session *session, const char *path, json_t *body, json_t *tasks)
{
	struct several several = several_begin(session);
	bool single = json_array_size(tasks) == 1;
	json_t *task;
	size_t index;

	VALUE_EACH(tasks, index, task)
	{
		json_t *reply;
		int code = task_send(session, path, body, task, &reply);

		if (code != EXIT_DONE && !single)
			session_complain(session, "%s: this call stays as it was", json_string_value(task));
		if (code != EXIT_DONE && reply != NULL)
			hint_refused(session, body, reply);
		several_add(&several, code, reply);
		if (code == EXIT_NO_DAEMON)
			break;
	}
	int worst = several_end(&several, single);

	return single || worst == EXIT_DONE || worst == EXIT_NO_DAEMON ? worst : EXIT_REFUSED;
}

int run_tasks(struct session *session, const struct args *args)
{
	char path[SESSION_PATH_MAX];
	json_t *body;

	if (!session_request(session, args, path, &body)) {
		session_complain(session, "an argument is too long");
		return EXIT_USAGE;
	}
	json_t *tasks = json_incref(json_object_get(body, "task"));
	int code = tasks_send(session, path, body, tasks);

	json_decref(tasks);
	json_decref(body);
	return code;
}
