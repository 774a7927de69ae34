/** A message that becomes several native messages is one message: it is edited, recalled and answered as a whole. */
import { aPicture } from './a-picture.js';
import { within, type Cast } from './cast.js';
import type { Seen } from './stage.js';

/** Characters. */
const LONGEST_PLAYED = 60_000;

/** Lines that a client shows: an edit changes a line, a recall removes it, and a repeated message adds nothing. */
function screenOf(timeline: Seen[]): Seen[] {
  const lines = new Map<string, Seen>();
  for (const seen of timeline) {
    const { kind, id, target = '' } = seen;
    const before = lines.get(target);
    if ((kind === 'text' || kind === 'media') && !lines.has(id)) lines.set(id, seen);
    else if (kind === 'edit' && before) lines.set(target, { ...before, text: seen.text ?? '' });
    else if (kind === 'recall') lines.delete(target);
  }
  return [...lines.values()];
}

export function nativeMessages(cast: Cast): void {
  const { words, expected } = cast;
  const { media, limits } = expected.capabilities;
  const pictures = media?.image !== undefined;
  /** A network without a limit accepts any text in one native message. */
  const limit = Math.min(
    limits.textLength ?? Infinity,
    limits.textUnits ?? Infinity,
    limits.textBytes ?? Infinity,
  );
  const splits = limit <= LONGEST_PLAYED;

  /** What ann sees from now on. On some networks a person must write first before they can receive many messages. */
  async function opened(word: string): Promise<(has: (screen: Seen[]) => boolean) => Promise<Seen[]>> {
    // When somebody new is written to, the account of a bot says so after the message has crossed, and before it reads the next one.
    await cast.stage.ann.write(cast.ghost, 'hello');
    await cast.stage.ann.write(cast.ghost, `now for ${word}`);
    await cast.sueSees(word, ({ text }) => text === `now for ${word}`);
    const before = cast.stage.ann.timeline.length;
    const screen = () => screenOf(cast.stage.ann.timeline.slice(before));
    return (has) =>
      within(
        `the end of ${word}`,
        () => (has(screen()) ? screen() : undefined),
        () => cast.seenAndRefused(screen()),
      );
  }

  const said = (screen: Seen[]) => screen.map(({ text = '' }) => text).join('');
  const shows = (screen: Seen[], text: string) => said(screen).includes(text);
  const mediaIn = (screen: Seen[]) => screen.filter(({ kind }) => kind === 'media').length;

  /** A text that needs more than two native messages, in which all words differ. */
  function longText(word: string): string {
    const length = Math.min(limit, LONGEST_PLAYED);
    return Array.from({ length: Math.ceil((length * 2.1) / (word.length + 6)) }, (_, at) => `${word}${at}`)
      .map((one) => one.padEnd(word.length + 5, '.'))
      .join(' ');
  }

  test('T40 a picture with a caption is recalled as a whole', async () => {
    const screen = await opened('a picture');
    const picture = await aPicture(cast.files, 'with words.jpg');
    const message = cast.sue({ kind: 'message', media: picture, text: 'look at this picture' });
    await screen((now) => shows(now, 'look at this picture') && mediaIn(now) === (pictures ? 1 : 0));
    cast.sue({ kind: 'recall', target: message });
    if (cast.shows('recall')) expect(await screen((now) => now.length === 0)).toEqual([]);
    else expect((await cast.annReads(words.recalled)).text).toBe(words.recalled);
  });

  test('T41 an edit of a caption keeps the picture', async () => {
    const screen = await opened('a caption');
    const picture = await aPicture(cast.files, 'stays.jpg');
    const message = cast.sue({ kind: 'message', media: picture, text: 'my old words' });
    await screen((now) => shows(now, 'my old words') && mediaIn(now) === (pictures ? 1 : 0));
    cast.sue({ kind: 'edit', target: message, text: 'my better words' });
    const after = await screen((now) => shows(now, 'my better words'));
    expect(mediaIn(after)).toBe(pictures ? 1 : 0);
    if (!pictures) expect(said(after)).toContain('stays.jpg');
    if (cast.shows('edit')) expect(said(after)).not.toContain('my old words');
    else expect(said(after)).toContain(words.edited('my better words'));
  });

  test('T42 an edit of a long text to a short one leaves no part of the long one', async () => {
    const screen = await opened('a long text');
    const long = longText('alpha');
    const message = cast.sue({ kind: 'message', text: long });
    const pieces = await screen((now) => said(now) === long);
    expect(pieces.length > 2).toBe(splits);
    cast.sue({ kind: 'edit', target: message, text: 'a short one' });
    const after = await screen((now) => shows(now, 'a short one'));
    if (!cast.shows('edit')) return expect(said(after)).toContain(words.edited('a short one'));
    const removed = cast.shows('recall') ? [] : pieces.slice(1).map(() => words.pieceRemoved);
    const whole = ['a short one', ...removed];
    const end = await screen((now) => now.length === whole.length && said(now) === whole.join(''));
    expect(end.map(({ text }) => text)).toEqual(whole);
  });

  test('T43 an edit of a short text to a long one arrives completely and once, also if the adapter is killed at that moment', async () => {
    const screen = await opened('a short text');
    const message = cast.sue({ kind: 'message', text: 'a seed' });
    await screen((now) => said(now) === 'a seed');
    const long = longText('gamma');
    cast.sue({ kind: 'edit', target: message, text: long });
    // A text that replaces an edit is a new message: T03 tests crashes during its delivery.
    if (!cast.shows('edit')) {
      const end = await screen((now) => said(now) === `a seed${words.edited(long)}`);
      return expect(end.length > 2).toBe(splits);
    }
    await cast.stage.restart('SIGKILL');
    // The report about an edit points to its message.
    const failures = () =>
      cast.stage.far
        .inbox(cast.sueName)
        .filter(({ kind, target }) => kind === 'failure' && target === message);
    const inDoubt = () => expected.sendsAtMostOnce !== undefined && failures().length > 0;
    const end = await screen((now) => said(now) === long || inDoubt());
    if (said(end) !== long) {
      expect(failures().map(({ code }) => code)).toEqual(['103']);
      const shown = end.map(({ text = '' }) => text);
      expect(new Set(shown).size).toBe(shown.length);
      for (const piece of shown) expect(`${long} a seed`).toContain(piece);
      return;
    }
    expect(end.length > 2).toBe(splits);
    expect(failures()).toEqual([]);
  });

  test('T44 a reply, reaction or read mark for any part refers to the whole message', async () => {
    const screen = await opened('its parts');
    const long = longText('delta');
    const message = cast.sue({ kind: 'message', text: long });
    const pieces = await screen((now) => said(now) === long);
    const [first, last] = [pieces[0]?.id ?? '', pieces.at(-1)?.id ?? ''];
    expect(first !== last).toBe(splits);
    const { ann } = cast.stage;
    const about = (kind: string) => cast.sueSees(kind, (act) => act.kind === kind && act.target === message);
    if (cast.can('reply')) {
      await ann.reply(cast.ghost, last, 'that I answer');
      await cast.sueSees('the answer', ({ text, target }) => text === 'that I answer' && target === message);
    }
    if (cast.can('react')) {
      await ann.react(cast.ghost, last, ['🌱']);
      expect((await about('reaction')).emoji).toEqual(['🌱']);
    }
    if (cast.can('markRead')) {
      await ann.markRead(cast.ghost, last);
      expect((await about('read')).target).toBe(message);
    }
  });
}
