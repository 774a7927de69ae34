/** The life of a link over one connection, with CMPP 2.0 as the example and a clock that goes when the test says so. */
import { HubError } from '#protocol';
import { silentLog } from '#service';
import { FakeClock, settle } from '../../../test/support/fake-clock.js';
import { cmppSettings } from './cmpp/cmpp.config.js';
import { openCmppLink } from './cmpp/cmpp.link.js';
import type { Segment } from './sms.link.js';
import {
  commandOf,
  hex,
  padded,
  RawDials,
  rawFrame,
  RESPONSE,
  u32,
  u8,
  type Answers,
} from './testing/raw-gateway.js';
import { RecordedEvents } from './testing/recorded-events.js';

const [CONNECT, TERMINATE, SUBMIT, DELIVER, ACTIVE_TEST] = [1, 2, 4, 5, 8] as const;
const ID = hex('bb14984027110007');
const segment: Segment = {
  person: '8613800000001',
  service: '10690001',
  alphabet: 'ascii',
  text: Buffer.from('hello'),
};

const sequenceOf = (frame: Buffer) => frame.subarray(8, 12);
const connected = (frame: Buffer, status = 0) =>
  rawFrame(CONNECT + RESPONSE, sequenceOf(frame), u8(status), Buffer.alloc(16), u8(0x20));
const submitted = (frame: Buffer, result = 0) =>
  rawFrame(SUBMIT + RESPONSE, sequenceOf(frame), ID, u8(result));
const delivered = (text: string, id = ID, sequence = 1) =>
  rawFrame(
    DELIVER,
    u32(sequence),
    id,
    padded('10690001', 21),
    Buffer.alloc(10),
    u8(0, 0, 0),
    padded('13800000001', 21),
    u8(0, text.length),
    Buffer.from(text),
    Buffer.alloc(8),
  );

/** Only lets us in, and out. */
const silentGateway: Answers = (frame) => {
  if (commandOf(frame) === CONNECT) return connected(frame);
  return commandOf(frame) === TERMINATE ? rawFrame(TERMINATE + RESPONSE, sequenceOf(frame)) : undefined;
};

async function aLink(answers: Answers = silentGateway, more: Record<string, unknown> = {}) {
  const clock = new FakeClock();
  const gateway = new RawDials(answers);
  const events = new RecordedEvents();
  const settings = cmppSettings.parse({
    SMS_HOST: 'gateway',
    SMS_ACCOUNT: '900001',
    SMS_SECRET: '888888',
    ...more,
  });
  const link = openCmppLink(settings, silentLog, { clock, dial: gateway.dial });
  link.start(events);
  await settle();
  const ends: string[] = [];
  const submit = (one: Partial<Segment> = {}) =>
    void link.submit({ ...segment, ...one }).then(
      (id) => ends.push(id),
      (thrown: HubError) => ends.push(thrown.code),
    );
  return { link, clock, gateway, events, submit, ends };
}

test('sixteen messages are under way; the next waits for an answer to any of them', async () => {
  const { link, gateway, submit, ends } = await aLink();
  for (let nth = 0; nth < 18; nth++) submit();
  await settle();
  const sent = gateway.latest.all(SUBMIT);
  expect(sent).toHaveLength(16);
  gateway.latest.send(...sent.slice(4, 5).map((frame) => submitted(frame)));
  await settle();
  expect(gateway.latest.all(SUBMIT)).toHaveLength(17);
  expect(ends).toEqual(['bb14984027110007']);
  await link.stop();
});

test('a message without an answer is sent three times, a minute apart and under its number; then nobody knows', async () => {
  const { link, clock, gateway, submit, ends } = await aLink();
  submit();
  await clock.advance(179_999);
  const sent = gateway.latest.all(SUBMIT);
  expect(sent).toHaveLength(3);
  expect(new Set(sent.map((frame) => frame.toString('hex'))).size).toBe(1);
  expect(ends).toEqual([]);
  await clock.advance(1);
  expect(ends).toEqual(['103']);
  // A gateway that does not answer is dialled anew.
  await clock.advance(1000);
  expect(gateway.connections.map(({ closed }) => closed)).toEqual([true, false]);
  expect(link.connectivity.connected).toBe(true);
  await link.stop();
});

test('an answer to the second attempt is one', async () => {
  let submits = 0;
  const { link, clock, submit, ends, gateway } = await aLink((frame, nth) =>
    commandOf(frame) === SUBMIT && ++submits === 2 ? submitted(frame) : silentGateway(frame, nth),
  );
  submit();
  await clock.advance(60_000);
  expect(ends).toEqual(['bb14984027110007']);
  await clock.advance(100_000);
  expect(gateway.latest.all(SUBMIT)).toHaveLength(2);
  await link.stop();
});

test('a link that is silent for three minutes is asked three times whether it lives, and then opened anew', async () => {
  const { link, clock, gateway } = await aLink();
  await clock.advance(179_000);
  expect(gateway.latest.all(ACTIVE_TEST)).toHaveLength(0);
  await clock.advance(180_000);
  expect(gateway.latest.all(ACTIVE_TEST)).toHaveLength(3);
  expect(gateway.latest.closed).toBe(false);
  await clock.advance(2000);
  expect(gateway.connections.map(({ closed }) => closed)).toEqual([true, false]);
  await link.stop();
});

test('a gateway that asks gets its answer', async () => {
  const { link, gateway } = await aLink();
  gateway.latest.send(rawFrame(ACTIVE_TEST, u32(77)));
  await settle();
  expect(gateway.latest.all(ACTIVE_TEST + RESPONSE)).toEqual([
    rawFrame(ACTIVE_TEST + RESPONSE, u32(77), u8(0)),
  ]);
  await link.stop();
});

test.each([
  [8, '65'],
  [13, '14'],
  [99, '100'],
])('the gateway refuses a message with %d: %s', async (result, code) => {
  const { link, submit, ends } = await aLink((frame, nth) =>
    commandOf(frame) === SUBMIT ? submitted(frame, result) : silentGateway(frame, nth),
  );
  submit();
  await settle();
  expect(ends).toEqual([code]);
  await link.stop();
});

test('an answer that cannot be read leaves the outcome unknown, and is kept', async () => {
  const { link, submit, ends, events } = await aLink((frame, nth) =>
    commandOf(frame) === SUBMIT
      ? rawFrame(SUBMIT + RESPONSE, sequenceOf(frame), u8(1, 2, 3))
      : silentGateway(frame, nth),
  );
  submit();
  await settle();
  expect(ends).toEqual(['103']);
  expect(events.unreadable).toEqual([
    {
      native: '0000000f 80000004 00000002 010203'.replaceAll(' ', ''),
      why: expect.stringContaining('8 bytes'),
    },
  ]);
  await link.stop();
});

test('what is under way when the connection ends is in doubt; what waited was not sent', async () => {
  const { link, gateway, submit, ends } = await aLink(silentGateway, { SMS_WINDOW: 1 });
  submit();
  submit();
  await settle();
  gateway.latest.socket.destroy();
  await settle();
  expect(ends.sort()).toEqual(['103', '91']);
  expect(link.connectivity.connected).toBe(false);
  submit();
  await settle();
  expect(ends.at(-1)).toBe('91');
  await link.stop();
});

test('a login that the gateway refuses is tried again after a pause', async () => {
  const { link, clock, gateway } = await aLink((frame, nth) =>
    nth === 0 ? connected(frame, 3) : silentGateway(frame, nth),
  );
  expect(link.connectivity.connected).toBe(false);
  expect(gateway.latest.closed).toBe(true);
  await clock.advance(1000);
  expect(link.connectivity.connected).toBe(true);
  await link.stop();
});

test('a text in an alphabet that the protocol does not have, or of more bytes than a segment, is not sent', async () => {
  const { link, gateway, submit, ends } = await aLink();
  submit({ alphabet: 'gsm7' });
  submit({ text: Buffer.alloc(141) });
  submit({ service: '1'.repeat(22) });
  await settle();
  expect(ends.sort()).toEqual(['12', '30', '61']);
  expect(gateway.latest.all(SUBMIT)).toEqual([]);
  await link.stop();
});

describe('a message of a person', () => {
  const answers = (link: RawDials) =>
    link.latest.all(DELIVER + RESPONSE).map((frame) => [frame.toString('hex', 12, 20), frame.at(20)]);

  test('is answered when it is stored; when the gateway repeats it, it is answered again and not stored again', async () => {
    const { link, gateway, events } = await aLink();
    const stored = Promise.withResolvers<void>();
    events.beforeStored = () => stored.promise;
    gateway.latest.send(delivered('hi'));
    await settle();
    expect(answers(gateway)).toEqual([]);
    stored.resolve();
    await settle();
    gateway.latest.send(delivered('hi', ID, 2));
    await settle();
    expect(answers(gateway)).toEqual([
      ['bb14984027110007', 0],
      ['bb14984027110007', 0],
    ]);
    expect(events.segments).toEqual([
      {
        id: 'bb14984027110007',
        person: '8613800000001',
        service: '10690001',
        alphabet: 'ascii',
        text: Buffer.from('hi'),
        native: delivered('hi').toString('hex'),
      },
    ]);
    await link.stop();
  });

  test('is asked for again while the hub is busy', async () => {
    const { link, gateway, events } = await aLink();
    events.beforeStored = () => Promise.reject(new HubError('91', 'the bus is away'));
    gateway.latest.send(delivered('hi'));
    await settle();
    events.beforeStored = () => Promise.resolve();
    gateway.latest.send(delivered('hi'));
    await settle();
    expect(answers(gateway).map(([, result]) => result)).toEqual([8, 0]);
    expect(events.texts).toEqual(['hi']);
    await link.stop();
  });

  test('without a number is a new one each time', async () => {
    const { link, gateway, events } = await aLink();
    gateway.latest.send(delivered('hi', Buffer.alloc(8)), delivered('hi', Buffer.alloc(8)));
    await settle();
    expect(events.segments.map(({ id }) => id)).toEqual([undefined, undefined]);
    await link.stop();
  });

  test('that cannot be read is kept, and refused as malformed', async () => {
    const { link, gateway, events } = await aLink();
    gateway.latest.send(rawFrame(DELIVER, u32(1), u8(1, 2, 3)));
    await settle();
    expect(answers(gateway)).toEqual([['0000000000000000', 1]]);
    expect(events.unreadable.map(({ native }) => native)).toEqual(['0000000f0000000500000001010203']);
    await link.stop();
  });
});

test('a command that nobody knows is kept, and the session goes on', async () => {
  const { link, gateway, events, submit, ends } = await aLink((frame, nth) =>
    commandOf(frame) === SUBMIT ? submitted(frame) : silentGateway(frame, nth),
  );
  gateway.latest.send(rawFrame(0x99, u32(1)));
  submit();
  await settle();
  expect(events.unreadable.map(({ why }) => why)).toEqual(['unknown command 0x99']);
  expect(ends).toEqual(['bb14984027110007']);
  await link.stop();
});

test('a gateway that says goodbye is answered, and dialled again', async () => {
  const { link, clock, gateway } = await aLink();
  gateway.latest.send(rawFrame(TERMINATE, u32(5)));
  await settle();
  expect(gateway.latest.all(TERMINATE + RESPONSE)).toEqual([rawFrame(TERMINATE + RESPONSE, u32(5))]);
  expect(gateway.latest.closed).toBe(true);
  await clock.advance(1000);
  expect(link.connectivity.connected).toBe(true);
  await link.stop();
});

test('at the stop we say goodbye', async () => {
  const { link, gateway, clock } = await aLink((frame, nth) =>
    commandOf(frame) === TERMINATE
      ? rawFrame(TERMINATE + RESPONSE, sequenceOf(frame))
      : silentGateway(frame, nth),
  );
  await link.stop();
  await settle();
  expect(gateway.latest.all(TERMINATE)).toHaveLength(1);
  expect([gateway.latest.closed, clock.pending]).toEqual([true, []]);
});
