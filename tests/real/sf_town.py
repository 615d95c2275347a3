"""sf_town: the rules by which a week of San Francisco calls becomes calls, units and places; reads, writes nothing.

The rules, with their reasons, are in README.md beside this file.
"""
import csv
import datetime
import gzip
import math
import re
from collections import Counter, defaultdict
from statistics import median

TIME_ZONE = datetime.timezone(datetime.timedelta(hours=-8))
SPEED_KMH = 30
TURNOUT_S = 60
WORK_S = 600  # where the data do not say how long a unit worked

# Unit Type -> the skill asked for. Private and city ambulances do the same work.
SKILL = {
    'ENGINE': 'engine', 'TRUCK': 'truck', 'MEDIC': 'medic', 'PRIVATE': 'medic', 'CHIEF': 'chief',
    'RESCUE CAPTAIN': 'captain', 'RESCUE SQUAD': 'squad', 'SUPPORT': 'support', 'AIRPORT': 'airport',
    'INVESTIGATION': 'investigation'}
ASKED = ('engine', 'truck', 'medic', 'chief')  # what the playbooks ask for

# Call Type -> the listed alarm type that is nearest in kind, and whether the call's priority is its value.
ALARM = {
    'Medical Incident': 'medical.help', 'Traffic Collision': 'medical.help', 'Industrial Accidents': 'medical.help',
    'Alarms': 'fire.smoke', 'Smoke Investigation (Outside)': 'fire.smoke',
    'Structure Fire': 'fire.flame', 'Vehicle Fire': 'fire.flame', 'Outside Fire': 'fire.straw_burning',
    'Gas Leak (Natural and LP Gases)': 'gas.leak', 'Odor (Strange / Unknown)': 'gas.leak', 'HazMat': 'gas.leak',
    'Fuel Spill': 'gas.leak', 'Electrical Hazard': 'pump.failed', 'Elevator / Escalator Rescue': 'manhole.blocked',
    'Citizen Assist / Service Call': 'manhole.moved', 'Confined Space / Structure Collapse': 'road.collapse',
    'Water Rescue': 'water.person_in_water', 'Other': 'site.intrusion'}

# playbook: alarm type, priority of the incident, skills sent (one unit each), further match
PLAYBOOKS = {
    'medical-emergency': ('medical.help', 1, ('engine', 'medic'), ', value: { above: 2.5, unit: count }'),
    'medical': ('medical.help', 2, ('medic',), ''),
    'alarm': ('fire.smoke', 2, ('engine', 'truck', 'chief'), ''),
    'fire': ('fire.flame', 1, ('engine', 'truck'), ''),
    'outside-fire': ('fire.straw_burning', 2, ('engine',), ''),
    'gas': ('gas.leak', 2, ('engine',), ''),
    'electrical': ('pump.failed', 3, ('engine',), ''),
    'elevator': ('manhole.blocked', 3, ('truck',), ''),
    'service': ('manhole.moved', 4, ('engine',), ''),
    'collapse': ('road.collapse', 1, ('engine', 'truck'), ''),
    'water': ('water.person_in_water', 1, ('engine', 'truck', 'medic'), ''),
    'other': ('site.intrusion', 4, ('engine',), '')}


def time_of(text):
    """Local time as the data write it, or None."""
    if not text:
        return None
    return datetime.datetime.strptime(text, '%m/%d/%Y %I:%M:%S %p').replace(tzinfo=TIME_ZONE)


def range_m(a, b):
    """Geodesic on WGS-84 between (lon, lat): radii at the middle latitude; better than 1e-5 inside a city."""
    middle = math.radians((a[1] + b[1]) / 2)
    flat = 1 - 0.00669437999014 * math.sin(middle) ** 2
    north = 6378137 * (1 - 0.00669437999014) / flat ** 1.5 * math.radians(b[1] - a[1])
    east = 6378137 / math.sqrt(flat) * math.cos(middle) * math.radians(b[0] - a[0])
    return math.hypot(north, east)


def travel(a, b):
    return datetime.timedelta(seconds=range_m(a, b) / (SPEED_KMH / 3.6))


class Row:
    """One unit at one call."""
    def __init__(self, fields):
        self.call, self.unit, self.type = fields['Call Number'], fields['Unit ID'], fields['Unit Type']
        self.skill = SKILL[self.type]
        self.call_type, self.area = fields['Call Type'], fields['Station Area']
        self.priority, self.sequence = int(fields['Final Priority']), int(fields['Unit sequence in call dispatch'])
        self.address = fields['Address']
        lat, lon = map(float, re.findall(r'-?[\d.]+', fields['Location']))
        self.at = (round(lon, 7), round(lat, 7))
        self.received, self.dispatched = time_of(fields['Received DtTm']), time_of(fields['Dispatch DtTm'])
        self.on_scene, self.available = time_of(fields['On Scene DtTm']), time_of(fields['Available DtTm'])

    def work_s(self):
        if self.on_scene is None or self.available is None:
            return None
        return (self.available - self.on_scene).total_seconds()


class Call:
    """What the city knew of one call; rows in the order in which it sent units."""
    def __init__(self, rows):
        self.rows = sorted(rows, key=lambda row: row.sequence)
        first = self.rows[0]
        self.id, self.at, self.received = first.call, first.at, first.received
        self.first_unit, self.first_skill = first.unit, first.skill
        self.type, self.alarm, self.address = first.call_type, ALARM[first.call_type], first.address
        self.value = first.priority if self.alarm == 'medical.help' else None

    def work_s(self, skill):
        """How long the first unit of that skill worked; else the first of any that arrived."""
        worked = [row.work_s() for row in self.rows if row.skill == skill and row.work_s() is not None]
        worked += [row.work_s() for row in self.rows if row.work_s() is not None]
        return int(worked[0]) if worked else WORK_S


class Week:
    """Calls by time; units (id -> type); stations (area -> (lon, lat)); homes (unit -> area)."""
    def __init__(self, path):
        with gzip.open(path, 'rt', newline='') as file:
            self.rows = [Row(fields) for fields in csv.DictReader(file)]
        by_call, by_area, served = defaultdict(list), defaultdict(list), defaultdict(Counter)
        for row in self.rows:
            by_call[row.call].append(row)
            by_area[row.area].append(row.at)
            served[row.unit][row.area] += 1
        self.calls = sorted((Call(rows) for rows in by_call.values()), key=lambda call: (call.received, call.id))
        self.stations = {area: (round(median(at[0] for at in ats), 7), round(median(at[1] for at in ats), 7))
                         for area, ats in by_area.items()}
        self.units = {row.unit: row.type for row in self.rows}
        self.homes = {unit: self.home(unit, served[unit]) for unit in self.units}

    def home(self, unit, served):
        """Engines and trucks bear their station's number; others live in the area they serve most (ties: the lowest)."""
        number = unit[1:]
        if self.units[unit] in ('ENGINE', 'TRUCK') and number in self.stations:
            return number
        return min(served, key=lambda area: (-served[area], area))

    def city_ranges(self):
        """(call, unit) -> how far away the city's unit was: at its last call until it would be home, then at home."""
        ranges, last = {}, {}
        for row in sorted(self.rows, key=lambda row: (row.dispatched, row.call, row.unit)):
            home, at = self.stations[self.homes[row.unit]], None
            before = last.get(row.unit)
            if before is not None:
                free = before.available or before.on_scene or before.dispatched
                at = before.at if row.dispatched < free + travel(before.at, home) else home
            ranges[row.call, row.unit] = range_m(at or home, row.at)
            last[row.unit] = row
        return ranges
