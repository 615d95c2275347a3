/* fuzz: what every fuzz target shares: its entry, a check that ends it, a reader of its input. No target. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* libFuzzer's, or replay's: data[size] is an allocation of exactly that size. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *count, char ***value);

/* Ends the process: what is said here must hold for every input. */
#define FUZZ_MUST(x) ((x) ? (void)0 : fuzz_failed(#x, __FILE__, __LINE__))

static inline _Noreturn void fuzz_failed(const char *what, const char *file, int line)
{
	dprintf(STDERR_FILENO, "%s:%d: does not hold: %s\n", file, line, what);
	abort();
}

/* Faults that readers print for people would be most of a night's output. Sanitizers and libFuzzer have their own. */
static inline void fuzz_quiet(void)
{
	FILE *nowhere = fopen("/dev/null", "w");

	FUZZ_MUST(nowhere != NULL);
	stderr = nowhere;
}

/* The assertions of fixtures end the process too, outside of a cmocka test; by a signal, so that it is noticed. */
static inline void fuzz_asserts_abort(void)
{
	FUZZ_MUST(setenv("CMOCKA_TEST_ABORT", "1", 1) == 0);
}

/* --- the input, eaten from its front; what is not there any more reads as zero --------------------- */

struct fuzz_input {
	const uint8_t *at;
	size_t left;
};

static inline uint8_t fuzz_u8(struct fuzz_input *input)
{
	if (input->left == 0)
		return 0;
	input->left--;
	return *input->at++;
}

static inline uint16_t fuzz_u16(struct fuzz_input *input)
{
	uint8_t high = fuzz_u8(input);

	return (uint16_t)(high << 8 | fuzz_u8(input));
}

static inline uint32_t fuzz_u32(struct fuzz_input *input)
{
	uint32_t high = fuzz_u16(input);

	return high << 16 | fuzz_u16(input);
}

static inline uint64_t fuzz_u64(struct fuzz_input *input)
{
	uint64_t high = fuzz_u32(input);

	return high << 32 | fuzz_u32(input);
}

/* Up to `most` bytes; *len is how many. */
static inline const uint8_t *fuzz_bytes(struct fuzz_input *input, size_t most, size_t *len)
{
	const uint8_t *at = input->at;

	*len = most < input->left ? most : input->left;
	input->at += *len;
	input->left -= *len;
	return at;
}

/* The part before the next `mark`, which is eaten too. False: there is nothing left. */
static inline bool fuzz_part(struct fuzz_input *input, uint8_t mark, const uint8_t **bytes, size_t *len)
{
	if (input->left == 0)
		return false;
	const uint8_t *found = memchr(input->at, mark, input->left);

	*bytes = fuzz_bytes(input, found == NULL ? input->left : (size_t)(found - input->at), len);
	if (found != NULL)
		(void)fuzz_u8(input);
	return true;
}

#endif
