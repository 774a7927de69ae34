/** Who writes: tests and the demo never ask a telephone to. */
import type { NetworkManifest } from './manifest.js';
import { writerOf, type NetworkPerson } from './person.js';

const manifest = (person?: Partial<NetworkPerson>) =>
  ({ standalone: { person } }) as unknown as Pick<NetworkManifest, 'standalone'>;

test('a person who only calls is no writer, and a network without people has none', () => {
  const writer = { abilities: [] };
  expect(writerOf(manifest(writer))).toBe(writer);
  expect(writerOf(manifest({ ...writer, onlyCalls: true }))).toBeUndefined();
  expect(writerOf(manifest())).toBeUndefined();
  expect(writerOf({})).toBeUndefined();
});
