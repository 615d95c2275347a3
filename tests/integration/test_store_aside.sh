#!/bin/bash
# Rows that a PostgreSQL of its own has refused: listed, written late, left out.
# shellcheck source=tests/integration/store.bash
. "$(dirname "$0")/store.bash"

store_run test_store_aside
