// Runs every npm command: `node scripts/run.mjs <command>`. Plain JavaScript for Node 20 and newer, because it installs everything
// else: libraries, Node 24 (an npm package), and the compiled apps.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { memoryFolder } from './memory-folder.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);

const commands = {
  start: ['Start everything on this machine (Ctrl-C stops it)', 'dist/apps/standalone/src/main.js'],
  phone: [
    'A phone in the terminal for a person on a simulated network: -- <network> <person>',
    'dist/apps/standalone/src/phone.main.js',
  ],
  demo: [
    'Play a conversation across all networks; shows times and losses of meaning',
    'dist/test/demo/main.js',
  ],
  test: [
    'Run unit, integration and end-to-end tests; options after -- go to jest',
    'node_modules/jest/bin/jest.js',
  ],
  torture: ['Tests with large amounts and new seeds; options: -- --help', 'scripts/torture.mjs'],
  bench: ['Run benchmarks; options: -- --help', 'dist/test/bench/main.js'],
  certify: [
    'Certify an adapter that is signed on: -- --network <slug> --loopback <native id>; options: -- --help',
    'dist/apps/standalone/src/certify.main.js',
  ],
  'adapter-open': [
    'Join a network to a running exchange through the open interface: -- --network <slug>; options: -- --help',
    'dist/apps/standalone/src/open-adapter.main.js',
  ],
  engines: [
    'Find or download nats-server, PostgreSQL, Prosody, Synapse, ffmpeg, Janus and, for tests, Chromium',
    'dist/apps/standalone/src/engines.main.js',
  ],
  audit: [
    'Verify the hash chain of the audit log; options: -- --help',
    'dist/apps/console/src/audit/audit.main.js',
  ],
  docs: ['Write docs/generated from the code', 'dist/apps/standalone/src/docs.main.js'],
  registration: [
    'Write the Matrix application service registration file',
    'dist/apps/adapter-matrix/src/registration.main.js',
  ],
  screenshots: ['Make the pictures of the documentation, in docs/images', 'dist/test/screenshots/main.js'],
  build: ['Compile, and build the pages of the browser', undefined],
  typecheck: ['Check the types of all code', undefined],
  lint: ['Check code, format and OpenAPI documents', undefined],
};

/** For scripts/start.sh: only installs, compiles, and prints the path of Node 24. */
const PATH_OF_NODE = 'path-of-node';

function say(text) {
  process.stderr.write(`hutong: ${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}

function runOrFail(command, args, hint, env = process.env) {
  const done = spawnSync(command, args, { stdio: ['ignore', 2, 2], env });
  if (done.status !== 0) fail(hint);
}

function newestChange(folder) {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile())
      newest = Math.max(newest, statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs);
  }
  return newest;
}

function ensureLibraries() {
  const marker = join('node_modules', '.hutong-installed');
  const wanted = readFileSync('package-lock.json', 'utf8');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;
  say('installing libraries with npm (about a minute, once) ...');
  // `npm ci` fails if the registry lacks an optional binary of another platform. `npm install` takes the same locked versions,
  // checks the same hashes, and with --no-save changes no file.
  runOrFail(
    'npm',
    ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'],
    'npm install failed: see its message above, then run the same command again',
  );
  writeFileSync(marker, wanted);
}

/** Path of Node 24, which is an npm package, so that a host with Node 20 runs the same version. */
function node24() {
  const own = join(root, 'node_modules', 'node', 'bin', 'node');
  if (existsSync(own)) return own;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  say('installing Node 24 (an npm package) ...');
  runOrFail(
    'npm',
    ['rebuild', 'node', '--foreground-scripts', '--loglevel=error'],
    'cannot install Node 24: install Node 24 or newer yourself and run the same command again',
  );
  return existsSync(own)
    ? own
    : fail('Node 24 is missing: install Node 24 or newer yourself and run the same command again');
}

function ensureBuilt(node) {
  const stamp = join('dist', '.built');
  const sources = [
    'apps',
    'libs',
    'types',
    'examples',
    join('test', 'bench'),
    join('test', 'demo'),
    join('test', 'screenshots'),
    join('test', 'support'),
  ].filter((folder) => existsSync(folder));
  const newest = Math.max(
    ...sources.map(newestChange),
    statSync('tsconfig.json').mtimeMs,
    statSync('package-lock.json').mtimeMs,
  );
  if (existsSync(stamp) && Number(readFileSync(stamp, 'utf8')) >= newest) return;
  say('compiling ...');
  mkdirSync('dist', { recursive: true });
  runOrFail(
    node,
    [
      'node_modules/typescript/bin/tsc',
      '-p',
      'tsconfig.build.json',
      // For .ci/run, which has checked the types of all files before.
      ...(process.env.HUTONG_BUILD === 'unchecked' ? ['--noCheck'] : []),
    ],
    'the code does not compile: see the errors above',
  );
  writeFileSync(stamp, String(newest));
}

/** Bundles the compiled programs, which tests start by the hundred. */
function ensureBundled(node) {
  const stamp = join('dist', '.bundled');
  const script = statSync(join('scripts', 'bundle-programs.mjs')).mtimeMs;
  const built = `${readFileSync(join('dist', '.built'), 'utf8')} ${script}`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === built) return;
  runOrFail(node, ['scripts/bundle-programs.mjs'], 'the programs cannot be bundled: see the errors above');
  writeFileSync(stamp, built);
}

/** Browser parts: the folder that Vite builds, and everything that it is built from. */
const WEBS = [
  // The guide is made from docs/.
  { folder: join('apps', 'web'), sources: [join('apps', 'web'), 'docs'], builds: join('dist', 'web') },
  {
    folder: join('apps', 'phones', 'web'),
    builds: join('dist', 'phones'),
    sources: [
      join('apps', 'phones', 'web'),
      join('apps', 'phones', 'shared'),
      join('apps', 'web', 'src', 'build'),
      join('apps', 'web', 'src', 'parts', 'qr-code'),
    ],
  },
];
/** Commands that serve or test them. */
const needsWebs = new Set(['start', PATH_OF_NODE, 'build', 'test', 'torture', 'demo', 'screenshots']);

/** Starts the builds of the browser parts that have changed; they run while the rest compiles. @returns waits for their end */
function startWebBuilds(node) {
  mkdirSync('dist', { recursive: true });
  const builds = WEBS.map((web) => startWebBuild(node, web));
  return () => Promise.all(builds);
}

async function startWebBuild(node, { folder, sources, builds }) {
  const stamp = join('dist', `.built-${folder.replaceAll(/[\\/]/g, '-')}`);
  const newest = Math.max(...sources.map(newestChange), statSync('package-lock.json').mtimeMs);
  if (existsSync(stamp) && existsSync(builds) && Number(readFileSync(stamp, 'utf8')) >= newest) return;
  say(`building ${folder} ...`);
  const vite = ['node_modules/vite/bin/vite.js', 'build', folder, '--logLevel', 'warn'];
  const build = spawn(node, vite, { stdio: ['ignore', 2, 2] });
  const code = await new Promise((resolve) => build.on('exit', resolve).on('error', () => resolve(1)));
  if (code !== 0) fail(`${folder} does not build: see the errors above`);
  writeFileSync(stamp, String(newest));
}

/** The pages have types of their own: those of a browser, and those of our OpenAPI document. */
function checkTypes(node) {
  const tsc = 'node_modules/typescript/bin/tsc';
  runOrFail(node, [tsc, '--noEmit', '-p', 'tsconfig.json'], 'the types do not fit: see the errors above');
  describeApi(node);
  for (const { folder } of WEBS)
    runOrFail(node, [tsc, '-p', folder], `the types of ${folder} do not fit: see the errors above`);
}

/** Writes the types of the OpenAPI document, which the pages are checked against. */
function describeApi(node) {
  runOrFail(
    node,
    [
      'node_modules/openapi-typescript/bin/cli.js',
      'docs/generated/openapi.json',
      '-o',
      join('dist', 'web-api', 'openapi.d.ts'),
    ],
    'docs/generated/openapi.json has no types: run npm run docs',
  );
}

function help() {
  process.stdout.write('Usage: npm run <command> [-- options]\n\n');
  for (const [name, [what]] of Object.entries(commands))
    process.stdout.write(`  ${name.padEnd(14)}${what}\n`);
  process.exit(0);
}

const [name, ...args] = process.argv.slice(2);
if (Number(process.versions.node.split('.')[0]) < 20)
  fail(`Node ${process.versions.node} is too old: Node 20 or newer is needed`);
if (!name || name === '--help') help();
const command =
  name === PATH_OF_NODE
    ? ['']
    : (commands[name] ?? fail(`unknown command "${name}": try node scripts/run.mjs --help`));

// `--help` installs and compiles nothing. If the program is not compiled yet, print its line of the list of commands.
const asked = args.includes('--help') || args.includes('-h');
const program = command[1];
if (
  asked &&
  (program === undefined || !existsSync(program) || !existsSync(join('node_modules', '.hutong-installed')))
) {
  process.stdout.write(`npm run ${name}: ${command[0]}\n`);
  process.exit(0);
}

if (!asked) ensureLibraries();
const own = join(root, 'node_modules', 'node', 'bin', 'node');
const node = asked ? (existsSync(own) ? own : process.execPath) : node24();
if (name === 'typecheck') {
  checkTypes(node);
  process.exit(0);
}
if (name === 'lint') {
  // Rules about types need those of the API.
  describeApi(node);
  runOrFail(
    node,
    ['node_modules/oxlint/bin/oxlint', '--type-aware', 'apps', 'libs', 'examples', 'test'],
    'see above',
  );
  runOrFail(node, ['node_modules/prettier/bin/prettier.cjs', '--check', '.'], 'run npm run format');
  runOrFail(node, ['scripts/lint-network-names.mjs'], 'move what knows a network into its folder');
  runOrFail(
    node,
    ['scripts/lint-openapi.mjs'],
    'correct the findings above in the code, then run npm run docs',
  );
  process.exit(0);
}
if (!asked) {
  const websBuilt = needsWebs.has(name) ? startWebBuilds(node) : async () => undefined;
  ensureBuilt(node);
  if (name === 'test') ensureBundled(node);
  await websBuilt();
}
if (name === PATH_OF_NODE) process.stdout.write(`${node}\n`);
if (command[1]) {
  const env = { ...process.env, PATH: `${dirname(node)}:${process.env.PATH ?? ''}` };
  if (name === 'test' || name === 'torture') {
    env.NODE_OPTIONS =
      `${env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`.trim();
    // Tests need time more than memory: without the options for small processes a start takes a quarter less CPU time.
    env.HUTONG_NODE_OPTIONS ??= '';
    // More runs at the same time than there are cores: processes of the lowest priority would wait for tens of seconds.
    if (name === 'test') env.MEDIA_NICENESS ??= '0';
    // Tests start hundreds of processes: a third of the CPU time of a start is the compilation of modules.
    if (name === 'test')
      env.TEST_PROGRAM_OPTIONS ??= `--import=${pathToFileURL(join(root, 'scripts', 'bundled-programs.mjs')).href}`;
    env.NODE_COMPILE_CACHE ??= join(root, 'node_modules', '.cache', 'hutong', 'compiled');
  }
  const inMemory = name === 'test' && env.TMPDIR === undefined ? memoryFolder() : undefined;
  if (inMemory) {
    env.TMPDIR = inMemory;
    process.on('exit', () => rmSync(inMemory, { recursive: true, force: true }));
  }
  process.exit(await run(node, [command[1], ...args], env));
}

/** Runs a program with this terminal. @returns its exit code */
function run(program, words, env) {
  const child = spawn(program, ['--enable-source-maps', ...words], { stdio: 'inherit', env });
  // The terminal sends Ctrl-C to the whole group; we only wait for the child to finish its own stop.
  const pass = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => [signal, () => child.kill(signal)]);
  for (const [signal, on] of pass) process.on(signal, on);
  return new Promise((resolve) =>
    child.on('exit', (code, signal) => {
      if (signal === 'SIGINT' || code === 130) process.exit(130);
      for (const [name, on] of pass) process.off(name, on);
      resolve(code ?? 1);
    }),
  );
}
