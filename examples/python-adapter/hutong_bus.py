"""A reference client for the bus of Hutong: signs on, publishes, consumes, reports, renews its credentials.

The page docs/join-over-the-bus.md says what each frame means. Standard library and `cryptography`; Python 3.11 or newer.
"""
import asyncio
import base64
import contextlib
import json
import os
import secrets
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import hutong_rules as rules
from lane_consumer import Delivery, LaneConsumer
from nats_connection import Connection, Message, Refused

HEARTBEAT_SECONDS = 2
RETRY_SECONDS = 1
RENEWAL_CHECK_SECONDS = 3600
RENEW_BEFORE_SECONDS = 21 * 24 * 3600
DEAD_LETTER_BYTES = 512 * 1024
# What has an outcome also when it was delivered; of other events only a failure is reported.
REPORTED = {'message', 'contact', 'group', 'call'}


@dataclass(frozen=True)
class Shown:
    """An event that our network has taken: its native ids; code 105 to 108 if that was without the attachment."""
    native: list[str]
    code: str = '00'


class Adapter(Protocol):
    """What the client asks of an adapter."""
    build: str
    capabilities: dict[str, Any]

    async def deliver(self, event: dict) -> Shown:
        """Shows an event to one of our people, once for each id. Raises Refused, or OSError to be asked again."""

    def display_name(self, native: str) -> str | None:
        """Of one of our people; None: there is nobody of that id."""


class Bus:
    def __init__(self, adapter: Adapter, network: str, url: str, credentials: str, secret: bytes,
                 ca: str | None = None, renew: bool = False):
        """credentials: path of the file, which is replaced at renewals. secret: 32 random bytes, the same after each restart.
        renew: at once, and not only near the end of the credentials."""
        self.adapter, self.network, self.url, self.path, self.ca = adapter, network, url, credentials, ca
        self.secret, self.renew = secret, renew
        self.instance = f'{os.getpid()}-{secrets.token_hex(4)}'
        self.connection: Connection | None = None
        self.connected = asyncio.Event()
        self.failed: dict[str, int] = {}  # how many events of ours were refused and dead-lettered, as of the last heartbeat

    # ---- Connection ----

    async def run(self) -> None:
        """Keeps the connection; ends when cancelled, after a sign-off."""
        while True:
            try:
                await self._session()
            except (ConnectionError, OSError) as error:
                print(f'not connected to the bus: {error}; trying again', flush=True)
            await asyncio.sleep(RETRY_SECONDS * (0.5 + secrets.randbelow(1000) / 1000))

    async def _session(self) -> None:
        self.credentials = rules.Credentials.read(self.path)
        connection = await Connection.open(self.url, self.credentials, f'adapter-{self.network}', self.ca)
        connection.subscribe(f'hub.ask.resolve.{self.network}', self._look_up)
        consumer = LaneConsumer(connection, self.network, self._deliver)
        self.connection = connection
        self.connected.set()
        work = [asyncio.create_task(one) for one in (
            connection.read(), self._heartbeats(), self._renewals(), consumer.run())]
        try:
            done, _ = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except asyncio.CancelledError:
            with contextlib.suppress(Refused, ConnectionError):
                await self.control('signoff', {'network': self.network, 'instance': self.instance})
            raise
        finally:
            self.connected.clear()
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)

    async def request(self, subject: str, body: bytes, headers: dict[str, str] | None = None) -> Message:
        """Waits for a connection. Raises ConnectionError when there is no answer."""
        await self.connected.wait()
        return await self.connection.request(subject, body, headers)

    # ---- Control ----

    async def control(self, verb: str, body: dict) -> dict:
        """Raises Refused when the reply is an error: errors have a text, answers have none."""
        answer = (await self.request(f'hub.control.{verb}.{self.network}', json.dumps(body).encode())).json()
        if 'text' in answer:
            raise Refused(answer['code'], answer['text'])
        return answer

    async def _heartbeats(self) -> None:
        verb = 'signon'
        while True:
            try:
                answer = await self.control(verb, {
                    'network': self.network, 'instance': self.instance, 'build': self.adapter.build,
                    'capabilities': self.adapter.capabilities, 'nativeConnected': True})
                if answer.get('durable') is False:
                    raise SystemExit('the bus acknowledges before it writes to disk: the exchange must set sync_interval')
                if verb == 'signon':
                    print(f'signed on; other networks: {", ".join(answer.get("peers", []))}', flush=True)
                verb = 'heartbeat'
                self._print_failures(answer.get('failures', {}))
            except (Refused, ConnectionError) as error:
                print(f'{verb} failed: {error}', flush=True)
            await asyncio.sleep(HEARTBEAT_SECONDS)

    def _print_failures(self, failures: dict) -> None:
        """Events of ours that failed, each time that their number has changed."""
        for kind in ('refused', 'deadLettered'):
            count = failures.get(kind, {}).get('count', 0)
            if count > self.failed.get(kind, 0):
                print(f'{count} of our events were {kind}; the last one: {failures[kind].get("last")}', flush=True)
            self.failed[kind] = count

    async def _renewals(self) -> None:
        """Returns when the credentials were renewed: the next session uses the new ones."""
        while True:
            if (self.renew or self.credentials.end_within(RENEW_BEFORE_SECONDS)) and await self._renew():
                self.renew = False
                return
            await asyncio.sleep(RENEWAL_CHECK_SECONDS)

    async def _renew(self) -> bool:
        key = Ed25519PrivateKey.generate()
        request = {'current': self.credentials.public, 'next': rules.Credentials('', key).public}
        try:
            answer = await self.control('renew', request)
        except (Refused, ConnectionError) as error:
            print(f'the hub did not renew the credentials: {error}', flush=True)
            return False
        rules.Credentials(answer['jwt'], key).replace(self.path)
        print(f'credentials renewed until {answer["expiresAt"]}', flush=True)
        return True

    def _look_up(self, message: Message) -> None:
        address = message.json()['address']
        name = self.adapter.display_name(rules.split_address(address)[1])
        party = {'address': address, 'displayName': name}
        answer = {'code': '14'} if name is None else {'code': '00', 'party': party}
        self.connection.send(message.reply, json.dumps(answer).encode())

    # ---- To the hub ----

    async def publish(self, subject: str, payload: dict, message_id: str) -> None:
        """Returns when the bus has written it to disk. Tries again, under the same id, as long as that takes."""
        headers = {'Nats-Msg-Id': rules.sealed_id(self.secret, message_id)}
        await self.store(subject, json.dumps(payload, ensure_ascii=False).encode(), headers)

    async def store(self, subject: str, payload: bytes, headers: dict[str, str] | None = None) -> None:
        """As publish, for bytes."""
        while True:
            try:
                answer = (await self.request(subject, payload, headers)).json()
                if 'error' not in answer:
                    return
                print(f'the bus did not store a message on {subject}: {answer["error"]}', flush=True)
            except ConnectionError as error:
                print(f'not stored yet: {error}', flush=True)
            await asyncio.sleep(RETRY_SECONDS)

    async def publish_event(self, event: dict) -> None:
        """An event of our network. Call it for one event of a conversation after the other."""
        lane = rules.lane_of(event['subject'])
        await self.publish(f'hub.in.{self.network}.{lane}', event, event['id'])

    # ---- From the hub ----

    async def _deliver(self, delivery: Delivery) -> None:
        """Delivers one event, and reports its outcome. Returns when it may be acknowledged."""
        event = delivery.event
        if event is None:
            return await self._dead_letter(delivery, delivery.why)
        try:
            expiry = event.get('expirytime')
            if expiry and datetime.fromisoformat(expiry).timestamp() < time.time():
                raise Refused('68', 'expired before it was delivered')
            shown = await self.adapter.deliver(event)
        except (KeyError, TypeError, ValueError) as error:
            await self._dead_letter(delivery, repr(error))
            await self._report(event, {'stage': 'failed', 'code': '30', 'detail': repr(error)[:1000]})
        except Refused as refused:
            await self._report(event, {'stage': 'failed', 'code': refused.code, 'detail': refused.detail[:1000]})
        else:
            if event['kind'] in REPORTED:
                await self._report(event, {'stage': 'delivered', 'code': shown.code, 'native': shown.native})

    async def _report(self, event: dict, end: dict) -> None:
        data = event['data']
        sender = {key: value for key, value in data['from'].items() if key != 'avatar'}
        outcome = {
            'event': event['id'], 'conversation': event['subject'], 'kind': event['kind'], 'by': 'adapter', **end,
            'from': sender, 'to': data['to'], 'requestDelivered': 'delivered' in data.get('requestStatus', []),
            'at': rules.now()}
        author = rules.split_address(sender['address'])[0]
        # An event id is unique only in the network that gave it.
        await self.publish(f'hub.report.{self.network}', outcome, f'{author}:{event["id"]}:{end["stage"]}')

    async def _dead_letter(self, delivery: Delivery, why: str) -> None:
        payload = base64.b64encode(delivery.data[:DEAD_LETTER_BYTES]).decode()
        letter = {
            'subject': delivery.subject, 'seq': delivery.sequence, 'reason': '30', 'detail': why[:500],
            'network': self.network, 'attempts': delivery.attempt, 'at': rules.now(), 'size': len(delivery.data),
            'payload': payload}
        await self.publish(f'hub.dead.{self.network}', letter, f'dead:{delivery.subject}:{delivery.sequence}')
