/* test_page_file: a page is there whole or not at all; a folder that is gone is said and overcome. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "board/page_file.h"

enum { LONG_MS = 60000 };

struct place {
	char folder[64], path[128], fresh[160];
};

static struct place place_new(void)
{
	struct place place;

	strcpy(place.folder, "/tmp/test_page_file.XXXXXX");
	assert_non_null(mkdtemp(place.folder));
	(void)snprintf(place.path, sizeof place.path, "%s/board.html", place.folder);
	(void)snprintf(place.fresh, sizeof place.fresh, "%s.new", place.path);
	return place;
}

static void place_end(const struct place *place)
{
	(void)unlink(place->path);
	assert_int_equal(rmdir(place->folder), 0); /* nothing else was left */
}

static char *page(const char *text)
{
	char *out = strdup(text);

	assert_non_null(out);
	return out;
}

static void holds(const struct place *place, const char *wanted)
{
	char got[256] = "";
	FILE *from = fopen(place->path, "rb");

	assert_non_null(from);
	got[fread(got, 1, sizeof got - 1, from)] = '\0';
	(void)fclose(from);
	assert_string_equal(got, wanted);
	assert_int_equal(access(place->fresh, F_OK), -1);
}

static void put(struct page_file *file, const char *text)
{
	assert_int_equal(page_file_put(file, page(text), strlen(text)), DISP_OK);
	assert_true(page_file_wait(file, LONG_MS));
}

static void a_page_replaces_the_one_before(void **state)
{
	struct place place = place_new();
	struct page_file *file;
	struct page_file_state now;
	struct stat status;

	(void)state;
	assert_int_equal(page_file_open(&file, place.path), DISP_OK);
	assert_int_equal(access(place.path, F_OK), -1);
	put(file, "first, which is longer");
	holds(&place, "first, which is longer");
	put(file, "second");
	holds(&place, "second");
	page_file_get_state(file, &now);
	assert_int_equal(now.written, 2);
	assert_int_equal(now.failed, 0);
	assert_false(now.busy);
	assert_int_equal(stat(place.path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0640);
	page_file_close(file, LONG_MS);
	place_end(&place);
}

static void what_was_put_last_is_there_after_the_end(void **state)
{
	struct place place = place_new();
	struct page_file *file;

	(void)state;
	assert_int_equal(page_file_open(&file, place.path), DISP_OK);
	assert_int_equal(page_file_put(file, page("last"), 4), DISP_OK);
	page_file_close(file, LONG_MS);
	holds(&place, "last");
	place_end(&place);
}

static void a_page_that_cannot_be_written_leaves_the_old_one(void **state)
{
	struct place place = place_new();
	struct page_file *file;
	struct page_file_state now;

	(void)state;
	assert_int_equal(page_file_open(&file, place.path), DISP_OK);
	put(file, "old");
	assert_int_equal(mkdir(place.fresh, 0700), 0); /* in the way, also of root */
	put(file, "new");
	page_file_get_state(file, &now);
	assert_int_equal(now.failed, 1);
	assert_true(now.error != 0);
	assert_int_equal(rmdir(place.fresh), 0);
	holds(&place, "old");
	put(file, "newer");
	holds(&place, "newer");
	page_file_get_state(file, &now);
	assert_int_equal(now.error, 0);
	page_file_close(file, LONG_MS);
	place_end(&place);
}

static void a_link_laid_in_the_way_is_not_followed(void **state)
{
	struct place place = place_new();
	struct page_file *file;
	struct page_file_state now;
	char victim[160];

	(void)state;
	(void)snprintf(victim, sizeof victim, "%s/victim", place.folder);
	assert_int_equal(symlink(victim, place.fresh), 0);
	assert_int_equal(page_file_open(&file, place.path), DISP_OK);
	put(file, "page");
	assert_int_equal(access(victim, F_OK), -1);
	holds(&place, "page");
	page_file_get_state(file, &now);
	assert_int_equal(now.written, 1);
	page_file_close(file, LONG_MS);
	place_end(&place);
}

static void a_path_of_nonsense_is_refused(void **state)
{
	struct page_file *file;
	char path[5000];

	(void)state;
	memset(path, 'a', sizeof path - 1);
	path[sizeof path - 1] = '\0';
	assert_int_equal(page_file_open(&file, ""), DISP_E_INPUT);
	assert_int_equal(page_file_open(&file, path), DISP_E_INPUT);
	page_file_close(NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_replaces_the_one_before),
		cmocka_unit_test(what_was_put_last_is_there_after_the_end),
		cmocka_unit_test(a_page_that_cannot_be_written_leaves_the_old_one),
		cmocka_unit_test(a_link_laid_in_the_way_is_not_followed),
		cmocka_unit_test(a_path_of_nonsense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
