#!/bin/bash
# The row of dispatch.lease and what rests on it, against a PostgreSQL of its own: of two daemons, one writes.
# shellcheck source=tests/integration/store.bash
. "$(dirname "$0")/store.bash"

store_run test_store_pair
