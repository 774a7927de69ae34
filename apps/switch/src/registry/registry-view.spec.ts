import { pino } from 'pino';
import { contentsOf, network, registryKeys, type RegistryEntry } from '#protocol';
import { RegistryView } from './registry-view.js';

const [north, south] = [network('north'), network('south')];
const [phaseKey, northKey] = [registryKeys.phase, registryKeys.member(north)];
const phase = (version: number): RegistryEntry => ({
  version,
  content: { kind: 'phase', phase: { phase: 'mesh' } },
});
const member = (version: number, slug: typeof north, name = 'a name'): RegistryEntry => ({
  version,
  content: { kind: 'member', member: { network: slug, name, status: 'live' } },
});
const view = () => new RegistryView(pino({ level: 'silent' }));
const held = ({ current }: RegistryView) =>
  [...current.members.values()].map(({ network: slug, name }) => `${slug} ${name}`);

test('nothing is known before all entries that exist were read, the phase among them', () => {
  const it = view();
  it.accept(northKey, member(2, north));
  it.completed();
  expect(it.known).toBe(false);
  it.accept(phaseKey, phase(3));
  expect([it.known, held(it)]).toEqual([true, ['north a name']]);
});

test('an entry that is older than the one held is refused, and so is one under another key, and a deletion', () => {
  const it = view();
  for (const [key, entry] of [
    [phaseKey, phase(1)],
    [northKey, member(7, north, 'seven')],
  ] as const)
    it.accept(key, entry);
  it.completed();
  it.accept(northKey, member(6, north, 'six'));
  it.accept(northKey, null);
  it.accept(northKey, member(9, south, 'misplaced'));
  expect(held(it)).toEqual(['north seven']);
  it.accept(northKey, member(8, north, 'eight'));
  expect(held(it)).toEqual(['north eight']);
});

test('a removed entry is gone, and an older entry does not restore it', () => {
  const it = view();
  it.accept(phaseKey, phase(1));
  it.accept(northKey, member(2, north));
  it.completed();
  it.accept(northKey, { version: 4, content: { kind: 'removed' } });
  it.accept(northKey, member(3, north));
  expect(held(it)).toEqual([]);
});

test('a route that moves to another network is in both entries for a moment: the newer one decides', () => {
  const it = view();
  const routesOf = (slug: typeof north, version: number): [string, RegistryEntry] => {
    const routes = [{ kind: 'domain' as const, key: 'moved', network: slug }];
    const [[key, content]] = [...contentsOf({ routes })] as [[string, RegistryEntry['content']]];
    return [key, { version, content }];
  };
  it.accept(phaseKey, phase(1));
  it.accept(...routesOf(south, 3));
  it.accept(...routesOf(north, 2));
  it.completed();
  expect(it.current.networkOfDomain('moved')).toBe(south);
});
