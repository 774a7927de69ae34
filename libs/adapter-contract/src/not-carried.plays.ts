/** No act of a person disappears silently: an act without a canonical form is described in text, or refused. */
import { within, type Cast } from './cast.js';

/** Ordinary texts that resemble commands: in a conversation they go to the correspondent, also through a bot account. */
const ORDINARY_WORDS = ['?', '？', 'help', '列表', '帮助'];

export function notCarried(cast: Cast): void {
  const { expected } = cast;

  test('T55 native content without a canonical form arrives as text, or its sender is notified', async () => {
    const { ann, far } = cast.stage;
    if (!ann.sendOddity) {
      // The caller of the suite must give a reason, so that the case is never skipped silently.
      expect(expected.hasNoOddity ?? '').not.toBe('');
      return;
    }
    await ann.write(cast.ghost, 'before T55');
    await cast.sueSees('what came before', ({ text }) => text === 'before T55');
    const { words } = await ann.sendOddity(cast.ghost, 'T55-odd');
    const [read, told] = [far.inbox(cast.sueName).length, ann.timeline.length];
    const seen = await within(
      `"${words}", or a refusal`,
      () =>
        far.inbox(cast.sueName).find((act) => act.kind === 'message' && act.text?.includes(words)) ??
        ann.timeline.slice(told).find(({ kind }) => kind === 'error' || kind === 'notice'),
      () => [...far.inbox(cast.sueName).slice(read - 3), ...ann.timeline.slice(told)],
    );
    expect(seen).toBeDefined();
  });

  test('T56 a reply to an unknown message arrives as a message', async () => {
    if (!cast.can('reply')) return cast.saysWhyNot('reply');
    await cast.stage.ann.reply(
      cast.ghost,
      cast.stage.unknownMessage ?? 'no-such-message',
      'T56 all the same',
    );
    const seen = await cast.sueSees('it', ({ text }) => text?.endsWith('T56 all the same') ?? false);
    expect(seen.target).toBeUndefined();
  });

  test('T57 ordinary texts that resemble commands reach the correspondent', async () => {
    const { ann, far, channel = cast.ghost } = cast.stage;
    await ann.write(cast.ghost, 'before T57');
    await cast.sueSees('what came before', ({ text }) => text === 'before T57');
    for (const word of ORDINARY_WORDS) await ann.write(channel, word);
    await ann.write(cast.ghost, 'after T57');
    await cast.sueSees('what came after', ({ text }) => text === 'after T57');
    // Receipts of earlier messages may come in between.
    const messages = far.inbox(cast.sueName).filter(({ kind }) => kind === 'message');
    const texts = messages.map(({ text }) => text ?? '');
    expect(texts.slice(texts.lastIndexOf('before T57') + 1, texts.lastIndexOf('after T57'))).toEqual(
      ORDINARY_WORDS,
    );
  });
}
