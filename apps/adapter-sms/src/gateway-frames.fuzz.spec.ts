/** Whatever bytes a gateway sends: each frame is read or known to be unreadable, and little memory is held meanwhile. */
import fc from 'fast-check';
import { FrameReader, type FrameCodec } from '#adapter-session';
import { HubError } from '#protocol';
import { amount } from '../../../test/support/amounts.js';
import { cmppCodec, type CmppPdu } from './cmpp/cmpp.pdu.js';
import { deliveryOf as cmppDelivery } from './cmpp/cmpp.protocol.js';
import type { Delivery } from './deliveries.js';
import type { Frame } from './pdu.js';
import { sgipCodec, type SgipPdu } from './sgip/sgip.pdu.js';
import { reportOf, segmentOf } from './sgip/sgip.protocol.js';
import { smgpCodec, type SmgpPdu } from './smgp/smgp.pdu.js';
import { deliveryOf as smgpDelivery } from './smgp/smgp.protocol.js';
import { hex, padded, rawFrame, u32, u8 } from './testing/raw-gateway.js';

const RUNS = { numRuns: amount({ test: 2000, torture: 100_000 }) };
const MOST_PENDING = 4096;

interface Subject {
  codec: FrameCodec<Frame<{ name: string }>>;
  /** Frames that are right. */
  frames: Buffer[];
  /** What a link would hand over. @throws HubError 30 */
  deliver: (bytes: Buffer) => Delivery | undefined;
}

const person = '8613800000001';
const parts = hex('050003c70201 4f60597d');
const smgpReport = Buffer.from(
  'id:0123456789 sub:001 dlvrd:001 submit date:2611301605 done date:2611301606 stat:DELIVRD err:000 text:005hello            ',
);

function cmppSubject(version: '2.0' | '3.0'): Subject {
  const codec = cmppCodec(version);
  const [numberBytes, type, link] = version === '2.0' ? [21, '', 8] : [32, '00', 20];
  const report = Buffer.concat([
    hex('bb14984027110007'),
    padded('DELIVRD', 7),
    Buffer.alloc(20),
    padded(person, numberBytes),
    u32(9),
  ]);
  const deliver = (isReport: number, content: Buffer) =>
    rawFrame(
      5,
      u32(7),
      hex('bb14984027110007'),
      padded('10690001', 21),
      Buffer.alloc(10),
      u8(0, 1, 8),
      padded(person, numberBytes),
      hex(type),
      u8(isReport, content.length),
      content,
      Buffer.alloc(link),
    );
  return {
    codec: codec,
    frames: [
      deliver(0, parts),
      deliver(1, report),
      rawFrame(0x8000_0001, u32(1), version === '2.0' ? u8(0) : u32(0), Buffer.alloc(16), u8(0x20)),
      rawFrame(0x8000_0004, u32(2), hex('bb14984027110007'), version === '2.0' ? u8(0) : u32(0)),
      rawFrame(8, u32(3)),
      rawFrame(2, u32(3)),
    ],
    deliver(bytes) {
      const pdu: CmppPdu = codec.readPdu(bytes);
      return pdu.name === 'deliver' ? cmppDelivery(pdu.body, bytes) : undefined;
    },
  };
}

const sgip: Subject = {
  codec: sgipCodec,
  frames: [
    rawFrame(1, u32(1, 2, 3), u8(2), Buffer.alloc(40)),
    rawFrame(
      4,
      u32(1, 2, 4),
      padded(person, 21),
      padded('10690001', 21),
      u8(0, 1, 8),
      u32(parts.length),
      parts,
      Buffer.alloc(8),
    ),
    rawFrame(5, u32(1, 2, 5), u32(1, 2, 3), u8(0), padded(person, 21), u8(0, 0), Buffer.alloc(8)),
    rawFrame(0x8000_0003, u32(1, 2, 6), Buffer.alloc(9)),
    rawFrame(2, u32(1, 2, 7)),
  ],
  deliver(bytes) {
    const pdu: SgipPdu = sgipCodec.readPdu(bytes);
    if (pdu.name === 'deliver') return segmentOf(pdu.body, pdu.sequence, bytes);
    return pdu.name === 'report' ? reportOf(pdu.body) : undefined;
  },
};

const smgpDeliver = (isReport: number, content: Buffer, ...parameters: Buffer[]) =>
  rawFrame(
    3,
    u32(7),
    hex('01006101161700012345'),
    u8(isReport, 8),
    Buffer.alloc(14),
    padded(person, 21),
    padded('10690001', 21),
    u8(content.length),
    content,
    Buffer.alloc(8),
    ...parameters,
  );
const smgp: Subject = {
  codec: smgpCodec,
  frames: [
    smgpDeliver(0, parts, hex('0002000101'), hex('000c000100')),
    smgpDeliver(1, smgpReport),
    rawFrame(0x8000_0001, u32(1), Buffer.alloc(21)),
    rawFrame(0x8000_0002, u32(2), hex('01006101161700012345'), u32(0)),
    rawFrame(4, u32(3)),
    rawFrame(6, u32(3)),
  ],
  deliver(bytes) {
    const pdu: SmgpPdu = smgpCodec.readPdu(bytes);
    return pdu.name === 'deliver' ? smgpDelivery(pdu.body, bytes, 'binary') : undefined;
  },
};

const subjects: [string, Subject][] = [
  ['CMPP 2.0', cmppSubject('2.0')],
  ['CMPP 3.0', cmppSubject('3.0')],
  ['SGIP', sgip],
  ['SMGP', smgp],
];

/** Replaces, inserts or cuts bytes, or overwrites four with a length that lies. */
const mutation = fc.oneof(
  fc.record({ kind: fc.constant('replace' as const), at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), byte: fc.nat(40) }),
  fc.record({ kind: fc.constant('lie' as const), at: fc.nat(), byte: fc.nat(0xffff) }),
);
type Mutation = typeof mutation extends fc.Arbitrary<infer Value> ? Value : never;

function mutated(bytes: Buffer, { kind, at, byte }: Mutation): Buffer {
  const place = at % (bytes.length + 1);
  const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
  switch (kind) {
    case 'replace':
      return Buffer.concat([before, u8(byte), after.subarray(1)]);
    case 'insert':
      return Buffer.concat([before, u8(byte), after]);
    case 'cut':
      return Buffer.concat([before, after.subarray(byte)]);
    case 'lie':
      return Buffer.concat([u32(byte), bytes.subarray(4)]);
  }
}

/** Cuts bytes into chunks. @param sizes of the chunks, again and again */
function* chunked(bytes: Buffer, sizes: number[]): Generator<Buffer> {
  for (let at = 0, nth = 0; at < bytes.length; nth++) {
    const size = sizes[nth % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 8 });

describe.each(subjects)('%s', (_, { codec, frames, deliver }) => {
  const choice = fc.integer({ min: 0, max: frames.length - 1 });
  const frameAt = (at: number) => frames[at] ?? Buffer.alloc(0);

  test('the frames of the test are right, and those of people become deliveries', () => {
    const kinds = new Set(frames.map((frame) => deliver(frame)?.kind));
    expect(kinds).toEqual(new Set(['segment', 'report', undefined]));
  });

  test('however the network cuts the stream, its frames are the same', () => {
    fc.assert(
      fc.property(fc.array(choice, { minLength: 1, maxLength: 20 }), sizes, (chosen, cuts) => {
        const sent = chosen.map(frameAt);
        const reader = new FrameReader(codec);
        const read = [...chunked(Buffer.concat(sent), cuts)].flatMap((chunk) => [...reader.read(chunk)]);
        expect(read.map(({ bytes }) => bytes)).toEqual(sent);
        expect(read.every(({ pdu }) => pdu.name !== 'unreadable')).toBe(true);
      }),
      RUNS,
    );
  });

  test('damaged streams end with an error or with frames, and never hold more than one frame', () => {
    const seen = { frames: 0, unreadable: 0, closed: 0 };
    fc.assert(
      fc.property(
        fc.array(choice, { minLength: 1, maxLength: 3 }),
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        sizes,
        (chosen, mutations, cuts) => {
          const stream = mutations.reduce(mutated, Buffer.concat(chosen.map(frameAt)));
          const reader = new FrameReader(codec);
          try {
            for (const chunk of chunked(stream, cuts)) {
              for (const { pdu, bytes } of reader.read(chunk)) {
                seen[pdu.name === 'unreadable' ? 'unreadable' : 'frames']++;
                expectDeliveryOrRefusal(() => deliver(bytes));
              }
              expect(reader.pendingBytes).toBeLessThanOrEqual(MOST_PENDING);
            }
          } catch (thrown) {
            if (!(thrown instanceof HubError)) throw thrown;
            expect(thrown.code).toBe('30');
            seen.closed++;
          }
        },
      ),
      RUNS,
    );
    // The fuzz reaches all three ends.
    expect(Object.values(seen).every((count) => count > 0)).toBe(true);
  });

  test('a frame that is said to be endless ends the connection before it has come', () => {
    for (const length of [0, 11, 4097, 0x7fff_ffff, 0xffff_ffff]) {
      const reader = new FrameReader(codec);
      expect(() => [...reader.read(u32(length))]).toThrow(expect.objectContaining({ code: '30' }));
    }
  });
});

function expectDeliveryOrRefusal(deliver: () => unknown): void {
  try {
    deliver();
  } catch (thrown) {
    expect(thrown).toMatchObject({ code: '30' });
  }
}
