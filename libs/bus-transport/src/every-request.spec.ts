/**
 * Reads the sources of all apps and libraries: every request on the bus has a `@MessagePattern` handler, and nothing answers
 * requests beside the transport (decision 0017).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const TESTS = /spec\.ts$|\.plays\.ts$/;
/** Where requests are received and replied to. */
const TRANSPORT = ['libs/bus/src/control-client.ts', 'libs/bus-transport/src/bus-requests.ts'];

const SOURCES = ['apps', 'libs'].flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /(^|\/)src\/.*\.ts$/.test(file) && !TESTS.test(file))
    .map((file) => {
      const path = join(root, file);
      return { path, text: readFileSync(path, 'utf8') };
    }),
);

/** A request subject as the sources write it: `control resolve`, `directory`. */
const REQUEST = String.raw`subjects\.(control|ask|directory|clearingClose|callCommand|callSignal)\b(?:\(\s*'(\w+)')?`;

function named(text: string, pattern: string): string[] {
  return [...text.matchAll(new RegExp(pattern, 'g'))].map(([, kind, verb]) =>
    verb === undefined ? `${kind}` : `${kind} ${verb}`,
  );
}

/** Every place with one of these, by what it names. */
function places(pattern: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { path, text } of SOURCES)
    for (const name of named(text, pattern)) found.set(name, [...(found.get(name) ?? []), path]);
  return found;
}

const handled = places(String.raw`@MessagePattern\(\s*${REQUEST}`);

function declared(kind: 'Control' | 'Ask'): string[] {
  const text = readFileSync('libs/protocol/src/subjects.ts', 'utf8');
  const [, union = ''] = new RegExp(`export type ${kind}Verb =([^;]+);`).exec(text) ?? [];
  return [...union.matchAll(/'(\w+)'/g)].map(([, verb]) => `${kind.toLowerCase()} ${verb}`);
}

test('every verb that is declared has a handler, and every handler is of one that is declared', () => {
  const all = [
    ...declared('Control'),
    ...declared('Ask'),
    'directory',
    'clearingClose',
    'callCommand',
    'callSignal',
  ];
  expect(all.length).toBeGreaterThanOrEqual(10);
  expect([...handled.keys()].sort()).toEqual(all.sort());
});

test('every subject on which something is requested has a handler', () => {
  // Permissions name the subjects of all verbs at once.
  const asked = [...places(REQUEST).keys()].filter((name) => name !== 'control' && name !== 'ask');
  expect(asked.filter((name) => !handled.has(name))).toEqual([]);
});

test('no handler names its subject in another way, which the tests above would not see', () => {
  const others = SOURCES.filter(({ text }) =>
    new RegExp(String.raw`^\s*@MessagePattern\((?!\s*${REQUEST})`, 'm').test(text),
  );
  expect(others.map(({ path }) => path)).toEqual([]);
});

const RECEIVES = /import \{[^;}]*\banswer\b[^;}]*\} from '#bus'|\bfrom '\.\/control-client\.js'.*\banswer\b/;

test.each([
  ['receives requests', RECEIVES],
  ['replies to a message of the bus', /\b(message|msg)\.respond\(/],
  [
    'subscribes to a subject of requests',
    /subscribe\(\s*subjects\.(control|ask|directory\b(?!Changed)|clearingClose)/,
  ],
])('nothing but the transport %s', (_, pattern) => {
  const found = SOURCES.filter(({ path, text }) => !TRANSPORT.includes(path) && pattern.test(text));
  expect(found.map(({ path }) => path)).toEqual([]);
});

test('the patterns find what they forbid', () => {
  expect(named("@MessagePattern(subjects.control('link', ANY), EXTRAS)", REQUEST)).toEqual(['control link']);
  expect(SOURCES.length).toBeGreaterThan(400);
  expect(RECEIVES.test(readFileSync('libs/bus-transport/src/bus-requests.ts', 'utf8'))).toBe(true);
  const text = readFileSync('libs/bus/src/control-client.ts', 'utf8');
  expect(/\b(message|msg)\.respond\(/.test(text)).toBe(true);
});
