import { size } from './size';

it.each([
  [0, '0 B'],
  [900, '900 B'],
  [2560, '2.5 KiB'],
  [10_485_760, '10 MiB'],
  [20_000_000, '19.1 MiB'],
  [2 ** 31, '2 GiB'],
])('%d bytes are %s', (bytes, text) => expect(size(bytes)).toBe(text));
