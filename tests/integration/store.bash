# store.bash: a PostgreSQL of its own for test programs of the store, which are built and run in order. Sourced, not run.
# shellcheck shell=bash
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
BUILD=${BUILD:-build}

# store_run NAME…     tests/integration/NAME, one after the other, until one fails
store_run() {
	local places name
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
	make -s BUILD="$BUILD" "${@/#/$BUILD/tests/integration/}" || exit 1
	places=$(ops/private-postgres env "$dir/pg") || exit 1
	eval "export ${places//$'\n'/ }"
	export STORE_TEST_DIR=$dir
	for name; do "$BUILD/tests/integration/$name" || exit; done
}
