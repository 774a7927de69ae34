/** Messages that wait for the reply window of their recipient, with a clock of the test and one store for all processes. */
import type { BusMessage } from '#bus';
import { encodeEvent, HubError, plainText, wordsOf, type DurableEvent, type MessageEvent } from '#protocol';
import { silentLog } from '#service';
import { aMessage } from '../../protocol/test/a-message.js';
import { until } from '../../../test/support/until.js';
import { memoryDouble } from '../../bot-contacts/src/testing/memory-double.js';
import { Connectivity } from './connectivity.js';
import { Egress } from './egress.js';
import type { Outcomes } from './outcomes.js';
import type { Limits } from './reply-window.js';
import { RELEASE_MS, ReplyWindows } from './reply-windows.js';
import { WindowQueue } from './window-queue.js';

const HOUR_MS = 3600_000;
const bob = aMessage().data.to;
const wordsIn = (event: DurableEvent) => wordsOf((event as MessageEvent).data.content.body);

/** A network, its bucket, and as many processes of its adapter as a play needs. */
function aNetwork(limits: Limits) {
  const clock = { ms: Date.parse('2026-11-29T12:00:00Z') };
  const bucket = new Map<string, unknown>();
  const seen = { shown: [] as string[], outcomes: [] as string[], acknowledged: 0 };
  /** What the network does with a message; by default it takes it. */
  const platform = { answer: (): Promise<void> => Promise.resolve() };
  let seq = 0;

  function aProcess() {
    const memory = memoryDouble(bucket);
    const windows = new ReplyWindows(
      memory,
      () => limits,
      () => clock.ms,
    );
    const outcomes = {
      waits: (event: DurableEvent) => Promise.resolve(void seen.outcomes.push(`${wordsIn(event)}: 08`)),
      delivered: (event: DurableEvent) => Promise.resolve(void seen.outcomes.push(`${wordsIn(event)}: 00`)),
      failed: (event: DurableEvent, _: BusMessage, { code }: HubError) =>
        Promise.resolve(void seen.outcomes.push(`${wordsIn(event)}: ${code}`)),
    } as unknown as Outcomes;
    const adapter = { connectivity: new Connectivity(true) };
    const delivery = {
      deliver: async (event: DurableEvent) => {
        await windows.claim(bob, event.id);
        await platform.answer();
        seen.shown.push(wordsIn(event));
        return { native: ['n'], stored: Promise.resolve() };
      },
    };
    const store = {
      ...memory,
      keys: () => Promise.resolve([...bucket.keys()].filter((key) => key.startsWith('reply.'))),
      delete: (key: string) => Promise.resolve(void bucket.delete(key)),
    };
    const common = { network: 'matrix' as never, adapter, delivery, outcomes, log: silentLog };
    const queue = new WindowQueue({ ...common, windows, store });
    const publisher = { drained: () => Promise.resolve() };
    const egress = new Egress({ ...common, windows: queue, publisher });
    return { queue, egress };
  }

  /** The switch forwards a message, which may wait unless the play says otherwise. */
  async function forward(to: Egress, text: string, mayWait = true): Promise<void> {
    const { data } = aMessage();
    const event = aMessage(text, {
      expirytime: new Date(clock.ms + 48 * HOUR_MS).toISOString(),
      ...(mayWait ? { standin: 'when-window-opens' } : {}),
      data: { ...data, content: { body: plainText(text) } },
    });
    const before = seen.acknowledged;
    to.read({
      subject: 'hub.out.matrix.0',
      data: encodeEvent(event),
      seq: ++seq,
      deliveries: 1,
      storedAt: new Date(),
      ack: () => void seen.acknowledged++,
      retry: () => undefined,
      working: () => undefined,
    });
    await until(`"${text}" to be off the bus`, () => seen.acknowledged > before);
  }

  const pass = (ms: number) => (clock.ms += ms);
  return { aProcess, forward, pass, clock, platform, seen, now: () => new Date(clock.ms), bucket };
}

test.each([24, 48])(
  'a message after %s hours waits until the person writes, and later ones wait behind it',
  async (hours) => {
    const { aProcess, forward, pass, seen, now, bucket } = aNetwork({ replyWindowMs: hours * HOUR_MS });
    const { queue, egress } = aProcess();
    await queue.heard(bob, now());
    await forward(egress, 'in time');
    pass((hours + 1) * HOUR_MS);
    for (const text of ['one', 'two', 'three']) await forward(egress, text);
    expect(seen.shown).toEqual(['in time']);
    await queue.heard(bob, now());
    await until('all to be shown', () => seen.shown.length === 4);
    await queue.release(bob);
    await forward(egress, 'four');
    expect(seen.shown).toEqual(['in time', 'one', 'two', 'three', 'four']);
    expect(seen.outcomes).toEqual([
      'in time: 00',
      'one: 08',
      'two: 08',
      'three: 08',
      'one: 00',
      'two: 00',
      'three: 00',
      'four: 00',
    ]);
    expect([...bucket.keys()].filter((key) => key.startsWith('reply.'))).toEqual([]);
  },
);

test('a window that never opens ends the message with 101 after 48 hours', async () => {
  const { aProcess, forward, pass, seen, now } = aNetwork({ replyWindowMs: 24 * HOUR_MS });
  const { queue, egress } = aProcess();
  await queue.heard(bob, now());
  pass(25 * HOUR_MS);
  await forward(egress, 'one');
  pass(48 * HOUR_MS - 1);
  await queue.sweep();
  expect(seen.outcomes).toEqual(['one: 08']);
  pass(1);
  await queue.sweep();
  expect(seen.outcomes).toEqual(['one: 08', 'one: 101']);
  expect(seen.shown).toEqual([]);
});

test('without the policy the sender is told at once', async () => {
  const { aProcess, forward, pass, seen, now } = aNetwork({ replyWindowMs: 24 * HOUR_MS });
  const { queue, egress } = aProcess();
  await queue.heard(bob, now());
  pass(25 * HOUR_MS);
  await forward(egress, 'one', false);
  expect(seen.outcomes).toEqual(['one: 101']);
});

test('of seven messages five are sent by two processes together, and two wait for the next word of the person', async () => {
  const { aProcess, forward, pass, seen, now } = aNetwork({
    replyWindowMs: 48 * HOUR_MS,
    messagesPerWindow: 5,
  });
  const [first, second] = [aProcess(), aProcess()];
  await first.queue.heard(bob, now());
  const texts = ['1', '2', '3', '4', '5', '6', '7'];
  for (const [n, text] of texts.entries()) await forward((n % 2 ? first : second).egress, text);
  expect(seen.shown).toEqual(texts.slice(0, 5));
  expect(seen.outcomes.slice(5)).toEqual(['6: 08', '7: 08']);
  pass(1);
  await second.queue.heard(bob, now());
  await until('the last to be shown', () => seen.shown.length === 7);
  expect(seen.shown).toEqual(texts);
});

test('a process is killed while it delivers what waited: the next one goes on, in order', async () => {
  const { aProcess, forward, pass, platform, seen, now } = aNetwork({ replyWindowMs: HOUR_MS });
  const killed = aProcess();
  await killed.queue.heard(bob, now());
  pass(2 * HOUR_MS);
  for (const text of ['one', 'two']) await forward(killed.egress, text);
  let asked = false;
  platform.answer = () => {
    asked = true;
    return new Promise(() => undefined);
  };
  await killed.queue.heard(bob, now());
  await until('the network to be asked', () => asked);
  platform.answer = () => Promise.resolve();
  const next = aProcess();
  await forward(next.egress, 'three');
  await next.queue.sweep();
  expect(seen.shown).toEqual([]);
  pass(RELEASE_MS);
  await next.queue.sweep();
  expect(seen.shown).toEqual(['one', 'two', 'three']);
});

test('a process that was killed before the bus knew that its message waits stores it once', async () => {
  const { aProcess, pass, seen, now, bucket } = aNetwork({ replyWindowMs: HOUR_MS });
  const [killed, next] = [aProcess(), aProcess()];
  await killed.queue.heard(bob, now());
  pass(2 * HOUR_MS);
  const event = aMessage('one', { expirytime: now().toISOString(), standin: 'when-window-opens' });
  const held = { event, message: { seq: 1, subject: 'hub.out.matrix.0' } as BusMessage };
  const closed = new HubError('101', 'closed');
  expect(await killed.queue.keep(held, closed)).toBe(true);
  expect(await next.queue.keep(held, closed)).toBe(true);
  expect([...bucket.keys()].filter((key) => key.startsWith('reply.'))).toHaveLength(1);
  pass(1);
  await next.queue.sweep();
  expect(seen.outcomes.filter((line) => line.endsWith('101'))).toHaveLength(1);
});

test('the network refuses what is allowed by our count: the message waits, and is tried when the person writes', async () => {
  const { aProcess, forward, pass, platform, seen, now } = aNetwork({ replyWindowMs: 24 * HOUR_MS });
  const { queue, egress } = aProcess();
  platform.answer = () => Promise.reject(new HubError('101', 'the platform says so'));
  await forward(egress, 'one');
  await queue.sweep();
  expect(seen.outcomes).toEqual(['one: 08']);
  platform.answer = () => Promise.resolve();
  pass(1);
  await queue.heard(bob, now());
  await until('it to be shown', () => seen.shown.length === 1);
});

test('what has failed for good while it waited is reported, and the next one is delivered', async () => {
  const { aProcess, forward, pass, platform, seen, now } = aNetwork({ replyWindowMs: HOUR_MS });
  const { queue, egress } = aProcess();
  await queue.heard(bob, now());
  pass(2 * HOUR_MS);
  for (const text of ['one', 'two', 'three']) await forward(egress, text);
  const answers = [new HubError('14', 'gone'), new HubError('65', 'slower', { retryAfterMs: 0 })];
  platform.answer = () => {
    const error = answers.shift();
    return error ? Promise.reject(error) : Promise.resolve();
  };
  await queue.heard(bob, now());
  await until('the last to be shown', () => seen.shown.length === 2);
  expect(seen.shown).toEqual(['two', 'three']);
  expect(seen.outcomes.slice(3)).toEqual(['one: 14', 'two: 00', 'three: 00']);
});
