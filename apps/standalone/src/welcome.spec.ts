/** README.md and what `npm start` prints name the same people, the same addresses and the same commands. */
import { readFileSync } from 'node:fs';
import type { House, Resident } from './house.js';
import { Secrets } from './secrets.js';
import { RESIDENTS } from './residents/index.js';
import type { StandaloneFile } from './standalone-file.js';
import { welcome } from './welcome.js';

const secrets = { passwordOf: () => 'SECRET', keyOf: () => 'SECRET' } as unknown as Secrets;
const house = { secrets, folder: '', ports: { of: () => 0 } } as unknown as House;

/** As `npm start` describes itself, with the usual ports. */
function described(residents: Resident[]): StandaloneFile {
  const parts = residents.map((resident) => {
    const others = residents.filter((other) => other !== resident).flatMap((other) => other.people(house));
    const ghostOf = Object.fromEntries(others.map((one) => [one.address, resident.ghostOf(house, one)]));
    return resident.describe(house, { accounts: resident.people(house), ghostOf });
  });
  return {
    console: { url: 'http://127.0.0.1:8080', adminKey: 'SECRET', secondAdminKey: 'SECRET' },
    mediaGateway: { url: '' },
    nats: { url: '', credsFile: '' },
    postgres: { url: '' },
    networks: Object.assign({}, ...parts) as StandaloneFile['networks'],
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
  const told = names(welcome(described(RESIDENTS)));
  const start = told.findIndex((line) => line.startsWith('XMPP'));
  const people = told.slice(
    start,
    told.findIndex((line) => line.startsWith('All ways')),
  );
  const readme = readFileSync('README.md', 'utf8');
  const block = /```\n( {2}XMPP {8}[\s\S]*?)```/.exec(readme)?.[1] ?? '';

  test('README shows what npm start prints', () => {
    expect(names(block)).toEqual(people);
  });

  test('every person that README tells to be is one of them', () => {
    const commands = [...readme.matchAll(/npm run phone -- (\w+) ([+\w]+)/g)].map(([, network, who]) => ({
      network,
      who,
    }));
    expect(commands.length).toBeGreaterThan(0);
    for (const { network, who } of commands) {
      const accounts = RESIDENTS.find(({ slug }) => slug === network)?.people(house) ?? [];
      expect(accounts.flatMap(({ native, word }) => [native, word])).toContain(who);
    }
  });

  test('of one network alone nobody is told to write to nobody', () => {
    for (const resident of RESIDENTS) expect(welcome(described([resident]))).not.toMatch(/write to\s*$/m);
  });
});
