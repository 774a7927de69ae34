/**
 * The south goes away, and comes back: what is kept for it, for how long, and what the senders in the north hear of it. Its
 * people can be written to for an hour after they wrote.
 */
import { TestNetwork } from '#adapter-contract';
import { Bucket } from '#bus';
import { freePort } from '#engines';
import { BUCKETS, decodeOutcome, LIVENESS_KEY, STREAMS, type LinkState, type Outcome } from '#protocol';
import { HubFixture, until, type App } from './support/hub-fixture.js';

const HOUR_MS = 3600_000;
let hub: HubFixture;
let north: TestNetwork;
let south: TestNetwork;
let southAdapter: App;
let switchOfAll: App;
let liveness: NodeJS.Timeout;
let metricsOfSwitch: string;
let southIs: { state: LinkState; since: string } = { state: 'on', since: new Date().toISOString() };
const outcomes: Outcome[] = [];

/** As the console says it: at every change, and again and again. */
async function say(state: LinkState): Promise<void> {
  if (state !== southIs.state) southIs = { state, since: new Date().toISOString() };
  const facts = { heardAt: 1, connectedAt: 1, signedOffAt: 0 };
  await new Bucket(hub.link, hub.publisher, BUCKETS.registry).put(LIVENESS_KEY, {
    south: { ...southIs, ...facts },
  });
}

/** Messages that wait for the south, as the switch counted them; undefined while the switch takes it for present. */
async function waiting(): Promise<number | undefined> {
  const page = await (await fetch(metricsOfSwitch)).text();
  const value = /^hutong_switch_waiting\{network="south"\} (\d+)$/m.exec(page)?.[1];
  return value === undefined ? undefined : Number(value);
}

async function leaves(state: LinkState): Promise<void> {
  await southAdapter.child.stop();
  await say(state);
  await until('the switch to count what waits for the south', async () => (await waiting()) !== undefined);
}

async function returns(): Promise<void> {
  await southAdapter.child.start();
  await say('on');
  await until('the switch to take the south for present', async () => (await waiting()) === undefined);
}

const write = (from: string, to: string, text: string, sentAt = new Date()) =>
  north.act({ kind: 'message', from, to: `${to}@south`, text, sentAt: sentAt.toISOString() });
const heard = (subscriber: string) =>
  south.inbox(subscriber).flatMap(({ kind, text }) => (kind === 'message' ? [text] : []));
const told = (subscriber: string) =>
  north.inbox(subscriber).flatMap(({ kind, code }) => (kind === 'failure' ? [code] : []));
const stored = (subscriber: string) =>
  outcomes.filter(({ stage, to }) => stage === 'stored' && to.startsWith(`im:${subscriber}@`));

beforeAll(async () => {
  hub = await HubFixture.open();
  await hub.serveSignOn(['north', 'south']);
  const metricsPort = String(await freePort());
  metricsOfSwitch = `http://127.0.0.1:${metricsPort}/metrics`;
  switchOfAll = await hub.switch({ EXPIRY_SWEEP_SECONDS: '1', METRICS_PORT: metricsPort });
  north = await hub.testNetwork('north');
  south = await TestNetwork.open('south');
  southAdapter = await hub.app('adapter-south', 'dist/libs/adapter-contract/src/test-adapter.main.js', {
    TEST_NETWORK: 'south',
    TEST_PORT: String(south.port),
    TEST_REPLY_WINDOW_MS: String(HOUR_MS),
    NATS_CREDS: await hub.admit('south'),
  });
  liveness = setInterval(() => void say(southIs.state), 2000);
  const reports = await hub.link.session?.js.consumers.get(STREAMS.report);
  await reports?.consume({ callback: (message) => void outcomes.push(decodeOutcome(message.data)) });
});

afterAll(async () => {
  clearInterval(liveness);
  await hub?.close();
  await north?.close();
  await south?.close();
});

test('messages to an offline network are reported as stored, and arrive in order with their original time when it is back', async () => {
  await leaves('signed_off');
  // So old that a network shows the time: `original-time.spec.ts` has the threshold.
  const sentAt = new Date(Date.now() - 60_000);
  for (let n = 0; n < 20; n++) write('ann', 'bea', `stored ${n}`, sentAt);
  await until('twenty are stored', () => stored('bea').length === 20);
  expect(stored('bea')[0]).toMatchObject({
    by: 'switch',
    code: '08',
    detail: expect.stringContaining(`SIGNED_OFF since ${southIs.since}`) as string,
  });
  await until('the switch to count twenty that wait', async () => (await waiting()) === 20);
  await returns();
  await until('all arrived', () => heard('bea').length >= 20);
  expect(heard('bea')).toEqual(Array.from({ length: 20 }, (_, n) => `stored ${n}`));
  expect(south.inbox('bea').map(({ since }) => since)).toEqual(Array(20).fill(sentAt.toISOString()));
  expect(told('ann')).toEqual([]);
});

test('for a network without stand-in the sender is notified at once', async () => {
  await hub.amend('south', { standIn: { hours: 0, messages: 0 } });
  await leaves('unreachable');
  write('cat', 'dora', 'never');
  await until('the sender is notified', () => told('cat').length > 0);
  expect(told('cat')).toEqual(['91']);
  const refused = () => outcomes.find(({ from, code }) => from.address === 'im:cat@north' && code === '91');
  await until('its outcome', () => refused() !== undefined);
  expect(refused()?.detail).toContain('LINK_DOWN');
  await returns();
});

test('no more are kept than it wants', async () => {
  await hub.amend('south', { standIn: { hours: 1, messages: 3 } });
  await leaves('unreachable');
  for (let n = 0; n < 5; n++) write('eve', 'fay', `counted ${n}`);
  await until('the senders are notified', () => told('eve').length >= 2);
  expect(told('eve')).toEqual(['91', '91']);
  const refused = () => outcomes.filter(({ to, code }) => to === 'im:fay@south' && code === '91');
  await until('all five outcomes', () => stored('fay').length + refused().length >= 5);
  expect([stored('fay').length, refused().length]).toEqual([3, 2]);
  await returns();
  await until('the stored messages arrive', () => heard('fay').length >= 3);
  expect(heard('fay')).toEqual(['counted 0', 'counted 1', 'counted 2']);
});

test('a message that expires while the network is offline is never delivered, and the sender is notified once', async () => {
  await hub.amend('south', { standIn: { hours: 2000 / HOUR_MS, messages: 100 } });
  await leaves('unreachable');
  write('gil', 'hal', 'too late');
  await until('it is stored', () => stored('hal').length === 1);
  await until('the sender is notified', () => told('gil').length > 0);
  expect(told('gil')).toEqual(['68']);
  await hub.amend('south', { standIn: { hours: 1, messages: 100 } });
  await returns();
  write('gil', 'hal', 'in time');
  await until('the next one arrives', () => heard('hal').length > 0);
  expect(heard('hal')).toEqual(['in time']);
  expect(told('gil')).toEqual(['68']);
});

test('a message waits for the reply window of its recipient, also while switch and adapter are killed, and arrives when they write', async () => {
  await hub.amend('south', { standIn: { hours: 1, messages: 100, closedWindow: 'when-window-opens' } });
  const says = (text: string, sentAt: Date) =>
    south.act({ kind: 'message', from: 'kim', to: 'jo@north', text, sentAt: sentAt.toISOString() });
  says('two hours ago', new Date(Date.now() - 2 * HOUR_MS));
  await until('the north has it', () => north.inbox('jo').length > 0);
  for (const text of ['one', 'two']) write('jo', 'kim', text);
  await until('both wait', () => stored('kim').length === 2);
  expect(stored('kim')[0]).toMatchObject({
    by: 'adapter',
    code: '08',
    detail: expect.stringContaining('the person last wrote at') as string,
  });
  await Promise.all([southAdapter.child.crash(), switchOfAll.child.crash()]);
  await Promise.all([southAdapter.child.start(), switchOfAll.child.start()]);
  write('jo', 'kim', 'three');
  await until('the third waits, too', () => stored('kim').length === 3);
  expect(heard('kim')).toEqual([]);
  says('now', new Date());
  await until('all arrived', () => heard('kim').length >= 3);
  expect(heard('kim')).toEqual(['one', 'two', 'three']);
  expect(told('jo')).toEqual([]);
});
