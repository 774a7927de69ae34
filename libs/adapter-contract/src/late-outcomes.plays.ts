/** Networks that answer twice: what they report after they have accepted a message reaches its sender. */
import type { Cast } from './cast.js';

/** Declares the cases of an adapter that declares late failures. */
export function lateOutcomes(cast: Cast): void {
  const { expected } = cast;
  if (!expected.capabilities.lateOutcomes?.stages.includes('failed')) return;

  test('T58 a failure that the network reports after the delivery reaches the sender, once', async () => {
    const { far, failLater } = cast.stage;
    if (!failLater) {
      // The caller of the suite must give a reason, so that the case is never skipped silently.
      expect(expected.hasNoLateFailure ?? '').not.toBe('');
      return;
    }
    const lost = cast.sue({ kind: 'message', text: 'T58 is lost later' });
    const kept = cast.sue({ kind: 'message', text: 'T58 is not' });
    const last = cast.sue({ kind: 'message', text: 'T58 is lost last' });
    const received = await cast.annReads('T58 is lost later');
    await cast.annReads('T58 is not');
    const receivedLast = await cast.annReads('T58 is lost last');
    await cast.sueSees('the receipt', ({ kind, target }) => kind === 'delivered' && target === kept);
    await failLater(received);
    const failures = () => far.inbox(cast.sueName).filter(({ kind }) => kind === 'failure');
    const about =
      (message: string) =>
      ({ kind, target }: { kind: string; target?: string }) =>
        kind === 'failure' && target === message;
    expect(await cast.sueSees('the failure', about(lost))).toMatchObject({ code: '14' });
    // Repeated by the network, and then a failure that is reported later on the same way.
    await failLater(received);
    await failLater(receivedLast);
    await cast.sueSees('the last failure', about(last));
    expect(failures().filter(about(lost))).toHaveLength(1);
    expect(failures().filter(({ target }) => target === kept)).toEqual([]);
  });
}
