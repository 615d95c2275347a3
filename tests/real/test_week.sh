#!/bin/bash
# A week of a city's calls, sent to a real daemon under a compressed clock: nothing lost, nobody sent twice, the nearest first.
set -u
# shellcheck source=tests/real/week.sh
. "$(dirname "$0")/week.sh"
week_begin "$root/var/real/week" 4000
week_end
