/** What the wall tells a browser of each phone. */
import type { Log } from '#service';
import { OpenPhones } from './open-phones.js';
import type { WallNetwork, WallOptions } from './wall-network.js';

const log = { warn: () => undefined } as unknown as Log;

function network(slug: string, person: object, look: object = {}): WallNetwork {
  const name = { en: slug, zh: slug };
  return {
    slug,
    look: { name, bubble: 'round', colours: {}, sends: [], ...look },
    person: { abilities: [], ...person },
    part: { accounts: [{ native: slug, address: `im:1@${slug}`, password: '' }], ghostOf: {} },
  } as unknown as WallNetwork;
}

const abilitiesOf = (...networks: WallNetwork[]) =>
  new OpenPhones({ networks } as unknown as WallOptions, log).view().phones.map(({ abilities }) => abilities);

test('a telephone calls and does nothing else, and whoever writes may call too', () => {
  expect(
    abilitiesOf(
      network('telephone', { onlyCalls: true }, { calls: true }),
      network('softphone', { abilities: ['type'] }, { calls: true }),
      network('writer', { abilities: ['reply'] }),
    ),
  ).toEqual([['call', 'only-calls'], ['type', 'call'], ['reply']]);
});
