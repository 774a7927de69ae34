/**
 * The spine under fire: two test networks built on the kit, 20,000 messages at 2,000 a second, while the switch, each
 * adapter and nats-server are killed with SIGKILL and started again. None is lost, none doubled, none out of order.
 */
import { TestNetwork } from '#adapter-contract';
import { HubFixture, until, type App } from './support/hub-fixture.js';

const ADAPTER = 'dist/libs/adapter-contract/src/test-adapter.main.js';
const PER_CONVERSATION = 500;
const CONVERSATIONS = 20;
const EACH_WAY = PER_CONVERSATION * CONVERSATIONS;
const RATE = 2000;

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
    await new Promise((resolve) => setTimeout(resolve, 5));
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

describe('20,000 messages between two test networks at 2,000 a second', () => {
  const run = async (tag: string, fault: () => Promise<void>): Promise<void> => {
    const offering = offer(tag);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await fault();
    await offering;
    await until(
      `all of "${tag}" arrived (${arrived(tag)} of ${2 * EACH_WAY})`,
      () => arrived(tag) >= 2 * EACH_WAY,
    ).catch(() => undefined);
    expectEachOnceInOrder(tag);
  };
  const killed = async (app: App): Promise<void> => {
    await app.child.crash();
    await new Promise((resolve) => setTimeout(resolve, 500));
    await app.child.start();
  };

  test('when nothing fails', () => run('calm', () => Promise.resolve()), 120_000);
  test('when the switch is killed', () => run('switch', () => killed(theSwitch)), 120_000);
  test('when the northern adapter is killed', () => run('north', () => killed(northAdapter)), 120_000);
  test('when the southern adapter is killed', () => run('south', () => killed(southAdapter)), 120_000);
  test(
    'when nats-server is killed',
    () =>
      run('bus', async () => {
        await hub.nats.crash();
        await new Promise((resolve) => setTimeout(resolve, 500));
        await hub.nats.start();
      }),
    120_000,
  );
});
