/** A message that arrives long after it was written shows the time at which it was written. */
import type { Cast } from './cast.js';

const THREE_HOURS_MS = 3 * 3600_000;

export function time(cast: Cast): void {
  test('T65 a message that was written three hours ago shows its time', async () => {
    const sentAt = new Date(Date.now() - THREE_HOURS_MS);
    await cast.stage.ann.write(cast.ghost, 'anything from this morning?');
    await cast.sueSees('the question', ({ text }) => text === 'anything from this morning?');
    cast.sue({ kind: 'message', text: 'from this morning', sentAt: sentAt.toISOString() });
    const seen = await cast.annSees(
      'it',
      ({ kind, text }) => kind === 'text' && !!text?.endsWith('from this morning'),
    );
    if (cast.expected.capabilities.originalTime) {
      expect(seen.text).toBe('from this morning');
      expect(Math.abs(Date.parse(seen.since ?? '') - sentAt.getTime())).toBeLessThan(1000);
    } else expect(seen.text).toBe(`${cast.words.sentEarlier(sentAt, new Date())}\nfrom this morning`);
  });

  test('T65 a message that was written just now shows no time', async () => {
    cast.sue({ kind: 'message', text: 'written just now' });
    const seen = await cast.annReads('written just now');
    expect(seen.text).toBe('written just now');
  });
}
