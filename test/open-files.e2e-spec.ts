/**
 * Descriptors that the adapters and their transfer processes hold, on real processes: the number of open files is the same
 * after many transfers as before them, whatever became of the transfers, and no deleted file stays open.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestNetwork, type TestAct } from '#adapter-contract';
import { mediaStream, network } from '#protocol';
import { HubFixture, until, type App } from './support/hub-fixture.js';

const ADAPTER = 'dist/libs/adapter-contract/src/test-adapter.main.js';
const MB = 1024 * 1024;
const ROUNDS = 12;

let hub: HubFixture;
let north: TestNetwork;
let south: TestNetwork;
let apps: Record<'north' | 'south', App>;
let folder: string;
let people = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hutong-open-files-'));
  hub = await HubFixture.open();
  [north, south] = [await TestNetwork.open('north'), await TestNetwork.open('south')];
  await hub.switch();
  apps = { north: await adapterOf(north), south: await adapterOf(south, { image: {} }) };
});

afterAll(async () => {
  await hub?.close();
  await north?.close();
  await south?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function adapterOf(net: TestNetwork, media?: object): Promise<App> {
  return hub.app(`adapter-${net.slug}`, ADAPTER, {
    TEST_NETWORK: net.slug,
    TEST_PORT: String(net.port),
    NATS_CREDS: await hub.admit(net.slug),
    MEDIA_MAX_MB: '4',
    MEDIA_FOLDER: transit(net.slug),
    ...(media ? { TEST_MEDIA: JSON.stringify({ ...media, file: { maxBytes: 2 * MB } }) } : {}),
  });
}

const transit = (slug: string) => join(folder, `transit-${slug}`);

function fileOf(content: Buffer): string {
  const path = join(folder, randomBytes(6).toString('hex'));
  writeFileSync(path, content);
  return path;
}

/** Sends, and waits until the receiver has it or words in its place. */
async function sent(act: Partial<TestAct>): Promise<void> {
  const to = `s${++people}`;
  north.act({ kind: 'message', from: `n${people}`, to: `${to}@south`, ...act });
  await until('it or words in its place', () =>
    south.inbox(to).some(({ kind }) => kind === 'message' || kind === 'failure'),
  );
}

interface Descriptors {
  regularFiles: number;
  deleted: string[];
}

/** Of a process and of the processes that it started. */
function held(pid: number): Descriptors {
  const targets = familyOf(pid).flatMap((member) => {
    const entries = readdirSync(`/proc/${member}/fd`);
    return entries.flatMap((entry) => target(`/proc/${member}/fd/${entry}`));
  });
  return {
    regularFiles: targets.filter((path) => path.startsWith('/')).length,
    deleted: targets.filter((path) => path.includes(folder) && path.endsWith('(deleted)')),
  };
}

/** A descriptor may be closed while the list is read. */
function target(link: string): string[] {
  try {
    return [readlinkSync(link)];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function familyOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ');
  return [pid, ...children.filter(Boolean).flatMap((child) => familyOf(Number(child)))];
}

const transferProcessOf = (app: App) => familyOf(app.child.pid ?? 0)[1];

const same = randomBytes(300_000);
const kinds: Record<string, () => Promise<void>> = {
  'a file that the store has already': () => sent({ media: { path: fileOf(same), name: 'same.bin' } }),
  'a file that it does not have': () => sent({ media: { path: fileOf(randomBytes(300_000)) } }),
  'a file that is too large for the hub': () => sent({ media: { path: fileOf(Buffer.alloc(5 * MB, 1)) } }),
  'a file that is too large for the other network': () =>
    sent({ media: { path: fileOf(randomBytes(3 * MB)) } }),
  'an empty file': () => sent({ media: { path: fileOf(Buffer.alloc(0)) } }),
  'a file that is gone': () => sent({ media: { path: join(folder, 'never-was') } }),
  'a picture that cannot be read': () =>
    sent({
      media: { path: fileOf(Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(99)])) },
    }),
  'a file that is taken out of the store on its way': async () => {
    const arrived = sent({ media: { path: fileOf(randomBytes(600_000)) } });
    await hub.link.session?.jsm.streams.purge(mediaStream(network('north')));
    await arrived;
  },
};

describe('open files stay flat', () => {
  beforeAll(async () => {
    for (const send of Object.values(kinds)) await send();
  });

  test.each(Object.entries(kinds))('%s', async (_, send) => {
    await send();
    const before = [apps.north, apps.south].map(({ child }) => held(child.pid ?? 0));
    const processes = [apps.north, apps.south].map(transferProcessOf);
    for (let round = 0; round < ROUNDS; round++) await send();
    for (const [at, app] of [apps.north, apps.south].entries()) {
      const now = () => held(app.child.pid ?? 0);
      await until('every deleted file to be closed', () => now().deleted.length === 0);
      await until(
        'the files of before to be left',
        () => now().regularFiles <= (before[at]?.regularFiles ?? 0),
      );
    }
    // The process that moves files did not die of any of it.
    expect([apps.north, apps.south].map(transferProcessOf)).toEqual(processes);
  });
});
