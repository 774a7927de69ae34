/** One member floods the bus with all that its credentials allow; two others talk meanwhile. */
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import type { TestNetwork } from '#adapter-contract';
import { latencies } from './bench/measure.js';
import { ExchangeFixture } from './support/exchange-fixture.js';
import { until } from './support/hub-fixture.js';

const TALK_EVERY_MS = 20;
const FLOOD_MS = 8000;
/** Before and after the flood. */
const CALM_MS = 3000;

let exchange: ExchangeFixture;
let north: TestNetwork;
let south: TestNetwork;
let floodKey: string;

beforeAll(async () => {
  exchange = await ExchangeFixture.open({ NETWORK_MESSAGES_PER_SECOND: '2000' });
  await exchange.hub.switch();
  [north, south] = [await exchange.network('north'), await exchange.network('south')];
  await exchange.api('POST', '/v1/networks', { network: 'flooder', name: 'Flooder', test: true });
  await exchange.api('POST', '/v1/networks/flooder/enable', { reason: 'a test' });
  floodKey = await exchange.operatorKey('flooder');
});
afterAll(() => exchange?.close());

/** Ann in the north writes to bob in the south. @returns how long each message took, ms, in the order of sending */
async function talk(name: string, forMs: number): Promise<number[]> {
  const sentAt: number[] = [];
  const tookMs: number[] = [];
  south.onAct = ({ text = '' }) => {
    const [run, index] = text.split(' ');
    if (run === name) tookMs.push(performance.now() - (sentAt[Number(index)] ?? 0));
  };
  for (const end = Date.now() + forMs; Date.now() < end;) {
    sentAt.push(performance.now());
    north.act({ kind: 'message', from: 'ann', to: 'bob@south', text: `${name} ${sentAt.length - 1}` });
    await new Promise((resolve) => setTimeout(resolve, TALK_EVERY_MS));
  }
  await until(`all of ${name}`, () => tookMs.length >= sentAt.length);
  const texts = south.inbox('bob').flatMap(({ text = '' }) => (text.startsWith(`${name} `) ? [text] : []));
  expect(texts).toEqual(sentAt.map((_, index) => `${name} ${index}`));
  return tookMs;
}

async function flood(nc: NatsConnection, ended: AbortSignal): Promise<void> {
  const event = new Uint8Array(1000).fill(120);
  while (!nc.isClosed() && !ended.aborted) {
    for (let n = 0; n < 500; n++) nc.publish(`hub.in.flooder.${n % 8}`, event);
    // A full buffer of the socket must not keep the flood from going on.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('the flooding member is kept off the bus and gets the reason; the others lose nothing and keep their order', async () => {
  const path = '/v1/networks/flooder/credentials';
  const { body } = await exchange.api<{ credentials: string }>('POST', path, undefined, { key: floodKey });
  const authenticator = credsAuthenticator(new TextEncoder().encode(body.credentials));
  const nc = await connect({ servers: exchange.hub.natsUrl, authenticator, reconnect: false });
  const over = new AbortController();
  // At once: the pause may be over when the others have talked.
  const backAfterCut = nc.closed().then(() =>
    connect({ servers: exchange.hub.natsUrl, authenticator, reconnect: false }).then(
      () => 'connected again',
      () => 'refused',
    ),
  );

  const calm = await talk('calm', CALM_MS);
  const [during] = await Promise.all([talk('flooded', FLOOD_MS), flood(nc, over.signal)]);
  const after = await talk('after', CALM_MS);
  over.abort();

  expect(await backAfterCut).toBe('refused');
  const { body: news } = await exchange.api<{ items: { words: string }[] }>(
    'GET',
    '/v1/announcements',
    undefined,
    {
      key: floodKey,
    },
  );
  expect(news.items.map(({ words }) => words).join()).toContain('is kept off the bus until');
  const log = await exchange.api<{ items: { action: string }[] }>('GET', '/v1/audit?subject=network/flooder');
  expect(log.body.items.map(({ action }) => action)).toContain('network.paused');
  // The pause ends; the wait for it is cut short.
  await exchange.sql.query('UPDATE bus_pause SET until = now()');
  await until('the flooder to be let in again', () =>
    connect({ servers: exchange.hub.natsUrl, authenticator, reconnect: false }).then(
      (again) => again.close().then(() => true),
      () => false,
    ),
  );
  process.stderr.write(
    `text between others, ms: ${JSON.stringify({ calm: latencies(calm), during: latencies(during), after: latencies(after) })}\n`,
  );
});
