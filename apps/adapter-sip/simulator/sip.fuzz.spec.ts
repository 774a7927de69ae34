/** Whatever a server sends: each message is read, or known to be no SIP, and each document is read, or known to be none. */
import fc from 'fast-check';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';
import { readCpim } from './cpim.js';
import { challengeIn } from './digest.js';
import { addressIn, listIn, userIn, viaIn } from './header-values.js';
import { readComposing, readReceipt, writeComposing, writeReceipt } from './message-documents.js';
import { readPidf, writePidf } from './pidf.js';
import { headerOf, NotSip, parseSip, writeSip } from './sip-message.js';
import { StreamReader } from './stream-reader.js';

const AT = new Date('2026-11-30T12:00:00Z');

const REQUEST = writeSip({
  method: 'MESSAGE',
  uri: 'sip:alice@youxin.test',
  headers: [
    ['Via', 'SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK1;rport'],
    ['From', '"Bob" <sip:bob@youxin.test>;tag=1'],
    ['To', '<sip:alice@youxin.test>'],
    ['Call-ID', '1@youxin.test'],
    ['CSeq', '1 MESSAGE'],
    ['WWW-Authenticate', 'Digest realm="r", nonce="n", qop="auth"'],
  ],
  body: Buffer.from('你好'),
});

function unlessNoSip(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof NotSip)) throw error;
  }
}

/** A good one of which a part is replaced by anything. */
const spoilt = (good: Buffer) =>
  fc
    .tuple(fc.nat(good.length), fc.nat(20), fc.uint8Array({ maxLength: 40 }))
    .map(([at, gone, put]) => Buffer.concat([good.subarray(0, at), put, good.subarray(at + gone)]));

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array)),
  spoilt(REQUEST),
);

test('datagrams, and the headers in them', () => {
  const run = (datagram: Buffer) =>
    unlessNoSip(() => {
      const message = parseSip(datagram);
      userIn(headerOf(message, 'from') ?? '');
      challengeIn({ status: 401, reason: '', headers: message.headers, body: message.body }, [
        'md5',
        'sha-256',
      ]);
      for (const name of ['from', 'to', 'contact', 'www-authenticate'])
        for (const value of listIn(headerOf(message, name) ?? '')) unlessNoSip(() => addressIn(value));
      viaIn(headerOf(message, 'via') ?? '');
    });
  fc.assert(fc.property(bytes, run), { numRuns: FUZZ_RUNS });
});

test('streams, in pieces', () => {
  const run = (chunks: Buffer[]) => {
    const reader = new StreamReader(() => undefined);
    unlessNoSip(() => {
      for (const chunk of chunks) reader.push(chunk);
    });
  };
  fc.assert(fc.property(fc.array(bytes, { maxLength: 6 }), run), { numRuns: FUZZ_RUNS });
});

test('documents', () => {
  const receipt = writeReceipt(
    { messageId: '1', kind: 'display', status: 'displayed' },
    AT.toISOString(),
    'sip:a@b',
  );
  const presence = writePidf('sip:a@b', { state: 'away', mood: '开会' }, AT);
  const document = fc.oneof(bytes, ...[receipt, presence, writeComposing(true)].map(spoilt));
  const run = (content: Buffer) => {
    const text = content.toString('utf8');
    for (const read of [readReceipt, readComposing, readPidf]) read(text);
    readCpim(content);
  };
  fc.assert(fc.property(document, run), { numRuns: FUZZ_RUNS });
});
