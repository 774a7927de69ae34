/** A stream's folder is deleted between two starts: the start is refused, and then restored, or the loss accepted. */
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signed } from '../apps/adapter-open/simulator/index.js';
import { until } from './support/hub-fixture.js';
import { StandaloneFixture } from './support/standalone-fixture.js';

const data = join(mkdtempSync(join(tmpdir(), 'hutong-vanished-')), 'data');
/** Each test stops and starts everything several times. */
const TIMEOUT_MS = 120_000;
let whole: StandaloneFixture;

beforeAll(async () => {
  whole = await StandaloneFixture.open(['sandbox'], {}, data);
});

afterAll(async () => {
  await whole?.close();
  rmSync(join(data, '..'), { recursive: true, force: true });
});

/** The folder of a stream in the store of nats-server: <store>/jetstream/<account>/streams/<name>. */
function folderOf(stream: string): string {
  const accounts = join(data, 'nats', 'jetstream', 'jetstream');
  const account = readdirSync(accounts).find((name) => existsSync(join(accounts, name, 'streams', stream)));
  if (account === undefined) throw new Error(`no folder of ${stream}`);
  return join(accounts, account, 'streams', stream);
}

/** What it says of itself: `npm start` prints the reason of the console. */
async function refusedStart(): Promise<string> {
  const error = await whole.start().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeDefined();
  return (error as Error).message;
}

/** Asks again while the adapter is starting: it refuses what was signed before its start. */
async function submit(id: string): Promise<boolean> {
  let verdict: boolean | undefined;
  await until(`a verdict on ${id}`, async () => (verdict = await attempt(id)) !== undefined);
  return verdict === true;
}

async function attempt(id: string): Promise<boolean | undefined> {
  const { url, key } = whole.file.networks.sandbox;
  const path = '/open/v1/events';
  const event = { kind: 'message', id, from: { id: 'ann' }, to: 'im:bob@nowhere', text: id };
  const body = JSON.stringify({ events: [event] });
  const headers = { ...signed(key, 'POST', path, body), 'content-type': 'application/json' };
  const answer = await fetch(url + path, { method: 'POST', headers, body });
  return ((await answer.json()) as { verdicts?: { accepted: boolean }[] }).verdicts?.[0]?.accepted;
}

test(
  'restored from a copy, it starts and is whole',
  async () => {
    expect(await submit('before')).toBe(true);
    await whole.stop();
    const [lost, copy] = [folderOf('IN_sandbox'), join(data, '..', 'backup')];
    cpSync(lost, copy, { recursive: true });
    rmSync(lost, { recursive: true });

    const said = await refusedStart();
    expect(said).toMatch(/stream IN_sandbox, created [-0-9T:.]+Z with 2 consumers: missing/);
    expect(said).toMatch(/To restore: .*docs\/operations.md/);
    expect(said).toMatch(/BUS_ACCEPT_LOSS=[0-9a-f]{12}/);

    cpSync(copy, lost, { recursive: true });
    await whole.start();
    expect(await submit('after')).toBe(true);
  },
  TIMEOUT_MS,
);

test(
  'without a copy the loss is accepted by its code, once',
  async () => {
    await whole.stop();
    rmSync(folderOf('IN_sandbox'), { recursive: true });
    const code = /BUS_ACCEPT_LOSS=([0-9a-f]{12})/.exec(await refusedStart())?.[1] ?? '';

    await whole.start({ BUS_ACCEPT_LOSS: code });
    expect(await submit('made anew')).toBe(true);
    await whole.stop();
    await whole.start();
    expect(await submit('and again')).toBe(true);
  },
  TIMEOUT_MS,
);
