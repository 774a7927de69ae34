import { FEATURES, network, type Capabilities, type Feature, type Level } from '#protocol';
import { checkAbilities } from './abilities.js';
import type { AnyAdapter } from './adapter.contract.js';
import { Connectivity } from './connectivity.js';

function adapter(levels: Partial<Record<Feature, Level>>, abilities: Partial<AnyAdapter> = {}): AnyAdapter {
  const features = {
    ...Object.fromEntries(FEATURES.map((feature) => [feature, 0])),
    ...levels,
  } as Capabilities['features'];
  return {
    network: network('test'),
    capabilities: () => ({ version: '1', language: 'en', features, limits: {} }),
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    connectivity: new Connectivity(true),
    deliver: () => Promise.resolve({ native: [] }),
    ...abilities,
  };
}

describe('declared features and implemented abilities', () => {
  test('a bare adapter that promises nothing is sound', () => {
    expect(checkAbilities(adapter({ text: 2 }))).toEqual([]);
  });

  test('a promise without an ability is found', () => {
    expect(checkAbilities(adapter({ edit: 2 }))).toEqual([
      'edit is declared at level 2, but deliverEdit() is missing',
    ]);
  });

  test('a network that carries session descriptions takes calls', () => {
    expect(checkAbilities(adapter({ call: 2 }))).toEqual([
      'call is declared at level 2, but deliverCall() is missing',
    ]);
    expect(checkAbilities(adapter({ call: 2 }, { deliverCall: () => Promise.resolve() }))).toEqual([]);
  });

  test('showing avatars is declared and implemented, or neither', () => {
    const showAvatar = () => Promise.resolve();
    expect(checkAbilities(adapter({}, { showAvatar }))).toEqual([
      'avatars are declared as neither published nor shown, and showAvatar() disagrees',
    ]);
    const made = adapter({});
    const declares = (avatars: 'both' | 'told') => ({
      ...made,
      capabilities: () => ({ ...made.capabilities(), avatars }),
    });
    expect(checkAbilities(declares('both'))).toHaveLength(1);
    expect(checkAbilities(declares('told'))).toEqual([]);
    expect(checkAbilities({ ...declares('both'), showAvatar })).toEqual([]);
  });

  test('working alone and sharing partitions exclude one another', () => {
    expect(checkAbilities(adapter({}, { worksAlone: true, sharesPartitions: true }))).toEqual([
      'an adapter that works alone cannot share partitions',
    ]);
    expect(checkAbilities(adapter({}, { worksAlone: true }))).toEqual([]);
  });

  test('an ability whose feature is declared at level 0 is found', () => {
    expect(checkAbilities(adapter({}, { showTyping: () => Promise.resolve() }))).toEqual([
      'showTyping() is implemented, but typing is declared at level 0',
    ]);
  });
});
