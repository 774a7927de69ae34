import { levels, type Capabilities } from '#protocol';
import { CurrentCapabilities } from './current-capabilities.js';

function declaring(version: string): Capabilities {
  return { version, language: 'en', features: levels(0, { text: 2 }), limits: {} };
}

test('capabilities are computed once for a version, and again for a new one at the next heartbeat', () => {
  let version = '1';
  const computed: string[] = [];
  const capabilities = new CurrentCapabilities(
    () => declaring(version),
    (declared) => {
      computed.push(declared.version);
      return declared;
    },
  );
  expect(capabilities.refresh()).toBe(capabilities.get());
  version = '2';
  expect(capabilities.get().version).toBe('1');
  expect(capabilities.refresh().version).toBe('2');
  expect(capabilities.get().version).toBe('2');
  expect(computed).toEqual(['1', '2']);
});

test('an adapter on the kit declares that it degrades', () => {
  expect(
    new CurrentCapabilities(
      () => declaring('1'),
      (declared) => declared,
    ).get().degrades,
  ).toBe(true);
});
