import fc from 'fast-check';
import { ignoredFields, MOST_IGNORED } from './ignored-fields.js';
import { levels } from './capabilities.js';
import { SignOn, SignOnAnswer } from './control.js';

const body = {
  network: 'pigeon',
  instance: '1',
  build: 'mine',
  nativeConnected: true,
  capabilities: {
    version: '1',
    language: 'en',
    ids: 'exact',
    features: levels(0),
    limits: { textUnits: 100 },
  },
};

test('a body with fields of the schema only has none', () => {
  expect(ignoredFields(body, SignOn.parse(body))).toEqual([]);
});

test('a misspelt field is named with its path', () => {
  const typo = {
    ...body,
    sharePartitions: true,
    capabilities: { ...body.capabilities, limits: { textUnits: 100, textBtyes: 5 } },
  };
  expect(ignoredFields(typo, SignOn.parse(typo))).toEqual([
    'capabilities.limits.textBtyes',
    'sharePartitions',
  ]);
});

test('whatever is sent besides, the list fits into the answer', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ maxLength: 500 }), fc.jsonValue()), (more) => {
      const ignored = ignoredFields(more, {});
      expect(ignored.length).toBeLessThanOrEqual(MOST_IGNORED);
      expect(SignOnAnswer.shape.ignored.safeParse(ignored).success).toBe(true);
    }),
    { numRuns: 200 },
  );
});
