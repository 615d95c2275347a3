/* several: see the header. */
#include "ctl/several.h"

#include "ctl/view.h"

struct several several_begin(struct session *session)
{
	struct several several = {.session = session, .replies = json_array(), .json = session->json};

	ASSERT(several.replies != NULL);
	session->json = false; /* no document for each */
	return several;
}

void several_add(struct several *several, int code, json_t *reply)
{
	if (code == EXIT_DONE && !several->json)
		view_command(&several->session->screen, reply);
	if (reply != NULL)
		ASSERT(json_array_append_new(several->replies, reply) == 0);
	several->worst = code > several->worst ? code : several->worst;
}

int several_end(struct several *several, bool single)
{
	several->session->json = several->json;
	if (several->json && json_array_size(several->replies) > 0)
		session_print(
			several->session, single ? json_array_get(several->replies, 0) : several->replies);
	json_decref(several->replies);
	return several->worst;
}
