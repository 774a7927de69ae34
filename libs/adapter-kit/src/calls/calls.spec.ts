/** Calls of bob, whose network shows words only, with alice, whose network carries session descriptions. */
import {
  addressOf,
  directConversation,
  EventId,
  HubError,
  levels,
  network,
  PHRASES,
  wordsOf,
  type Address,
  type CallAction,
  type CallEvent,
  type CanonicalAddresses,
  type ReportEvent,
} from '#protocol';
import { pino } from 'pino';
import { aMessage } from '../../../protocol/test/a-message.js';
import type { AnyAdapter } from '../adapter.contract.js';
import { Connectivity } from '../connectivity.js';
import { Correlation } from '../correlation.js';
import type { AboutCall } from '../delivered.contract.js';
import { Delivery } from '../delivery.js';
import type { CallDraft } from '../drafts.contract.js';
import { EventWriter } from '../event-writer.js';
import { CallEvents } from './call-events.js';
import { CallSignals } from './call-signals.js';
import { wordsBeside } from './call-words.js';
import { GatewayCalls } from './gateway-calls.js';
import { OwnCalls } from './own-calls.js';
import { StoredCalls, type CallBucket } from './stored-calls.js';

const [xmpp, sip] = [network('xmpp'), network('youxin')];
const [bob, alice, mallory] = [addressOf(xmpp, 'bob'), addressOf(sip, 'alice'), addressOf(sip, 'mallory')];
const OFFER = 'v=0\r\no=- offer\r\n';
const ANSWER = 'v=0\r\no=- answer\r\n';
const CALL = EventId.parse('C'.repeat(27));
const RING = EventId.parse('R'.repeat(27));
const LINK = 'https://hub/call/1';
const words = PHRASES.en;
const log = pino({ level: 'silent' });
const TEN_MINUTES_AGO = new Date(Date.now() - 600_000);
const never = () => false;

function aBucket(kept = new Map<string, unknown>()): CallBucket {
  const put = (key: string, value: unknown) => Promise.resolve(void kept.set(key, value));
  return {
    put,
    get: (key) => Promise.resolve(kept.get(key) ?? undefined),
    delete: (key) => put(key, null),
    keys: (filter) =>
      Promise.resolve(
        [...kept.keys()].filter((key) => kept.get(key) && key.startsWith(filter.split('.')[0] ?? '')),
      ),
    async change(key, work) {
      const next = await work(kept.get(key) ?? undefined);
      if (next !== undefined) kept.set(key, next);
    },
  };
}

/** A process of the adapter of bob's network. */
function aProcess({ bucket = aBucket(), instance = 'one', hasGateway = true, now = Date.now } = {}) {
  /** What bob reads, what the hub gets from his network, what his page is told. */
  const read: [text: string, about?: AboutCall][] = [];
  const submitted: CallDraft[] = [];
  const page: string[] = [];
  const gateway = { url: hasGateway ? LINK : undefined, tell: () => Promise.resolve() };
  let refuses: HubError | undefined;
  const adapter: AnyAdapter = {
    network: xmpp,
    capabilities: () => ({ version: '1', language: 'en', features: levels(0, { text: 2 }), limits: {} }),
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    connectivity: new Connectivity(true),
    deliver: (event, { call }) => {
      if (refuses) return Promise.reject(refuses);
      const text = wordsOf(event.data.content.body);
      read.push(call ? [text, call] : [text]);
      return Promise.resolve({ native: [`n${read.length}`] });
    },
  };
  const known = new Map<string, unknown>();
  const correlation = new Correlation(xmpp, {
    put: (key, value) => Promise.resolve(void known.set(key, value)),
    get: (key) => Promise.resolve(known.get(key)),
  });
  const pages = {
    open: ({ side }: { side: string }, peer: string, offer?: string) => {
      page.push(`open ${side} ${peer}${offer ? ' with an offer' : ''}`);
      return Promise.resolve(gateway.url);
    },
    tell: async (_: unknown, action: string, session?: string) => {
      await gateway.tell();
      page.push(`${action}${session ? ' with an answer' : ''}`);
    },
  };
  const writer = new EventWriter(xmpp, {
    publish: () => Promise.reject(new Error('nothing is published in these plays')),
  });
  const store = new StoredCalls(bucket);
  const calls: GatewayCalls = new GatewayCalls({
    store,
    pages,
    submit: (draft) => Promise.resolve(void submitted.push(draft)).then(() => writer.callId(draft)),
    say: (call, what) => delivery.say(wordsBeside(call, what, words[what]), { id: call.key }),
    instance,
    log,
    now,
  });
  const language = () => 'en' as const;
  const delivery: Delivery = new Delivery({
    adapter,
    capabilities: () => adapter.capabilities(),
    correlation,
    attachments: { pauseTransfersForText: () => undefined } as never,
    calls: new CallEvents({ network: xmpp, calls, pages, language, log }),
  });
  const signals = new CallSignals();
  signals.begin(calls);
  const own = new OwnCalls({
    network: xmpp,
    canonical: { of: (address) => address } as CanonicalAddresses,
    writer,
    calls,
    store,
    remote: { party: (party) => Promise.resolve(party) },
  });
  return {
    read,
    page,
    gateway,
    signals,
    calls,
    adapter,
    begin: () => own.begin({ native: 'n-call', from: { address: bob }, to: alice, media: 'voice' }),
    hungUp: own.hungUp.bind(own),
    refuse: (error: HubError | undefined) => (refuses = error),
    deliver: (event: CallEvent | ReportEvent, uncertain = false) => delivery.deliver(event, uncertain, never),
    get texts() {
      return read.map(([text]) => text);
    },
    get submitted() {
      return submitted.map(({ action, session }) => `${action}${session ? ' with a session' : ''}`);
    },
    drafts: submitted,
  };
}

/** What alice does, unless somebody else does. */
function event(action: CallAction, about: Partial<CallEvent['data']> = {}, time = new Date()): CallEvent {
  const { data: _data, ...common } = aMessage(action);
  const from = { address: alice, displayName: 'Alice' };
  return {
    ...common,
    id: action === 'invite' ? CALL : EventId.parse(`${action}-${'x'.repeat(20)}`),
    type: 'im.hutong.call.v1',
    time: time.toISOString(),
    subject: directConversation(about.from?.address ?? alice, bob),
    data: { from, to: bob, action, media: 'voice', ...(action === 'invite' ? {} : { call: CALL }), ...about },
  };
}

const invite = () => event('invite', { session: OFFER });
/** For what happens in the background. */
const until = async (what: () => boolean) => {
  while (!what()) await new Promise(setImmediate);
};

describe('alice calls bob', () => {
  test('he gets a link, opens it, and they talk until she ends it', async () => {
    const { deliver, read, page, signals, submitted, drafts } = aProcess();
    expect(await deliver(invite())).toMatchObject({ native: ['n1'] });
    const link = { url: LINK, media: 'voice' };
    expect(read).toEqual([[words.callComes('voice', LINK), { id: CALL, link }]]);
    expect(page).toEqual(['open callee Alice (youxin) with an offer']);
    await signals.take({ call: CALL, side: 'callee', action: 'accepted', session: ANSWER });
    expect(drafts).toMatchObject([
      { action: 'ringing', call: CALL, from: { address: bob }, to: alice },
      { action: 'accepted', call: CALL, session: ANSWER },
    ]);
    await deliver(event('ended'));
    expect([page.at(-1), read.length, submitted.length]).toEqual(['ended', 1, 0]);
    await expect(signals.take({ call: CALL, side: 'callee', action: 'ended' })).rejects.toMatchObject({
      code: '14',
    });
  });

  test('the invitation comes twice, and rings once', async () => {
    const house = aProcess();
    await house.deliver(invite());
    await house.deliver(invite(), true);
    expect([house.read.length, house.page.length]).toEqual([1, 1]);
    // The first attempt opened a page, and did not reach bob.
    const other = aProcess();
    other.refuse(new HubError('91', 'away'));
    await expect(other.deliver(invite())).rejects.toMatchObject({ code: '91' });
    other.refuse(undefined);
    other.gateway.url = 'https://hub/call/another';
    await other.deliver(invite(), true);
    expect(other.texts).toEqual([words.callComes('voice', LINK)]);
    expect(other.page).toHaveLength(1);
  });

  test('he declines on the page; she is told, and he needs no words', async () => {
    const house = aProcess();
    await house.deliver(invite());
    await house.signals.take({ call: CALL, side: 'callee', action: 'declined' });
    await until(() => house.submitted.length === 2);
    expect(house.submitted).toEqual(['ringing', 'declined']);
    expect([house.read.length, house.page.length]).toEqual([1, 1]);
  });

  test('he does not open the page: both are told', async () => {
    const house = aProcess();
    await house.deliver(invite());
    await house.signals.take({ call: CALL, side: 'callee', action: 'missed' });
    await until(() => house.read.length === 2);
    expect(house.submitted).toEqual(['ringing', 'missed']);
    expect(house.read[1]).toEqual([words.callMissed, { id: CALL }]);
  });

  test('she gives up: his page knows, and he reads that he missed a call', async () => {
    const house = aProcess();
    await house.deliver(invite());
    await house.deliver(event('cancelled'));
    await house.deliver(event('cancelled'), true);
    expect(house.texts).toEqual([words.callComes('voice', LINK), words.callMissed]);
    expect(house.page.slice(1)).toEqual(['cancelled']);
  });

  test('nobody else ends it, and nobody takes its id', async () => {
    const house = aProcess();
    await house.deliver(invite());
    await house.deliver(event('cancelled', { from: { address: mallory } }));
    await house.deliver(event('ended', { from: { address: mallory } }));
    const same = event('invite', { session: OFFER, from: { address: mallory } });
    await expect(house.deliver(same)).rejects.toMatchObject({ code: '94' });
    expect(house.page).toHaveLength(1);
    await house.hungUp({ about: CALL }, addressOf(xmpp, 'eve'));
    await house.hungUp({ about: CALL }, bob);
    await until(() => house.submitted.includes('declined'));
    expect(house.page.at(-1)).toBe('ended');
  });

  test.each([
    ['there is no gateway', invite, false, words.call('voice', undefined), ['missed']],
    ['she is not there', () => event('invite'), true, words.callMissed, []],
    [
      'it came too late',
      () => event('invite', { session: OFFER }, TEN_MINUTES_AGO),
      true,
      words.callMissed,
      ['missed'],
    ],
  ])('%s: words without a link', async (_, made, hasGateway, text, submitted) => {
    const house = aProcess({ hasGateway });
    await house.deliver(made());
    await house.deliver(event('cancelled'));
    expect(house.read.map(([said, about]) => [said, about?.link])).toEqual([[text, undefined]]);
    expect(house.submitted).toEqual(submitted);
  });

  const calls = (house: ReturnType<typeof aProcess>, from: Address, id: string, to = bob) =>
    house.deliver({
      ...event('invite', { session: OFFER, from: { address: from }, to }),
      id: EventId.parse(id.padStart(27, '-')),
      subject: directConversation(from, to),
    });

  test('a sixth call at the same time rings no more; of those of one network, a fifth', async () => {
    const house = aProcess();
    for (let n = 1; n <= 5; n++) await calls(house, addressOf(sip, `caller-${n}`), `sip-${n}`);
    expect(house.page).toHaveLength(4);
    expect(house.texts.at(-1)).toBe(words.call('voice', undefined));
    const carol = addressOf(network('third'), 'carol');
    for (const id of ['third-1', 'third-2']) await calls(house, carol, id);
    expect(house.page).toHaveLength(5);
  });

  test('a network that calls everybody leaves half of all calls to others', async () => {
    const house = aProcess();
    for (let n = 1; n <= 600; n++) await calls(house, alice, `sip-${n}`, addressOf(xmpp, `person-${n}`));
    expect(house.page).toHaveLength(500);
    await calls(house, addressOf(network('third'), 'carol'), 'third');
    expect(house.page).toHaveLength(501);
  });
});

describe('bob calls alice', () => {
  const begun = async () => {
    const house = aProcess();
    const { call, url } = (await house.begin()) ?? { call: RING, url: '' };
    return { house, call, url };
  };
  const ringing = async () => {
    const found = await begun();
    await found.house.signals.take({ call: found.call, side: 'caller', action: 'invite', session: OFFER });
    return found;
  };

  test('her phone rings when he is on the page; she answers, he hangs up', async () => {
    const { house, call, url } = await begun();
    expect(await house.begin()).toEqual({ call, url });
    expect([house.submitted, house.page]).toEqual([[], ['open caller alice (youxin)']]);
    const signal = { call, side: 'caller', action: 'invite', session: OFFER } as const;
    await house.signals.take(signal);
    expect(house.drafts).toMatchObject([{ action: 'invite', native: 'n-call', to: alice, session: OFFER }]);
    await house.deliver(event('ringing', { call }));
    await house.deliver(event('accepted', { call, session: ANSWER }));
    expect(house.page.slice(1)).toEqual(['ringing', 'accepted with an answer']);
    await house.signals.take({ call, side: 'caller', action: 'ended' });
    await until(() => house.drafts.length === 2);
    expect(house.drafts[1]).toMatchObject({ action: 'ended', call });
    expect(house.read).toEqual([]);
  });

  test.each([
    ['missed', words.callNotAnswered],
    ['declined', words.callDeclined],
  ] as const)('%s: his page and he are told', async (action, text) => {
    const { house, call } = await ringing();
    await house.deliver(event(action, { call }));
    expect(house.read).toEqual([[text, { id: call }]]);
    expect(house.page.at(-1)).toBe(action);
  });

  test('he never opens the page: she has missed a call, and he reads why', async () => {
    const { house, call } = await begun();
    await house.signals.take({ call, side: 'caller', action: 'missed' });
    await until(() => house.read.length === 1);
    expect(house.submitted).toEqual(['invite', 'cancelled']);
    expect(house.texts).toEqual([words.callNotBegun]);
  });

  test('he hangs up in his app', async () => {
    const { house } = await begun();
    await house.hungUp({ native: 'n-call' }, addressOf(xmpp, 'eve'));
    await house.hungUp({ native: 'n-call' }, bob);
    await until(() => house.drafts.length === 2);
    expect(house.submitted).toEqual(['invite', 'cancelled']);
    expect([house.read, house.page.at(-1)]).toEqual([[], 'ended']);
  });

  test('the invitation does not arrive: his page ends', async () => {
    const { house, call } = await ringing();
    const { data: _data, ...common } = aMessage('report');
    const from = { address: alice };
    const data = { message: call, code: '91', from, to: bob } as ReportEvent['data'];
    await house.deliver({ ...common, type: 'im.hutong.report.v1', data });
    await until(() => house.page.at(-1) === 'ended');
    expect(house.submitted).toEqual(['invite with a session']);
  });

  test('she accepts, and his page is gone: the call ends', async () => {
    const { house, call } = await ringing();
    house.gateway.tell = () => Promise.reject(new HubError('14', 'no such page'));
    await house.deliver(event('accepted', { call, session: ANSWER }));
    await until(() => house.submitted.includes('ended'));
  });

  test('what others say about it, and what comes before he is there, changes nothing', async () => {
    const { house, call } = await begun();
    await house.deliver(event('accepted', { call, session: ANSWER }));
    await house.signals.take({ call, side: 'caller', action: 'invite', session: OFFER });
    await house.deliver(event('accepted', { call, session: ANSWER, from: { address: mallory } }));
    expect(house.page).toHaveLength(1);
    await expect(
      house.signals.take({ call, side: 'caller', action: 'accepted', session: OFFER }),
    ).rejects.toMatchObject({ code: '30' });
  });
});

describe('a process ends', () => {
  test('the next one ends its calls, and leaves those of others', async () => {
    const bucket = aBucket();
    const first = aProcess({ bucket });
    await first.deliver(invite());
    await first.begin();
    await first.calls.stop();
    const second = aProcess({ bucket, instance: 'two' });
    await second.calls.takeOver(['one', 'two']);
    await expect(second.begin()).resolves.toMatchObject({ url: LINK });
    await second.calls.takeOver(['two']);
    await until(() => second.read.length === 2 && second.drafts.length === 3);
    expect(second.submitted.toSorted()).toEqual(['cancelled', 'invite', 'missed']);
    expect(second.texts.toSorted()).toEqual([words.callMissed, words.callNotBegun].toSorted());
    expect(second.page).toEqual(['ended', 'ended']);
    await expect(
      second.signals.take({ call: CALL, side: 'callee', action: 'accepted', session: ANSWER }),
    ).rejects.toMatchObject({ code: '14' });
  });

  test('what it could not tell anybody, the next one tells', async () => {
    const bucket = aBucket();
    const first = aProcess({ bucket });
    await first.deliver(invite());
    first.refuse(new HubError('91', 'away'));
    await first.signals.take({ call: CALL, side: 'callee', action: 'missed' });
    await first.calls.stop();
    const second = aProcess({ bucket, instance: 'two' });
    await second.calls.takeOver(['two']);
    await until(() => second.read.length === 1);
    expect(second.texts).toEqual([words.callMissed]);
  });
});

test('what the gateway does not end in time, the kit ends', async () => {
  let at = Date.now();
  const house = aProcess({ now: () => (at += 200_000) });
  await house.deliver(invite());
  await until(() => house.texts.includes(words.callMissed));
  expect(house.submitted).toEqual(['ringing', 'missed']);
  expect(house.page.at(-1)).toBe('ended');
});
