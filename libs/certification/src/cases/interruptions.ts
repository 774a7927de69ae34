/** Level 1: the work of the adapter is interrupted. Each text is shown once and in order, or reported as uncertain (103). */
import { SILENT_AFTER_MS } from '#protocol';
import { offer, type CertificationCase } from '../case.js';
import { must } from '../case-failed.js';
import type { CaseContext } from '../case-context.js';
import { NumberedTexts } from './numbered-texts.js';

const HALF = 10;
/** While a restart is awaited: texts that are under way, pause before more are published, and the maximum number of texts. */
const [UNDER_WAY, PAUSE_MS, MOST] = [10, 20, 2000];
const OPERATOR_LIMIT_MS = 240_000;

/** Interrupts the work on twenty texts: half of them are under way, and half are published meanwhile. */
async function inTheMiddle(context: CaseContext, interrupt: () => Promise<void>): Promise<void> {
  const texts = new NumberedTexts(context);
  await texts.publish(HALF);
  await texts.firstAnswer();
  await Promise.all([interrupt(), texts.publish(HALF)]);
  // The text that was being delivered at that moment may have to end as uncertain.
  await texts.areAllShownOnce(1);
  await context.roundTrip();
}

export const connectionCut: CertificationCase = {
  id: 'connection-cut',
  level: 'L1',
  title: 'The connection is cut',
  proves:
    'The connections to the bus are cut while twenty texts are under way. Each is shown once and in order, and every answer arrives. One may end with 103.',
  remedy:
    'Connect again at once. Send every publication that the stream has not acknowledged again, oldest first, under the same Nats-Msg-Id; acknowledge a native message only after the stream has acknowledged its event.',
  documented: { file: 'adapters.md', heading: '3. Publish' },
  async run(context) {
    const connections = await context.connections();
    await inTheMiddle(context, () => context.cut(connections));
  },
};

export const takenOver: CertificationCase = {
  id: 'taken-over',
  level: 'L1',
  title: 'Deliveries start again',
  proves:
    'The consumer is unpinned and reset while twenty texts are under way, as when another instance takes over: what is unacknowledged is delivered again. Each text is shown once and in order. One may end with 103.',
  remedy:
    'When the delivery numbers do not follow on from one another, reset the consumer, forget what waits, and start with the delivery numbered 1. Find what was delivered before by the id of the event, and report it again instead of showing it again.',
  documented: { file: 'adapters.md', heading: '4. Consume' },
  run: (context) => inTheMiddle(context, () => context.takeOver()),
};

export const restart: CertificationCase = {
  id: 'restart',
  level: 'L1',
  title: 'Killed and started again',
  proves:
    'The operator kills the adapter while texts are under way, and starts it again. Each text is shown once and in order, and every answer arrives. One may end with 103.',
  remedy:
    'Store an event where it survives the process before you acknowledge anything: acknowledge on the bus after the outcome is stored, and to the native network after the stream has stored the event. Use the idempotency of the native network, or store a mark before you send.',
  documented: { file: 'adapters.md', heading: 'Capabilities' },
  limitMs: OPERATOR_LIMIT_MS,
  needs: offer(
    'restart',
    'operators who offer `restart`',
    'nobody offered to kill the adapter and start it again: certify with --restart',
  ),
  async run(context) {
    const { witness, capabilities } = context;
    const before = witness.instancesSince(Date.now() - SILENT_AFTER_MS);
    const isAgain = () => [...witness.instances.keys()].some((instance) => !before.includes(instance));
    const most = Math.min(MOST, capabilities.limits.messagesPerWindow ?? MOST);
    const texts = new NumberedTexts(context);
    const over = new AbortController();
    const keepSending = async () => {
      while (!isAgain() && !over.signal.aborted) {
        const room = Math.min(UNDER_WAY - texts.underWay, most - texts.count);
        if (room > 0) await texts.publish(room);
        await context.pause(PAUSE_MS);
      }
    };
    const kill = async () => {
      await texts.firstAnswer();
      await context.asked('restart', 'a sign-on of an instance with another name', isAgain);
    };
    try {
      await Promise.all([kill(), keepSending()]);
    } finally {
      over.abort();
    }
    must(
      texts.count < MOST,
      `the adapter was not killed while texts were under way: ${MOST} texts were sent before`,
    );
    const polite = before.filter((instance) => witness.signedOff.has(instance));
    must(polite.length === 0, 'the adapter signed off: it was stopped, not killed (send SIGKILL)');
    await texts.areAllShownOnce(1);
    await context.roundTrip();
  },
};

export const twoInstances: CertificationCase = {
  id: 'two-instances',
  level: 'L1',
  title: 'Two instances',
  proves:
    'The operator starts a second instance. Twenty texts are under way when the deliveries change from one instance to the other. Each is shown once and in order, and answered once. One may end with 103.',
  remedy:
    'Only the owner of the consumer sends. Derive the id of an event from the native id, so that two instances that see the same native message publish the same event. What one instance has delivered must be known to the other.',
  documented: { file: 'adapters.md', heading: '4. Consume' },
  limitMs: OPERATOR_LIMIT_MS,
  needs: offer(
    'second-instance',
    'operators who offer `second-instance`',
    'nobody offered to start a second instance: certify with --second-instance',
  ),
  async run(context) {
    const { witness } = context;
    // An instance that was killed a moment ago does not count.
    const askedAt = Date.now();
    const areTwo = () => witness.instancesSince(askedAt).length >= 2;
    await context.asked('second-instance', 'heartbeats of two instances', areTwo);
    await inTheMiddle(context, () => context.takeOver());
    const live = witness.instancesSince(Date.now() - SILENT_AFTER_MS);
    must(live.length >= 2, `of two instances, only ${live.join()} sends heartbeats`);
  },
};
