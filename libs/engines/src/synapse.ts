/** Synapse from Debian sid, run from its prefix with its own Python. For this machine only: loopback, no federation. */
import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child, answersHttp } from './child.js';
import { debianPrefix } from './debian.js';
import { EngineError, olderThan, type Say, type Search } from './engine.js';
import { preparePython } from './python.js';
import { rootOf } from './which.js';

/** First version with authenticated media (Matrix v1.11). */
const SYNAPSE_AT_LEAST = '1.107';

export async function findSynapse(say: Say): Promise<Search<{ root: string }>> {
  const installed = synapseOnPath();
  if (installed) return installed;
  try {
    const prefix = await debianPrefix(
      { name: 'synapse', suite: 'sid', packages: ['matrix-synapse', 'base-files'] },
      say,
    );
    await preparePython('synapse', prefix.root, say);
    return {
      kind: 'found',
      from: 'download',
      version: prefix.versions['matrix-synapse'] ?? '?',
      paths: { root: prefix.root },
    };
  } catch (error) {
    return {
      kind: 'missing',
      why: (error as Error).message,
      remedy: 'Use a Debian machine, or connect a homeserver of your own (docs/operations.md).',
    };
  }
}

/** Debian's package, if it is installed on this machine, run with the machine's Python. */
function synapseOnPath(): Search<{ root: string }> | undefined {
  const root = rootOf('synapse_homeserver');
  const packages = join(root ?? '', 'usr', 'lib', 'python3', 'dist-packages');
  if (root === undefined || !existsSync(packages)) return undefined;
  const about = readdirSync(packages).find((name) => name.startsWith('matrix_synapse-'));
  const version = /^matrix_synapse-([\d.]+)\.dist-info$/.exec(about ?? '')?.[1] ?? '0';
  return olderThan(version, SYNAPSE_AT_LEAST)
    ? undefined
    : { kind: 'found', from: 'path', version, paths: { root } };
}

export interface SynapseOptions {
  root: string;
  folder: string;
  port: number;
  serverName: string;
  registrationSecret: string;
  /** Registration files of application services. */
  registrations: string[];
}

export function synapse(options: SynapseOptions, onCrash?: (how: string) => void): Child {
  mkdirSync(join(options.folder, 'media'), { recursive: true, mode: 0o700 });
  const config = join(options.folder, 'homeserver.yaml');
  writeFileSync(config, homeserver(options), { mode: 0o600 });
  writeFileSync(join(options.folder, 'log.yaml'), logConfig(options.folder));
  const key = join(options.folder, 'signing.key');
  if (!existsSync(key))
    writeFileSync(key, `ed25519 a_hutong ${randomBytes(32).toString('base64').replace(/=+$/, '')}\n`, {
      mode: 0o600,
    });
  return new Child(
    {
      name: 'synapse',
      command: join(options.root, 'usr', 'bin', 'python3'),
      args: ['-m', 'synapse.app.homeserver', '-c', config],
      cwd: options.folder,
      logFile: join(options.folder, 'synapse.out.log'),
      ready: () => answersHttp(`http://127.0.0.1:${options.port}/health`),
      readyTimeoutMs: 120_000,
    },
    onCrash,
  );
}

/** Registers an account with the shared secret (Synapse's admin API). An existing account is left unchanged. */
export async function synapseAccount(options: SynapseOptions, user: string, password: string): Promise<void> {
  const url = `http://127.0.0.1:${options.port}/_synapse/admin/v1/register`;
  const { nonce } = (await (await fetch(url)).json()) as { nonce: string };
  const mac = createHmac('sha1', options.registrationSecret)
    .update([nonce, user, password, 'notadmin'].join('\0'))
    .digest('hex');
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ nonce, username: user, password, admin: false, mac }),
  });
  const body = (await response.json()) as { errcode?: string; error?: string };
  if (!response.ok && body.errcode !== 'M_USER_IN_USE')
    throw new EngineError(`cannot register ${user}: ${body.error ?? response.status}`);
}

function logConfig(folder: string): string {
  return JSON.stringify({
    version: 1,
    formatters: { plain: { format: '%(asctime)s %(name)s %(levelname)s %(message)s' } },
    handlers: {
      file: { class: 'logging.FileHandler', formatter: 'plain', filename: join(folder, 'homeserver.log') },
    },
    root: { level: 'WARNING', handlers: ['file'] },
    disable_existing_loggers: false,
  });
}

/** Writes the configuration as JSON, which is valid YAML. */
function homeserver(options: SynapseOptions): string {
  const plenty = { per_second: 100_000, burst_count: 100_000 };
  return JSON.stringify(
    {
      server_name: options.serverName,
      public_baseurl: `http://127.0.0.1:${options.port}/`,
      pid_file: join(options.folder, 'homeserver.pid'),
      listeners: [
        {
          port: options.port,
          bind_addresses: ['127.0.0.1'],
          type: 'http',
          tls: false,
          resources: [{ names: ['client'], compress: false }],
        },
      ],
      database: {
        name: 'sqlite3',
        args: { database: join(options.folder, 'homeserver.db'), cp_min: 1, cp_max: 1 },
      },
      log_config: join(options.folder, 'log.yaml'),
      media_store_path: join(options.folder, 'media'),
      signing_key_path: join(options.folder, 'signing.key'),
      macaroon_secret_key: createHmac('sha256', options.registrationSecret).update('macaroon').digest('hex'),
      form_secret: createHmac('sha256', options.registrationSecret).update('form').digest('hex'),
      registration_shared_secret: options.registrationSecret,
      enable_registration: false,
      report_stats: false,
      trusted_key_servers: [],
      suppress_key_server_warning: true,
      federation_domain_whitelist: [],
      presence: { enabled: true },
      url_preview_enabled: false,
      app_service_config_files: options.registrations,
      bcrypt_rounds: 4,
      rc_message: plenty,
      rc_registration: plenty,
      rc_login: { address: plenty, account: plenty, failed_attempts: plenty },
      rc_admin_redaction: plenty,
      rc_joins: { local: plenty, remote: plenty },
      rc_joins_per_room: plenty,
      rc_invites: { per_room: plenty, per_user: plenty, per_issuer: plenty },
      rc_room_creation: plenty,
      rc_presence: { per_user: plenty },
    },
    null,
    2,
  );
}
