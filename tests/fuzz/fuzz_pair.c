/* fuzz_pair: bytes from the other daemon: what is read of them is written again, and read as the same. */
#include "fuzz.h"

#include "wire/pair_io.h"

static void check_round(const struct pair_line *line, struct text town)
{
	char buffer[PAIR_BYTES_MAX];
	struct pair_line again = {0};
	struct text text;

	FUZZ_MUST(pair_line_write(line, town, buffer, sizeof(buffer), &text) == DISP_OK);
	FUZZ_MUST(pair_line_read(text.ptr, text.len, town, &again) == DISP_OK);
	FUZZ_MUST(again.kind == line->kind && again.epoch == line->epoch && again.asked_ms == line->asked_ms);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pair_line line = {.kind = PAIR_KIND_NONE}, other = line;
	enum disp_err err = pair_line_read(data, size, TEXT("yulong"), &line);

	if (err != DISP_OK) {
		FUZZ_MUST(err == DISP_E_INPUT || err == DISP_E_NONE);
		FUZZ_MUST(line.kind == PAIR_KIND_NONE && line.epoch == 0 && line.asked_ms == 0);
		return 0;
	}
	FUZZ_MUST(size <= PAIR_BYTES_MAX && line.kind > PAIR_KIND_NONE && line.kind < PAIR_KIND_COUNT);
	FUZZ_MUST(line.epoch <= INT64_MAX && line.asked_ms >= 0);
	FUZZ_MUST(pair_line_read(data, size, TEXT("yulon"), &other) == DISP_E_NONE);
	check_round(&line, TEXT("yulong"));
	return 0;
}
