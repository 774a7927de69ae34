/** README.md and what `npm start` prints name the same people, the same addresses and the same commands. */
import { readFileSync } from 'node:fs';
import type { Installation, NetworkManifest } from '#network-manifest';
import { describeNetworks } from './describe-networks.js';
import { NETWORKS } from './networks.js';
import type { StandaloneFile } from './standalone-file.js';
import { welcome } from './welcome.js';

const installation = {
  secrets: { passwordOf: () => 'SECRET', keyOf: () => 'SECRET' },
  folder: '',
  ports: { of: () => 0 },
} as unknown as Installation;

/** As `npm start` describes itself, with the usual ports. */
function described(networks: readonly NetworkManifest[]): StandaloneFile {
  return {
    console: {
      url: 'http://127.0.0.1:8080',
      adminKey: 'SECRET',
      secondAdminKey: 'SECRET',
      adminPassword: 'SECRET',
      secondAdminPassword: 'SECRET',
    },
    mediaGateway: { url: '' },
    nats: { url: '', credsFile: '' },
    postgres: { url: '' },
    networks: describeNetworks(installation, networks),
  };
}

/** Ports and secrets are those of one machine. */
const names = (text: string) =>
  text
    .split('\n')
    .map((line) =>
      line
        .trim()
        .replace(/:\d+\b/g, ':PORT')
        .replace(/password \S+/, 'password'),
    )
    .filter((line) => line !== '' && !line.includes('TLS too'));

describe('the first thing that a newcomer reads', () => {
  const told = names(welcome(described(NETWORKS), 'data/standalone.json'));
  const start = told.findIndex((line) => line.startsWith('XMPP'));
  const people = told.slice(
    start,
    told.findIndex((line) => line.startsWith('All accounts')),
  );
  const readme = readFileSync('README.md', 'utf8');
  const block = /```\n( {2}XMPP {8}[\s\S]*?)```/.exec(readme)?.[1] ?? '';

  test('README shows what npm start prints', () => {
    expect(names(block)).toEqual(people);
  });

  test('every person in README is one of the people of the installation', () => {
    const commands = [...readme.matchAll(/npm run phone -- (\w+) ([+\w]+)/g)].map(([, network, who]) => ({
      network,
      who,
    }));
    expect(commands.length).toBeGreaterThan(0);
    for (const { network, who } of commands) {
      const accounts = NETWORKS.find(({ slug }) => slug === network)?.standalone?.people(installation) ?? [];
      expect(accounts.flatMap(({ native, word }) => [native, word])).toContain(who);
    }
  });

  test('with one network only, the text suggests no remote recipient', () => {
    for (const network of NETWORKS)
      expect(welcome(described([network]), 'data/standalone.json')).not.toMatch(/write to\s*$/m);
  });
});
