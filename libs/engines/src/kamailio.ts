/** Kamailio from PATH or from Debian's packages: a SIP server with the script that it is given. Loopback only. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child, listens } from './child.js';
import { debianPrefix } from './debian.js';
import type { Say, Search } from './engine.js';
import { libraryFolder, libraryPath, loader } from './loader.js';
import { rootOf, versionOf, which } from './which.js';

export interface KamailioPaths {
  /** A program and the words before its own arguments. */
  command: readonly [program: string, ...before: string[]];
  modules: string;
}

/** Dependencies that are not needed in a prefix. */
const USELESS =
  /^(perl|perl-base|perl-modules.*|libperl.*|adduser|passwd|debconf|dpkg|tar|usrmerge|init-system-helpers|login.*|gcc-.*-base|python3.*|libpython3.*|media-types|lsb-base|sysvinit-utils|readline-common|krb5-locales|ucf|sensible-utils)_/;

const PACKAGES = ['kamailio', 'kamailio-presence-modules'];

export async function findKamailio(say: Say): Promise<Search<KamailioPaths>> {
  const [onPath, installed] = [which('kamailio'), rootOf('kamailio')];
  if (onPath && installed !== undefined && existsSync(modulesIn(installed)))
    return {
      kind: 'found',
      from: 'path',
      version: versionOf(onPath, '-v') ?? '?',
      paths: { command: [onPath], modules: modulesIn(installed) },
    };
  try {
    const { root, versions } = await debianPrefix(
      { name: 'kamailio', suite: 'bookworm', packages: PACKAGES, without: USELESS },
      say,
    );
    const libraries = `${libraryPath(root)}:${join(libraryFolder(root), 'kamailio')}`;
    return {
      kind: 'found',
      from: 'download',
      version: versions['kamailio'] ?? '?',
      paths: {
        command: [loader(root), '--library-path', libraries, join(root, 'usr', 'sbin', 'kamailio')],
        modules: modulesIn(root),
      },
    };
  } catch (error) {
    return {
      kind: 'missing',
      why: (error as Error).message,
      remedy: 'Install kamailio and kamailio-presence-modules, or use a Debian machine.',
    };
  }
}

function modulesIn(root: string): string {
  return join(libraryFolder(root), 'kamailio', 'modules');
}

export interface KamailioOptions extends KamailioPaths {
  folder: string;
  /** On the loopback interface, for UDP and TCP. */
  port: number;
  /** Modules, settings of modules, and routes, in Kamailio's language. */
  script: string;
}

export function kamailio(options: KamailioOptions, onCrash?: (how: string) => void): Child {
  const { command, modules, folder, port } = options;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'kamailio.cfg');
  writeFileSync(file, configuration(options), { mode: 0o600 });
  const [program, ...before] = command;
  return new Child(
    {
      name: 'kamailio',
      command: program,
      // -DD: it stays in the foreground. -E: it logs to stderr. The sizes of its memory are in MB.
      args: [
        ...before,
        '-f',
        file,
        '-L',
        modules,
        '-Y',
        folder,
        '-w',
        folder,
        '-DD',
        '-E',
        '-m',
        '32',
        '-M',
        '4',
      ],
      cwd: folder,
      logFile: join(folder, 'kamailio.log'),
      ready: () => listens(port),
    },
    onCrash,
  );
}

function configuration({ port, script }: KamailioOptions): string {
  return `#!KAMAILIO
# written at every start; for this machine only
debug=2
log_stderror=yes
children=2
tcp_children=2
auto_aliases=no
dns=no
rev_dns=no
listen=udp:127.0.0.1:${port}
listen=tcp:127.0.0.1:${port}

${script}
`;
}
