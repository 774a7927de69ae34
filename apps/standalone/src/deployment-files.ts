/** Files outside docs/generated that `npm run docs` writes: adapters in docker/compose.yaml, the projects of nest-cli.json. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment, NetworkManifest } from '#network-manifest';

const COMPOSE = 'docker/compose.yaml';
const NEST = 'nest-cli.json';

/** @returns the expected content of each file, by path */
export function deploymentFiles(networks: readonly NetworkManifest[]): Record<string, string> {
  const adapters = networks.flatMap(({ app, deployment }) => (deployment ? [{ app, deployment }] : []));
  const services = adapters.map(({ app, deployment }) => service(app, deployment)).join('\n');
  const volumes = adapters.map(({ app }) => `  ${app}: {}\n`).join('');
  const compose = between(readFileSync(COMPOSE, 'utf8'), 'adapters', `${SERVICES_COMMENT}${services}`);
  return {
    [COMPOSE]: between(compose, 'volumes of adapters', volumes),
    [NEST]: `${JSON.stringify(nestCli(), null, 2)}\n`,
  };
}

const SERVICES_COMMENT = `  # Written by npm run docs from the manifests of the networks (apps/adapter-*/src/network.ts).
  # Docker reads the variables of all adapters whichever is started, so what is missing is said by the adapter, which stops.
`;

/** @throws Error for a file without these marks */
function between(text: string, mark: string, content: string): string {
  const [begin, end] = [`  # begin: ${mark}\n`, `  # end: ${mark}\n`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${COMPOSE} has no lines "${begin.trim()}" and "${end.trim()}"`);
  return text.slice(0, from + begin.length) + content + text.slice(to);
}

function service(app: string, { port, isCalled, environment }: Deployment): string {
  const settings = Object.entries(environment).map(([name, value]) => `      ${name}: ${quoted(value)}`);
  return [
    `  ${app}:`,
    '    <<: *app',
    `    command: ['dist/apps/${app}/src/main.js']`,
    '    environment:',
    '      <<: *bus',
    '      NATS_CREDS: /credentials/adapter.creds',
    `      HTTP_PORT: '${port}'`,
    ...settings,
    `    volumes: ['ca:/ca:ro', '${app}:/credentials']`,
    '    networks: [bus, outside]',
    ...(isCalled ? [`    ports: ['127.0.0.1:${port}:${port}']`] : []),
    `    profiles: [${app}]`,
    '    depends_on: [nats]',
    '',
  ].join('\n');
}

/** Quotes a string in the form that Prettier accepts. */
function quoted(value: string): string {
  return value.startsWith('/') ? value : `'${value}'`;
}

/** Pages for the browser, which Vite builds. */
const PAGES = 'web';
/** Entry of an app that has no program of its own, because another one hosts it. */
const ENTRIES: Readonly<Record<string, string>> = { phones: 'wall.app' };

/** Every other folder of apps and libs is a project; a library with the name of an app is called `<name>-lib`. */
function nestCli(): object {
  const { projects: _before, ...settings } = JSON.parse(readFileSync(NEST, 'utf8')) as { projects: object };
  const apps = readdirSync('apps')
    .filter((name) => name !== PAGES)
    .sort();
  const libraries = readdirSync('libs').sort();
  return {
    ...settings,
    projects: Object.fromEntries([
      ...apps.map((name) => [name, project('application', join('apps', name), ENTRIES[name] ?? 'main')]),
      ...libraries.map((name) => [
        apps.includes(name) ? `${name}-lib` : name,
        project('library', join('libs', name), 'index'),
      ]),
    ]),
  };
}

function project(type: 'application' | 'library', root: string, entryFile: string): object {
  const sourceRoot = join(root, 'src');
  if (!existsSync(join(sourceRoot, `${entryFile}.ts`)))
    throw new Error(`${sourceRoot} has no ${entryFile}.ts`);
  return { type, root, entryFile, sourceRoot };
}
