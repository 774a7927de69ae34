/**
 * Two test networks built on the kit exchange messages at a fixed rate while the switch, each adapter and nats-server are
 * killed with SIGKILL and started again. No message is lost, delivered twice or out of order.
 */
import { TestNetwork } from '#adapter-contract';
import { sleep } from '#service';
import { amount } from './support/amounts.js';
import { HubFixture, until, type App } from './support/hub-fixture.js';
import { allOrStandstill } from './support/standstill.js';

const ADAPTER = 'dist/libs/adapter-contract/src/test-adapter.main.js';
const PER_CONVERSATION = amount({ test: 50, torture: 500 });
const CONVERSATIONS = 20;
const EACH_WAY = PER_CONVERSATION * CONVERSATIONS;
const RATE = amount({ test: 1000, torture: 2000 });
/** Messages of each fault that have arrived when it happens. */
const BEFORE_THE_FAULT = EACH_WAY / 2;
const STANDSTILL_MS = 40_000;
const TIMEOUT_MS = amount({ test: 60_000, torture: 240_000 });

let hub: HubFixture;
let north: TestNetwork;
let south: TestNetwork;
let theSwitch: App;
let northAdapter: App;
let southAdapter: App;

async function adapterOf(net: TestNetwork): Promise<App> {
  const env = { TEST_NETWORK: net.slug, TEST_PORT: String(net.port), NATS_CREDS: await hub.admit(net.slug) };
  return hub.app(`adapter-${net.slug}`, ADAPTER, env);
}

beforeAll(async () => {
  hub = await HubFixture.open();
  [north, south] = [await TestNetwork.open('north'), await TestNetwork.open('south')];
  theSwitch = await hub.switch();
  [northAdapter, southAdapter] = [await adapterOf(north), await adapterOf(south)];
});

afterAll(async () => {
  await hub?.close();
  await north?.close();
  await south?.close();
});

/** Both directions, interleaved over the conversations, at the offered rate. */
async function offer(tag: string): Promise<void> {
  const start = Date.now();
  for (let sent = 0; sent < EACH_WAY;) {
    const due = Math.min(EACH_WAY, Math.floor(((Date.now() - start) / 1000) * (RATE / 2)));
    for (; sent < due; sent++) {
      const person = sent % CONVERSATIONS;
      const text = `${tag} ${Math.floor(sent / CONVERSATIONS)}`;
      north.act({ kind: 'message', from: `n${person}`, to: `s${person}@south`, text });
      south.act({ kind: 'message', from: `s${person}`, to: `n${person}@north`, text });
    }
    await sleep(5);
  }
}

function texts(net: TestNetwork, subscriber: string, tag: string): string[] {
  return net
    .inbox(subscriber)
    .flatMap((act) => (act.kind === 'message' && act.text?.startsWith(`${tag} `) ? [act.text] : []));
}

function arrived(tag: string): number {
  let count = 0;
  for (let person = 0; person < CONVERSATIONS; person++)
    count += texts(north, `n${person}`, tag).length + texts(south, `s${person}`, tag).length;
  return count;
}

function expectEachOnceInOrder(tag: string): void {
  const wanted = Array.from({ length: PER_CONVERSATION }, (_, index) => `${tag} ${index}`);
  for (let person = 0; person < CONVERSATIONS; person++) {
    expect(texts(south, `s${person}`, tag)).toEqual(wanted);
    expect(texts(north, `n${person}`, tag)).toEqual(wanted);
  }
}

describe(`${2 * EACH_WAY} messages between two test networks at ${RATE} a second`, () => {
  const run = async (tag: string, fault: () => Promise<void>): Promise<void> => {
    const offering = offer(tag);
    await until('the first messages to arrive', () => arrived(tag) >= BEFORE_THE_FAULT, STANDSTILL_MS);
    await fault();
    await offering;
    await allOrStandstill(() => arrived(tag), 2 * EACH_WAY, STANDSTILL_MS);
    expectEachOnceInOrder(tag);
  };
  const killed = async (app: App): Promise<void> => {
    await app.child.crash();
    await sleep(500);
    await app.child.start();
  };

  test('when nothing fails', () => run('calm', () => Promise.resolve()), TIMEOUT_MS);
  test('when the switch is killed', () => run('switch', () => killed(theSwitch)), TIMEOUT_MS);
  test('when the northern adapter is killed', () => run('north', () => killed(northAdapter)), TIMEOUT_MS);
  test('when the southern adapter is killed', () => run('south', () => killed(southAdapter)), TIMEOUT_MS);
  test(
    'when nats-server is killed',
    () =>
      run('bus', async () => {
        await hub.nats.crash();
        await sleep(500);
        await hub.nats.start();
      }),
    TIMEOUT_MS,
  );
});
