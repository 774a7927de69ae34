/**
 * What is in the production image: the Dockerfile's COPY lines and the import graph of tsconfig.image.json, which is what the
 * compiler writes to dist. No container engine is needed, and none has been run.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { parse } from 'yaml';

const FOREIGN =
  /^(libs\/(simulators|adapter-contract|engines)|apps\/(standalone|phones)|test|examples)\/|\/testing\/|\.(int-|e2e-)?spec\.ts$|\/(fake|double|mock)s?\b|\bbench/;

/** Run by npm start alone, or built by Vite: the pages for the browser. */
const NOT_IN_PRODUCTION = ['standalone', 'phones', 'web'];

const files = filesOfImage();
const dockerfile = readFileSync('docker/Dockerfile', 'utf8');
const graph = importGraph(files);

test('the graph is that of all apps', () => {
  const apps = readdirSync('apps').filter((name) => !NOT_IN_PRODUCTION.includes(name));
  const mains = files.filter((file) => file.endsWith('/src/main.ts')).map((file) => file.split('/')[1]);
  expect(new Set(mains)).toEqual(new Set(apps));
  expect(graph.size).toBeGreaterThan(300);
});

test('no simulator, bench, test double, example, engine or test is compiled into it', () => {
  expect([...graph].filter(([file]) => FOREIGN.test(file))).toEqual([]);
});

test('what is compiled is what the compiler is given, and the last stage copies nothing else of ours', () => {
  const [build = '', image = ''] = dockerfile.split(/^FROM .*$/m).slice(1);
  expect(build).toMatch(/tsc -p tsconfig\.image\.json/);
  expect(build).not.toMatch(/tsconfig\.build\.json|npm run build/);
  const copied = [...image.matchAll(/^COPY (?:--from=build )?(.+)$/gm)].map(
    ([, words = '']) => words.split(' ')[0],
  );
  expect(copied.map((path) => path?.replace('/hutong/', ''))).toEqual([
    'package.json',
    'node_modules',
    'dist',
    'apps/adapter-open/profiles',
    'apps/media-gateway/page',
  ]);
  const ignored = readFileSync('.dockerignore', 'utf8').split('\n');
  expect(ignored).toEqual(expect.arrayContaining(['dist', 'node_modules', 'data', 'docker/.env']));
});

test('files that are started by their path, such as workers, are in it', () => {
  for (const file of graph.keys())
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/new URL\(`\.\/([\w.-]+)\$\{extname/g))
      expect([...graph.keys()]).toContain(relative('.', resolve(file, '..', `${name}.ts`)));
});

test('every package that an app of the image imports is one that production installs', () => {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const removed = [...dockerfile.matchAll(/node_modules\/(@?[\w-]+(?:\/[\w-]+)?)/g)].map(([, name]) => name);
  const imported = new Set([...graph.keys()].flatMap((file) => packagesIn(file)));
  expect([...imported].filter((name) => dependencies[name] === undefined)).toEqual([]);
  expect([...imported].filter((name) => removed.includes(name) && name !== 'typescript')).toEqual([]);
});

test('every program that docker/compose.yaml starts is in it', () => {
  const { services } = parse(readFileSync('docker/compose.yaml', 'utf8'), { merge: true }) as {
    services: Record<string, { command?: string[] }>;
  };
  const programs = Object.values(services).flatMap(({ command = [] }) =>
    command.filter((word) => word.startsWith('dist/')),
  );
  expect(programs.length).toBeGreaterThan(9);
  for (const program of programs)
    expect([...graph.keys()]).toContain(program.replace(/^dist\//, '').replace(/\.js$/, '.ts'));
});

/** What tsconfig.image.json gives to the compiler: named files, and the main programs of all adapters. */
function filesOfImage(): string[] {
  const { config } = ts.readConfigFile('tsconfig.image.json', (path) => readFileSync(path, 'utf8')) as {
    config: unknown;
  };
  const { fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
  return fileNames.map((path) => relative(process.cwd(), path));
}

/** @returns each file that is reached, and from which */
function importGraph(entries: string[]): Map<string, string> {
  const { config } = ts.readConfigFile('tsconfig.json', (path) => ts.sys.readFile(path)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, '.');
  const reached = new Map<string, string>();
  const open = entries.map((file): [string, string] => [file, '']);
  for (let next = open.pop(); next; next = open.pop()) {
    const [file, from] = next;
    if (reached.has(file)) continue;
    reached.set(file, from);
    for (const name of importsOf(file)) {
      const { resolvedModule } = ts.resolveModuleName(name, resolve(file), options, ts.sys);
      const target = resolvedModule && relative('.', resolvedModule.resolvedFileName);
      if (target && !resolvedModule.isExternalLibraryImport && !target.includes('node_modules'))
        open.push([target, file]);
    }
  }
  return reached;
}

function importsOf(file: string): string[] {
  return ts
    .preProcessFile(readFileSync(file, 'utf8'), true, true)
    .importedFiles.map(({ fileName }) => fileName);
}

function packagesIn(file: string): string[] {
  return importsOf(file)
    .filter((name) => !/^[.#]|^node:/.test(name))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    )
    .filter((name) => existsSync(join('node_modules', name)));
}
