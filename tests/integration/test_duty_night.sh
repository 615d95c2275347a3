#!/bin/bash
# A night of the duty officer, from 18:00 to 08:00, played through the console alone; then the whole story of each incident.
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"
for part in play evening water storm afterwards; do
	# shellcheck source=/dev/null
	. "tests/integration/night/$part.bash"
done
plans_copy
postgres_start
night_goes_to 18:00
evening
night_goes_to 20:10
water
night_goes_to 22:40
storm
afterwards
done_here
