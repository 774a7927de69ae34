/** Prosody from Debian (13 of sid, or 0.12 of bookworm), run from its prefix. The configuration is for this machine only: loopback, TLS offered where a certificate is given. */
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Child, listens } from './child.js';
import { debianPrefix } from './debian.js';
import { olderThan, type Say, type Search } from './engine.js';
import { libraryFolder, libraryPath, loader } from './loader.js';
import { rootOf } from './which.js';

const run = promisify(execFile);

/** First version with mod_http_file_share in the core. */
const PROSODY_AT_LEAST = '0.12';

/** Dependencies that are not needed in a prefix. */
const USELESS =
  /^(perl|perl-base|perl-modules.*|libperl.*|adduser|passwd|debconf|dpkg|tar|usrmerge|libpam.*|libdb5.*|libaudit.*|init-system-helpers|login.*|libsemanage.*|libsepol.*|ssl-cert|gcc-.*-base|libfile.*|libgdbm.*|libnumber.*|libtext.*)_/;

export async function findProsody(
  say: Say,
  suite: 'sid' | 'bookworm' = 'sid',
): Promise<Search<{ root: string }>> {
  const installed = suite === 'sid' ? prosodyOnPath() : undefined;
  if (installed) return installed;
  try {
    const packages = ['prosody', 'lua-event', 'lua-readline', 'lua-unbound'];
    const prefix = await debianPrefix(
      { name: suite === 'sid' ? 'prosody' : `prosody-${suite}`, suite, packages, without: USELESS },
      say,
    );
    return {
      kind: 'found',
      from: 'download',
      version: prefix.versions['prosody'] ?? '?',
      paths: { root: prefix.root },
    };
  } catch (error) {
    return {
      kind: 'missing',
      why: (error as Error).message,
      remedy: 'Use a Debian machine, or connect a server of your own (docs/operations.md).',
    };
  }
}

/** Debian's package, if it is installed on this machine. */
function prosodyOnPath(): Search<{ root: string }> | undefined {
  const root = rootOf('prosodyctl');
  if (root === undefined || !existsSync(join(root, 'usr', 'bin', 'lua5.4'))) return undefined;
  const file = join(root, 'usr', 'lib', 'prosody', 'prosody.version');
  const version = existsSync(file) ? readFileSync(file, 'utf8').trim() : '0';
  return olderThan(version, PROSODY_AT_LEAST)
    ? undefined
    : { kind: 'found', from: 'path', version, paths: { root } };
}

export interface ProsodyOptions {
  root: string;
  folder: string;
  c2sPort: number;
  componentPort: number;
  domain: string;
  components: string[];
  secret: string;
  /** Files up to `maxMb` at `upload.<domain>`, kept on this port; clients that are web pages connect there too (RFC 7395). */
  upload?: { port: number; maxMb: number };
  /** With it, `c2sPort` offers STARTTLS, and `port` accepts direct TLS. Without it, connections are not encrypted. */
  tls?: { certificateFile: string; keyFile: string; port: number };
  /** Keeps no message for a person who is offline, and gives up a broken session after one second. */
  forgetful?: true;
  /** Folder of mod_hutong_link.lua; without it the component link is plain XEP-0114. */
  plugins?: string;
}

export function prosody(options: ProsodyOptions, onCrash?: (how: string) => void): Child {
  mkdirSync(join(options.folder, 'data'), { recursive: true, mode: 0o700 });
  mkdirSync(join(options.folder, 'certs'), { recursive: true });
  writeFileSync(configFile(options), config(options), { mode: 0o600 });
  const program = launcher(options, 'prosody');
  return new Child(
    {
      name: 'prosody',
      command: program,
      args: ['-F', '--config', configFile(options)],
      env: environment(options.root),
      logFile: join(options.folder, 'prosody.out.log'),
      ready: async () => (await Promise.all(portsOf(options).map((port) => listens(port)))).every(Boolean),
    },
    onCrash,
  );
}

function portsOf({ c2sPort, componentPort, tls }: ProsodyOptions): number[] {
  return [c2sPort, componentPort, ...(tls ? [tls.port] : [])];
}

/** Creates the account, or sets its password. Works while the server runs. */
export async function prosodyAccount(options: ProsodyOptions, user: string, password: string): Promise<void> {
  await run(
    launcher(options, 'prosodyctl'),
    ['--config', configFile(options), 'register', user, options.domain, password],
    { env: environment(options.root) },
  );
}

/** Runs a command of the administrator's shell on the running server, such as `host deactivate example.org`. */
export async function prosodyShell(options: ProsodyOptions, ...words: string[]): Promise<void> {
  await run(launcher(options, 'prosodyctl'), ['--config', configFile(options), 'shell', ...words], {
    env: environment(options.root),
  });
}

function configFile(options: ProsodyOptions): string {
  return join(options.folder, 'prosody.cfg.lua');
}

function environment(root: string): NodeJS.ProcessEnv {
  const share = join(root, 'usr', 'share', 'lua', '5.4');
  return {
    ...process.env,
    LUA_PATH: `${share}/?.lua;${share}/?/init.lua;;`,
    LUA_CPATH: `${libraryFolder(root)}/lua/5.4/?.so;;`,
  };
}

/** A script of the package with its built-in paths changed to the prefix, started with the loader of the prefix. */
function launcher(options: ProsodyOptions, program: 'prosody' | 'prosodyctl'): string {
  const { root, folder } = options;
  const moved: Record<string, string> = {
    CFG_SOURCEDIR: join(root, 'usr', 'lib', 'prosody'),
    CFG_PLUGINDIR: join(root, 'usr', 'lib', 'prosody', 'modules/'),
    CFG_CONFIGDIR: folder,
    CFG_DATADIR: join(folder, 'data'),
  };
  const script = readFileSync(join(root, 'usr', 'bin', program), 'utf8').replace(
    /^(CFG_[A-Z]+)=.*$/gm,
    (line, name: string) => {
      const path = moved[name];
      return path === undefined ? line : `${name}='${path}'`;
    },
  );
  const lua = join(folder, `${program}.lua`);
  writeFileSync(lua, script);
  const shell = join(folder, program);
  const command = [
    loader(root),
    '--library-path',
    libraryPath(root),
    join(root, 'usr', 'bin', 'lua5.4'),
    lua,
  ];
  writeFileSync(shell, `#!/bin/sh\nexec ${command.map((word) => `"${word}"`).join(' ')} "$@"\n`);
  chmodSync(shell, 0o755);
  return shell;
}

function config(options: ProsodyOptions): string {
  const component = (domain: string) =>
    [
      `Component "${domain}"`,
      `  component_secret = "${options.secret}"`,
      ...(options.plugins ? ['  modules_enabled = { "hutong_link" }'] : []),
    ].join('\n');
  return `-- written at every start; for this machine only
run_as_root = true
pidfile = "${join(options.folder, 'prosody.pid')}"
data_path = "${join(options.folder, 'data')}"
plugin_paths = { ${options.plugins ? `"${options.plugins}"` : ''} }
certificates = "${join(options.folder, 'certs')}"
interfaces = { "127.0.0.1" }
local_interfaces = { "127.0.0.1" }
network_backend = "epoll"
network_settings = { nagle = false }
modules_enabled = {
  "roster"; "saslauth"; "disco"; "private"; "blocklist"; "vcard4"; "vcard_legacy"; "carbons"; "mam"; "smacks"; "csi_simple";
  "pep"; "bookmarks"; "ping"; "time"; "version"; "register"; "admin_shell"; "offline"; "lastactivity"; "presence"; "message"; "iq";${options.tls ? ' "tls";' : ''}${options.upload ? ' "websocket";' : ''}
}
modules_disabled = { "s2s"${options.tls ? '' : '; "tls"'}${options.forgetful ? '; "offline"; "mam"' : ''} }
${options.forgetful ? 'smacks_hibernation_time = 1' : ''}
${options.tls ? tlsOptions(options.tls) : ''}
allow_unencrypted_plain_auth = true
c2s_require_encryption = false
s2s_require_encryption = false
authentication = "internal_hashed"
default_iteration_count = 4096
storage = "internal"
-- COMPAT(Prosody 0.12-13): the internal archive stops at 10,000 items a user and then slows everything down.
storage_archive_item_limit = 10000000
archive_expires_after = "4w"
c2s_ports = { ${options.c2sPort} }
component_ports = { ${options.componentPort} }
component_interfaces = { "127.0.0.1" }
http_ports = { ${options.upload?.port ?? ''} }
http_interfaces = { "127.0.0.1" }
http_max_content_size = ${(options.upload?.maxMb ?? 1) * 1024 * 1024}
${options.upload ? `http_default_host = "upload.${options.domain}"` : ''}
${options.upload ? `http_external_url = "http://127.0.0.1:${options.upload.port}/"` : ''}
https_ports = { }
limits = { }
log = { { levels = { min = "info" }, to = "file", filename = "${join(options.folder, 'prosody.log')}" } }

VirtualHost "${options.domain}"

${options.components.map(component).join('\n\n')}
${options.upload ? uploadService(options, options.upload.maxMb) : ''}
`;
}

/** TLS for ordinary clients, which log in over TLS only. Programs on this machine need none. */
function tlsOptions({ certificateFile, keyFile, port }: NonNullable<ProsodyOptions['tls']>): string {
  const pair = `{ certificate = "${certificateFile}"; key = "${keyFile}" }`;
  return `ssl = ${pair}
c2s_direct_tls_ports = { ${port} }
c2s_direct_tls_interfaces = { "127.0.0.1" }
c2s_direct_tls_ssl = ${pair}`;
}

/** XEP-0363 (HTTP upload), also for components. */
function uploadService({ domain, components }: ProsodyOptions, maxMb: number): string {
  const bytes = maxMb * 1024 * 1024;
  return `Component "upload.${domain}" "http_file_share"
  http_file_share_size_limit = ${bytes}
  http_file_share_daily_quota = ${100 * bytes}
  http_file_share_global_quota = ${1000 * bytes}
  http_file_share_access = { ${[domain, ...components].map((name) => `"${name}"`).join('; ')} }
`;
}
