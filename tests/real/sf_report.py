#!/usr/bin/env python3
"""sf_report: what the daemon made of the week, from its database and its replies: checks, and figures beside the city's.

Usage: sf_report.py WEEK.csv.gz REPLIES.jsonl     the database by PGHOST, PGDATABASE, PGUSER

Prints the figures, then "ok CHECK" or "FAILED CHECK: why" a line; exit 1 when one failed. Every check is first shown a
damaged copy of the data, and one that lets it pass has failed.
"""
import copy
import csv
import io
import json
import math
import subprocess
import sys
from collections import defaultdict
from statistics import median, quantiles

import sf_town


def rows(sql):
    said = subprocess.run(['psql', '-X', '-q', '--csv', '-v', 'ON_ERROR_STOP=1', '-c', sql], check=True,
                          capture_output=True, text=True).stdout
    return list(csv.DictReader(io.StringIO(said)))


def seconds(text):
    return float(text) if text else None


class Outcome:
    """What was asked of the daemon, and what it says it did."""
    def __init__(self, week, replies):
        self.calls = {call.id: call for call in week.calls}
        self.asked = {call.id: asked_of(call) for call in week.calls}
        self.city_m = week.city_ranges()
        with open(replies) as file:
            self.replies = [json.loads(line) for line in file]
        self.alarms = rows('SELECT id, result, incident, repeats FROM dispatch.alarm ORDER BY id')
        self.orders = rows("""SELECT id, incident, target, state, need, range_m, extract(epoch FROM issued_at) AS issued,
            extract(epoch FROM answered_at) AS answered, extract(epoch FROM arrived_at) AS arrived,
            extract(epoch FROM coalesce(done_at, ended_at)) AS ended
            FROM dispatch.order_ WHERE kind = 'unit' ORDER BY issued_at, seq""")
        self.journal = {key: int(value) for key, value in rows("""SELECT count(*) AS rows, max(seq) AS last,
            count(*) FILTER (WHERE kind = 'alarm') AS alarms,
            (SELECT count(*) FROM dispatch.incident) AS incidents,
            (SELECT seq FROM dispatch.projected_seq) AS projected FROM dispatch.journal""")[0].items()}


def asked_of(call):
    name = {'medical.help': 'medical'}.get(call.alarm)
    for playbook, (alarm, _, skills, _) in sf_town.PLAYBOOKS.items():
        if alarm == call.alarm and (name is None or (playbook == 'medical-emergency') == (call.value > 2.5)):
            return skills
    raise KeyError(call.alarm)


# --- the checks: each yields what is wrong -----------------------------------------------------------

def check_answered(out):
    answer = {reply['id']: reply for reply in out.replies}
    for call in out.calls:
        result = answer.get(call, {}).get('result')
        if result != 'accepted' and not (result == 'duplicate' and answer[call]['attempts'] > 1):
            yield f'call {call} was answered {result}'
    if len(out.replies) != len(answer):
        yield 'a call has two replies'


def check_kept(out):
    kept = {alarm['id']: alarm for alarm in out.alarms}
    incidents = defaultdict(list)
    for reply in out.replies:
        if kept.get(reply['id'], {}).get('incident') != reply.get('incident'):
            yield f'call {reply["id"]}: replied {reply.get("incident")}, kept {kept.get(reply["id"])}'
        incidents[reply.get('incident')].append(reply['id'])
    if len(kept) != len(out.calls) or len(out.alarms) != len(out.calls):
        yield f'{len(out.alarms)} alarms kept of {len(out.calls)}'
    yield from (f'calls {calls} share incident {name}' for name, calls in incidents.items() if len(calls) > 1)


def check_helped(out):
    orders = defaultdict(list)
    for order in out.orders:
        orders[order['incident']].append(order)
    for alarm in out.alarms:
        done = sorted(order['need'] for order in orders[alarm['incident']]
                      if order['state'] == 'done' and order['answered'] and order['arrived'])
        if done != sorted(out.asked.get(alarm['id'], ())):
            yield f'call {alarm["id"]}: {done} came for {sorted(out.asked.get(alarm["id"], ()))}'


def check_one_order(out):
    until = {}
    for order in sorted(out.orders, key=lambda order: (float(order['issued']), int(order['id'][1:]))):
        before = until.get(order['target'], (-math.inf, None))
        if float(order['issued']) < before[0]:
            yield f'unit {order["target"]} had {before[1]} and {order["id"]} at once'
        until[order['target']] = (seconds(order['ended']) or math.inf, order['id'])


def check_journal(out):
    journal, repeats = out.journal, sum(int(alarm['repeats'] or 0) for alarm in out.alarms)
    if journal['rows'] != journal['last']:
        yield f'{journal["rows"]} rows up to number {journal["last"]}'
    replied = max(reply['seq'] for reply in out.replies)
    if not replied <= journal['projected'] <= journal['last']:
        yield f'replied up to {replied}, the tables are at {journal["projected"]}, the journal is at {journal["last"]}'
    if journal['alarms'] - repeats != len(out.calls):
        yield f'{journal["alarms"]} rows of alarms, {repeats} of them repeats, for {len(out.calls)} calls'
    if journal['incidents'] != len(out.calls):
        yield f'{journal["incidents"]} incidents for {len(out.calls)} calls'


def check_nearest(out):
    ours, theirs, _ = compared(out)
    if not ours or median(ours) > median(theirs):
        yield 'our median range is above the city\'s'


CHECKS = {
    'every call is answered': (check_answered, lambda out: out.replies.pop()),
    'every call is kept, each as its own incident': (check_kept, lambda out: out.alarms.pop()),
    'all that a plan asks for came and ended its work': (check_helped, lambda out: out.orders[-1].update(state='expired')),
    'no unit has two orders at once': (check_one_order, lambda out: next(
        order for order in out.orders if later(out, order)).update(ended='9999999999')),
    'journal and tables agree': (check_journal, lambda out: out.journal.update(rows=out.journal['rows'] - 1)),
    'our median range is not above the city\'s': (check_nearest, lambda out: [
        order.update(range_m=str(float(order['range_m']) * 3)) for order in out.orders])}


def later(out, order):
    """Whether the unit was sent once more after this order."""
    return any(other['target'] == order['target'] and float(other['issued']) > float(order['issued']) for other in out.orders)


# --- the figures -------------------------------------------------------------------------------------

def compared(out):
    """Our ranges and the city's, and by skill whether the unit is the same: for the kind that the city sent first."""
    ours, theirs, same = [], [], defaultdict(list)
    by_incident = defaultdict(list)
    for order in out.orders:
        by_incident[order['incident']].append(order)
    for alarm in out.alarms:
        call = out.calls[alarm['id']]
        sent = [order for order in by_incident[alarm['incident']] if order['need'] == call.first_skill]
        if sent:
            ours.append(float(sent[0]['range_m']))
            theirs.append(out.city_m[call.id, call.first_unit])
            same[call.first_skill].append(sent[0]['target'] == call.first_unit)
    return ours, theirs, same


def share(said):
    return f'{sum(said)} of {len(said)} ({100 * sum(said) / len(said):.1f} %)'


def figures(out):
    ours, theirs, same = compared(out)
    print(f'{len(out.calls)} calls, {len(out.replies)} replies, {len(out.orders)} orders to units, '
          f'journal {out.journal["rows"]} rows')
    if not ours:
        return
    print(f'{len(ours)} calls ask for the kind of unit that the city sent first; the same unit in '
          f'{share(sum(same.values(), []))}: ' + ', '.join(f'{skill} {share(same[skill])}' for skill in sorted(same)))
    for who, ranges in (('ours', ours), ('the city\'s', theirs)):
        low, middle, high = quantiles(ranges, n=4)
        print(f'range of that unit, {who}: quartiles {low:.0f} {middle:.0f} {high:.0f} m')
    nearer = sum(a < b - 1 for a, b in zip(ours, theirs))
    farther = sum(a > b + 1 for a, b in zip(ours, theirs))
    print(f'ours was nearer in {nearer}, as near in {len(ours) - nearer - farther}, farther in {farther}')
    response = [float(order['arrived']) - float(order['issued']) for order in out.orders if order['arrived']]
    print(f'order to arrival, median {median(response):.0f} s' if response else 'nobody arrived')


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    out, failed = Outcome(sf_town.Week(sys.argv[1]), sys.argv[2]), False
    figures(out)
    for name, (check, damage) in CHECKS.items():
        faults, damaged = list(check(out)), copy.deepcopy(out)
        if not faults:
            damage(damaged)
            faults = [] if list(check(damaged)) else ['it passes damaged data too']
        failed |= bool(faults)
        print(f'FAILED {name}: {len(faults)} times, first: {faults[0]}' if faults else f'ok {name}')
    sys.exit(failed)


if __name__ == '__main__':
    main()
