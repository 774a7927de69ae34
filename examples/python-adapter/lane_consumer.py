"""Reads the events for our network: pull with a pin, reset as the new owner, one event of a conversation at a time.

Only one process of a network reads at a time, the owner: the server pins the consumer to it. docs/join-over-the-bus.md,
"Frames of the consumer", describes each request and answer.
"""
import asyncio
import contextlib
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from hutong_rules import parsed_event
from nats_connection import Connection, Message

WINDOW = 64
PULL_SECONDS = 1
QUIET_SECONDS = 4
RESET_PATIENCE_SECONDS = 2
RETRY_SECONDS = 1
WORKING_SECONDS = 20


@dataclass(frozen=True)
class Delivery:
    """An event for our network; without `event`, bytes that are none, and why."""
    subject: str
    data: bytes
    sequence: int
    attempt: int
    event: dict | None
    why: str = ''


class LaneConsumer:
    def __init__(self, connection: Connection, network: str, deliver: Callable[[Delivery], Awaitable[None]]):
        self.connection, self.deliver = connection, deliver
        self.name = f'HUB_OUT.adapter-{network}'
        self.inbox = f'{connection.inbox}.pull.events'
        self.pin: str | None = None
        self.left = 0  # messages that the last pull may still bring
        self.pull_is_over = asyncio.Event()
        self.expected: int | None = None  # number of the next delivery; None: not the owner yet
        self.reset_at = 0.0  # 0: no reset is under way
        self.generation = 0
        self.tails: dict[str, asyncio.Task] = {}  # the last task of each conversation
        self.tasks: set[asyncio.Task] = set()
        connection.subscribe(self.inbox, self._take)

    async def run(self) -> None:
        self._begin(self._resume())
        try:
            while True:
                self.pull_is_over.clear()
                self._pull()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(PULL_SECONDS + 1):
                        await self.pull_is_over.wait()
                if len(self.tasks) > WINDOW:
                    await asyncio.sleep(PULL_SECONDS)
        finally:
            for task in self.tasks:
                task.cancel()

    # ---- Pull and pin ----

    def _pull(self) -> None:
        """Only a pull renews the pin, which ends after three seconds: pull each second, also when there is nothing to read."""
        self.left = max(1, WINDOW - len(self.tasks))
        request = {'batch': self.left, 'expires': PULL_SECONDS * 1_000_000_000, 'group': 'owner'}
        if self.pin:
            request['id'] = self.pin
        self.connection.send(f'hub.js.CONSUMER.MSG.NEXT.{self.name}', json.dumps(request).encode(), self.inbox)

    def _take(self, message: Message) -> None:
        if message.status:
            if message.status == '423':  # the pin is of another process, or over
                self.pin = None
            self.pull_is_over.set()
            return
        self.left -= 1
        if self.left == 0:
            self.pull_is_over.set()
        self.pin = message.headers.get('Nats-Pin-Id', self.pin)
        # $JS.ACK.<stream>.<consumer>.<attempt>.<sequence>.<number>.<time>.<pending>
        attempt, sequence, number = (int(word) for word in message.reply.split('.')[4:7])
        if number == 1 and self.reset_at:
            self.generation += 1
            self.expected, self.reset_at = 1, 0.0
        if number != self.expected:
            self.expected = None
            if time.monotonic() - self.reset_at > RESET_PATIENCE_SECONDS:
                self.reset_at = time.monotonic()
                self._begin(self._reset())
            return
        self.expected += 1
        self._queue(message, attempt, sequence)

    # ---- A new owner ----

    async def _reset(self) -> None:
        """All that is not acknowledged is delivered again, in order, numbered from 1."""
        answer = (await self.connection.request(f'hub.js.CONSUMER.RESET.{self.name}')).json()
        if 'error' in answer:
            self.reset_at = 0.0
            print(f'the consumer could not be reset: {answer["error"]}', flush=True)

    async def _resume(self) -> None:
        """What a dead owner held comes only a minute later, unless this process resets the consumer."""
        await asyncio.sleep(QUIET_SECONDS)
        if self.expected is None and not self.reset_at:
            info = (await self.connection.request(f'hub.js.CONSUMER.INFO.{self.name}')).json()
            if info.get('num_ack_pending', 0) > 0:
                self.reset_at = time.monotonic()
                await self._reset()

    # ---- Deliver ----

    def _queue(self, message: Message, attempt: int, sequence: int) -> None:
        try:
            event, why = parsed_event(message.data), ''
        except ValueError as error:
            event, why = None, str(error)
        delivery = Delivery(message.subject, message.data, sequence, attempt, event, why)
        conversation = event['subject'] if event else f'invalid {sequence}'
        task = self._begin(self._after(self.tails.get(conversation), delivery, message.reply, self.generation))
        self.tails[conversation] = task
        task.add_done_callback(lambda _: self.tails.get(conversation) is task and self.tails.pop(conversation))

    async def _after(self, previous: asyncio.Task | None, delivery: Delivery, reply: str, generation: int) -> None:
        if previous:
            await asyncio.wait([previous])
        if generation != self.generation:
            return  # a reset came between: it is delivered again
        working = asyncio.create_task(self._working(reply))
        try:
            while True:
                try:
                    await self.deliver(delivery)
                    break
                except OSError as error:
                    print(f'trying again: {error}', flush=True)
                    await asyncio.sleep(RETRY_SECONDS)
        finally:
            working.cancel()
        self.connection.send(reply, b'+ACK')

    async def _working(self, reply: str) -> None:
        """Restarts the time limit of the acknowledgement, which is a minute."""
        while True:
            await asyncio.sleep(WORKING_SECONDS)
            self.connection.send(reply, b'+WPI')

    def _begin(self, work: Awaitable[None]) -> asyncio.Task:
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and task.exception():
            print(f'ending the session: {task.exception()!r}', flush=True)
            self.connection.writer.close()
