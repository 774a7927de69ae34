/** Whatever bytes a service sends: each packet is read, or known to be unreadable, and a handset shows something. */
import fc from 'fast-check';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';
import { textOf } from './alphabets.js';
import { Malformed, Reader } from './bytes.js';
import * as cmpp from './cmpp-packets.js';
import { Joining } from './joining.js';
import * as sgip from './sgip-packets.js';
import { headerAndText, partOf } from './carried-message.js';
import * as smgp from './smgp-packets.js';
import { readData, readMessage } from './smpp-pdu.js';

const READERS: Record<string, (body: Reader) => unknown> = {
  'cmpp 2.0': (body) => cmpp.readSubmit(body, 2),
  'cmpp 3.0': (body) => cmpp.readSubmit(body, 3),
  smgp: smgp.readSubmit,
  'sgip submit': sgip.readSubmit,
  'sgip bind': sgip.readBind,
  'smpp submit_sm': readMessage,
  'smpp data_sm': readData,
};

/** Anything but a packet that cannot be read is a fault. */
function unlessMalformed(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
  }
}

const bytes = fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array));

test.each(Object.entries(READERS))('%s', (_, read) => {
  const run = (body: Buffer) => unlessMalformed(() => read(new Reader(body)));
  fc.assert(fc.property(bytes, run), { numRuns: FUZZ_RUNS });
});

test('the header of a message, and its text', () => {
  const joining = new Joining();
  const alphabet = fc.constantFrom('gsm7', 'ascii', 'latin1', 'ucs2', 'gb18030', 'binary');
  const run = (content: Buffer, kind: Parameters<typeof textOf>[1]) =>
    unlessMalformed(() => {
      const parts = headerAndText(content, true);
      expect(typeof textOf(parts.text, kind)).toBe('string');
      const message = { handset: '8613800000001', service: '10658000', alphabet: kind, ...parts };
      for (const { text } of joining.take(message, '1', partOf(parts.header)))
        expect(typeof text).toBe('string');
    });
  fc.assert(fc.property(bytes, alphabet, run), { numRuns: FUZZ_RUNS });
});
