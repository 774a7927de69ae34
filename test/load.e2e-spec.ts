/**
 * Promise 2 with real servers: 2,000 messages each way between alice on Prosody and bob on Synapse, offered at 100 a
 * second, which is more than Synapse takes here. The queue drains in order; none is lost, none doubled. Then the same
 * while every process in turn is killed with SIGKILL and started again.
 */
import { alice, bob, setTheStage, whole } from './support/alice-and-bob.js';
import { until } from './support/hub-fixture.js';
import type { Phone } from './support/phone.js';
import type { ProcessName } from './support/standalone-fixture.js';

const EACH_WAY = Number(process.env['LOAD_EACH_WAY'] ?? 2000);
const PER_SECOND = 100;
const PATIENCE_MS = 400_000;

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

async function bothWays(tag: string, meanwhile: () => Promise<void>): Promise<void> {
  const [fromAlice, fromBob] = [`${tag} a`, `${tag} b`];
  const offering = [
    offer(alice, whole.inXmpp(), fromAlice),
    offer(bob, whole.inMatrix(), fromBob),
    meanwhile(),
  ];
  await Promise.all(offering);
  const all = () =>
    received(bob, fromAlice).length >= EACH_WAY && received(alice, fromBob).length >= EACH_WAY;
  await until('all to arrive', all, PATIENCE_MS).catch(() => undefined);
  const wanted = (words: string) => Array.from({ length: EACH_WAY }, (_, index) => `${words} ${index}`);
  expect(received(bob, fromAlice)).toEqual(wanted(fromAlice));
  expect(received(alice, fromBob)).toEqual(wanted(fromBob));
}

describe(`${EACH_WAY} messages each way, offered at ${PER_SECOND} a second`, () => {
  test(
    'back-pressure and a queue that drains in order',
    () => bothWays('calm', () => Promise.resolve()),
    600_000,
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
    600_000,
  );
});
