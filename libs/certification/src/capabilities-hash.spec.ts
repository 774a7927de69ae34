import { levels, type Capabilities } from '#protocol';
import { capabilitiesHash } from './capabilities-hash.js';

const declared: Capabilities = {
  version: '1',
  language: 'en',
  features: levels(2),
  media: { image: { types: ['image/png', 'image/gif'] }, captions: true },
  limits: { textLength: 100 },
};

test('the order of keys makes no difference', () => {
  const { limits, media, ...rest } = declared;
  expect(capabilitiesHash({ limits, media, ...rest })).toBe(capabilitiesHash(declared));
});

test.each<[string, Capabilities]>([
  ['a version', { ...declared, version: '2' }],
  ['a level', { ...declared, features: levels(2, { edit: 0 }) }],
  ['a limit', { ...declared, limits: { textLength: 101 } }],
  [
    'the order of types',
    { ...declared, media: { image: { types: ['image/gif', 'image/png'] }, captions: true } },
  ],
])('%s makes another hash', (_, other) =>
  expect(capabilitiesHash(other)).not.toBe(capabilitiesHash(declared)),
);
