/** Changes that the hash chain alone cannot show: a log that was rewritten completely, or whose end was removed. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ConsoleFixture, FIRST_ADMIN } from '../../../../test/support/console-fixture.js';
import { AuditCheckpoints } from './audit-checkpoints.js';
import { AuditService } from './audit.service.js';
import { chained, firstBroken, GENESIS, type ChainedEntry } from './chain.js';
import { Checkpoint, CheckpointsHeld } from './checkpoint.js';
import { signingKeyIn } from './signing-key.js';

let house: ConsoleFixture;
let file: string;
let keyFile: string;
let publicKey: string;
const START = { seq: 0, hash: GENESIS };

beforeAll(async () => {
  house = await ConsoleFixture.open();
  file = join(house.hub.folder, 'checkpoints.jsonl');
  keyFile = join(house.hub.folder, 'audit-signing-key.pem');
  house.settings.AUDIT_CHECKPOINT_FILE = file;
  await house.restart();
  publicKey = (await house.call<{ key: string }>(house.auditor, 'GET', '/v1/audit/key')).body.key;
});
afterAll(() => house?.close(), 60_000);

const entries = () => new AuditService(house.database).list('oldest', 0, 10_000);
const kept = () =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => Checkpoint.parse(JSON.parse(line)));

/** The result of `npm run audit` with these entries. */
function found(log: ChainedEntry[]): string | undefined {
  const held = new CheckpointsHeld(kept(), publicKey);
  for (const entry of log) {
    const wrong = held.reads(entry);
    if (wrong !== undefined) return wrong;
  }
  return held.ends();
}

/** The whole log with one changed reason and recalculated hashes: its hash chain is valid. */
function rewritten(log: ChainedEntry[]): ChainedEntry[] {
  const made: ChainedEntry[] = [];
  for (const { previous: _previous, hash: _hash, ...entry } of log) {
    const reason = entry.seq === 2 ? 'quite another reason' : entry.reason;
    made.push(chained({ ...entry, reason }, made.at(-1)?.hash ?? GENESIS));
  }
  return made;
}

test('the first start makes the key, readable to its owner alone, and signs a checkpoint into the file', () => {
  expect(existsSync(keyFile)).toBe(true);
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  expect(kept().length).toBeGreaterThan(0);
});

test('the API lists what the file has', async () => {
  const listed = await house.call<{ items: Checkpoint[] }>(FIRST_ADMIN, 'GET', '/v1/audit/checkpoints');
  expect(listed.body.items).toEqual(kept());
});

test('a log as it was written agrees with its checkpoints', async () => {
  expect(found(await entries())).toBeUndefined();
});

test('a log that was rewritten consistently is found, though its chain is unbroken', async () => {
  const forged = rewritten(await entries());
  expect(firstBroken(forged, START)).toBeUndefined();
  expect(found(forged)).toMatch(/the log was rewritten/);
});

test('a log that was cut short is found, though its chain is unbroken', async () => {
  const cut = (await entries()).slice(0, (kept().at(-1)?.seq ?? 0) - 1);
  expect(firstBroken(cut, START)).toBeUndefined();
  expect(found(cut)).toMatch(/the log was cut short/);
});

test('a checkpoint that somebody else signed, or that was changed, is refused', () => {
  const [first, ...rest] = kept();
  if (!first) throw new Error('no checkpoint');
  const changed = { ...first, hash: '0'.repeat(64) };
  expect(() => new CheckpointsHeld([changed, ...rest], publicKey)).toThrow('was not signed with this key');
  const another = Buffer.alloc(32, 1).toString('base64url');
  expect(() => new CheckpointsHeld(kept(), another)).toThrow('was not signed with this key');
});

test('npm run audit says so, too', async () => {
  const run = promisify(execFile);
  const program = join('dist', 'apps', 'console', 'src', 'audit', 'audit.main.js');
  const common = [program, '--console', house.url, '--api-key', house.auditor];
  const good = await run(process.execPath, [...common, '--checkpoints', file, '--key', publicKey]);
  expect(good.stdout).toMatch(/^\d+ entries, hash chain valid; root [0-9a-f]{64}$/m);
  const stranger = Buffer.alloc(32, 1).toString('base64url');
  await expect(
    run(process.execPath, [...common, '--checkpoints', file, '--key', stranger]),
  ).rejects.toMatchObject({ code: 1 });
});

describe('in the database itself', () => {
  async function replace(log: ChainedEntry[]): Promise<void> {
    await house.sql('DROP RULE audit_is_not_changed ON audit');
    for (const { seq, reason, previous, hash } of log)
      await house.sql('UPDATE audit SET reason = $2, previous = $3, hash = $4 WHERE seq = $1', [
        seq,
        reason,
        previous,
        hash,
      ]);
  }

  test('a rewritten log gets no further checkpoint: the last one before it stays the proof', async () => {
    await replace(rewritten(await entries()));
    const { body } = await house.call<{ broken?: number }>(FIRST_ADMIN, 'GET', '/v1/audit/verify');
    // The hash chain alone finds nothing.
    expect(body.broken).toBeUndefined();
    expect(found(await entries())).toMatch(/the log was rewritten/);
    const signer = new AuditCheckpoints(house.database, new AuditService(house.database));
    const before = await signer.list(0, 1000);
    expect(await signer.sign(signingKeyIn(keyFile), true)).toBeUndefined();
    expect(await signer.list(0, 1000)).toEqual(before);
  });
});
