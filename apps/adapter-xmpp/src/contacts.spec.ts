/** Alice's server and the ghost of bob: who asks, who allows, who takes it back, and what each sees of the other. */
import { createRequire } from 'node:module';
import type { Element } from '@xmpp/component';
import type { Hub } from '#adapter-kit';
import {
  pathOf,
  addressOf,
  directConversation,
  eventId,
  network,
  TEL,
  type Availability,
  type ContactEvent,
} from '#protocol';
import { Contacts } from './contacts.js';
import { Ghosts } from './ghosts.js';
import { ghostCaps } from './service-discovery.js';

const { parse } = createRequire(import.meta.url)('ltx') as { parse: (text: string) => Element };
const [alice, bob] = [addressOf(network('xmpp'), 'alice@example.org'), addressOf(network('matrix'), 'bob')];
const BOB = 'bob@matrix.hub.example.org';
const TELEPHONE = addressOf(TEL, '+861088880000');

function aServer() {
  /** What went to the bus, and what went to alice's server, in order. */
  const seen: string[] = [];
  const kept = new Map<string, unknown>();
  /** Whether bob exists. */
  let answer: Promise<unknown> = Promise.resolve({ code: '00' });
  const hub = {
    memory: {
      put: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
      get: (key: string) => Promise.resolve(kept.get(key)),
    },
    recent: { put: () => Promise.resolve(), get: () => Promise.resolve(undefined) },
    resolve: () => answer,
    submitContact: ({ action }: { action: string }) => Promise.resolve(void seen.push(`bus: ${action}`)),
    probe: () => void seen.push('bus: probe'),
    presence: (_from: unknown, _to: unknown, state: Availability) => void seen.push(`bus: ${state}`),
  } as unknown as Hub;
  const stanzas: Element[] = [];
  const send = (_: unknown, stanza: Element) => {
    seen.push(`alice: ${stanza.attrs['type'] ?? 'available'}`);
    stanzas.push(stanza);
  };
  const contacts = new Contacts(hub, new Ghosts(hub, 'hub.example.org'), send, (ghost, stanza) =>
    Promise.resolve(send(ghost, stanza)),
  );
  const common = {
    specversion: '1.0' as const,
    source: '/network/matrix',
    time: '2026-11-22T12:00:00Z',
    subject: directConversation(alice, bob),
    datacontenttype: 'application/json' as const,
    path: pathOf(network('matrix')),
  };
  return {
    seen,
    /** What went to alice's server. */
    stanzas,
    contacts,
    /** From now on it takes until the call of what this returns. */
    resolves: () => {
      let end!: (reply: { code: string }) => void;
      answer = new Promise((resolve) => (end = resolve));
      return end;
    },
    aliceSends: (type: string, from = 'alice@example.org/phone', ghost = bob) =>
      contacts.fromNative(
        parse(`<presence from='${from}' to='${BOB}'${type ? ` type='${type}'` : ''} id='p'/>`),
        { address: alice },
        ghost,
      ),
    bobSays: (action: ContactEvent['data']['action']) =>
      contacts.fromBus({
        ...common,
        id: eventId(network('matrix'), 'contact', action),
        type: 'im.hutong.contact.v1',
        data: { from: { address: bob }, to: alice, action },
      }),
    bobIs: (availability: Availability) =>
      contacts.show({
        ...common,
        id: eventId(network('matrix'), 'presence', availability),
        type: 'im.hutong.presence.v1',
        data: { from: { address: bob }, to: alice, availability },
      }),
  };
}

test('alice asks, bob allows: alice sees the presence of bob from then on, and not before', async () => {
  const { seen, aliceSends, bobSays, bobIs } = aServer();
  await bobIs('available');
  await aliceSends('subscribe');
  await bobSays('accept');
  await bobIs('away');
  expect(seen).toEqual(['bus: request', 'alice: subscribed', 'bus: probe', 'alice: available']);
});

test('bob denies: alice is notified, and does not see the presence of bob', async () => {
  const { seen, aliceSends, bobSays, bobIs } = aServer();
  await aliceSends('subscribe');
  await bobSays('deny');
  await bobIs('available');
  expect(seen).toEqual(['bus: request', 'alice: unsubscribed']);
});

test('bob asks, alice allows and withdraws it: then her presence is sent to nobody', async () => {
  const { seen, contacts, aliceSends, bobSays } = aServer();
  await bobSays('request');
  await aliceSends('subscribed');
  await aliceSends('');
  expect(await contacts.of(alice, bob)).toMatchObject({ availability: 'available' });
  await aliceSends('unsubscribed');
  expect(await contacts.of(alice, bob)).toBeUndefined();
  expect(seen).toEqual(['alice: subscribe', 'bus: accept', 'bus: available', 'bus: deny']);
});

test('alice unsubscribes: bob is notified, and alice no longer sees the presence of bob', async () => {
  const { seen, aliceSends, bobSays, bobIs } = aServer();
  await bobSays('accept');
  await aliceSends('unsubscribe');
  await bobIs('available');
  expect(seen).toEqual(['alice: subscribed', 'bus: probe', 'bus: remove']);
});

test('alice’s server probes the presence of bob; the probe is forwarded to the network of bob', async () => {
  const { seen, aliceSends } = aServer();
  await aliceSends('probe');
  expect(seen).toEqual(['bus: probe']);
});

test('of several of her devices the best counts, until the last one has gone', async () => {
  const { seen, aliceSends } = aServer();
  await aliceSends('', 'alice@example.org/phone');
  await aliceSends('', 'alice@example.org/desk');
  await aliceSends('unavailable', 'alice@example.org/phone');
  await aliceSends('unavailable', 'alice@example.org/desk');
  expect(seen).toEqual(['bus: available', 'bus: available', 'bus: available', 'bus: offline']);
});

test('alice allows and is allowed at the same moment: both hold', async () => {
  const { seen, contacts, aliceSends, bobSays, bobIs } = aServer();
  await Promise.all([aliceSends('subscribed'), bobSays('accept')]);
  await aliceSends('');
  expect(await contacts.of(alice, bob)).toMatchObject({ availability: 'available' });
  await bobIs('away');
  expect(seen.at(-1)).toBe('alice: available');
});

test('alice asks and withdraws it at once: bob receives both in this order, however long the lookup of bob takes', async () => {
  const { seen, resolves, aliceSends, bobIs } = aServer();
  const found = resolves();
  const sent = [aliceSends('subscribe'), aliceSends('unsubscribe')];
  found({ code: '00' });
  await Promise.all(sent);
  await bobIs('available');
  expect(seen).toEqual(['bus: request', 'bus: remove']);
});

test.each([
  ['subscribe', 'unsubscribe'],
  ['unsubscribe', 'subscribe'],
  ['subscribed', 'unsubscribed'],
  ['unsubscribed', 'subscribed'],
  ['subscribe', 'subscribed'],
])('%s and %s right behind it are on the bus in this order', async (first, second) => {
  const words = { subscribe: 'request', unsubscribe: 'remove', subscribed: 'accept', unsubscribed: 'deny' };
  const { seen, aliceSends } = aServer();
  await Promise.all([aliceSends(first), aliceSends(second)]);
  expect(seen).toEqual([first, second].map((type) => `bus: ${words[type as keyof typeof words]}`));
});

test('a request to an unknown person is refused, and the stanzas behind it are read', async () => {
  const { seen, resolves, aliceSends } = aServer();
  const found = resolves();
  const [asked, taken] = [aliceSends('subscribe'), aliceSends('unsubscribe')];
  found({ code: '14' });
  await expect(asked).rejects.toMatchObject({ code: '14' });
  await taken;
  expect(seen).toEqual(['bus: remove']);
});

describe('alice adds a telephone number', () => {
  const toTelephone = (server: ReturnType<typeof aServer>) => (type: string) =>
    server.aliceSends(type, undefined, TELEPHONE);

  test('that no app has: it is her contact, and her client sees at each login that it can be called', async () => {
    const server = aServer();
    const sends = toTelephone(server);
    server.resolves()({ code: '14' });
    await sends('subscribe');
    await sends('probe');
    expect(server.seen).toEqual(['alice: subscribed', 'alice: available', 'alice: available']);
    expect(server.stanzas.at(-1)?.attrs['from']).toBe('+861088880000@tel.hub.example.org/hutong');
    expect(server.stanzas.at(-1)?.getChild('c')?.attrs).toEqual(ghostCaps().attrs);
  });

  test('and removes it again: it appears no more, and no network hears of it', async () => {
    const server = aServer();
    const sends = toTelephone(server);
    server.resolves()({ code: '14' });
    for (const type of ['subscribe', 'unsubscribe', 'probe']) await sends(type);
    expect(server.seen).toEqual(['alice: subscribed', 'alice: available', 'bus: probe']);
  });

  test('that leads to a person with an app: the person is asked', async () => {
    const server = aServer();
    await toTelephone(server)('subscribe');
    expect(server.seen).toEqual(['bus: request']);
  });
});
