/**
 * `npm run torture`: the tests whose amounts depend on who asks (test/support/amounts.ts), with the large ones, and with
 * a new seed in every round. Prints one line per test and writes a summary as JSON.
 */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';

const HELP = `Usage: npm run torture -- [options]

Runs tests with large amounts: 100,000 random inputs per parser, 20,000 messages while processes are killed, power cuts.

  --only <pattern>   Tests whose file matches this regular expression; if no file does, tests whose name does
  --minutes <n>      Repeats with new seeds until so many minutes are over; without it: one round
  --seed <n>         Seed of the first round, to repeat a failure; without it: a random one, printed
  --json <file>      Where the summary is written (data/torture.json)
  --list             Names the files, and runs nothing
  --help             This text
`;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    minutes: { type: 'string' },
    seed: { type: 'string' },
    json: { type: 'string', default: join('data', 'torture.json') },
    list: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
});

function wholeNumber(name, text) {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  process.stderr.write(`torture: --${name} takes a whole number, not "${text}"\n`);
  process.exit(2);
}

const AMOUNTS = join('test', 'support', 'amounts.ts');
const reading = new Map();

/** Whether a module, or one that it imports from the tests, takes an amount. */
function takesAmounts(path) {
  const known = reading.get(path);
  if (known !== undefined) return known;
  // In a circle of imports the others decide.
  reading.set(path, false);
  const text = readFileSync(path, 'utf8');
  const imported = [...text.matchAll(/from '(\.[^']*)\.js'/g)].map(([, name]) =>
    join(dirname(path), `${name}.ts`),
  );
  const takes =
    (imported.includes(AMOUNTS) && /\b(?:amount\(|TORTURE\b|FUZZ_RUNS\b)/.test(text)) ||
    imported.some(
      (one) => one.startsWith('test/') && one !== AMOUNTS && existsSync(one) && takesAmounts(one),
    );
  reading.set(path, takes);
  return takes;
}

/** @returns files of tests that take an amount from test/support/amounts.ts, and those that only this command runs */
function filesWithAmounts() {
  return ['apps', 'libs', 'test'].flatMap((folder) =>
    readdirSync(folder, { recursive: true })
      .map((name) => join(folder, name))
      .filter((path) => path.endsWith('spec.ts'))
      .filter((path) => path.includes('.torture.') || takesAmounts(path))
      .sort(),
  );
}

/** @returns the arguments for jest that select the tests */
function selection(all) {
  if (options.only === undefined) return all;
  const matching = all.filter((path) => new RegExp(options.only).test(path));
  return matching.length > 0 ? matching : [...all, '-t', options.only];
}

/** @returns what jest wrote of the round, or undefined when it could not run */
async function runRound(seed, selected) {
  const folder = mkdtempSync(join(tmpdir(), 'hutong-torture-'));
  const output = join(folder, 'round.json');
  const words = [
    '--reporters',
    '<rootDir>/test/support/torture-reporter.mjs',
    '--json',
    '--outputFile',
    output,
  ];
  const child = spawn(
    process.execPath,
    ['node_modules/jest/bin/jest.js', ...words, '--runTestsByPath', ...selected],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, TEST_TORTURE: '1', TEST_SEED: String(seed) },
    },
  );
  await new Promise((resolve) => child.on('close', resolve));
  try {
    return JSON.parse(readFileSync(output, 'utf8'));
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function testsOf(round) {
  return round.testResults.flatMap(({ name, message, assertionResults }) => {
    const file = relative(process.cwd(), name);
    if (assertionResults.length === 0)
      return [{ file, test: '', status: 'failed', seconds: 0, failure: message }];
    return assertionResults
      .filter(({ status }) => status === 'passed' || status === 'failed' || status === 'pending')
      .map(({ fullName, status, duration, failureMessages }) => ({
        file,
        test: fullName,
        status: status === 'pending' ? 'skipped' : status,
        seconds: (duration ?? 0) / 1000,
        ...(failureMessages.length > 0 ? { failure: failureMessages.join('\n') } : {}),
      }));
  });
}

if (options.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const all = filesWithAmounts();
const selected = selection(all);
if (options.list) {
  process.stdout.write(`${selected.join('\n')}\n`);
  process.exit(0);
}
const minutes = options.minutes === undefined ? 0 : wholeNumber('minutes', options.minutes);
const deadline = Date.now() + minutes * 60_000;
const summary = { startedAt: new Date().toISOString(), rounds: [], passed: 0, failed: 0, skipped: 0 };
let seed = options.seed === undefined ? randomInt(1, 2 ** 31) : wholeNumber('seed', options.seed);
do {
  process.stdout.write(`round ${summary.rounds.length + 1}, seed ${seed}\n`);
  const began = Date.now();
  const round = await runRound(seed, selected);
  const tests = round === undefined ? [] : testsOf(round);
  summary.rounds.push({ seed, seconds: (Date.now() - began) / 1000, completed: round !== undefined, tests });
  for (const { status } of tests) summary[status]++;
  if (round === undefined) summary.failed++;
  mkdirSync(dirname(options.json), { recursive: true });
  writeFileSync(options.json, `${JSON.stringify(summary, undefined, 2)}\n`);
  if (tests.some(({ status }) => status === 'failed') || round === undefined)
    process.stdout.write(`FAILED in this round; repeat it with: npm run torture -- --seed ${seed}\n`);
  seed = randomInt(1, 2 ** 31);
} while (Date.now() < deadline);
process.stdout.write(
  `${summary.passed} passed, ${summary.failed} failed, ${summary.skipped} skipped; summary: ${options.json}\n`,
);
if (summary.passed + summary.failed === 0)
  process.stdout.write(`no test ran: --list names the files that --only selects from\n`);
process.exit(summary.failed === 0 && summary.passed > 0 ? 0 : 1);
