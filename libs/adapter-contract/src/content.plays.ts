/** Content arrives complete: other scripts, long texts, images. */
import { readFileSync } from 'node:fs';
import { aPicture } from './a-picture.js';
import { within, type Cast } from './cast.js';

export function content(cast: Cast): void {
  const { words, expected } = cast;
  const { capabilities } = expected;

  test('T17 emoji, other scripts and long texts arrive completely', async () => {
    const text = `👩‍👩‍👧 你好 שלום ${'ä'.repeat(3000)}`;
    const before = cast.stage.ann.timeline.length;
    cast.sue({ kind: 'message', text });
    const read = () =>
      cast.stage.ann.timeline
        .slice(before)
        .flatMap((seen) => (seen.kind === 'text' ? [seen.text] : []))
        .join('');
    await within(
      'all of it, in one piece or in several',
      () => (read() === text ? true : undefined),
      () => [read()],
    );
    const { textLength = text.length } = capabilities.limits;
    const answer = text.slice(0, textLength / 2);
    await cast.stage.ann.write(cast.ghost, answer);
    await cast.sueSees('it', (act) => act.text === answer);
  });

  test('T18 a picture of sue arrives byte for byte, or a text says that it did not', async () => {
    const picture = await aPicture(cast.files, 'from sue.jpg');
    cast.sue({ kind: 'message', media: picture });
    if (capabilities.media?.image === undefined) {
      await cast.annReads(words.media('image', picture.name, '106'));
      return;
    }
    const seen = await cast.annSees('the picture', ({ kind }) => kind === 'media');
    if (expected.ghosts) expect(seen.from).toBe(cast.ghost);
    expect((await cast.stage.ann.fetch?.(seen))?.equals(readFileSync(picture.path))).toBe(true);
  });

  test('T19 a picture of ann arrives byte for byte', async () => {
    if (!cast.can('sendFile')) {
      expect(expected.annCan).not.toContain('sendFile');
      return;
    }
    const picture = await aPicture(cast.files, 'from ann.jpg');
    await cast.stage.ann.sendFile?.(cast.ghost, { ...picture, type: 'image/jpeg', kind: 'image' });
    const { media } = await cast.sueSees('the picture', (act) => act.media !== undefined);
    expect(media?.type).toBe('image/jpeg');
    expect(readFileSync(media?.path ?? '').equals(readFileSync(picture.path))).toBe(true);
  });
}
