/** Attachments between two test networks during faults: killed processes, lost and damaged files, and the reports to both sides. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { TestNetwork, type TestAct } from '#adapter-contract';
import { MediaStore } from '#bus';
import { findFfmpeg, required } from '#engines';
import { mediaStream, network, PHRASES } from '#protocol';
import { amount } from './support/amounts.js';
import { HubFixture, until, type App } from './support/hub-fixture.js';

const ADAPTER = 'dist/libs/adapter-contract/src/test-adapter.main.js';
const MB = 1024 * 1024;
const MAX_MB = 64;
/** MB of what a process is killed at: transfers get only the CPU time that nobody else wants. */
const LARGE = amount({ test: 12, torture: 48 });
/** MB of each file of many. */
const MIDDLE = amount({ test: 1, torture: 4 });

let hub: HubFixture;
let north: TestNetwork;
let south: TestNetwork;
let apps: Record<'north' | 'south', App>;
let folder: string;
let store: MediaStore;
let people = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hutong-faults-'));
  hub = await HubFixture.open();
  [north, south] = [await TestNetwork.open('north'), await TestNetwork.open('south')];
  await hub.switch();
  apps = { north: await adapterOf(north), south: await adapterOf(south) };
  store = new MediaStore(hub.link);
});

afterAll(async () => {
  await hub?.close();
  await north?.close();
  await south?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function adapterOf(net: TestNetwork, env: NodeJS.ProcessEnv = {}): Promise<App> {
  const { ffmpeg, ffprobe } = required('ffmpeg', await findFfmpeg(() => undefined)).paths;
  return hub.app(`adapter-${net.slug}`, ADAPTER, {
    TEST_NETWORK: net.slug,
    TEST_PORT: String(net.port),
    NATS_CREDS: await hub.admit(net.slug),
    MEDIA_MAX_MB: String(MAX_MB),
    MEDIA_FOLDER: join(folder, `transit-${net.slug}`),
    FFMPEG: ffmpeg,
    FFPROBE: ffprobe,
    ...env,
  });
}

function fileOf(content: Buffer, name: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const hashOf = (content: Buffer) => createHash('sha256').update(content).digest('hex');

/** Two people who have not met: each play has its own conversation. */
function two() {
  const n = ++people;
  const [from, to] = [`n${n}`, `s${n}`];
  const say = (act: Partial<TestAct>) => north.act({ kind: 'message', from, to: `${to}@south`, ...act });
  const heard = () => south.inbox(to).filter(({ kind }) => kind === 'message');
  const told = () => north.inbox(from).filter(({ kind }) => kind === 'failure');
  return { say, heard, told };
}

/** Blocks in the store, of objects that are whole or not. */
async function blocks(): Promise<number> {
  return (await hub.link.session?.jsm.streams.info(mediaStream(network('north'))))?.state.messages ?? 0;
}

const inTransit = (slug: string) => readdirSync(join(folder, `transit-${slug}`));

describe('a process is killed in the middle of a transfer', () => {
  test.each(['north', 'south'] as const)(
    'the adapter of the %s: the file comes once, whole, and what was said after it after it',
    async (victim) => {
      const content = randomBytes(LARGE * MB);
      const path = fileOf(content, `to-kill-${victim}`);
      const before = await blocks();
      const { say, heard } = two();
      // What comes out stays on the way until it is answered.
      south.hang(true);
      say({ media: { path, name: 'large.bin' } });
      say({ text: 'after it' });
      // In the north while it goes in; in the south while it comes out.
      const under = victim === 'north' ? 20 : LARGE * 4;
      await until('the transfer to be under way', async () => (await blocks()) - before >= under);
      if (victim === 'south') await until('the south to have begun', () => inTransit('south').length > 0);
      await apps[victim].child.crash();
      south.hang(false);
      await apps[victim].child.start();
      await until('both to arrive', () => heard().length >= 2);
      const [file, words] = heard();
      expect(file?.media).toMatchObject({ sha256: hashOf(content), size: content.length, name: 'large.bin' });
      expect(hashOf(readFileSync(file?.media?.path ?? ''))).toBe(hashOf(content));
      expect(words?.text).toBe('after it');
      expect(heard()).toHaveLength(2);
      await until('nothing to be left on the way', () => inTransit(victim).length === 0);
    },
  );

  test('the bus', async () => {
    const content = randomBytes(LARGE * MB);
    const before = await blocks();
    const { say, heard } = two();
    say({ media: { path: fileOf(content, 'to-kill-bus') } });
    await until('the transfer to be under way', async () => (await blocks()) - before >= 10);
    await hub.nats.crash();
    await hub.nats.start();
    await until('it to arrive', () => heard().length > 0);
    expect(heard().map(({ media }) => media?.sha256)).toEqual([hashOf(content)]);
  });
});

describe('the store', () => {
  test('stores identical content once, and nobody can recognise it by its name', async () => {
    const path = fileOf(randomBytes(300_000), 'twice');
    const before = (await store.objects()).length;
    const plays = [two(), two()];
    for (const { say } of plays) say({ media: { path } });
    await until('both to arrive', () => plays.every(({ heard }) => heard().length === 1));
    const objects = await store.objects();
    expect(objects).toHaveLength(before + 1);
    expect(objects.map(({ place }) => place.object).join()).not.toContain(hashOf(readFileSync(path)));
  });
});

describe('20 transfers while people talk', () => {
  test('every file is whole, every line is there in its order', async () => {
    const files = Array.from({ length: 20 }, (_, n) => ({
      play: two(),
      content: randomBytes(MIDDLE * MB),
      n,
    }));
    const talk = two();
    for (const { play, content, n } of files)
      play.say({ media: { path: fileOf(content, `one-of-20-${n}`) } });
    for (let line = 0; line < 200; line++) {
      talk.say({ text: `line ${line}` });
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await until(
      'all to arrive',
      () => files.every(({ play }) => play.heard().length === 1) && talk.heard().length === 200,
    );
    expect(talk.heard().map(({ text }) => text)).toEqual(
      Array.from({ length: 200 }, (_, line) => `line ${line}`),
    );
    for (const { play, content } of files) expect(play.heard()[0]?.media?.sha256).toBe(hashOf(content));
  });
});

describe('both sides are notified of a missing attachment, and the text beside it arrives', () => {
  const en = PHRASES.en;

  test('gone', async () => {
    const { say, heard, told } = two();
    say({ text: 'look at this', media: { path: join(folder, 'never-was'), name: 'holiday.jpg' } });
    await until('the text', () => heard().length > 0);
    expect(heard()[0]?.text).toBe(`${en.media('file', 'holiday.jpg', '107')}\nlook at this`);
    await until('the sender to be notified', () => told().length > 0);
    expect(told().map(({ code }) => code)).toEqual(['107']);
  });

  test('too large', async () => {
    const { say, heard, told } = two();
    say({
      text: 'the film',
      media: { path: fileOf(Buffer.alloc((MAX_MB + 1) * MB), 'film'), name: 'film.bin' },
    });
    await until('the text', () => heard().length > 0);
    expect(heard()[0]?.text).toBe(`${en.media('file', 'film.bin', '105')}\nthe film`);
    await until('the sender to be notified', () => told().length > 0);
    expect(told()[0]?.code).toBe('105');
  });

  test('of a kind that is not taken', async () => {
    await apps.south.child.stop();
    apps.south = await adapterOf(south, {
      TEST_MEDIA: JSON.stringify({ image: { types: ['image/jpeg'] }, captions: true }),
    });
    const { say, heard, told } = two();
    say({
      text: 'the contract',
      media: { path: fileOf(Buffer.from('%PDF-1.7 \n%%EOF'), 'contract.pdf'), name: 'contract.pdf' },
    });
    await until('the text', () => heard().length > 0);
    expect(heard()[0]?.text).toBe(`${en.media('file', 'contract.pdf', '106')}\nthe contract`);
    await until('the sender to be notified', () => told().length > 0);
    expect(told()[0]?.code).toBe('106');
  });

  test('a picture of another form is turned into one that is taken, and its name with it', async () => {
    const webp = await sharp({ create: { width: 30, height: 20, channels: 3, background: 'red' } })
      .webp()
      .toBuffer();
    const { say, heard } = two();
    say({ media: { path: fileOf(webp, 'a.webp'), name: '../..\\evil\u202Egpj.webp' } });
    await until('the picture', () => heard().length > 0);
    expect(heard()[0]?.media).toMatchObject({ as: 'image', type: 'image/jpeg', name: 'evilgpj.jpg' });
  });

  test.each([
    [
      'spoiled in the store',
      '108',
      (subject: string) => hub.link.session?.js.publish(subject, 'not what was sealed'),
    ],
    [
      'taken out of the store',
      '107',
      (subject: string) =>
        hub.link.session?.jsm.streams.purge(mediaStream(network('north')), { filter: subject }),
    ],
  ] as const)('%s', async (_, code, harm) => {
    await apps.south.child.stop();
    const known = new Set((await store.objects()).map(({ place }) => place.object));
    const { say, heard, told } = two();
    const content = await sharp({
      create: {
        width: 64,
        height: 64,
        channels: 3,
        background: 'blue',
        noise: { type: 'gaussian', mean: 99, sigma: 30 },
      },
    })
      .jpeg()
      .toBuffer();
    say({ text: 'my picture', media: { path: fileOf(content, 'picture'), name: 'picture.jpg' } });
    let object: string | undefined;
    await until('it to be stored', async () => {
      object = (await store.objects()).find(({ place }) => !known.has(place.object))?.place.object;
      return object !== undefined;
    });
    await harm(`hub.media.north.${object}.0`);
    await apps.south.child.start();
    await until('the text', () => heard().length > 0);
    expect(heard()[0]?.text).toBe(`${en.media('image', 'picture.jpg', code)}\nmy picture`);
    await until('the sender to be notified', () => told().length > 0);
    expect(told()[0]?.code).toBe(code);
  });
});

describe('a machine without ffmpeg', () => {
  test('says so, and a voice note goes as the file that it is', async () => {
    await apps.south.child.stop();
    apps.south = await adapterOf(south, {
      FFMPEG: '/nowhere/ffmpeg',
      TEST_MEDIA: JSON.stringify({ voice: { types: ['audio/ogg'] }, file: {} }),
    });
    const { say, heard, told } = two();
    const amr = Buffer.concat([
      Buffer.from('#!AMR\n'),
      ...Array.from({ length: 50 }, () => Buffer.from([0x3c, ...new Uint8Array(31)])),
    ]);
    say({ media: { path: fileOf(amr, 'note.amr'), name: 'note.amr', as: 'voice' } });
    await until('the note', () => heard().length > 0);
    expect(heard()[0]?.media).toMatchObject({ as: 'file', type: 'audio/amr', sha256: hashOf(amr) });
    expect(told()).toEqual([]);
  });
});
