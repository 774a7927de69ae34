/**
 * Promise 2 with real servers: 2,000 messages each way between alice on Prosody and bob on Synapse, offered at 100 a
 * second, which is more than Synapse takes here. The queue drains in order; none is lost, none doubled. Then the same
 * while every process in turn is killed with SIGKILL and started again.
 */
import { alice, bob, setTheStage, whole } from './support/alice-and-bob.js';
import type { Phone } from '#phones';
import type { ProcessName } from './support/standalone-fixture.js';

const EACH_WAY = Number(process.env['LOAD_EACH_WAY'] ?? 2000);
const PER_SECOND = 100;
/** A queue that drains is waited for; one that stands still this long has lost something. */
const STANDSTILL_MS = 120_000;

setTheStage({ acquainted: true });

/** A person's client queues what is typed faster than the network takes it. */
async function offer(phone: Phone, peer: string, tag: string): Promise<void> {
  const start = Date.now();
  for (let sent = 0; sent < EACH_WAY; sent++) {
    const due = start + (sent * 1000) / PER_SECOND;
    if (due > Date.now()) await new Promise((resolve) => setTimeout(resolve, due - Date.now()));
    await phone.write(peer, `${tag} ${sent}`);
  }
}

function received(phone: Phone, tag: string): string[] {
  return phone.timeline.flatMap(({ kind, text }) =>
    kind === 'text' && text?.startsWith(`${tag} `) ? [text] : [],
  );
}

/** Until all has come, or nothing comes any more. */
async function drained(count: () => number[]): Promise<void> {
  let last = { text: '', at: Date.now() };
  while (count().some((arrived) => arrived < EACH_WAY)) {
    const text = count().join();
    if (text !== last.text) last = { text, at: Date.now() };
    else if (Date.now() - last.at > STANDSTILL_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function bothWays(tag: string, meanwhile: () => Promise<void>): Promise<void> {
  const [fromAlice, fromBob] = [`${tag} a`, `${tag} b`];
  await Promise.all([
    offer(alice, whole.inXmpp(), fromAlice),
    offer(bob, whole.inMatrix(), fromBob),
    meanwhile(),
  ]);
  await drained(() => [received(bob, fromAlice).length, received(alice, fromBob).length]);
  const wanted = (words: string) => Array.from({ length: EACH_WAY }, (_, index) => `${words} ${index}`);
  expect(received(bob, fromAlice)).toEqual(wanted(fromAlice));
  expect(received(alice, fromBob)).toEqual(wanted(fromBob));
}

describe(`${EACH_WAY} messages each way, offered at ${PER_SECOND} a second`, () => {
  test(
    'back-pressure and a queue that drains in order',
    () => bothWays('calm', () => Promise.resolve()),
    900_000,
  );

  test(
    'the same while the switch, the adapters, the bus and the servers themselves are killed',
    () =>
      bothWays('storm', async () => {
        const victims: ProcessName[] = [
          'switch',
          'adapter-xmpp',
          'adapter-matrix',
          'nats-server',
          'synapse',
          'prosody',
        ];
        for (const victim of victims) {
          await new Promise((resolve) => setTimeout(resolve, 6000));
          whole.kill(victim);
        }
      }),
    900_000,
  );
});
