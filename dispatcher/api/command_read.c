/* command_read: a JSON object into a command's arguments; knows the kinds of arguments, no command. */
#include "api/command.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "wire/ids.h"

enum { QUANTITY_MAX = 1000000000 };

/* A value that is there; null is the same as absent. */
static bool given(const struct json_doc *doc, uint32_t index)
{
	return json_kind(doc, index) != JSON_KIND_ABSENT && json_kind(doc, index) != JSON_KIND_NULL;
}

static void read_text(struct field_in *in, uint32_t index, const struct argument *argument, void *at)
{
	struct text text = {NULL, 0};

	if (argument->required)
		(void)field_name(in, index, argument->name.ptr, COMMAND_TEXT_MAX, &text);
	else
		(void)field_text(in, index, argument->name.ptr, COMMAND_TEXT_MAX, false, &text);
	memcpy(at, &text, sizeof(text));
}

/* One blank between two words: what the core takes. The words are put together in the scratch. */
static void read_words(struct field_in *in, uint32_t index, const struct argument *argument, void *at)
{
	struct json_scratch *scratch = in->scratch;
	struct text joined = {scratch->buffer + scratch->used, 0};
	uint32_t words = 0;

	if (json_kind(in->doc, index) != JSON_KIND_ARRAY) {
		read_text(in, index, argument, at);
		return;
	}
	for (uint32_t i = json_first(in->doc, index); i != JSON_NONE; i = json_next(in->doc, index, i)) {
		struct text word = {NULL, 0};
		struct json_scratch none = {NULL, 0, 0}; /* a word has no escapes */

		if (json_get_text(in->doc, i, &none, &word) != DISP_OK || word.len == 0 ||
			++words > COMMAND_WORDS_MAX || memchr(word.ptr, ' ', word.len) != NULL ||
			scratch->used + joined.len + word.len + 1 > scratch->size) {
			field_fail(in, REJECT_MALFORMED, argument->name.ptr, "a list of words is needed");
			return;
		}
		if (joined.len > 0)
			scratch->buffer[scratch->used + joined.len++] = ' ';
		memcpy(scratch->buffer + scratch->used + joined.len, word.ptr, word.len);
		joined.len += word.len;
	}
	if (joined.len == 0)
		field_fail(in, REJECT_MALFORMED, argument->name.ptr, "at least one word is needed");
	scratch->used += joined.len;
	memcpy(at, &joined, sizeof(joined));
}

static void read_whole(struct field_in *in, uint32_t index, const struct argument *argument, void *at)
{
	int64_t max = argument->kind == ARGUMENT_U8 ? UINT8_MAX : QUANTITY_MAX, value = 0;

	if (!field_whole(in, index, argument->name.ptr, 0, max, argument->required, &value))
		return;
	if (argument->kind == ARGUMENT_U8)
		*(uint8_t *)at = (uint8_t)value;
	else if (argument->kind == ARGUMENT_U32)
		*(uint32_t *)at = (uint32_t)value;
	else
		*(int64_t *)at = value;
}

static void read_real(
	struct field_in *in, uint32_t index, const struct argument *argument, struct command_input *input)
{
	double value = 0;

	if (!given(in->doc, index))
		return;
	if (json_get_double(in->doc, index, &value) != DISP_OK || !isfinite(value)) {
		field_fail(in, REJECT_MALFORMED, argument->name.ptr, "a number is needed");
		return;
	}
	memcpy((char *)input + argument->offset, &value, sizeof(value));
	*((bool *)((char *)input + argument->given)) = true;
}

static void read_argument(
	struct field_in *in, uint32_t index, const struct argument *argument, struct command_input *input)
{
	void *at = (char *)input + argument->offset;

	if (argument->required && !given(in->doc, index)) {
		field_fail(in, REJECT_MALFORMED, argument->name.ptr, "is missing");
		return;
	}
	switch (argument->kind) {
	case ARGUMENT_TEXT:
		read_text(in, index, argument, at);
		break;
	case ARGUMENT_WORDS:
		read_words(in, index, argument, at);
		break;
	case ARGUMENT_ID:
		if (given(in->doc, index))
			(void)field_id(in, index, argument->name.ptr, argument->set, at);
		break;
	case ARGUMENT_BOOL:
		(void)field_bool(in, index, argument->name.ptr, at);
		break;
	case ARGUMENT_TIME:
		(void)field_time(in, index, argument->name.ptr, at);
		break;
	case ARGUMENT_WORD:
		(void)field_word(in, index, argument->name.ptr, argument->set, argument->required, at);
		break;
	case ARGUMENT_REAL:
		read_real(in, index, argument, input);
		break;
	default:
		read_whole(in, index, argument, at);
	}
}

/* A word that the set has and the command does not. */
static bool word_is_none(const struct argument *argument, const struct command_input *input)
{
	bool zero_is_none = argument->set == WORDS_DISPOSITION || argument->set == WORDS_COLOUR ||
			    argument->set == WORDS_ANSWER;

	return argument->kind == ARGUMENT_WORD && zero_is_none &&
	       *((const uint8_t *)input + argument->offset) == 0;
}

static void refuse_unknown(struct field_in *in, const struct text *known, uint32_t count)
{
	for (uint32_t key = json_first(in->doc, 0); key != JSON_NONE; key = json_next(in->doc, 0, key)) {
		bool found = false;
		char name[64];

		for (uint32_t i = 0; i < count && !found; i++)
			found = json_equals(in->doc, key, known[i]);
		if (found)
			continue;
		struct text raw = json_raw(in->doc, key);

		(void)snprintf(name, sizeof(name), "%.*s", (int)(raw.len < 48 ? raw.len : 48), raw.ptr);
		field_fail(in, REJECT_MALFORMED, name, "this command has no such argument");
		return;
	}
}

bool command_read(const struct command *command, const struct json_doc *doc, struct json_scratch *scratch,
	struct command_input *input, char *detail)
{
	struct field_in in;
	struct text key[COMMAND_ARGUMENTS_MAX + 3];
	uint32_t found[COMMAND_ARGUMENTS_MAX + 3] = {0}, count = command->argument_count;

	*input = (struct command_input){.passed = true, .name = input->name};
	input->event.kind = command->kind;
	ASSERT(count <= COMMAND_ARGUMENTS_MAX);
	for (uint32_t i = 0; i < count; i++)
		key[i] = command->argument[i].name;
	key[count] = TEXT("by");
	key[count + 1] = TEXT("channel");
	key[count + 2] = TEXT("dry_run");
	field_in_init(&in, doc, scratch);
	if (json_kind(doc, 0) != JSON_KIND_OBJECT)
		field_fail(&in, REJECT_MALFORMED, "body", "a JSON object is needed");
	else if (json_find_members(doc, 0, key, count + 3, found) > 0)
		refuse_unknown(&in, key, count + 3);
	for (uint32_t i = 0; i < count && in.reason == REJECT_NONE; i++) {
		read_argument(&in, found[i], &command->argument[i], input);
		if (command->argument[i].required && in.reason == REJECT_NONE &&
			word_is_none(&command->argument[i], input))
			field_fail(&in, REJECT_MALFORMED, command->argument[i].name.ptr, "cannot be none");
	}
	if (in.reason == REJECT_NONE) {
		(void)field_text(&in, found[count], "by", 128, false, &input->event.by);
		(void)field_text(&in, found[count + 1], "channel", 32, false, &input->event.channel);
		(void)field_bool(&in, found[count + 2], "dry_run", &input->dry_run);
	}
	memcpy(detail, in.detail, FIELD_DETAIL_SIZE);
	return in.reason == REJECT_NONE;
}
