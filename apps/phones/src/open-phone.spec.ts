/** One open phone over a client that shows what the test wants. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Log } from '#service';
import { Shown, TooLarge, type Phone, type Seen } from '#phones';
import type { WallEvent } from '../shared/events.js';
import { Contents } from './contents.js';
import type { Owner } from './directory.js';
import { OpenPhone } from './open-phone.js';
import type { WallOptions } from './wall-network.js';

const text = (id: string): Seen => ({ kind: 'text', from: 'bob', id, text: id });
const log = { warn: () => undefined } as unknown as Log;

function stage() {
  const shown = new Shown();
  const told: WallEvent[] = [];
  const phone = {
    native: 'me',
    timeline: shown.entries,
    onSeen: shown.watch,
    hangUp: () => Promise.resolve(),
  } as unknown as Phone;
  const owner = {
    id: 'north-0',
    native: 'me',
    network: { slug: 'north', look: {}, part: { ghostOf: {} }, person: { dial: async () => ({ phone }) } },
  } as unknown as Owner;
  const open = () =>
    OpenPhone.open(owner, {
      owners: [owner],
      options: {} as WallOptions,
      tell: (event) => told.push(event),
      log,
    });
  const ids = () => told.flatMap((event) => (event.type === 'arrived' ? [event.id] : []));
  return { shown, open, ids };
}

test('it tells what the client showed before, and then every entry once', async () => {
  const { shown, open, ids } = stage();
  shown.add(text('before'));
  await open();
  await turn();
  expect(ids()).toEqual(['before']);
  shown.add(text('one'));
  shown.add({ ...text('mine'), from: 'me' });
  shown.add(text('two'));
  await turn();
  expect(ids()).toEqual(['before', 'one', 'two']);
});

test('a closed phone tells nothing more', async () => {
  const { shown, open, ids } = stage();
  const phone = await open();
  shown.add(text('too late'));
  await phone.close();
  shown.add(text('later'));
  await turn();
  expect(ids()).toEqual([]);
});

describe('attachments', () => {
  const client = (fetch: Phone['fetch']) => ({ fetch }) as unknown as Phone;

  test('what others sent is downloaded when it is shown, up to a bound', async () => {
    const contents = new Contents(client((_seen, mostBytes = 0) => Promise.reject(new TooLarge(mostBytes))));
    await expect(contents.read(contents.holdSeen(text('large')))).rejects.toThrow('larger than 16 MB');
  });

  test('what the owner sent is kept, the newest of it', async () => {
    const contents = new Contents(client(() => Promise.resolve(Buffer.from('of another'))));
    const first = contents.holdSent(Buffer.from('first'));
    expect(await contents.read(first)).toEqual(Buffer.from('first'));
    for (let at = 0; at < 20; at++) contents.holdSent(Buffer.from(String(at)));
    expect(await contents.read(first)).toBeUndefined();
  });
});
