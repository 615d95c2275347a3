#!/bin/bash
# Two stores over one PostgreSQL: one follows what the other writes; a fork is found, set aside and brought in again.
# shellcheck source=tests/integration/store.bash
. "$(dirname "$0")/store.bash"

store_run test_follow test_stray test_bring
