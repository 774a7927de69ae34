/**
 * Every parser that strangers reach, fed for long with what is nearly right: memory stays where it was. A parser that keeps what it
 * was given, or grows a table by it, is one that a stranger can fill.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { xml } from '@xmpp/component';
import { readCallback } from '../../../libs/official-account/src/to-canonical.js';
import { decodeEvent, decodeOutcome } from '#protocol';
import { readXml } from '#service';
import { FrameReader } from '#adapter-session';
import { sipcCodec } from '../../adapter-fetion/src/sipc-frame.js';
import { amount, SEED } from '../../../test/support/amounts.js';
import { readFrame } from '../../adapter-fetion/src/to-canonical.js';
import { MatrixEvent } from '../../adapter-matrix/src/matrix.events.js';
import { readEvent } from '../../adapter-matrix/src/to-canonical.js';
import { OpenEvent, SocketFrame } from '../../adapter-open/src/open.schema.js';
import { readMessage } from '../../adapter-xmpp/src/to-canonical.js';
import { plainSession, SessionRefused } from '../../media-gateway/src/calls/session-description.js';
import { readCopy } from '../../adapter-yunxin/src/to-canonical.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const INPUTS = amount({ test: 1000, torture: 20_000 });
const GROWTH_BYTES = amount({ test: 2, torture: 4 }) * 1024 * 1024;
/** Jest looks names of the global object up in a slow way: these are looked up once. */
const [imul, fromCodePoint] = [Math.imul, String.fromCodePoint];
let state = SEED;

/** Another one at every run of the loop, the same at every run of the test. */
function random(below: number): number {
  state = (imul(state, 1103515245) + 12345) >>> 0;
  return state % below;
}

const pick = <T>(...some: T[]): T => some[random(some.length)] as T;
const noise = (length = 40) =>
  Array.from({ length: random(length) }, () =>
    fromCodePoint(pick(60, 62, 38, 34, 0, 10, 65 + random(50), 0x4e00 + random(5000))),
  ).join('');
const name = () => `n${random(1e9).toString(36)}`;

const PARSERS: Record<string, () => void> = {
  'a session description': () => {
    const address = pick('8.8.8.8', '127.0.0.1', '224.0.0.1', noise(10));
    const media = ['audio', 'video'].map(
      (kind) => `m=${pick(kind, name())} ${random(70_000)} RTP/AVP ${random(200)} ${random(200)}`,
    );
    const lines = [`c=IN IP4 ${address}`, ...media, `a=rtpmap:${random(200)} ${pick('VP8/90000', noise())}`];
    try {
      plainSession(`v=0\r\n${lines.join('\r\n')}\r\na=${noise()}\r\n`, {
        privateAddresses: pick(true, false),
      });
    } catch (error) {
      if (!(error instanceof SessionRefused)) throw error;
    }
  },
  'a document of XML': () =>
    void readXml(`<${name()} ${name()}="${noise()}"><${pick('b', name())}>${noise()}</b>${pick('', '</a>')}`),
  'a callback of WeChat': () => {
    const xmlOf = (tag: string) => `<${tag}><![CDATA[${noise()}]]></${tag}>`;
    const tags = ['FromUserName', 'MsgType', 'Content', 'MsgId', 'MediaId', name()].map(xmlOf).join('');
    const parsed = readXml(`<xml>${tags}<CreateTime>${random(1e10)}</CreateTime></xml>`);
    if (parsed) readCallback(parsed);
  },
  'a copy of Yunxin': () =>
    void readCopy(
      JSON.stringify({
        eventType: '1',
        convType: 'PERSON',
        to: name(),
        fromAccount: name(),
        msgidServer: name(),
        msgType: pick('TEXT', 'PICTURE', 'LOCATION', noise()),
        attach: noise(),
        [name()]: noise(),
      }),
    ),
  'frames of Fetion': () => {
    const reader = new FrameReader(sipcCodec);
    const text = `${pick('M', 'BN', 'IN', noise(5))} ${name()} SIP-C/4.0\r\nF: ${name()}\r\nL: ${random(50)}\r\n\r\n${noise()}`;
    for (const frame of reader.read(Buffer.from(text))) readFrame(frame, name());
  },
  'an event of Matrix': () => {
    const content = {
      msgtype: pick('m.text', 'm.image', noise()),
      body: noise(),
      url: noise(),
      [name()]: noise(),
    };
    readEvent(
      MatrixEvent.parse({
        type: pick('m.room.message', 'm.reaction', 'm.sticker', noise()),
        content,
        [name()]: 1,
      }),
    );
  },
  'a stanza of XMPP': () =>
    void readMessage(
      xml('message', { id: name() }, xml(pick('body', 'retract', name()), { xmlns: noise() }, noise())),
    ),
  'an event of the open interface': () =>
    void OpenEvent.safeParse({
      kind: pick('message', 'edit', noise()),
      id: name(),
      from: { id: name() },
      to: name(),
      text: noise(),
      [name()]: noise(),
    }),
  'a frame of its socket': () =>
    void SocketFrame.safeParse({ n: random(1e9), event: noise(), [name()]: noise() }),
  'an event of the bus': () =>
    void decodeEvent(
      Buffer.from(JSON.stringify({ specversion: '1.0', id: name(), type: noise(), [name()]: noise() })),
    ),
  'an outcome of the bus': () =>
    void decodeOutcome(Buffer.from(JSON.stringify({ event: name(), code: noise(), [name()]: noise() }))),
};

function feed(parse: () => void): void {
  for (let input = 0; input < INPUTS; input++)
    try {
      parse();
    } catch {
      // Refused, as most of these are.
    }
}

/** @returns bytes in use, without garbage. A worker that has run many files needs half a second of CPU time for this. */
function heldBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

/** After the test before. */
let held: number;
beforeAll(() => {
  // What a parser keeps of its first inputs may be a table of its own.
  for (const parse of Object.values(PARSERS)) feed(parse);
  held = heldBytes();
});

test.each(Object.keys(PARSERS))('%s', (what) => {
  const parse = PARSERS[what] as () => void;
  const before = held;
  feed(parse);
  feed(parse);
  held = heldBytes();
  expect(held - before).toBeLessThan(GROWTH_BYTES);
});
