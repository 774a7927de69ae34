/** A message that its network has accepted and not delivered in its time is taken back, so that it can go another way. */
import { pino } from 'pino';
import {
  addressOf,
  directConversation,
  eventId,
  network,
  pathOf,
  plainText,
  type DurableEvent,
} from '#protocol';
import type { LateReport } from './late-outcomes.js';
import { Withdrawals } from './withdrawals.js';

const [north, maap] = [network('north'), network('maap')];
const [ann, bob] = [addressOf(north, 'ann'), addressOf(maap, '13800138000')];
const START = Date.parse('2026-11-30T10:00:00Z');
const id = eventId(north, 'message', 'm1');

function message(expiresInS: number): DurableEvent {
  const time = new Date(START).toISOString();
  return {
    specversion: '1.0',
    id,
    source: '/network/north',
    type: 'im.hutong.message.v1',
    time,
    subject: directConversation(ann, bob),
    datacontenttype: 'application/json',
    path: pathOf(north),
    expirytime: new Date(START + expiresInS * 1000).toISOString(),
    data: { from: { address: ann }, to: bob, sentAt: time, content: { body: plainText('hello') } },
  };
}

/** @param answers of the network, in order: whether it took the message back; an error: it does not answer */
function scene(answers: (boolean | Error)[]) {
  let now = START;
  const store = new Map<string, unknown>();
  const told: LateReport[] = [];
  const asked: (readonly string[])[] = [];
  let isOpen = true;
  const options = {
    adapter: {
      withdraw: (_to: string, native: readonly string[]) => {
        asked.push(native);
        const answer = answers.shift() ?? false;
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
      },
    },
    late: {
      isOpen: () => Promise.resolve(isOpen),
      report: (_event: unknown, report: LateReport) => Promise.resolve(told.push(report) > 0),
    },
    store: {
      put: async (key: string, value: unknown) => void store.set(key, value),
      get: (key: string) => Promise.resolve(store.get(key)),
      delete: async (key: string) => void store.delete(key),
      keys: () => Promise.resolve([...store.keys()]),
    },
    log: pino({ level: 'silent' }),
  };
  const open = () => new Withdrawals(options, () => now);
  const withdrawals = open();
  return {
    told,
    asked,
    store,
    reopened: open,
    watch: (event: DurableEvent) =>
      withdrawals.watch(event, { from: { address: ann }, to: bob, native: ['n1', 'n2'] }),
    /** @param by another process, after the first */
    after: (seconds: number, by = withdrawals) => {
      now = START + seconds * 1000;
      return by.round();
    },
    isDelivered: () => (isOpen = false),
  };
}

test('it is taken back when its time is over, not before, and its failure is told', async () => {
  const { watch, after, told, asked, store } = scene([true]);
  await watch(message(120));
  await after(119);
  expect(asked).toEqual([]);
  await after(121);
  expect(asked).toEqual([['n1', 'n2']]);
  expect(told).toEqual([expect.objectContaining({ stage: 'failed', code: '68' })]);
  expect(store.size).toBe(0);
});

test('one that the telephone has stays delivered, and nothing is told', async () => {
  const { watch, after, told, store } = scene([false]);
  await watch(message(120));
  await after(121);
  expect(told).toEqual([]);
  expect(store.size).toBe(0);
});

test('one that was delivered in time is not asked for', async () => {
  const { watch, after, asked, isDelivered, store } = scene([true]);
  await watch(message(120));
  isDelivered();
  await after(121);
  expect(asked).toEqual([]);
  expect(store.size).toBe(0);
});

test('a network that does not answer is asked again, for ten minutes', async () => {
  const away = () => new Error('away');
  const { watch, after, told, store } = scene([away(), true]);
  await watch(message(120));
  await after(121);
  expect(store.size).toBe(1);
  await after(123);
  expect(told).toHaveLength(1);

  const never = scene([away(), away()]);
  await never.watch(message(120));
  await never.after(121);
  await never.after(121 + 600);
  expect(never.told).toEqual([]);
  expect(never.store.size).toBe(0);
});

test('the next process takes back what the one before had noted', async () => {
  const { watch, after, told, reopened } = scene([true]);
  await watch(message(120));
  const next = reopened();
  await next.start();
  await after(121, next);
  await next.stop();
  expect(told).toHaveLength(1);
});

test('a message that may take its time is left with the network', async () => {
  const { watch, store } = scene([]);
  await watch(message(48 * 3600));
  expect(store.size).toBe(0);
});
