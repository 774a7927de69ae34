/** ejabberd of the host's own Debian release, unpacked, with only the packages that the host lacks. For local tests: loopback, no TLS. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child, listens } from './child.js';
import { debianPrefix, hostRelease } from './debian.js';
import { EngineError, type Say, type Search } from './engine.js';
import { libraryFolder } from './loader.js';

export async function findEjabberd(say: Say): Promise<Search<{ root: string }>> {
  try {
    const prefix = await debianPrefix(
      { name: 'ejabberd', suite: hostRelease(), packages: ['ejabberd'], onHost: true },
      say,
    );
    return {
      kind: 'found',
      from: 'download',
      version: prefix.versions['ejabberd'] ?? '?',
      paths: { root: prefix.root },
    };
  } catch (error) {
    return {
      kind: 'missing',
      why: (error as Error).message,
      remedy: 'Use a Debian machine, or connect an ejabberd of your own (docs/operations.md).',
    };
  }
}

export interface EjabberdOptions {
  root: string;
  folder: string;
  c2sPort: number;
  apiPort: number;
  domain: string;
  /** One listener and port for each component, because ejabberd binds every name of a listener to every connection. */
  components: { domain: string; port: number }[];
  secret: string;
}

export function ejabberd(options: EjabberdOptions): Child {
  const { root, folder } = options;
  for (const sub of ['mnesia', 'log']) mkdirSync(join(folder, sub), { recursive: true });
  const config = join(folder, 'ejabberd.yml');
  writeFileSync(config, configuration(options), { mode: 0o600 });
  const erlang = join(root, 'usr', 'lib', 'erlang');
  const runtime = readdirSync(erlang).find((name) => name.startsWith('erts-'));
  if (!runtime) throw new EngineError('the ejabberd packages contain no Erlang');
  const bin = join(erlang, runtime, 'bin');
  return new Child({
    name: 'ejabberd',
    command: join(bin, 'erlexec'),
    args: ['-noinput', '+K', 'true', '-mnesia', 'dir', `"${join(folder, 'mnesia')}"`, '-s', 'ejabberd'],
    cwd: folder,
    env: {
      ...process.env,
      ROOTDIR: erlang,
      BINDIR: bin,
      EMU: 'beam',
      PROGNAME: 'erl',
      HOME: folder,
      LD_LIBRARY_PATH: libraryFolder(root),
      ERL_LIBS: libraryFolder(root),
      EJABBERD_CONFIG_PATH: config,
      EJABBERD_LOG_PATH: join(folder, 'log', 'ejabberd.log'),
      SPOOL_DIR: join(folder, 'mnesia'),
    },
    logFile: join(folder, 'ejabberd.out.log'),
    ready: async () => (await Promise.all([options.c2sPort, options.apiPort].map(listens))).every(Boolean),
  });
}

export async function ejabberdAccount(
  options: EjabberdOptions,
  user: string,
  password: string,
): Promise<void> {
  await command(options, 'register', { user, host: options.domain, password });
}

/** The server sends a stanza as if it came from the address `from`. @param stanza XML */
export async function ejabberdSends(
  options: EjabberdOptions,
  stanza: { from: string; to: string; stanza: string },
): Promise<void> {
  await command(options, 'send_stanza', stanza);
}

async function command({ apiPort }: EjabberdOptions, name: string, body: object): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${apiPort}/api/${name}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  if (!response.ok)
    throw new EngineError(`ejabberd refused ${name}: ${response.status} ${await response.text()}`);
}

/** Writes the configuration as JSON, which is valid YAML. */
function configuration({ c2sPort, apiPort, domain, components, secret }: EjabberdOptions): string {
  const local = { ip: '127.0.0.1' };
  return JSON.stringify({
    hosts: [domain],
    loglevel: 'warning',
    auth_method: ['internal'],
    listen: [
      { port: c2sPort, ...local, module: 'ejabberd_c2s', access: 'all', shaper: 'none', starttls: false },
      {
        port: apiPort,
        ...local,
        module: 'ejabberd_http',
        tls: false,
        request_handlers: { '/api': 'mod_http_api' },
      },
      ...components.map(({ domain: name, port }) => ({
        port,
        ...local,
        module: 'ejabberd_service',
        access: 'all',
        shaper: 'none',
        hosts: { [name]: { password: secret } },
      })),
    ],
    acl: { loopback: { ip: ['127.0.0.0/8'] } },
    api_permissions: {
      local: { from: ['mod_http_api'], who: { access: { allow: { acl: 'loopback' } } }, what: ['*'] },
    },
    modules: {
      mod_caps: {},
      mod_disco: {},
      mod_http_api: {},
      mod_admin_extra: {},
      mod_mam: { default: 'always', assume_mam_usage: true },
      mod_offline: {},
      mod_ping: {},
      mod_roster: {},
      mod_stream_mgmt: {},
      mod_vcard: {},
    },
  });
}
