/** docker/compose.yaml and what it needs, read as data: no container engine is needed, and none has been run. */
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { APPS } from './documents.js';

interface Service {
  environment?: Record<string, string>;
  volumes?: string[];
  ports?: string[];
  networks?: string[] | Record<string, unknown>;
  command?: string[];
  profiles?: string[];
  privileged?: boolean;
  cap_drop?: string[];
  network_mode?: string;
}

interface Compose {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean; ipam?: { config: { subnet: string }[] } }>;
}

const text = readFileSync('docker/compose.yaml', 'utf8');
const { services, networks } = parse(text, { merge: true }) as Compose;
const running = Object.entries(services).filter(([, { profiles }]) => !profiles?.includes('setup'));
const apps = running.filter(([, { command }]) => command?.[0]?.startsWith('dist/apps/'));
const adapters = apps.filter(([name]) => name.startsWith('adapter-'));
const names = (some: [string, Service][]) => some.map(([name]) => name);
const sourceOf = (volume: string) => volume.split(':')[0] ?? '';
const networksOf = ({ networks: some = [] }: Service) => (Array.isArray(some) ? some : Object.keys(some));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hutong-deployment-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('secrets', () => {
  test('every service has its own; of two that run, none share a volume but the certificate of the CA', () => {
    const holders = new Map<string, string[]>();
    for (const [name, { volumes = [] }] of running)
      for (const source of volumes.map(sourceOf)) holders.set(source, [...(holders.get(source) ?? []), name]);
    const shared = [...holders].filter(([source, by]) => source !== 'ca' && by.length > 1);
    expect(shared).toEqual([]);
    expect(adapters.length).toBeGreaterThan(4);
  });

  test('the seeds of the bus are in the volume of the console, and the key of the CA in none that runs', () => {
    const withSeeds = running.filter(([, { environment }]) => environment?.['BUS_AUTHORITY'] !== undefined);
    expect(names(withSeeds)).toEqual(['console']);
    const holding = (source: string) =>
      names(running.filter(([, { volumes = [] }]) => volumes.map(sourceOf).includes(source)));
    expect(holding('secrets-console')).toEqual(['console']);
    expect(holding('ca-key')).toEqual([]);
  });

  test('the CA is read only for all who run', () => {
    const mounts = running.flatMap(([, { volumes = [] }]) => volumes.filter((one) => sourceOf(one) === 'ca'));
    expect(mounts.length).toBeGreaterThan(7);
    expect(new Set(mounts)).toEqual(new Set(['ca:/ca:ro']));
  });

  test('none has a default, and none is written into the file', () => {
    const secret = /PASSWORD|SECRET|TOKEN|KEY$|_KEY/;
    const used = [...text.matchAll(/\$\{([A-Z_]+)([^}]*)\}/g)].map(([, name = '', rest = '']) => ({
      name,
      rest,
    }));
    const secrets = used.filter(({ name }) => secret.test(name));
    expect(secrets.length).toBeGreaterThan(10);
    for (const { name, rest } of secrets)
      expect({ name, rest }).toEqual({ name, rest: expect.stringMatching(/^(:-|:?\?.*)$/) as string });
    const literal = Object.values(services)
      .flatMap(({ environment = {} }) => Object.entries(environment))
      .filter(([name, value]) => secret.test(name) && !value.startsWith('${') && !/^\/|CA_KEY/.test(value));
    expect(literal).toEqual([]);
  });

  test('secrets.sh makes every one that is demanded: random, long, and readable to its owner alone', () => {
    const [one, other] = ['one.env', 'other.env'].map((name) => {
      const path = join(folder, name);
      execFileSync('sh', ['docker/secrets.sh', path]);
      expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
      return valuesIn(path);
    });
    const demanded = [...text.matchAll(/\$\{([A-Z_]+):?\?/g)].map(([, name = '']) => name);
    expect(Object.keys(one ?? {})).toEqual(expect.arrayContaining(demanded));
    for (const name of new Set(demanded.filter((each) => !each.endsWith('_HOST')))) {
      expect(one?.[name]).toMatch(/^(hk_)?[0-9a-f]{64}$/);
      expect(one?.[name]).not.toBe(other?.[name]);
    }
    expect(one?.['ADMIN_KEY']).not.toBe(one?.['SECOND_ADMIN_KEY']);
    execFileSync('sh', ['docker/secrets.sh', join(folder, 'one.env')], { stdio: 'ignore' });
    expect(valuesIn(join(folder, 'one.env'))).toEqual(one);
  });

  test('who faces the internet has no secret of an admin and no password of the database', () => {
    const { environment = {} } = services['media-gateway'] ?? {};
    expect(Object.keys(environment)).toContain('MEDIA_LINK_KEY');
    const held = Object.keys(environment).filter((name) => /ADMIN|DATABASE|AUTHORITY|PARTY/.test(name));
    expect(held).toEqual([]);
  });

  test('two admins are demanded', () => {
    expect(services['console']?.environment).toMatchObject({
      ADMIN_KEY: expect.stringMatching(/^\$\{ADMIN_KEY\?/) as string,
      SECOND_ADMIN_KEY: expect.stringMatching(/^\$\{SECOND_ADMIN_KEY\?/) as string,
    });
  });
});

describe('what can be reached', () => {
  const published = running.flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`));

  test('from outside: the proxy; on this machine: the bus and the callbacks of adapters; no monitoring, no database', () => {
    expect(published.filter((one) => !one.includes('127.0.0.1'))).toEqual(['proxy 80:80', 'proxy 443:443']);
    expect(published.filter((one) => /:(8222|5432|9100)\b/.test(one))).toEqual([]);
    for (const name of ['console', 'switch', 'recorder', 'clearing', 'media-gateway', 'postgres'])
      expect(published.filter((one) => one.startsWith(`${name} `))).toEqual([]);
  });

  test('the database, from the console, the recorder and clearing alone', () => {
    const there = running.filter(([, service]) => networksOf(service).includes('database'));
    expect(names(there).sort()).toEqual(['clearing', 'console', 'postgres', 'recorder']);
  });

  test('adapters reach the bus and the outside; the bus, the database and the console have no way out', () => {
    for (const [, service] of adapters) expect(networksOf(service)).toEqual(['bus', 'outside']);
    for (const name of ['bus', 'database', 'front']) expect(networks[name]?.internal).toBe(true);
    for (const name of ['console', 'recorder', 'clearing', 'media-gateway', 'switch', 'postgres'])
      expect(networksOf(services[name] ?? {})).not.toContain('outside');
  });

  test('metrics are on the loopback of each container', () => {
    for (const [, { environment }] of apps) expect(environment).not.toHaveProperty('METRICS_HOST');
  });

  test('the proxy opens links to media and call pages to strangers, the console at a name of its own, and no metrics', () => {
    const caddy = readFileSync('docker/proxy/Caddyfile', 'utf8');
    const media = caddy.slice(caddy.indexOf('{$MEDIA_HOST} {'), caddy.indexOf('# For members'));
    expect([...media.matchAll(/handle (\/\S+)/g)].map(([, path]) => path)).toEqual(['/m/*', '/call/*']);
    expect([...media.matchAll(/reverse_proxy (\S+):/g)].map(([, app]) => app)).toEqual([
      'media-gateway',
      'media-gateway',
    ]);
    expect(media.match(/respond 404/g)).toHaveLength(1);
    // The console answers on one port with its API and its pages, and its metrics have another port.
    expect([...caddy.matchAll(/reverse_proxy (\S+)/g)].map(([, app]) => app)).toEqual([
      'media-gateway:8088',
      'media-gateway:8088',
      'console:8080',
    ]);
    expect(services['console']?.environment).toMatchObject({ HTTP_PORT: '8080' });
  });

  test('apps have no rights of the kernel', () => {
    for (const [name, service] of apps) {
      expect({ name, drop: service.cap_drop }).toEqual({ name, drop: ['ALL'] });
      expect(service.privileged).toBeUndefined();
    }
  });
});

describe('Janus', () => {
  const { environment = {}, ...janus } = services['janus'] ?? {};

  test('has the secret of the media gateway, which reaches its API at an address that nobody else reaches', () => {
    const gateway = services['media-gateway']?.environment ?? {};
    expect(environment['JANUS_SECRET']).toBe(gateway['JANUS_SECRET']);
    const secrets = readFileSync('docker/secrets.sh', 'utf8');
    expect(secrets).toContain(`# JANUS_URL=ws://${environment['JANUS_API_ADDRESS']}:8188`);
    const front = networks['front']?.ipam?.config[0]?.subnet;
    expect(front).toBe('172.30.99.0/24');
    expect(environment['JANUS_API_ADDRESS']).toBe('172.30.99.1');
  });

  test('runs only where it is wanted, on the network of the host, with no rights of the kernel', () => {
    expect(janus).toMatchObject({ network_mode: 'host', profiles: ['calls'], cap_drop: ['ALL'] });
    expect(janus.volumes).toBeUndefined();
  });

  test('gets a configuration that its API asks for the secret, and opens the ports of the page about calls alone', () => {
    const config = join(folder, 'janus');
    const secret = 'a secret of sixteen characters';
    const env = {
      PATH: process.env['PATH'],
      JANUS_CONFIG: config,
      JANUS_SECRET: secret,
      JANUS_API_ADDRESS: '172.30.99.1',
      JANUS_RTP_ADDRESS: '192.0.2.7',
      JANUS_PUBLIC_ADDRESS: '203.0.113.9',
    };
    const start = (changed: NodeJS.ProcessEnv = {}) =>
      execFileSync('bash', ['-c', 'exec() { echo "$@"; }; . docker/janus/start.sh'], {
        env: { ...env, ...changed },
        stdio: 'pipe',
      });
    expect(start().toString().trim()).toBe(`janus -F ${config}`);
    const written = (name: string) => readFileSync(join(config, `${name}.jcfg`), 'utf8');
    expect(written('janus')).toContain(`api_secret = "${secret}"`);
    expect(written('janus')).toContain('nat_1_1_mapping = "203.0.113.9"');
    expect(written('janus.plugin.nosip')).toContain('local_ip = "192.0.2.7"');
    expect(written('janus.plugin.nosip')).toContain('sdp_ip = "203.0.113.9"');
    expect(written('janus.transport.websockets')).toMatch(/ws_ip = "172\.30\.99\.1"[\s\S]*admin_ws = false/);
    const page = readFileSync('docs/calls.md', 'utf8');
    for (const [, range = ''] of [written('janus'), written('janus.plugin.nosip')].flatMap((text) => [
      ...text.matchAll(/rtp_port_range = "([\d-]+)"/g),
    ]))
      expect(page).toContain(range);
    start({ JANUS_PUBLIC_ADDRESS: '' });
    expect(written('janus') + written('janus.plugin.nosip')).not.toMatch(/nat_1_1|sdp_ip/);
    expect(() => start({ JANUS_SECRET: '' })).toThrow('JANUS_SECRET needs 16 characters');
  });
});

test('every variable of an app is a setting that the app reads', () => {
  for (const [name, { environment = {} }] of apps) {
    const read = [name, 'every process', ...(name.startsWith('adapter-') ? ['every adapter'] : [])];
    const known = new Set(read.flatMap((app) => Object.keys(APPS[app]?.shape ?? {})));
    const unknown = Object.keys(environment).filter((variable) => !known.has(variable));
    expect({ name, unknown }).toEqual({ name, unknown: [] });
  }
});

describe('TLS', () => {
  test('every app speaks it with the bus, and with the database', () => {
    for (const [name, { environment = {} }] of apps) {
      expect({ name, ...environment }).toMatchObject({ NATS_URL: 'tls://nats:4222', NATS_CA: '/ca/ca.crt' });
      const { DATABASE_URL: url } = environment;
      if (url) expect(url).toContain('?sslmode=verify-full&sslrootcert=/ca/ca.crt');
    }
    expect(services['postgres']?.command).toContain('-cssl=on');
    const rules = readFileSync('docker/postgres/pg_hba.conf', 'utf8').split('\n');
    expect(rules.filter((line) => /^host(nossl)?\s/.test(line))).toEqual([]);
    expect(rules.some((line) => /trust/.test(line))).toBe(false);
    expect(services['bus-setup']?.command).toContain('--tls');
  });

  test('tls-setup.sh makes certificates that the CA vouches for, with keys that nobody else reads', () => {
    const at = (name: string) => join(folder, name);
    const env = {
      PATH: process.env['PATH'],
      CA: at('ca'),
      CA_KEY: at('ca-key'),
      TLS_NATS: at('nats'),
      TLS_POSTGRES: at('pg'),
    };
    for (const name of ['ca', 'ca-key', 'nats', 'pg']) mkdirSync(at(name));
    const run = () =>
      execFileSync('bash', ['-c', 'id() { echo 1000; }; . docker/tls-setup.sh'], {
        env: { ...env, BUS_HOST: 'bus.example.org' },
        stdio: 'pipe',
      });
    run();
    const authority = new X509Certificate(readFileSync(at('ca/ca.crt')));
    const certificate = (name: string) => new X509Certificate(readFileSync(at(`${name}/server.crt`)));
    for (const [name, host] of [
      ['nats', 'nats'],
      ['nats', 'bus.example.org'],
      ['pg', 'postgres'],
    ] as const) {
      expect(certificate(name).verify(authority.publicKey)).toBe(true);
      expect(certificate(name).checkHost(host)).toBe(host);
    }
    for (const key of ['ca-key/ca.key', 'nats/server.key', 'pg/server.key'])
      expect((statSync(at(key)).mode & 0o077).toString(8)).toBe('0');
    const before = certificate('nats').fingerprint256;
    run();
    expect(certificate('nats').fingerprint256).toBe(before);
  });
});

function valuesIn(path: string): Record<string, string> {
  const lines = readFileSync(path, 'utf8').split('\n');
  return Object.fromEntries(
    lines
      .filter((line) => /^[A-Z_]+=/.test(line))
      .map((line) => [line.split('=')[0] ?? '', line.split('=')[1] ?? '']),
  );
}
