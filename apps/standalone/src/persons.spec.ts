/** What the people of each network can do in its clients agrees with what its adapter declares. */
import type { LocalAbility } from '#adapter-contract';
import { writerOf } from '#network-manifest';
import { addressOf, levelOf, nativeOf, network, type Feature } from '#protocol';
import { NETWORKS } from './networks.js';

const FEATURES: readonly [LocalAbility, Feature][] = [
  ['reply', 'reply'],
  ['react', 'reaction'],
  ['recall', 'recall'],
];

const played = NETWORKS.flatMap((one) => {
  const { slug, capabilities } = one;
  const person = writerOf(one);
  return person ? [{ slug, capabilities, person }] : [];
});

test('people of at least six networks can be acted', () => {
  expect(played.length).toBeGreaterThanOrEqual(6);
});

describe.each(played)('$slug', ({ slug, capabilities, person }) => {
  test('a feature that its clients lack arrives as text', () => {
    const { abilities, untold = [] } = person;
    const missing = FEATURES.filter(([ability]) => ![...abilities, ...untold].includes(ability));
    const levels = missing.map(([, feature]) => [feature, levelOf(capabilities, feature)]);
    expect(levels).toEqual(missing.map(([, feature]) => [feature, 0]));
  });

  test('the unused id has the form of ids of its network', () => {
    expect(nativeOf(addressOf(network(slug), person.nobody))).toBe(person.nobody);
  });

  test('the demo has lines for it', () => {
    expect(person.lines.greeting).toMatch(/\p{L}/u);
    expect(person.lines.answer).toMatch(/\p{L}/u);
  });
});
