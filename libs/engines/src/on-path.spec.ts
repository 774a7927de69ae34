/** What is installed on the machine is used, if it is new enough. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findProsody } from './prosody.js';
import { findSynapse } from './synapse.js';

const PATH = process.env['PATH'];
const CACHE = process.env['HUTONG_CACHE'];
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hutong-installed-'));
  process.env['PATH'] = join(root, 'usr', 'bin');
});
afterEach(() => {
  process.env['PATH'] = PATH;
  if (CACHE === undefined) delete process.env['HUTONG_CACHE'];
  else process.env['HUTONG_CACHE'] = CACHE;
  rmSync(root, { recursive: true, force: true });
});

function installed(...files: [path: string, content: string][]): void {
  for (const [path, content] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
    chmodSync(join(root, path), 0o755);
  }
}

/** Nothing was downloaded before, and nothing is now: there is no apt on this PATH. */
function nothingInTheCache(): void {
  process.env['HUTONG_CACHE'] = join(root, 'cache');
}

const aProsody = (version: string) =>
  installed(
    ['usr/bin/prosodyctl', ''],
    ['usr/bin/lua5.4', ''],
    ['usr/lib/prosody/prosody.version', `${version}\n`],
  );
const aSynapse = (version: string) =>
  installed(
    ['usr/bin/synapse_homeserver', ''],
    [`usr/lib/python3/dist-packages/matrix_synapse-${version}.dist-info/METADATA`, ''],
  );

test.each(['0.12.3', '13.0.7'])('Prosody %s on PATH', async (version) => {
  aProsody(version);
  expect(await findProsody(() => undefined)).toEqual({
    kind: 'found',
    from: 'path',
    version,
    paths: { root },
  });
});

test('Synapse on PATH', async () => {
  aSynapse('1.160.0');
  expect(await findSynapse(() => undefined)).toEqual({
    kind: 'found',
    from: 'path',
    version: '1.160.0',
    paths: { root },
  });
});

test('those that are too old are not', async () => {
  nothingInTheCache();
  aProsody('0.11.9');
  aSynapse('1.98.0');
  expect((await findProsody(() => undefined)).kind).toBe('missing');
  expect((await findSynapse(() => undefined)).kind).toBe('missing');
});
