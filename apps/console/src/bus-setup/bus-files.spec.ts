import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BusAuthority } from '#bus';
import { busFiles, HUB_SERVICES } from './bus-files.js';
import { alreadyThere, seedsIn, writeFiles } from './write-files.js';

/** Seeds of operator and accounts, with which any credentials can be made. */
const AUTHORITY_SEED = /\bS[OA][A-Z2-7]{56}\b/;

let files: Record<string, string>;
let folder: string;

beforeAll(async () => {
  files = await busFiles(BusAuthority.create(), { tls: true });
  folder = mkdtempSync(join(tmpdir(), 'hutong-setup-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

test('the seeds are in the folder of the console alone', () => {
  const seeded = Object.keys(files).filter((name) => AUTHORITY_SEED.test(files[name] ?? ''));
  expect(seeded).toEqual(['console/authority.json']);
});

test('every service of the hub has credentials of its own', () => {
  const credentials = HUB_SERVICES.map((name) => files[`${name}/hub.creds`]);
  expect(new Set(credentials).size).toBe(HUB_SERVICES.length);
  for (const one of credentials) expect(one).toContain('NATS USER JWT');
});

test('the credentials of the media gateway, which faces the internet, publish no event', () => {
  const [, jwt = ''] = /JWT-----\s*(\S+)/.exec(files['media-gateway/hub.creds'] ?? '') ?? [];
  const claims = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as {
    nats: { pub?: { allow: string[] }; sub?: { allow: string[] } };
  };
  expect(claims.nats.pub?.allow.length).toBeGreaterThan(0);
  for (const subject of claims.nats.pub?.allow ?? [])
    expect(subject).toMatch(/^(hub\.js\.DIRECT\.GET\.|hub\.call\.signal$)/);
  expect(claims.nats.sub?.allow).toEqual(['_INBOX.>', 'hub.call.command']);
});

test('nats-server writes before it acknowledges, has TLS, and its monitoring answers inside its container only', () => {
  const config = files['nats/nats-server.conf'];
  expect(config).toContain('sync_interval: always');
  expect(config).toMatch(/^tls \{/m);
  expect(config).toMatch(/^http: "127\.0\.0\.1:8222"$/m);
});

test('files and folders are readable to their owner alone, and are never overwritten', () => {
  const written = writeFiles(folder, files, undefined);
  expect(written).toHaveLength(Object.keys(files).length);
  const modes = readdirSync(folder, { recursive: true }).map((name) => {
    const { mode } = statSync(join(folder, String(name)));
    return (mode & 0o077).toString(8);
  });
  expect(new Set(modes)).toEqual(new Set(['0']));
  expect(alreadyThere(folder, files)).toEqual(written);
  expect(JSON.stringify(seedsIn(folder))).toBe(files['console/authority.json']);
  expect(() => writeFiles(folder, files, undefined)).toThrow('EEXIST');
});
