#!/usr/bin/env python3
"""sf_convert: a town pack, playbooks and the calls of the week from the city's table; sends nothing.

Usage: sf_convert.py WEEK.csv.gz DIR     writes DIR/town/, DIR/playbooks/, DIR/calls.jsonl,
                                         DIR/work.tsv, DIR/crews.tsv
"""
import csv
import datetime
import json
import os
import sys

import sf_town

BOX = (-122.53, 37.60, -122.35, 37.84)  # west, south, east, north: all calls, those at the airport too
COLUMNS, ROWS = 3, 4                    # of level-3 squares


def ring(west, south, east, north):
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return [[round(lon, 7), round(lat, 7)] for lon, lat in corners]


def grid(code, level, parent, box):
    return {'type': 'Feature', 'geometry': {'type': 'Polygon', 'coordinates': [ring(*box)]},
            'properties': {'code': code, 'name': code, 'level': level, 'parent': parent, 'head': None}}


def grids():
    west, south, east, north = BOX
    yield grid('SF', 1, None, BOX)
    yield grid('SF-1', 2, 'SF', BOX)
    for row in range(ROWS):
        for column in range(COLUMNS):
            box = (west + (east - west) * column / COLUMNS, south + (north - south) * row / ROWS,
                   west + (east - west) * (column + 1) / COLUMNS, south + (north - south) * (row + 1) / ROWS)
            yield grid(f'SF-1-{row}{column}', 3, 'SF-1', box)


def write_csv(path, header, rows):
    with open(path, 'w', newline='') as file:
        writer = csv.writer(file, lineterminator='\n')
        writer.writerow(header.split(','))
        writer.writerows(rows)


def write_town(week, folder):
    os.makedirs(folder, exist_ok=True)
    with open(f'{folder}/town.yaml', 'w') as file:
        file.write('code: sf-week\nname: San Francisco\ntime_zone: "-08:00"\ndemonstration: true\n'
                   f'outline: {json.dumps(ring(*BOX))}\n')
    with open(f'{folder}/grids.geojson', 'w') as file:
        json.dump({'type': 'FeatureCollection', 'features': list(grids())}, file, indent=1)
    write_csv(f'{folder}/people.csv', 'id,name,roles,phone,org,grid', [('officer', 'Officer', 'duty_officer', '911', '', '')])
    write_csv(f'{folder}/depots.csv', 'id,name,lon,lat,crs,keeper,load_s', [])
    write_csv(f'{folder}/units.csv',
              'id,name,kind,skills,team,lon,lat,crs,speed_kmh,turnout_s,shift,members,terminal',
              [(unit, unit, 'vehicle', sf_town.SKILL[kind], kind, *week.stations[week.homes[unit]], 'EPSG:4326',
                sf_town.SPEED_KMH, sf_town.TURNOUT_S, '00:00-24:00', 4, 'yes') for unit, kind in sorted(week.units.items())])
    write_csv(f'{folder}/devices.csv', 'id,kind,name,lon,lat,crs,grid,actions,expect_every_s',
              [(line_of(index), 'hotline', '', *week.stations['01'], 'EPSG:4326', '', '', '')
               for index in range(len(week.calls))])


def write_playbooks(folder):
    os.makedirs(folder, exist_ok=True)
    for name, (alarm, priority, skills, match) in sf_town.PLAYBOOKS.items():
        steps = ''.join(f'  - send: {{ skills: [{skill}], count: 1 }}\n' for skill in skills)
        with open(f'{folder}/{name}.yaml', 'w') as file:
            file.write(f'playbook: {name}\ntitle: {name}\nmatch: {{ type: [alarm.{alarm}]{match} }}\n'
                       f'incident: {{ type: {name}, priority: {priority} }}\nsteps:\n{steps}'
                       'deadlines: { answer_s: 604800 }\n')


def line_of(index):
    return f'line-{index + 1:04d}'


def alarm_of(call, index):
    time = call.received.astimezone(datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ')
    data = {'state': 'raised', 'position': {'type': 'Point', 'coordinates': call.at}, 'crs': 'EPSG:4326',
            'text': f'{call.type}, {call.address}'}
    if call.value is not None:
        data.update(value=call.value, unit='count')
    return {'specversion': '1.0', 'id': call.id, 'source': line_of(index), 'type': f'alarm.{call.alarm}', 'time': time,
            'data': data}


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    week, folder = sf_town.Week(sys.argv[1]), sys.argv[2]
    write_town(week, f'{folder}/town')
    write_playbooks(f'{folder}/playbooks')
    with open(f'{folder}/calls.jsonl', 'w') as file:
        for index, call in enumerate(week.calls):
            file.write(json.dumps(alarm_of(call, index)) + '\n')
    with open(f'{folder}/work.tsv', 'w') as file:  # seconds of work, for each skill that is asked for
        for call in week.calls:
            file.write('\t'.join([call.id] + [str(call.work_s(skill)) for skill in sf_town.ASKED]) + '\n')
    with open(f'{folder}/crews.tsv', 'w') as file:  # which of those columns holds for the unit
        for unit, kind in sorted(week.units.items()):
            skill = sf_town.SKILL[kind]
            file.write(f'{unit}\t{sf_town.ASKED.index(skill) if skill in sf_town.ASKED else 0}\n')
    print(f'{len(week.calls)} calls, {len(week.rows)} times a unit was sent, {len(week.units)} units, '
          f'{len(week.stations)} stations')


if __name__ == '__main__':
    main()
