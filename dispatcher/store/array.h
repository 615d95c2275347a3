/* array: PostgreSQL arrays in binary form, built in memory; sends nothing. */
#ifndef STORE_ARRAY_H
#define STORE_ARRAY_H

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

/* Object ids of src/include/catalog/pg_type.dat, which never change. */
enum {
	OID_BYTEA = 17,
	OID_INT8 = 20,
	OID_TEXT = 25,
	OID_BYTEA_ARRAY = 1001,
	OID_TEXT_ARRAY = 1009,
	OID_INT8_ARRAY = 1016
};

/*
 * One-dimensional: i32 dimensions 1, i32 has nulls, u32 element oid, i32 count, i32 lower bound 1, then for each
 * i32 length (-1: NULL) and the bytes; all big-endian. Source: array_send in the server's arrayfuncs.c.
 */
struct array {
	uint8_t *bytes; /* grows as needed, up to what a batch holds; array_free */
	size_t size, used;
	uint32_t count;
};

/* Begins anew, keeps the memory. */
void array_begin(struct array *array, uint32_t element_oid);

/* bytes NULL: an SQL NULL. No memory ends the process: the caller's batches are bounded. */
void array_add(struct array *array, const void *bytes, size_t size);
void array_add_i64(struct array *array, int64_t value);
void array_end(struct array *array);
void array_free(struct array *array);

/* 8 bytes as PostgreSQL wants and gives an int8. */
void array_put_i64(uint8_t to[8], int64_t value);
int64_t array_get_i64(const char *from);

#endif
