/**
 * `--help` never does the work: every npm command and every program of ours, found by walking the sources, is asked for help in
 * an empty folder with nothing set. It prints something, ends with 0, and leaves the folder as it was.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { PROGRAM_OPTIONS } from './support/program-options.js';

const run = promisify(execFile);
const TIMEOUT_MS = 60_000;
let folder: string;

beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'hutong-help-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Folders of the project that have no programs of ours. */
const NOT_OURS = new Set(['node_modules', 'dist', 'data']);

/** Every `main.ts` and `*.main.ts` of the project, wherever it stands, as it is compiled; a new one is among them by itself. */
const programs = readdirSync('.', { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !NOT_OURS.has(entry.name) && !entry.name.startsWith('.'))
  .flatMap(({ name }) =>
    readdirSync(name, { recursive: true, encoding: 'utf8' })
      .filter((path) => !path.split('/').some((folder) => NOT_OURS.has(folder)))
      .filter((path) => /(?:^|\/)(?:[\w-]+\.)?main\.ts$/.test(path))
      .map((path) => join('dist', name, path.replace(/\.ts$/, '.js'))),
  );

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const commands = Object.entries(scripts).filter(([, line]) => line.includes('scripts/'));

/** No setting of ours. The compiled modules are kept between starts (scripts/run.mjs), and bundles start faster. */
const nothingSet = {
  ...PROGRAM_OPTIONS,
  PATH: process.env['PATH'] ?? '',
  HOME: tmpdir(),
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '',
};

/** These read files of the project before anything else, so they are asked in its folder; their data would be in the empty one. */
const readTheProject = new Set(
  ['apps/standalone/src/docs.main.js', 'test/bench/main.js', 'test/demo/main.js'].map((path) =>
    join('dist', path),
  ),
);

describe('--help', () => {
  test('every program of the tree is asked', () => {
    expect(programs).toContain(join('dist', 'test', 'bench', 'plain-copy.main.js'));
    expect(programs).toContain(join('dist', 'apps', 'switch', 'src', 'main.js'));
    expect(programs).toEqual(expect.arrayContaining([...readTheProject]));
  });

  test.each(programs)('node %s', async (program) => {
    const cwd = readTheProject.has(program) ? '.' : folder;
    const env = { ...nothingSet, HUTONG_DATA: join(folder, 'data'), HUTONG_CACHE: join(folder, 'cache') };
    const { stdout } = await run(process.execPath, [resolve(program), '--help'], {
      cwd,
      env,
      timeout: TIMEOUT_MS,
    });
    expect(stdout).not.toBe('');
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each(commands)('npm run %s', async (_, line) => {
    const before = readFileSync(join('dist', '.built'), 'utf8');
    const env = { ...nothingSet, HUTONG_DATA: join(folder, 'data'), HUTONG_CACHE: join(folder, 'cache') };
    const { stdout } = await run('sh', ['-c', `${line} --help`], {
      env,
      timeout: TIMEOUT_MS,
    });
    expect(stdout).not.toBe('');
    expect(readdirSync(folder)).toEqual([]);
    expect(readFileSync(join('dist', '.built'), 'utf8')).toBe(before);
  });
});

describe('npm start refuses', () => {
  const start = (env: NodeJS.ProcessEnv) =>
    run(process.execPath, [resolve('dist/apps/standalone/src/main.js')], {
      cwd: folder,
      env: { ...nothingSet, ...env },
      timeout: TIMEOUT_MS,
    }).then(
      () => 'it started',
      (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
    );

  test('a misspelt network, and lists the known ones', async () => {
    const said = await start({ HUTONG_NETWORKS: 'xmp', HUTONG_DATA: join(folder, 'other') });
    expect(said).toMatch(/no network "xmp".*xmpp, matrix, fetion/);
    expect(said).not.toContain('stopped');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a second start in the same folder prints what is running and where, and stops nothing', async () => {
    // Stands for the first one: a process whose command line says what it is.
    const first = execFile(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'standalone']);
    try {
      writeFileSync(join(folder, 'standalone.pid'), String(first.pid));
      const described = { console: { url: 'http://127.0.0.1:8080' }, networks: { xmpp: {}, fetion: {} } };
      writeFileSync(join(folder, 'standalone.json'), JSON.stringify(described));
      const said = await start({ HUTONG_DATA: folder });
      expect(said).toContain(`as process ${first.pid}`);
      expect(said).toContain('xmpp, fetion');
      expect(said).toContain('http://127.0.0.1:8080/docs');
      expect(said).not.toMatch(/stopped;|stopping/);
      expect(readFileSync(join(folder, 'standalone.json'), 'utf8')).toBe(JSON.stringify(described));
      expect(readFileSync(join(folder, 'standalone.pid'), 'utf8')).toBe(String(first.pid));
    } finally {
      first.kill();
      rmSync(join(folder, 'standalone.pid'), { force: true });
      rmSync(join(folder, 'standalone.json'), { force: true });
    }
  });
});
