/**
 * Promise 2 with real servers: messages each way between alice on Prosody and bob on Synapse, offered at 100 a second,
 * which is more than Synapse takes here. The queue drains in order; none is lost, none doubled. Then the same while every
 * process in turn is killed with SIGKILL and started again.
 */
import { alice, bob, setTheStage, whole } from './support/alice-and-bob.js';
import type { Phone } from '#phones';
import { sleep } from '#service';
import { amount } from './support/amounts.js';
import { until } from './support/hub-fixture.js';
import { allOrStandstill } from './support/standstill.js';
import { PROCESS_EACH, type ProcessName } from './support/standalone-fixture.js';

const EACH_WAY = amount({ test: 100, torture: 2000 });
const PER_SECOND = 100;
/** A queue that drains is waited for; one that stands still this long has lost something. */
const STANDSTILL_MS = amount({ test: 60_000, torture: 120_000 });
const TIMEOUT_MS = amount({ test: 120_000, torture: 900_000 });
/** In this order, each when a further share of the messages has arrived. */
const VICTIMS: ProcessName[] = [
  'switch',
  'adapter-xmpp',
  'adapter-matrix',
  'nats-server',
  'synapse',
  'prosody',
];

setTheStage({ acquainted: true, env: PROCESS_EACH });

/** A person's client queues what is typed faster than the network takes it. */
async function offer(phone: Phone, peer: string, tag: string): Promise<void> {
  const start = Date.now();
  for (let sent = 0; sent < EACH_WAY; sent++) {
    const due = start + (sent * 1000) / PER_SECOND;
    const early = due - Date.now();
    if (early > 0) await sleep(early);
    await phone.write(peer, `${tag} ${sent}`);
  }
}

function received(phone: Phone, tag: string): string[] {
  return phone.timeline.flatMap(({ kind, text }) =>
    kind === 'text' && text?.startsWith(`${tag} `) ? [text] : [],
  );
}

/** @param meanwhile is called with the number of messages of both that have arrived */
async function bothWays(tag: string, meanwhile: (arrived: () => number) => Promise<void>): Promise<void> {
  const [fromAlice, fromBob] = [`${tag} a`, `${tag} b`];
  const arrived = () => received(bob, fromAlice).length + received(alice, fromBob).length;
  await Promise.all([
    offer(alice, whole.inXmpp(), fromAlice),
    offer(bob, whole.inMatrix(), fromBob),
    meanwhile(arrived),
  ]);
  await allOrStandstill(arrived, 2 * EACH_WAY, STANDSTILL_MS);
  const wanted = (words: string) => Array.from({ length: EACH_WAY }, (_, index) => `${words} ${index}`);
  expect(received(bob, fromAlice)).toEqual(wanted(fromAlice));
  expect(received(alice, fromBob)).toEqual(wanted(fromBob));
}

describe(`${EACH_WAY} messages each way, offered at ${PER_SECOND} a second`, () => {
  test(
    'back-pressure and a queue that drains in order',
    () => bothWays('calm', () => Promise.resolve()),
    TIMEOUT_MS,
  );

  test(
    'the same while the switch, the adapters, the bus and the servers themselves are killed',
    () =>
      bothWays('storm', async (arrived) => {
        for (const [at, victim] of VICTIMS.entries()) {
          const share = ((at + 1) * 2 * EACH_WAY) / (VICTIMS.length + 2);
          await until(`${share} messages to arrive`, () => arrived() >= share, STANDSTILL_MS);
          whole.kill(victim);
        }
      }),
    TIMEOUT_MS,
  );
});
