/** nats-server with JetStream on disk. Needs 2.14, in which a consumer can be reset to its acknowledgement floor (ADR-60). */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child, answersHttp } from './child.js';
import { debianPrefix } from './debian.js';
import type { Say, Search } from './engine.js';
import { onPathOrDownloaded } from './path-or-download.js';

export const NATS_AT_LEAST = '2.14.0';

export function findNatsServer(say: Say): Promise<Search<{ program: string }>> {
  return onPathOrDownloaded({
    name: 'nats-server',
    atLeast: NATS_AT_LEAST,
    download: async () => {
      const packages = ['nats-server'];
      const prefix = await debianPrefix({ name: 'nats-server', suite: 'sid', packages, alone: true }, say);
      return join(prefix.root, 'usr', 'sbin', 'nats-server');
    },
    remedy: `Put nats-server >= ${NATS_AT_LEAST} on PATH, or give NATS_URL.`,
  });
}

/** Folder in which the server stores the accounts that are published to it. @param folder as in NatsOptions */
export function natsAccountsFolder(folder: string): string {
  return join(folder, 'accounts');
}

export interface NatsOptions {
  program: string;
  folder: string;
  port: number;
  monitorPort: number;
  /** Configuration lines that make it trust an authority. Without them it accepts everybody: for benchmarks only. */
  trust?: string;
  /** Paths of its certificate and private key (PEM). With them it accepts TLS connections only. */
  tls?: { cert: string; key: string };
  /**
   * For benchmarks and for tests of the refusal: acknowledges before it writes to disk, as nats-server does by default.
   */
  unsafeForTests?: boolean;
}

/**
 * The jetstream block of every configuration that Hutong generates. By default nats-server writes to disk every two minutes: a
 * power cut loses what was acknowledged since then, and younger streams (docs/decisions/0015-durability.md).
 */
export function jetstreamBlock(storeDir: string, sync: 'always' | 'default' = 'always'): string {
  // The sizes of streams are limits, not reservations: their sum may exceed the disk.
  const limit = ', max_file_store: 1PB';
  return `jetstream { store_dir: ${JSON.stringify(storeDir)}${limit}${sync === 'always' ? ', sync_interval: always' : ''} }`;
}

export function natsServer(options: NatsOptions, onCrash?: (how: string) => void): Child {
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const config = join(options.folder, 'nats-server.conf');
  writeFileSync(
    config,
    [
      `listen: "127.0.0.1:${options.port}"`,
      `http: "127.0.0.1:${options.monitorPort}"`,
      'server_name: hutong',
      'max_payload: 1MB',
      jetstreamBlock(join(options.folder, 'jetstream'), options.unsafeForTests ? 'default' : 'always'),
      ...(options.tls ? [`tls { cert_file: "${options.tls.cert}", key_file: "${options.tls.key}" }`] : []),
      options.trust ?? '',
    ].join('\n'),
    { mode: 0o600 },
  );
  return new Child(
    {
      name: 'nats-server',
      command: options.program,
      args: ['-c', config],
      logFile: join(options.folder, 'nats-server.log'),
      ready: () => answersHttp(`http://127.0.0.1:${options.monitorPort}/healthz?js-enabled-only=true`),
    },
    onCrash,
  );
}
