/** Sound of a telephone, from the files that espeak-ng writes. */
import { muLaw, readWave, toPcmu } from './pcmu.js';

function wave(samples: number[], { rate = 22_050, channels = 1, bits = 16, extra = '' } = {}): Buffer {
  const head = Buffer.from('RIFF\0\0\0\0WAVEfmt \x10\0\0\0', 'latin1');
  const format = Buffer.alloc(16);
  format.writeUInt16LE(1, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(rate, 4);
  format.writeUInt16LE(bits, 14);
  const data = Buffer.alloc(8 + samples.length * 2);
  data.write('data', 0, 'latin1');
  // As espeak-ng writes to a pipe: the length is not known yet.
  data.writeUInt32LE(0x7fff_f000, 4);
  for (const [at, sample] of samples.entries()) data.writeInt16LE(sample, 8 + at * 2);
  return Buffer.concat([head, format, Buffer.from(extra, 'latin1'), data]);
}

/** ITU-T G.711, table 2a: the ends of its segments. */
test.each([
  [0, 0xff],
  [-1, 0x7f],
  [32_635, 0x80],
  [-32_635, 0x00],
  [32_767, 0x80],
  [-32_768, 0x00],
  [1000, 0xce],
  [-1000, 0x4e],
])('%i is %i', (sample, byte) => {
  expect(muLaw(sample)).toBe(byte);
});

test('a file is read up to its end, whatever its head says', () => {
  expect(readWave(wave([1, -2, 3]))).toEqual({ rate: 22_050, samples: Int16Array.of(1, -2, 3) });
  expect(readWave(wave([7], { extra: 'LIST\x03\0\0\0abc\0' }))?.samples).toEqual(Int16Array.of(7));
});

test.each<[string, Buffer]>([
  ['empty', Buffer.alloc(0)],
  ['no sound', Buffer.from('<html>')],
  ['cut off in its head', wave([1]).subarray(0, 30)],
  ['of two channels', wave([1], { channels: 2 })],
  ['of 8 bits', wave([1], { bits: 8 })],
  ['of no rate', wave([1], { rate: 0 })],
])('a file that is %s is none', (_, file) => {
  expect(readWave(file)).toBeUndefined();
});

test('a second has 8000 samples, however many it had', () => {
  for (const rate of [8000, 16_000, 22_050, 48_000])
    expect(toPcmu({ rate, samples: new Int16Array(rate) })).toEqual(Buffer.alloc(8000, 0xff));
});

test('a tone stays one', () => {
  const rate = 22_050;
  const samples = Int16Array.from(
    { length: rate },
    (_, at) => 10_000 * Math.sin((2 * Math.PI * 440 * at) / rate),
  );
  const sound = toPcmu({ rate, samples });
  // The sign bit of PCMU changes twice in each period.
  const changes = sound.filter((byte, at) => at > 0 && byte >> 7 !== (sound[at - 1] ?? 0) >> 7).length;
  expect(Math.abs(changes - 880)).toBeLessThan(10);
});
