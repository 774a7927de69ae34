"""Joins Pigeon, a network of two people (pigeon.py), to Hutong: `python3 adapter.py --help`."""
import argparse
import asyncio
import base64
import os
import signal

import attachments
import hutong_rules as rules
from hutong_bus import Bus, Shown
from nats_connection import Refused
from pigeon import LINE_BYTES, PEOPLE, Pigeon

FILES = {'maxBytes': 1024 * 1024}


class PigeonAdapter:
    build = 'pigeon 1.0'
    capabilities = {
        'version': 'pigeon-1', 'language': 'en', 'limits': {}, 'media': {'image': FILES, 'file': FILES, 'captions': True},
        # 2 full, 0 shown as text, -1 dropped, -2 refused
        'features': {'text': 2, 'media': 2, 'delivered': 2, 'read': 2, 'formatting': 0, 'reply': 0, 'location': 0, 'card': 0,
                     'sticker': -1, 'typing': -1, 'presence': -1, 'contact': -1, 'edit': -2, 'recall': -2, 'reaction': -2,
                     'call': -2}}

    def __init__(self, pigeon: Pigeon, network: str):
        self.pigeon, self.network = pigeon, network
        self.bus: Bus

    def display_name(self, native: str) -> str | None:
        return PEOPLE.get(native)

    # ---- To the hub ----

    async def publish(self) -> None:
        """What people said, in order. What was not taken before a crash goes out again, under the same id."""
        while True:
            self.pigeon.more.clear()
            while said := self.pigeon.untaken():
                for native, person, act in said:
                    try:
                        event = await self.event_of(native, person, act)
                    except (ValueError, KeyError, TypeError) as error:
                        refusal = {'failed': act['id'], 'code': '30', 'detail': repr(error)}
                        self.pigeon.show(person, f'refused/{native}', refusal)
                    else:
                        await self.bus.publish_event(event)
                    self.pigeon.take(native)
            await self.pigeon.more.wait()

    async def event_of(self, native: str, person: str, act: dict) -> dict:
        """Ids of Pigeon are ids of events as they are. Raises ValueError, KeyError or TypeError for what cannot be sent."""
        rules.split_address(act['to'])
        sender = {'address': rules.address_of(self.network, person), 'displayName': PEOPLE[person]}
        if 'read' in act:
            _, _, message = (self.pigeon.reference(person, act['read']) or '').partition('/')
            read = {'status': 'read', 'messages': [message], 'upTo': True, 'basis': 'user-device', 'at': act['at']}
            return rules.event_of(self.network, 'receipt', native, sender, act['to'], read)
        content = {'body': rules.body_of(await self.parts_of(act))}
        data = {'sentAt': act['at'], 'content': content, 'requestStatus': ['delivered', 'read']}
        return rules.event_of(self.network, 'message', native, sender, act['to'], data)

    async def parts_of(self, act: dict) -> list[dict]:
        parts = [rules.text_part(act['text'])] if act.get('text') else []
        if file := act.get('file'):
            content = base64.b64decode(file['base64'], validate=True)
            parts.append(await attachments.store(self.bus, content, str(file['type']), str(file['name'])))
        return parts

    # ---- From the hub ----

    async def deliver(self, event: dict) -> Shown:
        data = event['data']
        (network, person), author = rules.split_address(data['to']), data['from']['address']
        if network != self.network or event['subject'] != rules.conversation_of(author, data['to']):
            raise Refused('30', 'addressed to another network, or in the conversation of others')
        if person not in PEOPLE:
            raise Refused('14', 'Pigeon has nobody of that name')
        once = f'{rules.split_address(author)[0]}/{event["id"]}'  # an id is unique in its network only
        match event['kind']:
            case 'message':
                return await self.deliver_message(event, person, once)
            case 'receipt':
                for message in data['messages']:
                    line = {data['status']: self.pigeon.client_id(message), 'from': author}
                    self.pigeon.show(person, f'{once}/{message}', line)
            case 'report':
                failed = self.pigeon.client_id(data['message'])
                self.pigeon.show(person, once, {'failed': failed, 'code': data['code'], 'from': author})
            case 'notice':
                self.pigeon.show(person, once, {'notice': data['text']['en']})
            case other:
                raise Refused('12', f'Pigeon does not show {other} events')
        return Shown([])

    async def deliver_message(self, event: dict, person: str, once: str) -> Shown:
        sender, content, code = event['data']['from'], event['data']['content'], '00'
        if 'replaces' in content or 'reactions' in content:
            raise Refused('12', 'Pigeon has no edits, recalls or reactions')
        texts, file = [], None
        for part in rules.parts_of(content['body']):
            if part['kind'] == 'single':
                texts.append(part['content'])
            elif part['kind'] == 'external':
                try:
                    fetched = base64.b64encode(await attachments.fetch(self.bus, part)).decode()
                    file = {'name': part.get('filename'), 'type': part['contentType'], 'base64': fetched}
                except Refused as refused:
                    code = refused.code
                    texts.append('(an attachment could not be fetched)')
        text = '\n'.join(texts)
        line = {'from': sender['address'], 'name': sender.get('displayName'), 'text': text, 'file': file}
        answer = {'id': once, 'to': sender['address'], 'text': text or '(no text)'} if person == 'echo' else None
        return Shown([self.pigeon.show(person, once, line, answer)], code)


async def main() -> None:
    options = argparse.ArgumentParser(description='A network of two people, ann and echo, joined to Hutong over the bus.')
    options.add_argument('--network', default='pigeon', help='slug under which it is registered (default: pigeon)')
    options.add_argument('--nats', default='nats://127.0.0.1:4222', help='the bus; tls://… with --ca')
    options.add_argument('--creds', default='pigeon.creds', help='credentials file; replaced when the credentials are renewed')
    options.add_argument('--ca', help='CA certificate of the bus (PEM)')
    options.add_argument('--data', default='pigeon.db', help='database of the network')
    options.add_argument('--port', type=int, default=7010, help='for the clients of people (default: 7010)')
    options.add_argument('--renew', action='store_true', help='renew the credentials now, not only 21 days before they end')
    given = options.parse_args()
    if not os.path.exists(given.creds):
        options.error(f'{given.creds} does not exist: POST /v1/networks/{given.network}/credentials at the console')
    pigeon = Pigeon(given.data)
    adapter = PigeonAdapter(pigeon, given.network)
    adapter.bus = Bus(adapter, given.network, given.nats, given.creds, pigeon.secret(), given.ca, given.renew)
    server = await asyncio.start_server(pigeon.serve, '127.0.0.1', given.port, limit=LINE_BYTES)
    print(f'listening on {given.port}', flush=True)
    for end in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(end, asyncio.current_task().cancel)
    async with server, asyncio.TaskGroup() as tasks:
        tasks.create_task(adapter.bus.run())
        tasks.create_task(adapter.publish())


if __name__ == '__main__':
    try:
        asyncio.run(main())
    except asyncio.CancelledError:
        print('stopped', flush=True)
