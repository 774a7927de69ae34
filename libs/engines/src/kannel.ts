/** Kannel of Debian: a gateway that others wrote, as a client (ESME) of an SMPP centre. Loopback only, nothing is kept between starts. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answersHttp, Child, listens } from './child.js';
import { debianPrefix } from './debian.js';
import type { Say, Search } from './engine.js';
import { libraryPath, loader } from './loader.js';

/** Dependencies that are not needed in a prefix. */
const USELESS =
  /^(perl|perl-base|perl-modules.*|libperl.*|adduser|passwd|debconf|dpkg|tar|usrmerge|init-system-helpers|login.*|gcc-.*-base|lsb-base|sysvinit-utils|psmisc|freetds-common|mariadb-common|mysql-common|krb5-locales|libldap-common|libsasl2-modules.*|ucf|sensible-utils)_/;

export async function findKannel(say: Say): Promise<Search<{ root: string }>> {
  try {
    const prefix = await debianPrefix(
      { name: 'kannel', suite: 'bookworm', packages: ['kannel'], without: USELESS },
      say,
    );
    return {
      kind: 'found',
      from: 'download',
      version: prefix.versions['kannel'] ?? '?',
      paths: { root: prefix.root },
    };
  } catch (error) {
    return { kind: 'missing', why: (error as Error).message, remedy: 'Use a Debian machine.' };
  }
}

export interface KannelOptions {
  root: string;
  folder: string;
  /** The centre to which it connects. */
  centre: { port: number; systemId: string; password: string };
  ports: { admin: number; box: number; send: number };
  user: { name: string; password: string };
  /** Called for each message of a person, with the placeholders of Kannel's user guide (%p, %P, %a ...). */
  onMessageUrl: string;
  /** How the centre writes ids: bit 1, hexadecimal in responses; bit 2, hexadecimal in receipts. */
  idType: 0 | 1 | 2 | 3;
}

/** Kannel has two programs: one speaks with the centre, and one with web servers. */
export class Kannel {
  private constructor(
    private readonly options: KannelOptions,
    private readonly boxes: readonly Child[],
  ) {}

  static async start(options: KannelOptions): Promise<Kannel> {
    mkdirSync(options.folder, { recursive: true });
    const config = join(options.folder, 'kannel.conf');
    writeFileSync(config, configuration(options), { mode: 0o600 });
    const { admin, send } = options.ports;
    const kannel = new Kannel(options, [
      box(options, 'bearerbox', config, () => answersHttp(`http://127.0.0.1:${admin}/status.txt`)),
      box(options, 'smsbox', config, () => listens(send)),
    ]);
    try {
      for (const each of kannel.boxes) await each.start();
    } catch (error) {
      await kannel.stop();
      throw error;
    }
    return kannel;
  }

  /** Its own words about its links. */
  async status(): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${this.options.ports.admin}/status.txt`);
    return response.text();
  }

  /** Sends a message to a person, through its interface for web servers. @returns the HTTP status and its words */
  async send(message: {
    from: string;
    to: string;
    text: string;
    /** 0: 7 bits, 2: UCS-2. */
    coding: 0 | 2;
    /** Called with each report; `%d` is what happened, `%F` the id of the centre. */
    reportUrl?: string;
  }): Promise<{ status: number; words: string }> {
    const { user, ports } = this.options;
    const { reportUrl, coding, ...rest } = message;
    const query = new URLSearchParams({
      username: user.name,
      password: user.password,
      charset: 'UTF-8',
      coding: String(coding),
      ...rest,
      ...(reportUrl === undefined ? {} : { 'dlr-mask': '31', 'dlr-url': reportUrl }),
    });
    const response = await fetch(`http://127.0.0.1:${ports.send}/cgi-bin/sendsms?${query.toString()}`);
    return { status: response.status, words: await response.text() };
  }

  async stop(): Promise<void> {
    for (const each of [...this.boxes].reverse()) await each.stop();
  }
}

function box(
  { root, folder }: KannelOptions,
  name: string,
  config: string,
  ready: () => Promise<boolean>,
): Child {
  return new Child({
    name,
    command: loader(root),
    args: ['--library-path', libraryPath(root), join(root, 'usr', 'sbin', name), config],
    cwd: folder,
    logFile: join(folder, `${name}.log`),
    ready,
  });
}

function configuration({ centre, ports, user, onMessageUrl, idType }: KannelOptions): string {
  return groups([
    {
      group: 'core',
      'admin-port': ports.admin,
      'admin-interface': '127.0.0.1',
      'admin-password': user.password,
      'smsbox-port': ports.box,
      'smsbox-interface': '127.0.0.1',
      'box-allow-ip': '127.0.0.1',
      'dlr-storage': 'internal',
      // Seconds after which it sends again what the centre refused for now.
      'sms-resend-freq': 1,
    },
    {
      group: 'smsc',
      smsc: 'smpp',
      'smsc-id': 'centre',
      host: '127.0.0.1',
      port: centre.port,
      'transceiver-mode': 'true',
      'interface-version': '34',
      'smsc-username': centre.systemId,
      'smsc-password': centre.password,
      'system-type': '""',
      'address-range': '""',
      'msg-id-type': `0x0${idType}`,
      'reconnect-delay': 1,
    },
    {
      group: 'smsbox',
      'bearerbox-host': '127.0.0.1',
      'bearerbox-port': ports.box,
      'sendsms-port': ports.send,
      'sendsms-interface': '127.0.0.1',
      'mo-recode': 'true',
    },
    {
      group: 'sendsms-user',
      username: user.name,
      password: user.password,
      concatenation: 'true',
      'max-messages': 10,
    },
    {
      group: 'sms-service',
      keyword: 'default',
      'catch-all': 'yes',
      'max-messages': 0,
      'accepted-smsc': 'centre',
      'get-url': `"${onMessageUrl}"`,
    },
  ]);
}

function groups(all: Record<string, string | number>[]): string {
  return all
    .map((group) =>
      Object.entries(group)
        .map(([name, value]) => `${name} = ${value}\n`)
        .join(''),
    )
    .join('\n');
}
