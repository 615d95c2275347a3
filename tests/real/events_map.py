#!/usr/bin/env python3
"""events_map: what cameras, sensors, monitoring and weather services really send, as alarms of schemas/wire/alarm.json; sends nothing.

Usage: events_map.py C_EVENTS_DIR TIME     prints a line of JSON for alarm-player an alarm, with what the daemon must answer

The table is events.md beside this file. TIME takes the place of the messages' own times, which are years apart; each
message that has a time is sent once more with its own, and must be answered too_old.
"""
import ast
import datetime
import glob
import json
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

UTC, CHINA = datetime.timezone.utc, datetime.timezone(datetime.timedelta(hours=8))

# Their names -> devices of the town, and what a person in front of that camera means.
CAMERAS = {'front_door': ('rcam-01', 'water.person_near'), 'front_cam': ('site-01-fence', 'site.intrusion'),
           'front_door_cam': ('site-01-helmet', 'site.no_helmet'),
           '55123456781381000010': ('rcam-02', 'water.person_near'), '34020000001320000001': ('site-02-fence', 'site.intrusion')}
EQUIPMENT = {'host2': 'pump-01', 'thing_dead': 'pump-02', 'BatteryPower': 'pump-03'}
LORA = {'em310-tilt': 'mh-001', 'em310-udl': 'mh-002', 'at101': 'mh-003', 'em500-swl': 'gauge-01', 'gs301': 'gas-001',
        'ws303': 'pump-04', 'em300-mld': 'pump-04', 'em300-mcs': 'site-03-fence', 'ws202': 'site-04-fence', 'wts506': 'weather-01',
        'Test device': 'mh-004', 'ct303-v2': 'pump-02'}
COLOURS = {'蓝色': 'blue', '黄色': 'yellow', '橙色': 'orange', '红色': 'red'}
RAIN = ('暴雨', '雷电', '雷雨大风', '雷暴大风')  # those that bring sudden rain
REFUSED = {'lora-5': 'outside_town', '34020000001320000001-20260605103000': 'outside_town', 'rule-7': 'unknown_source',
           'high_memory_load-2018-03-07T06:33:21.873077559-05:00-0': 'unknown_source'}  # by id, as events.md says why
GAS_LIMIT_PPM = {'h2s': 10, 'nh3': 25}


def alarm(name, source, kind, state='raised', time=None, **data):
    """name: the sender's own id where it has one; time: its own, or None."""
    return {'id': name, 'source': source, 'type': f'alarm.{kind}', 'own_time': time,
            'expect': f'rejected {REFUSED[name]}' if name in REFUSED else 'accepted',
            'data': {'state': state, **{key: value for key, value in data.items() if value is not None}}}


def point(lon, lat):
    """A camera without a position says 0, 0: that is none. What it does say counts."""
    lon, lat = float(lon), float(lat)
    return None if lon == 0 and lat == 0 else {'type': 'Point', 'coordinates': [lon, lat]}


def epoch(seconds):
    return datetime.datetime.fromtimestamp(seconds, UTC)


# --- one function a kind of message: yields alarms ------------------------------------------------------

def frigate_object(event, state):
    source, kind = CAMERAS[event['camera']]
    score = event.get('score') or event.get('data', {}).get('top_score')
    if event['label'] == 'person' and not event['false_positive'] and kind != 'site.no_helmet':
        yield alarm(f'{event["id"]}-{state}', source, kind, state, epoch(event['start_time']), confidence=score,
                    text='、'.join(event.get('current_zones') or event.get('zones') or []) or None)


def frigate(message):
    topic, payload = message['topic'], message['payload']
    if topic == 'frigate/events':
        yield from frigate_object(payload['after'], 'cleared' if payload['type'] == 'end' else 'raised')
    elif topic == 'frigate/reviews' and payload['after']['severity'] == 'alert':
        after = payload['after']
        source, kind = CAMERAS[after['camera']]
        if 'person' in after['data']['objects']:
            yield alarm(after['id'], source, kind, 'raised', epoch(after['start_time']), text='、'.join(after['data']['zones']))
    elif topic == 'frigate/tracked_object_update' and payload.get('model') == 'helmet_detector':
        source, kind = CAMERAS[payload['camera']]
        yield alarm(f'{payload["id"]}-helmet', source, kind, 'cleared' if payload['attribute'] == 'yes' else 'raised',
                    epoch(payload['timestamp']), confidence=payload['score'])


def lora(device, decoded, name):
    """The vendor's decoded JSON. What is measured and does no harm is alive."""
    source = LORA.get(device)
    if source is None or 'history' in decoded:
        return
    moved = 'tilt' in decoded.get('position', '') or decoded.get('motion_status') == 'moving'
    if source.startswith('mh-') and (moved or 'trigger' in (decoded.get(f'threshold_{axis}') for axis in 'xyz')):
        at = point(decoded['longitude'], decoded['latitude']) if 'longitude' in decoded else None
        yield alarm(name, source, 'manhole.moved', position=at)
    elif source.startswith('gauge-'):
        yield alarm(name, source, 'water.level', value=decoded.get('depth', decoded.get('level')), unit='cm')
    elif source.startswith('gas-'):
        over = [gas for gas, limit in GAS_LIMIT_PPM.items() if decoded.get(gas, 0) >= limit]
        yield alarm(name, source, 'gas.leak', 'raised' if over else 'alive', value=decoded.get('h2s'), unit='ppm')
    elif 'leakage_status' in decoded:
        yield alarm(name, source, 'pump.failed', 'raised' if decoded['leakage_status'] == 'leak' else 'cleared')
    elif 'current_chn1_alarm' in decoded and decoded['current_chn1_alarm']['current_threshold_alarm'] == 'yes':
        yield alarm(name, source, 'pump.failed', value=decoded['current_chn1'], unit='A')
    elif source.endswith('-fence') and ('open' in decoded.get('magnet_status', '') or decoded.get('pir') == 'trigger'):
        yield alarm(name, source, 'site.intrusion')
    elif source == 'weather-01' and 'rainfall_total' in decoded:
        yield alarm(name, source, 'weather.rainstorm', 'raised' if 'rainfall_alarm' in decoded else 'alive',
                    value=decoded['rainfall_total'], unit='mm')


def chirpstack(event, kind):
    source = LORA.get(event['deviceInfo']['deviceName'])
    if source and kind in ('up', 'status', 'join'):
        yield alarm(event['deduplicationId'], source, 'manhole.moved', 'alive', datetime.datetime.fromisoformat(
            event['time'][:26] + event['time'][29:]))


def ttn(text, name):
    """The examples of a codec: a block of keys, or one line of JSON as JavaScript writes it."""
    for index, found in enumerate(re.findall(r'output:\n\s+data:\s*(\{.*\}|(?:\n\s+\w+: .*)+)', text)):
        data = ast.literal_eval(found) if found.startswith('{') else {
            key: float(value) for key, value in re.findall(r'(\w+): ([\d.]+)', found)}
        if 'level' in data:
            yield from lora('em500-swl', data, f'{name}-{index}')
        elif 'DOOR_OPEN_STATUS' in data:
            yield alarm(f'{name}-{index}', 'site-03-fence', 'site.intrusion', 'raised' if data['DOOR_OPEN_STATUS'] else 'cleared')


def gb28181(text):
    notify = ElementTree.fromstring(text.encode())
    source, kind = CAMERAS[notify.findtext('DeviceID')]
    at = point(notify.findtext('Longitude'), notify.findtext('Latitude'))
    time = datetime.datetime.fromisoformat(notify.findtext('AlarmTime')).replace(tzinfo=CHINA)
    yield alarm(f'{notify.findtext("DeviceID")}-{time:%Y%m%d%H%M%S}', source, kind, time=time, position=at,
                crs='GCJ-02' if at else None, text=notify.findtext('AlarmDescription'))


def prometheus(message):
    for index, one in enumerate(message['alerts']):
        name = one['labels'].get('instance', one['labels']['alertname'])
        source = EQUIPMENT.get(name)
        time = re.sub(r'(\.\d{6})\d*', r'\1', one['startsAt'])
        yield alarm(f'{one["labels"]["alertname"]}-{one["startsAt"]}-{index}', source or name, 'pump.failed',
                    'raised' if one.get('status', message['status']) == 'firing' else 'cleared',
                    datetime.datetime.fromisoformat(time), text=one['annotations']['summary'])


def grafana(message):
    group = message.get('tags', {}).get('group', message['ruleName'])
    source = EQUIPMENT.get(group)
    volts = [match['value'] / 1000 for match in message['evalMatches'] if 'millivolts' in match['metric']]
    yield alarm(f'rule-{message["ruleId"]}', source or group, 'pump.failed', 'raised' if message['state'] == 'alerting' else 'cleared',
                text=message['message'], value=volts[0] if volts else None, unit='V' if volts else None)


def weather_cn(text):
    warning = json.loads(text[text.index('{'):text.rindex('}') + 1])
    if warning['SIGNALTYPE'] in RAIN:
        yield alarm(warning['identifier'], 'weather-01', 'weather.rainstorm', 'raised' if warning['msgType'] == 'Alert' else 'cleared',
                    datetime.datetime.fromisoformat(warning['ISSUETIME']).replace(tzinfo=CHINA),
                    colour=COLOURS[warning['SIGNALLEVEL']], text=warning['ISSUECONTENT'])


# --- all of them ----------------------------------------------------------------------------------------

def lines(path):
    with open(path) as file:
        return file.read().splitlines()


def map_file(path):
    name, kind = os.path.basename(path).split('.')[0], os.path.basename(os.path.dirname(path))
    text = '\n'.join(lines(path))
    if name == 'events_front_door':
        for line in lines(path):
            yield from frigate_object(json.loads(line), 'raised')
    elif kind == 'frigate':
        yield from frigate(json.loads(text))
    elif name == 'milesight_lorawan_examples':
        for index, line in enumerate(lines(path)):
            one = json.loads(line)
            yield from lora(one['device'], one['decoded'], f'lora-{index}')
    elif name.startswith('chirpstack_'):
        yield from chirpstack(json.loads(text), name[len('chirpstack_'):])
    elif name.startswith('ttn_'):
        yield from ttn(text, name)
    elif kind == 'gb28181':
        yield from gb28181(text)
    elif 'prom' in name:
        yield from prometheus(json.loads(text))
    elif 'grafana' in name:
        yield from grafana(json.loads(text))
    elif kind == 'weather_cn':
        yield from weather_cn(text)


def messages(mapped, time):
    """For alarm-player: with the time given; then with its own."""
    own = mapped.pop('own_time')
    yield {'specversion': '1.0', 'time': time, **mapped}
    if own is not None and mapped['expect'] == 'accepted':
        yield {'specversion': '1.0', **mapped, 'time': own.isoformat(), 'id': mapped['id'] + '-late', 'expect': 'rejected too_old'}


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    for path in sorted(glob.glob(f'{sys.argv[1]}/*/*')):
        for mapped in map_file(path):
            for message in messages(mapped, sys.argv[2]):
                message['name'] = os.path.basename(path)
                print(json.dumps(message, ensure_ascii=False))


if __name__ == '__main__':
    main()
