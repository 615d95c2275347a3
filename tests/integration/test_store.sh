#!/bin/bash
# The store against a PostgreSQL of its own: what is committed reaches the journal, through kills, silence and refusals.
# shellcheck source=tests/integration/store.bash
. "$(dirname "$0")/store.bash"

store_run test_store
