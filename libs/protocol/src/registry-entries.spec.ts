/** Splitting the registry into entries and assembling it again. */
import { addressOf, network } from './address.js';
import type { RegistryLists } from './registry.js';
import {
  contentsOf,
  ENTRY_MAX_BYTES,
  MOST_BLOCKED,
  RegistryEntries,
  RegistryEntry,
} from './registry-entries.js';

const [north, south] = [network('north'), network('south')];
const validFrom = '2026-01-01T00:00:00.000Z';
const lists: RegistryLists = {
  members: [
    { network: north, name: 'North', status: 'live' },
    { network: south, name: 'South', status: 'suspended' },
  ],
  phase: { phase: 'anchor', anchor: north },
  agreements: [
    { id: 'a', from: '*', to: north, classes: ['message'], validFrom },
    { id: 'b', from: north, to: south, classes: ['message'], validFrom },
    { id: 'c', from: north, to: '*', classes: ['media'], validFrom },
  ],
  routes: [
    { kind: 'domain', key: 'n', network: north },
    { kind: 'prefix', key: '8613', network: south },
  ],
  blocked: [{ address: addressOf(north, 'eve') }, { address: addressOf(north, 'eve'), network: south }],
};

test('entries put together are the registry that was split, and each says whose it is', () => {
  const contents = contentsOf(lists);
  expect([...contents.keys()].sort()).toEqual([
    'entry.agreements.any',
    'entry.agreements.from.north',
    'entry.blocked.any',
    'entry.blocked.by.south',
    'entry.member.north',
    'entry.member.south',
    'entry.phase',
    'entry.routes.north',
    'entry.routes.south',
  ]);
  const entries = new RegistryEntries();
  const results = [...contents].map(([key, content]) => entries.accept(key, { version: 1, content }));
  expect(new Set(results)).toEqual(new Set(['taken']));
  expect(entries.assemble()).toEqual({ ...lists, version: 1 });
});

test('no entry can speak for the key of another', () => {
  const contents = [...contentsOf(lists)];
  const results = contents.flatMap(([key]) =>
    contents
      .filter(([other]) => other !== key)
      .map(([, content]) => new RegistryEntries().accept(key, { version: 1, content })),
  );
  expect(results).toEqual(Array.from({ length: 72 }, () => 'misplaced'));
});

test('as many blocked addresses as one network may have fit into one entry', () => {
  const address = addressOf(north, 'x'.repeat(280));
  const blocked = Array.from({ length: MOST_BLOCKED }, () => ({ address, network: south }));
  const [[, content]] = [...contentsOf({ blocked })] as [[string, RegistryEntry['content']]];
  expect(RegistryEntry.safeParse({ version: 1, content }).success).toBe(true);
  expect(Buffer.byteLength(JSON.stringify(content))).toBeLessThan(ENTRY_MAX_BYTES);
});
