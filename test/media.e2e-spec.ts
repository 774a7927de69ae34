/** Attachments between six networks, in `npm run torture` each ordered pair: the recipient gets what the sender sent. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { amount, TORTURE } from './support/amounts.js';
import { Attachments } from './support/attachments.js';
import { openCast, type Actor } from './support/cast.js';
import { fetchBytes, linkIn, sees, type Attachment, type Seen } from '#phones';
import { StandaloneFixture } from './support/standalone-fixture.js';

const LARGE_MB = amount({ test: 4, torture: 20 });
const SIX = ['xmpp', 'matrix', 'fetion', 'wechat', 'yixin', 'feiliao'] as const;
type Slug = (typeof SIX)[number];

let whole: StandaloneFixture;
let cast: Record<Slug, Actor>;
let attachments: Attachments;
let picture: Attachment;
let large: Attachment;

beforeAll(async () => {
  attachments = await Attachments.open();
  [picture, large] = [await attachments.picture(), attachments.file(LARGE_MB)];
  whole = await StandaloneFixture.open([...SIX]);
  cast = await openCast(whole, SIX);
});

afterAll(async () => {
  for (const actor of Object.values(cast ?? {})) await actor.phone.hangUp();
  await whole?.close();
  attachments?.close();
});

/** What people of a network can send in its own clients. */
const SENDS: Record<Slug, { files: Attachment['kind'][]; voice: 'amr' | 'ogg'; place: boolean }> = {
  xmpp: { files: ['image', 'voice', 'video', 'file'], voice: 'ogg', place: true },
  matrix: { files: ['image', 'voice', 'video', 'file'], voice: 'ogg', place: true },
  fetion: { files: [], voice: 'amr', place: false },
  wechat: { files: ['image', 'voice', 'video'], voice: 'amr', place: true },
  yixin: { files: ['image', 'voice', 'video'], voice: 'amr', place: true },
  feiliao: { files: ['image', 'voice'], voice: 'amr', place: true },
};
/** Every ordered pair. `npm test` takes the third recipient of each sender: each network still sends and receives. */
function pairsThat(can: (from: Slug) => boolean): (readonly [Slug, Slug])[] {
  const senders = SIX.filter(can);
  const taken = TORTURE || senders.length < 3 ? [1, 2, 3, 4, 5] : [3];
  return senders.flatMap((from) =>
    taken.map((step) => [from, SIX[(SIX.indexOf(from) + step) % SIX.length] ?? from] as const),
  );
}
const sends = (kind: Attachment['kind']) => pairsThat((from) => SENDS[from].files.includes(kind));

/** Something new at the other end: the medium itself, or a link to it. */
async function received(to: Actor, before: number, what: string): Promise<{ seen: Seen; bytes: Buffer }> {
  const isNew = (seen: Seen) =>
    to.phone.timeline.findIndex(({ id, kind }) => id === seen.id && kind === seen.kind) >= before;
  const seen = await sees(
    to.phone,
    what,
    (one) => isNew(one) && (one.kind === 'media' || (one.kind === 'text' && linkIn(one.text) !== '')),
  );
  const bytes = seen.kind === 'media' ? await to.phone.fetch(seen) : await fetchBytes(linkIn(seen.text));
  return { seen, bytes };
}

/** One line each way, so that both know each other: a bot account sends attachments without text to the chosen correspondent. */
async function acquainted(one: Actor, other: Actor): Promise<string> {
  const hello = `${one.slug} greets ${other.slug} ${Math.random().toString(36).slice(2)}`;
  await one.phone.write(one.toReach(other), hello);
  await sees(other.phone, 'the greeting', ({ text }) => (text ?? '').endsWith(hello));
  return one.toReach(other);
}

describe.each(sends('image'))('a picture: %s → %s', (from, to) => {
  test('opens, is as large, and does not say where it was made', async () => {
    const [one, other] = [cast[from], cast[to]];
    const peer = await acquainted(one, other);
    const before = other.phone.timeline.length;
    await one.phone.sendFile(peer, picture);
    const { bytes } = await received(other, before, 'the picture');
    const { width, height, exif } = await sharp(bytes).metadata();
    expect({ width, height }).toEqual({ width: 300, height: 200 });
    expect(exif?.includes(Buffer.from([39, 0, 0, 0, 1, 0, 0, 0, 54])) ?? false).toBe(false);
  });
});

describe('metadata that clients use', () => {
  test('a large picture has a thumbnail on Matrix, smaller than itself', async () => {
    const [one, other] = [cast.xmpp, cast.matrix];
    const peer = await acquainted(one, other);
    const before = other.phone.timeline.length;
    const size = { width: 1200, height: 900, channels: 3 as const, background: 'green' };
    const noise = { type: 'gaussian' as const, mean: 128, sigma: 40 };
    const content = await sharp({ create: { ...size, noise } })
      .jpeg()
      .toBuffer();
    await one.phone.sendFile(peer, attachments.write('large.jpg', 'image/jpeg', 'image', content));
    const { seen, bytes } = await received(other, before, 'the picture');
    expect(bytes.equals(content)).toBe(true);
    const thumbnail = await other.phone.fetch({ ...seen, media: { url: seen.media?.thumbnail ?? '' } });
    expect((await sharp(thumbnail).metadata()).width).toBe(400);
    expect(thumbnail.length).toBeLessThan(content.length);
  });

  test('a part of a picture can be asked for through the open interface', async () => {
    const [one, other] = [cast.xmpp, cast.feiliao];
    const peer = await acquainted(one, other);
    const before = other.phone.timeline.length;
    await one.phone.sendFile(peer, picture);
    const { seen, bytes } = await received(other, before, 'the picture');
    const response = await fetch(seen.media?.url ?? '', { headers: { range: 'bytes=100-199' } });
    expect(response.status).toBe(206);
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes.subarray(100, 200))).toBe(true);
  });

  test('the trace contains the conversion of a voice note', async () => {
    const [one, other] = [cast.matrix, cast.wechat];
    const peer = await acquainted(one, other);
    const before = other.phone.timeline.length;
    const id = await one.phone.sendFile(peer, attachments.voice('ogg'));
    await received(other, before, 'the voice note');
    const path = `/v1/messages/trace?network=matrix&native=${encodeURIComponent(id)}`;
    const steps = async () => JSON.stringify((await whole.console<unknown>('GET', path)).body);
    const deadline = Date.now() + 10_000;
    while (!(await steps()).includes('turned into audio/amr') && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await steps()).toContain('turned into audio/amr');
  });
});

describe.each(sends('voice'))('a voice note: %s → %s', (from, to) => {
  test('plays as long as it was spoken', async () => {
    const [one, other] = [cast[from], cast[to]];
    const peer = await acquainted(one, other);
    const before = other.phone.timeline.length;
    await one.phone.sendFile(peer, attachments.voice(SENDS[from].voice));
    const { seen, bytes } = await received(other, before, 'the voice note');
    expect(Math.abs(attachments.secondsOf(bytes) - 3)).toBeLessThan(0.3);
    if (seen.media?.seconds !== undefined) expect(Math.abs(seen.media.seconds - 3)).toBeLessThanOrEqual(1);
  });
});

describe.each(sends('file'))(`${LARGE_MB} MB: %s → %s`, (from, to) => {
  test('are the same to the byte', async () => {
    const [one, other] = [cast[from], cast[to]];
    const peer = await acquainted(one, other);
    const before = other.phone.timeline.length;
    await one.phone.sendFile(peer, large);
    const { bytes } = await received(other, before, 'the file');
    const hash = (content: Buffer) => createHash('sha256').update(content).digest('hex');
    expect(hash(bytes)).toBe(hash(readFileSync(large.path)));
  });
});

describe.each(pairsThat((from) => SENDS[from].place))('a place: %s → %s', (from, to) => {
  test('is shown, or led to on a map', async () => {
    const [one, other] = [cast[from], cast[to]];
    const peer = await acquainted(one, other);
    await one.phone.sendPlace(peer, {
      latitude: 39.9042,
      longitude: 116.4074,
      label: `Hutong ${from} ${to}`,
    });
    const seen = await sees(other.phone, 'the place', ({ text }) =>
      (text ?? '').includes(`Hutong ${from} ${to}`),
    );
    expect(seen.text).toContain('39.9042');
    expect(seen.text).toContain('116.4074');
    expect(seen.kind).toBe(other.shows('location') && to !== 'xmpp' ? 'location' : 'text');
  });
});

describe.each(sends('file'))('a contact card: %s → %s', (from, to) => {
  test('says name and number', async () => {
    const [one, other] = [cast[from], cast[to]];
    const peer = await acquainted(one, other);
    const name = `Han Mei ${from} ${to}`;
    await one.phone.sendFile(peer, attachments.card(name, '+8613800138000'));
    const seen = await sees(
      other.phone,
      'the card',
      ({ text, media }) => (text ?? '').includes(name) || media?.name === `${name}.vcf`,
    );
    if (seen.kind === 'media') {
      const card = (await other.phone.fetch(seen)).toString();
      expect(card).toContain(`FN:${name}`);
      expect(card).toContain('+8613800138000');
    } else
      expect(other.shows('card') ? seen.kind : seen.text).toMatch(
        other.shows('card') ? /card/ : /13800138000/,
      );
  });
});
