#!/bin/bash
# A few worlds of the simulator (make faults runs many, and the canaries): no violation, and a seed replays byte for byte.
set -u
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build} FAULTS_SEEDS=20 FAULTS_JOBS=1 FAULTS_MINUTES=10 FAULTS_CANARIES=0 exec tests/faults/run
