/** Names and avatars, in both directions. */
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { Cast } from './cast.js';

const PATIENCE_MS = 45_000;
const RED = { r: 200, g: 20, b: 20 };
const BLUE = { r: 20, g: 20, b: 200 };

export function profiles(cast: Cast): void {
  const { expected } = cast;
  const avatars = expected.capabilities.avatars;
  const hears = async (text: string, more: { name?: string; avatar?: string } = {}) => {
    cast.sue({ kind: 'message', text, ...more });
    // A bot account puts the sender's name at the beginning of the line.
    return cast.annSees(text, (seen) => seen.kind === 'text' && (seen.text ?? '').endsWith(text));
  };
  const says = async (text: string) => {
    await cast.stage.ann.write(cast.ghost, text);
    return cast.sueSees(text, (act) => act.kind === 'message' && act.text === text);
  };
  const anAvatar = (colour: typeof RED) => aRectangle(cast.files.newFile('avatar.png'), colour);
  /** What ann sees of sue: the name of the ghost, or the name at the beginning of her message. */
  const nameOfSue = async (): Promise<string | undefined> => {
    if (expected.ghosts) return cast.stage.ann.shownName?.(cast.ghost);
    const { from } = await hears(`look up ${randomUUID().slice(0, 8)}`, { name: '' });
    return cast.stage.ann.shownName?.(from);
  };
  const annShows = async (name: string) => {
    if (!cast.stage.ann.shownName) return cast.saysWhyNot('shownName');
    const shown = await until(name, nameOfSue, (found) => found?.includes(name) ?? false);
    expect(shown).toContain(name);
  };
  test('T50 ann sees the current name and the network of sue; a message without a name does not change it', async () => {
    await hears('I am Susan', { name: 'Susan' });
    await annShows('Susan');
    await hears('no name', { name: '' });
    await hears('a blank one', { name: '\u3164\u200B' });
    await annShows('Susan');
    await hears('I am Susanne', { name: 'Susanne' });
    await annShows('Susanne');
  });

  test('T51 a name cannot hide the sender, nor look like a person of another network', async () => {
    await hears('dressed up', { name: 'Amy\u202E\n (wechat)' });
    await annShows('Amy ‹wechat›');
    expect((await nameOfSue()) ?? '').not.toMatch(/[\u202E\n]|\(wechat\)/);
    await hears('sue again', { name: 'sue' });
  });

  test('T52 sue sees the name that ann chose, and its change', async () => {
    const before = await says('who am I?');
    expect(before.name).toBeTruthy();
    const { ann } = cast.stage;
    if (!cast.can('rename') || !ann.rename) return cast.saysWhyNot('rename');
    await ann.rename('Ann Onymous', cast.ghost);
    const names = async () => (await says(`called ${randomUUID().slice(0, 8)}`)).name;
    expect(await until('her new name', names, (name) => name === 'Ann Onymous')).toBe('Ann Onymous');
    expect(await names()).toBe('Ann Onymous');
  });

  test('T53 ann sees the avatar of sue as a small JPEG, and its removal; a hostile avatar does not affect messages', async () => {
    const { ann } = cast.stage;
    const evil = cast.files.newFile('avatar.png');
    await writeFile(evil, '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
    await hears('with a script for a face', { avatar: evil });
    await hears('with a face', { avatar: await anAvatar(RED) });
    // The capabilities declare that the network shows no avatars.
    if (avatars === 'told' || avatars === undefined) return;
    if (!ann.shownAvatar) return cast.saysWhyNot('shownAvatar');
    // The avatar arrives with the next message after it was downloaded.
    const shown = async () => {
      await hears(`look ${randomUUID().slice(0, 8)}`);
      return ann.shownAvatar?.(cast.ghost);
    };
    const jpeg = await until('her avatar', shown, (picture) => picture !== undefined);
    const { format, width } = await sharp(jpeg).metadata();
    expect(format).toBe('jpeg');
    expect(width).toBeLessThanOrEqual(256);
    await hears('without a face', { avatar: '' });
    expect(await until('no avatar', shown, (picture) => picture === undefined)).toBeUndefined();
  });

  test('T54 sue sees the avatar of ann, once for each change', async () => {
    const { ann, far } = cast.stage;
    const seen = () => far.inbox(cast.sueName).filter(({ kind }) => kind === 'avatar');
    await says('before any avatar');
    if (avatars === 'shown' || avatars === undefined || !cast.can('look') || !ann.look) {
      expect(seen()).toEqual([]);
      if (avatars !== 'shown' && avatars !== undefined) cast.saysWhyNot('look');
      return;
    }
    await ann.look(await anAvatar(BLUE), cast.ghost);
    const shown = await until(
      'the avatar of ann',
      async () => (await says(`look at me ${randomUUID().slice(0, 8)}`), seen().at(-1)),
      (act) => act?.media !== undefined,
    );
    const { data } = await sharp(await readFile(shown?.media?.path ?? ''))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(data[2]).toBeGreaterThan(data[0] ?? 255);
    for (const text of ['and again', 'and still']) await says(text);
    expect(seen().filter(({ media }) => media?.sha256 === shown?.media?.sha256)).toHaveLength(1);
  });
}

async function until<T>(what: string, look: () => Promise<T> | T, done: (found: T) => boolean): Promise<T> {
  for (const deadline = Date.now() + PATIENCE_MS; ;) {
    const found = await look();
    if (done(found)) return found;
    if (Date.now() > deadline) throw new Error(`nobody saw ${what}; only ${String(found)}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

async function aRectangle(path: string, background: typeof RED): Promise<string> {
  await sharp({ create: { width: 640, height: 480, channels: 3, background } })
    .png()
    .toFile(path);
  return path;
}
