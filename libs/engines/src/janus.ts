/**
 * Janus from PATH or from Debian's packages: a WebRTC gateway, here with its NoSIP plugin alone, which connects a browser with plain
 * RTP. Its API is a WebSocket on the loopback interface, with a secret.
 */
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child, listens } from './child.js';
import { debianPrefix } from './debian.js';
import type { Say, Search } from './engine.js';
import { libraryFolder, libraryPath, loader } from './loader.js';
import { rootOf, versionOf, which } from './which.js';

export interface JanusPaths {
  /** A program and the words before its own arguments. */
  command: readonly [program: string, ...before: string[]];
  /** Folder with the folders `plugins` and `transports`. */
  modules: string;
}

/** Dependencies that are not needed in a prefix: of modules that are not loaded, and for installing. */
const USELESS =
  /^(perl|perl-base|perl-modules.*|libperl.*|adduser|passwd|debconf|dpkg|tar|usrmerge|init-system-helpers|login.*|gcc-.*-base|libpam.*|dbus.*|libdbus.*|dconf.*|libdconf.*|gsettings.*|glib-networking.*|libproxy.*|shared-mime-info|xdg-user-dirs|libdb5.*|libgdbm.*|libnumber.*|libtext.*|libfile.*|libsasl2-modules.*|libcap-ng.*|libsmartcols.*|libjson-c.*|libtinfo.*|libgcrypt.*|libgpg-error.*|libudev.*|libogg.*|libopus.*|libacl.*|libmd0|libbz2.*|libexpat.*|libuuid.*|libsystemd.*|liblz4.*|libcrypt1|libsoup-3.0-common|procps|libproc2.*|libncurses.*|mount|libmount-bin|libfdisk.*|libcryptsetup.*|dmsetup|libdevmapper.*|libkmod.*|libsemanage.*|libsepol.*|libaudit.*|libapparmor.*|libseccomp.*|libargon2.*|systemd.*|libip4tc.*|libsofia.*|librabbitmq.*|libpaho.*|libnanomsg.*|libmicrohttpd.*|liblua.*|libduktape.*|ucf|sensible-utils|lsb-base|sysvinit-utils)_/;

const PLUGIN = 'libjanus_nosip.so';
const TRANSPORT = 'libjanus_websockets.so';

export async function findJanus(say: Say): Promise<Search<JanusPaths>> {
  const [onPath, installed] = [which('janus'), rootOf('janus')];
  const own = installed === undefined ? undefined : modulesIn(installed);
  if (onPath && own !== undefined && existsSync(join(own, 'plugins', PLUGIN)))
    return {
      kind: 'found',
      from: 'path',
      version: versionOf(onPath, '--version') ?? '?',
      paths: { command: [onPath], modules: own },
    };
  try {
    const { root, versions } = await debianPrefix(
      { name: 'janus', suite: 'bookworm', packages: ['janus'], without: USELESS },
      say,
    );
    return {
      kind: 'found',
      from: 'download',
      version: versions['janus'] ?? '?',
      paths: {
        command: [loader(root), '--library-path', libraryPath(root), join(root, 'usr', 'bin', 'janus')],
        modules: modulesIn(root),
      },
    };
  } catch (error) {
    return {
      kind: 'missing',
      why: (error as Error).message,
      remedy: 'Install janus, or use a Debian machine. Without it there are no call pages.',
    };
  }
}

function modulesIn(root: string): string {
  return join(libraryFolder(root), 'janus');
}

export interface JanusOptions extends JanusPaths {
  folder: string;
  /** Of its API, on the loopback interface. */
  port: number;
  /** Every request to its API must have it. */
  secret: string;
  /** Address of plain RTP: of this machine, and in the session descriptions. The loopback address, if absent. */
  rtpAddress?: string;
  /** UDP ports of plain RTP, and of browsers. */
  ports: { rtp: readonly [first: number, last: number]; browsers: readonly [first: number, last: number] };
}

export function janus(options: JanusOptions, onCrash?: (how: string) => void): Child {
  const { folder, command, port } = options;
  const config = join(folder, 'config');
  mkdirSync(config, { recursive: true });
  link(options, 'plugins', PLUGIN);
  link(options, 'transports', TRANSPORT);
  for (const none of ['loggers', 'events']) mkdirSync(join(folder, none), { recursive: true });
  for (const [name, text] of Object.entries(configuration(options)))
    writeFileSync(join(config, `${name}.jcfg`), text, { mode: 0o600 });
  const [program, ...before] = command;
  return new Child(
    {
      name: 'janus',
      command: program,
      args: [...before, '-F', config, '-C', join(config, 'janus.jcfg')],
      cwd: folder,
      logFile: join(folder, 'janus.log'),
      ready: () => listens(port),
    },
    onCrash,
  );
}

/** Janus loads whatever is in its folders of modules: these have one each. */
function link({ folder, modules }: JanusOptions, kind: 'plugins' | 'transports', file: string): void {
  const own = join(folder, kind);
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own, { recursive: true });
  symlinkSync(join(modules, kind, file), join(own, file));
}

/** By the name of each file. The certificate of DTLS is made anew at each start. */
function configuration({ folder, port, secret, rtpAddress = '127.0.0.1', ports }: JanusOptions) {
  return {
    janus: `general: {
  configs_folder = "${join(folder, 'config')}"
  plugins_folder = "${join(folder, 'plugins')}"
  transports_folder = "${join(folder, 'transports')}"
  events_folder = "${join(folder, 'events')}"
  loggers_folder = "${join(folder, 'loggers')}"
  interface = "127.0.0.1"
  debug_level = 3
  debug_timestamps = true
  debug_colors = false
  api_secret = "${secret}"
  hide_dependencies = true
}
media: {
  rtp_port_range = "${ports.browsers.join('-')}"
}
nat: {
  ignore_mdns = true
}
`,
    'janus.transport.websockets': `general: {
  json = "compact"
  ws = true
  ws_port = ${port}
  ws_ip = "127.0.0.1"
  wss = false
}
admin: {
  admin_ws = false
  admin_wss = false
}
`,
    'janus.plugin.nosip': `general: {
  local_ip = "${rtpAddress}"
  rtp_port_range = "${ports.rtp.join('-')}"
  events = false
}
`,
  };
}
