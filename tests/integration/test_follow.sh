#!/bin/bash
# Two stores over one PostgreSQL: one follows what the other writes; a fork is found, set aside and brought in again.
set -u
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
if ! command -v psql >/dev/null; then
	echo "no psql"
	exit 77
fi
dir=$(mktemp -d)
trap 'ops/private-postgres remove "$dir/pg"; rm -rf "$dir"' EXIT
if ! ops/private-postgres start "$dir/pg"; then
	echo "the private PostgreSQL does not start"
	exit 77
fi
make -s BUILD="$BUILD" "$BUILD/tests/integration/test_follow" "$BUILD/tests/integration/test_stray" "$BUILD/tests/integration/test_bring" || exit 1
places=$(ops/private-postgres env "$dir/pg") || exit 1
eval "export ${places//$'\n'/ }"
export STORE_TEST_DIR=$dir
"$BUILD/tests/integration/test_follow" && "$BUILD/tests/integration/test_stray" && "$BUILD/tests/integration/test_bring"
