/** Bytes become the frames that the peer wrote, however the network cut them; a peer that breaks the rules is refused. */
import fc from 'fast-check';
import { toyCodec, type ToyFrame } from '../test/toy-protocol.js';
import { FrameReader } from './frame-reader.js';
import type { FrameCodec } from './frame-codec.js';

const malformed = expect.objectContaining({ name: 'HubError', code: '30' }) as Error;

const anyFrame: fc.Arbitrary<ToyFrame> = fc.record({
  command: fc.constantFrom('login', 'submit', 'deliver', 'alive', 'bye'),
  response: fc.boolean(),
  sequence: fc.nat(),
  text: fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.toWellFormed()),
});

test('frames come out as they were written, wherever the chunks are cut', () => {
  fc.assert(
    fc.property(fc.array(anyFrame, { maxLength: 5 }), fc.integer({ min: 1, max: 60 }), (frames, size) => {
      const bytes = Buffer.concat(frames.map((frame) => toyCodec.encode(frame)));
      const reader = new FrameReader(toyCodec);
      const read: ToyFrame[] = [];
      for (let at = 0; at < bytes.length; at += size)
        read.push(...reader.read(bytes.subarray(at, at + size)));
      expect(read).toEqual(frames);
      expect(reader.pendingBytes).toBe(0);
    }),
  );
});

test('garbage gives frames or an error of the code 30, and never holds more than one frame', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 }), { maxLength: 20 }), (chunks) => {
      const reader = new FrameReader(toyCodec);
      try {
        for (const chunk of chunks) {
          void [...reader.read(Buffer.from(chunk))];
          expect(reader.pendingBytes).toBeLessThanOrEqual(toyCodec.maxFrameBytes);
        }
      } catch (thrown) {
        expect(thrown).toEqual(malformed);
      }
    }),
  );
});

test.each([
  ['shorter than its header', 8],
  ['larger than the limit', 201],
  ['of the largest length that four bytes can say', 0xffff_ffff],
])('a frame that is %s is refused before its body is awaited', (_, length) => {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(length, 0);
  expect(() => [...new FrameReader(toyCodec).read(head)]).toThrow(malformed);
});

test('a codec whose frames never end is stopped at its own limit', () => {
  const endless: FrameCodec<never> = {
    maxFrameBytes: 100,
    encode: () => Buffer.alloc(0),
    decode: (pending) => ({ kind: 'incomplete', needs: pending.length + 1 }),
  };
  const reader = new FrameReader(endless);
  expect([...reader.read(Buffer.alloc(99))]).toEqual([]);
  expect(() => [...reader.read(Buffer.alloc(1))]).toThrow(malformed);
});

test('a large frame in small chunks is decoded once, not once per chunk', () => {
  let decodes = 0;
  const counting = { ...toyCodec, decode: (pending: Buffer) => (decodes++, toyCodec.decode(pending)) };
  const reader = new FrameReader(counting);
  const bytes = toyCodec.encode({ command: 'submit', response: false, sequence: 1, text: 'x'.repeat(180) });
  const frames = Array.from(bytes).flatMap((byte) => [...reader.read(Buffer.from([byte]))]);
  expect(frames).toHaveLength(1);
  // The first byte, the length, the whole frame.
  expect(decodes).toBe(3);
});
