/** `npm run audit`: reads the audit log from a console and verifies its hash chain on this machine, without trusting the console. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { firstBroken, GENESIS, type ChainedEntry } from './chain.js';
import { Checkpoint, CheckpointsHeld } from './checkpoint.js';

const HELP = `Usage: npm run audit [-- options]

Reads the whole audit log and recalculates its hash chain. Exit code 1: an entry was changed, removed or inserted; with
--checkpoints also: the whole log was rewritten or its end was removed.

  --console URL       URL of the console; default: the console in data/standalone.json
  --api-key KEY       API key of an admin or auditor; default: the admin key in data/standalone.json
  --root HASH         last hash that an earlier run of this command printed: it must still be part of the chain
  --checkpoints FILE  signed checkpoints that you kept: a copy of AUDIT_CHECKPOINT_FILE, one line of JSON each
  --key PUBLIC-KEY    public key that verifies the checkpoints: a copy of the answer of GET /v1/audit/key that you kept
  --help              print this text

HUTONG_DATA is the data folder of the installation (default: ./data).
`;

const { values } = parseArgs({
  options: {
    console: { type: 'string' },
    'api-key': { type: 'string' },
    key: { type: 'string' },
    checkpoints: { type: 'string' },
    root: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const local = standalone();
const [url, apiKey] = [values.console ?? local?.url, values['api-key'] ?? local?.adminKey];
if (!url || !apiKey) fail('give --console and --api-key, or start Hutong here first (npm start)');

const kept = storedCheckpoints();
let last = { seq: 0, hash: GENESIS };
let seen = values.root === undefined;
for (let cursor: string | null = ''; cursor !== null;) {
  const page: { items: ChainedEntry[]; next: string | null } = await read(cursor);
  const broken = firstBroken(page.items, last);
  if (broken !== undefined)
    fail(`entry ${broken} does not match its hash: the log was changed at this entry`);
  for (const entry of page.items) {
    const wrong = kept?.reads(entry);
    if (wrong !== undefined) fail(wrong);
  }
  seen ||= page.items.some(({ hash }) => hash === values.root);
  last = page.items.at(-1) ?? last;
  cursor = page.next;
}
if (!seen) fail(`no entry has the hash ${values.root}: the log was rewritten, or entries were removed`);
const wrong = kept?.ends();
if (wrong !== undefined) fail(wrong);
process.stdout.write(`${last.seq} entries, hash chain valid; root ${last.hash}\n`);

async function read(cursor: string): Promise<{ items: ChainedEntry[]; next: string | null }> {
  const response = await fetch(`${url}/v1/audit?limit=200${cursor && `&cursor=${cursor}`}`, {
    headers: { authorization: `Bearer ${apiKey}` },
  }).catch((error: Error) => fail(`${url} cannot be reached: ${error.message}`));
  if (!response.ok) fail(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as { items: ChainedEntry[]; next: string | null };
}

function storedCheckpoints(): CheckpointsHeld | undefined {
  const { checkpoints: file, key } = values;
  if (file === undefined) return undefined;
  if (key === undefined) fail('--checkpoints needs --key: the public key that you wrote down');
  try {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    return new CheckpointsHeld(
      lines.map((line) => Checkpoint.parse(JSON.parse(line))),
      key,
    );
  } catch (error) {
    fail(`${file}: ${(error as Error).message}`);
  }
}

function standalone(): { url: string; adminKey: string } | undefined {
  const file = join(process.env['HUTONG_DATA'] ?? 'data', 'standalone.json');
  if (!existsSync(file)) return undefined;
  return (JSON.parse(readFileSync(file, 'utf8')) as { console: { url: string; adminKey: string } }).console;
}

function fail(text: string): never {
  process.stderr.write(`audit: ${text}\n`);
  process.exit(1);
}
