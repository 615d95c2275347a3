/* load: the files of a pack in their order, all or nothing. */
#include "town/reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool may_be_absent(enum town_file file)
{
	return file == TOWN_FILE_STOCK || file == TOWN_FILE_RESPONSIBILITIES || file == TOWN_FILE_PLACES;
}

static bool slurp_fault(struct town_reader *reader, enum town_file file, const char *what)
{
	reading_fault_add(reader->faults, town_file_name(file), 0, 0, "%s", what);
	reader->unread[file] = true;
	return false;
}

/* Told once, at the first byte that is none: a file in another encoding is wrong from there to its end. */
static bool utf8_check(struct town_reader *reader, enum town_file file, const char *bytes, size_t len)
{
	uint32_t line = 1, column = 1, size;

	for (size_t at = 0; at < len; at += size) {
		size = csv_utf8_length(bytes + at, len - at);
		if (size == 0) {
			reading_fault_add(reader->faults, town_file_name(file), line, column,
				"not UTF-8 (GBK?): save it as UTF-8");
			reader->unread[file] = true;
			return false;
		}
		column = bytes[at] == '\n' ? 1 : column + 1;
		line += bytes[at] == '\n';
	}
	return true;
}

bool reader_slurp(struct town_reader *reader, enum town_file file, char **bytes, size_t *len)
{
	struct reading_memory *memory = reader->town->memory;
	char path[4096];
	size_t room = 64 * 1024;

	if ((size_t)snprintf(path, sizeof(path), "%s/%s", reader->dir, town_file_name(file)) >=
		sizeof(path)) {
		reader->io_failed = true;
		return slurp_fault(reader, file, "the folder's name is too long");
	}
	FILE *from = fopen(path, "rb");
	if (from == NULL && errno == ENOENT && may_be_absent(file))
		return false;
	if (from == NULL) {
		reader->io_failed = true;
		return slurp_fault(reader, file, strerror(errno));
	}
	*len = 0;
	*bytes = NULL;
	for (size_t got = 1; got > 0; *len += got) {
		if (*bytes == NULL || *len + 1 >= room) {
			char *wider = reading_memory_take(memory, room *= 2);

			if (*len > 0)
				memcpy(wider, *bytes, *len);
			*bytes = wider;
		}
		got = fread(*bytes + *len, 1, room - 1 - *len, from);
		if (*len > TOWN_FILE_BYTES_MAX)
			break;
	}
	bool failed = ferror(from) != 0;
	fclose(from);
	if (failed) {
		reader->io_failed = true;
		return slurp_fault(reader, file, "could not be read to its end");
	}
	if (*len > TOWN_FILE_BYTES_MAX)
		return slurp_fault(reader, file, "larger than 64 MiB");
	(*bytes)[*len] = '\0';
	return utf8_check(reader, file, *bytes, *len);
}

static struct town *town_new(void)
{
	struct town *town = calloc(1, sizeof(*town));

	if (town == NULL)
		disp_panic("out of memory while reading the town pack", __FILE__, __LINE__);
	town->memory = reading_memory_new();
	if (town->memory == NULL)
		disp_panic("out of memory while reading the town pack", __FILE__, __LINE__);
	town->indexes = reading_memory_take(town->memory, sizeof(*town->indexes));
	for (int level = 0; level < TOWN_LEVEL_COUNT; level++)
		if (area_set_new(&town->areas[level]) != DISP_OK)
			disp_panic("out of memory while reading the town pack", __FILE__, __LINE__);
	return town;
}

enum disp_err town_load(const char *dir, struct geo *geo, struct town **out, struct reading_faults *faults)
{
	struct town_reader reader = {.dir = dir, .geo = geo, .town = town_new(), .faults = faults};
	uint32_t faults_before = faults->count;

	*out = NULL;
	reader_town(&reader);
	reader_grids(&reader);
	reader_people(&reader);
	reader_grids_resolve(&reader);
	reader_ground(&reader);
	reader_units(&reader);
	reader_depots(&reader);
	reader_stock(&reader);
	reader_devices(&reader);
	reader_responsibilities(&reader);
	reader_places(&reader);
	area_set_free(reader.outline);
	if (reader.io_failed || faults->count > faults_before) {
		town_free(reader.town);
		return reader.io_failed ? DISP_E_IO : DISP_E_INPUT;
	}
	*out = reader.town;
	return DISP_OK;
}
