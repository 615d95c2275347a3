/* verify: the check of the journal as people ask for it: begin it, look how far it is; the store does it. */
#include "api/internal.h"

#include <string.h>

static bool hooked(struct request *request)
{
	const struct api_hooks *hooks = &request->api->hooks;

	if (hooks->verify != NULL && hooks->verify_start != NULL)
		return true;
	reply_error(request->api, request->http, 503, "unavailable", "this program keeps no journal");
	return false;
}

static void put_faults(struct page *page, const struct api_verify *verify)
{
	JSON_KEY(&page->out, "faults");
	json_open_array(&page->out);
	for (uint32_t index = 0; index < verify->fault_count && index < API_FAULTS_MAX; index++) {
		json_open_object(&page->out);
		put_int(page, "seq", (int64_t)verify->fault[index].seq);
		put_text(page, "what", text_of(verify->fault[index].what));
		json_close_object(&page->out);
	}
	json_close_array(&page->out);
}

void get_verify(struct request *request)
{
	struct api *api = request->api;
	struct page *page = &request->page;
	struct api_verify verify = {0};

	if (!hooked(request))
		return;
	api->hooks.verify(api->hooks.context, &verify);
	json_open_object(&page->out);
	put_bool(page, "running", verify.running);
	put_int(page, "from", (int64_t)verify.from_seq);
	put_int(page, "to", (int64_t)verify.to_seq);
	put_int(page, "checked", (int64_t)verify.checked_seq);
	put_int(page, "compared", verify.compared);
	put_int(page, "fault_count", verify.fault_count);
	put_faults(page, &verify);
	put_text_nullable(page, "error", text_of(verify.error));
	json_close_object(&page->out);
	reply_page(request);
}

void post_verify(struct request *request)
{
	struct api *api = request->api;
	int64_t from = 0;

	if (!hooked(request) || !ask_int(request, "from", 1, INT64_MAX, &from))
		return;
	api->hooks.verify_start(api->hooks.context, (uint64_t)from);
	get_verify(request);
}
