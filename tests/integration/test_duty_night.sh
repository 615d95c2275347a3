#!/bin/bash
# A night of the duty officer, from 18:00 to 08:00, played through the console alone; then the whole story of each incident,
# and every screen in both languages.
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"
for part in play evening water storm small_hours morning afterwards read; do
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
night_goes_to 01:15 KILL
one_fifteen
night_goes_to 03:30
half_past_three
night_goes_to 03:36
night_goes_to 03:42
still_nobody
night_goes_to 03:48
nobody_at_the_desk
night_goes_to 06:50
ten_to_seven
in_the_dark
child_ends
night_goes_to 08:00
hand_over
afterwards
in_both_languages
done_here
