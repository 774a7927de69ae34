/** baresip from PATH or from Debian's packages: a telephone without a screen, controlled over TCP. Loopback only. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BaresipControl } from './baresip-control.js';
import { Child, listens } from './child.js';
import { debianPrefix } from './debian.js';
import type { Say, Search } from './engine.js';
import { libraryPath, loader } from './loader.js';
import { rootOf, versionOf, which } from './which.js';

export interface BaresipPaths {
  /** A program and the words before its own arguments. */
  command: readonly [program: string, ...before: string[]];
  modules: string;
}

/** Dependencies that are not needed in a prefix: of modules that are not loaded, and for installing. */
const USELESS =
  /^(perl|perl-base|perl-modules.*|libperl.*|adduser|passwd|debconf|dpkg|tar|usrmerge|init-system-helpers|login.*|gcc-.*-base|libdirectfb.*|libjack.*|libasound2-data|libportaudio.*|libvpx.*|libcodec2.*|libspandsp.*|libmosquitto.*|fonts-.*|ucf|sensible-utils|libgl.*|libllvm.*|libx11.*|libdrm.*|mesa-.*)_/;

export async function findBaresip(say: Say): Promise<Search<BaresipPaths>> {
  const [onPath, root = '/'] = [which('baresip'), rootOf('baresip')];
  const modules = (prefix: string) => join(prefix, 'usr', 'lib', 'baresip', 'modules');
  if (onPath && existsSync(modules(root)))
    return {
      kind: 'found',
      from: 'path',
      version: versionOf(onPath, '-h') ?? '?',
      paths: { command: [onPath], modules: modules(root) },
    };
  try {
    const prefix = await debianPrefix(
      { name: 'baresip', suite: 'bookworm', packages: ['baresip-core'], without: USELESS },
      say,
    );
    const program = join(prefix.root, 'usr', 'bin', 'baresip');
    return {
      kind: 'found',
      from: 'download',
      version: prefix.versions['baresip-core'] ?? '?',
      paths: {
        command: [loader(prefix.root), '--library-path', libraryPath(prefix.root), program],
        modules: modules(prefix.root),
      },
    };
  } catch (error) {
    return {
      kind: 'missing',
      why: (error as Error).message,
      remedy: 'Install baresip, or use a Debian machine.',
    };
  }
}

export interface BaresipOptions extends BaresipPaths {
  folder: string;
  account: {
    user: string;
    domain: string;
    password: string;
    /** `host:port` to which everything is sent. */
    server: string;
    transport?: 'udp' | 'tcp';
    /** Seconds between two REGISTERs, and two PUBLISHes. */
    interval?: number;
    /** It publishes its presence; true, if absent. */
    publishes?: boolean;
    /** It accepts every call at once. */
    answers?: true;
  };
  /** Frequency of the tone that it plays in calls, Hz; 440, if absent. */
  plays?: number;
  /** It keeps what it hears in calls: `recorded`. */
  records?: true;
  /** SIP addresses whose presence it subscribes to; it writes to the first one. */
  contacts?: readonly string[];
  /** COMPAT(baresip, 1.0.0): it listens for TLS on the port after `sip`, also without a certificate. */
  ports: { sip: number; control: number };
}

export class Baresip {
  private constructor(
    private readonly child: Child,
    private readonly control: BaresipControl,
    private readonly sounds: string,
  ) {}

  static async start(options: BaresipOptions): Promise<Baresip> {
    const { folder, command, ports } = options;
    mkdirSync(soundsOf(folder), { recursive: true });
    writeFileSync(join(folder, 'config'), configuration(options));
    writeFileSync(join(folder, 'accounts'), `${accountLine(options)}\n`, { mode: 0o600 });
    writeFileSync(join(folder, 'contacts'), contactLines(options.contacts));
    const [program, ...before] = command;
    const child = new Child({
      name: 'baresip',
      command: program,
      args: [...before, '-f', folder, '-s'],
      cwd: folder,
      logFile: join(folder, 'baresip.log'),
      ready: () => listens(ports.control),
    });
    await child.start();
    try {
      return new Baresip(child, await BaresipControl.open(ports.control), soundsOf(folder));
    } catch (error) {
      await child.stop();
      throw error;
    }
  }

  /** Everything that it has written so far: each message that comes, and with `-s` each request and response. */
  get words(): string {
    return readFileSync(this.child.spec.logFile, 'utf8');
  }

  /** Resolves when it has written this. @throws Error after the time, with its last words */
  async says(wanted: RegExp, withinMs = 20_000): Promise<RegExpExecArray> {
    for (let left = withinMs; ; left -= 40) {
      const found = wanted.exec(this.words);
      if (found) return found;
      if (left <= 0) throw new Error(`baresip did not say ${String(wanted)}: ${this.words.slice(-2000)}`);
      await sleep(40);
    }
  }

  /** What it has heard so far in its last call: a RIFF file whose lengths are not written yet. undefined: nothing */
  get recorded(): Buffer | undefined {
    const [last] = readdirSync(this.sounds)
      .filter((name) => name.endsWith('-dec.wav'))
      .toSorted()
      .toReversed();
    return last === undefined ? undefined : readFileSync(join(this.sounds, last));
  }

  /** A long command of its menu, such as `message`. @returns what it answers */
  async command(command: string, params = ''): Promise<string> {
    return this.control.command(command, params);
  }

  async stop(): Promise<void> {
    this.control.close();
    await this.child.stop();
  }
}

function soundsOf(folder: string): string {
  return join(folder, 'sounds');
}

function configuration({ modules, ports, folder, plays = 440, records }: BaresipOptions): string {
  return [
    'poll_method epoll',
    `sip_listen 127.0.0.1:${ports.sip}`,
    // By its name, `lo` is not among the interfaces that it looks at.
    'net_interface 127.0.0.1',
    `module_path ${modules}`,
    ...['account.so', 'contact.so', 'presence.so', 'menu.so'].map((name) => `module_app ${name}`),
    // In calls it plays a tone.
    ...['ctrl_tcp.so', 'g711.so', 'ausine.so', 'aubridge.so'].map((name) => `module ${name}`),
    ...(records ? ['module sndfile.so', `snd_path ${soundsOf(folder)}`] : []),
    `audio_source ausine,${plays}`,
    'ausrc_srate 48000',
    'ausrc_channels 2',
    'audio_player aubridge,nobody',
    'audio_alert aubridge,nobody',
    `ctrl_tcp_listen 127.0.0.1:${ports.control}`,
    '',
  ].join('\n');
}

function accountLine({ account }: BaresipOptions): string {
  const { user, domain, password, server, transport = 'udp', interval = 60 } = account;
  const { publishes = true, answers } = account;
  return [
    `<sip:${user}@${domain};transport=${transport}>`,
    `auth_user=${user}`,
    `auth_pass=${password}`,
    `outbound="sip:${server};transport=${transport}"`,
    `regint=${interval}`,
    ...(publishes ? [`pubint=${interval}`] : []),
    ...(answers ? ['answermode=auto'] : []),
  ].join(';');
}

function contactLines(contacts: readonly string[] = []): string {
  return contacts.map((address) => `"${address}" <${address}>;presence=p2p\n`).join('');
}
