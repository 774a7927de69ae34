/** However a network spells the two people of an event, the switch sees the same two. */
import fc from 'fast-check';
import {
  pathOf,
  addressOf,
  directConversation,
  network,
  openToAll,
  telAddress,
  type Address,
  type Capabilities,
  type Consent,
  type E164,
  type HubEvent,
  type Member,
  type MessageEvent,
} from '#protocol';
import { context, full, registryOf } from '../../../../test/support/switch-events.js';
import { message } from '../../../../test/support/switch-events.js';
import { ConsentView } from '../registry/consent-view.js';
import { SenderLimits } from '../limits/sender-limits.js';
import type { RegistryIndex } from '../registry/registry-index.js';
import { decide } from './decide.js';
import { amount } from '../../../../test/support/amounts.js';

const [jids, names, plain] = [network('jids'), network('names'), network('plain')];
const amy = addressOf(jids, 'amy@localhost');
const zhang = addressOf(names, 'zhangsan');

function member(slug: typeof jids, ids: Capabilities['ids']): Member {
  return {
    network: slug,
    name: slug,
    status: 'live',
    capabilities: { ...full, ...(ids ? { ids } : {}) },
  };
}
const members = [member(jids, 'jid'), member(names, 'case-insensitive'), member(plain, undefined)];
const registry = registryOf(members);

const amys = fc
  .constantFrom(
    'amy@localhost',
    'Amy@localhost',
    'amy@Localhost',
    'amy@localhost/x',
    'amy@localhost.',
    'Ａmy@localhost',
  )
  .map((native) => addressOf(jids, native));
const zhangs = fc
  .constantFrom('zhangsan', 'ZhangSan', 'ZHANGSAN', 'ｚｈａｎｇｓａｎ')
  .map((native) => addressOf(names, native));

/** As a third-party adapter makes it: the conversation contains the addresses in its own spelling. */
function said(from: Address, to: Address, id = 'an-event-id'): MessageEvent {
  const source = from.slice(from.lastIndexOf('@') + 1);
  return message({
    id: id as MessageEvent['id'],
    source: `/network/${source}`,
    path: pathOf(network(source)),
    subject: directConversation(from, to),
    data: { ...message().data, from: { address: from }, to },
  });
}

const fromNames = (over: Parameters<typeof context>[0] = {}) => context({ source: names, registry, ...over });

test('a message goes to one person in one conversation, however both are spelt', () => {
  fc.assert(
    fc.property(zhangs, amys, (from, to) => {
      expect(decide(said(from, to), fromNames())).toMatchObject({
        verdict: 'forward',
        event: {
          subject: directConversation(zhang, amy),
          data: { from: { address: zhang }, to: amy },
        },
      });
    }),
  );
});

test('a person whom amy blocked cannot reach her under another spelling, whichever side uses it', () => {
  fc.assert(
    fc.property(zhangs, amys, zhangs, amys, (from, to, blocked, owner) => {
      const consents = consentsOf(registry, { ...openToAll(owner), blocked: [blocked] });
      expect(decide(said(from, to), fromNames({ consents }))).toMatchObject({ verdict: 'end', code: '40' });
    }),
  );
});

test('a person whom an operator blocked cannot send under another spelling', () => {
  fc.assert(
    fc.property(zhangs, amys, zhangs, (from, to, address) => {
      const strict = registryOf(members, { blocked: [{ address }] });
      expect(decide(said(from, to), fromNames({ registry: strict }))).toMatchObject({ code: '40' });
    }),
  );
});

test('a sender has one limit, under all spellings of both people', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(zhangs, amys), { minLength: 6, maxLength: 12 }), (pairs) => {
      const limits = new SenderLimits({ recipientsPerDay: 1, sameWordsPerMinute: 1 });
      const decisions = pairs.map(([from, to], at) =>
        decide(said(from, to, `event-${at}-of-many`), fromNames({ limits })),
      );
      expect(decisions.every(({ verdict }) => verdict === 'forward')).toBe(true);
      const another = said(zhang, addressOf(jids, 'ben@localhost'), 'event-to-another');
      expect(decide(another, fromNames({ limits }))).toMatchObject({ verdict: 'end', code: '65' });
    }),
    // The tables of limits are allocated in full for each run.
    { numRuns: amount({ test: 5, torture: 100 }) },
  );
});

test.each<[string, HubEvent]>([
  ['recipient', said(zhang, addressOf(jids, 'amy@@localhost'))],
  ['recipient with a space', said(zhang, addressOf(jids, 'a my@localhost'))],
])('an id that the network cannot have given ends with 30: %s', (_, event) => {
  expect(decide(event, fromNames())).toMatchObject({
    verdict: 'end',
    code: '30',
    detail: expect.stringContaining('a bare JID') as string,
  });
});

test('a sender that cannot exist ends with 30, one of another network with 31 before anything is looked at', () => {
  const nobody = addressOf(jids, '@localhost');
  expect(decide(said(nobody, zhang), context({ source: jids, registry }))).toMatchObject({ code: '30' });
  const spoofed = { ...said(nobody, zhang), source: '/network/names' };
  expect(decide(spoofed, fromNames())).toMatchObject({ code: '31' });
});

test('a network that declares nothing keeps every spelling', () => {
  const [upper, lower] = [addressOf(plain, 'Amy'), addressOf(plain, 'amy')];
  for (const to of [upper, lower])
    expect(decide(said(zhang, to), fromNames())).toMatchObject({ event: { data: { to } } });
});

test('an address found by a number or an alias of the network is canonical too', () => {
  const number = telAddress('+8613800138000' as E164);
  const entry = { links: [addressOf(jids, 'Amy@localhost/phone')] };
  expect(decide(said(zhang, number), fromNames({ entry }))).toMatchObject({
    event: { resolvedby: 'preferred', subject: directConversation(zhang, amy), data: { to: amy } },
  });
  const named = registryOf(members, { routes: [{ kind: 'domain', key: 'jabber', network: jids }] });
  const alias = addressOf(network('jabber'), 'AMY@localhost');
  expect(decide(said(zhang, alias), fromNames({ registry: named }))).toMatchObject({
    event: { resolvedby: 'domain', data: { to: amy } },
  });
});

describe('consents that are stored under several spellings', () => {
  const [one, other] = [addressOf(jids, 'Amy@localhost'), addressOf(jids, 'amy@LOCALHOST')];
  const [ben, eve] = [addressOf(names, 'ben'), addressOf(names, 'Eve')];

  test('count together: the narrowest reach, and everybody who is blocked', () => {
    const view = consentsOf(
      registry,
      { ...openToAll(one), blocked: [ben] },
      { ...openToAll(other), reach: 'contacts', contacts: [eve] },
    );
    expect(view.get(amy)).toEqual({
      address: amy,
      reach: 'contacts',
      contacts: [addressOf(names, 'eve')],
      blocked: [ben],
    });
  });

  test('one that is taken back leaves the others in force', () => {
    const view = consentsOf(
      registry,
      { ...openToAll(one), blocked: [ben] },
      { ...openToAll(other), blocked: [eve] },
    );
    view.accept(openToAll(one));
    expect(view.get(amy)?.blocked).toEqual([addressOf(names, 'eve')]);
    view.accept(openToAll(other));
    expect(view.get(amy)).toBeUndefined();
  });

  test('a network that declares its rule later changes who is meant', () => {
    const undeclared = registryOf([member(jids, undefined), member(names, undefined)]);
    const { view, becomes } = following(undeclared);
    view.accept({ ...openToAll(one), blocked: [ben] });
    expect(view.get(amy)).toBeUndefined();
    becomes(registry);
    expect(view.get(amy)?.blocked).toEqual([ben]);
  });
});

function following(first: RegistryIndex) {
  const listeners: (() => void)[] = [];
  const source = { current: first, onChange: (listener: () => void) => void listeners.push(listener) };
  const view = new ConsentView({ info: () => undefined } as never, source);
  const becomes = (next: RegistryIndex) => {
    source.current = next;
    for (const listener of listeners) listener();
  };
  return { view, becomes };
}

function consentsOf(known: RegistryIndex, ...consents: Consent[]): ConsentView {
  const { view } = following(known);
  for (const consent of consents) view.accept(consent);
  return view;
}
