/** SMPP over real sockets: our ESME with a simulated centre, and our ESME with our own centre, to which an aggregator connects. */
import { duplexPair } from 'node:stream';
import { pino } from 'pino';
import { FrameReader } from '#adapter-session';
import { HubError } from '#protocol';
import { until } from '../../../../test/support/until.js';
import { SmsSimulator, type SmsOptions } from '../../simulator/index.js';
import type { DeliveryReport, IncomingSegment, LinkEvents, Segment } from '../sms.link.js';
import { decode, encode } from '../text/alphabets.js';
import { EsmeLink } from './esme.link.js';
import { smppSettings } from './smpp.config.js';
import { COMMAND, responseTo, smppCodec, STATUS, writeId, type SmppPdu } from './smpp.pdu.js';
import { SmscLink } from './smsc.link.js';

const log = pino({ level: 'silent' });
const ANN = '8613800138000';
const SERVICE = '10690001';
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

class Heard implements LinkEvents {
  readonly segments: IncomingSegment[] = [];
  readonly reports: DeliveryReport[] = [];
  readonly unreadable: string[] = [];
  /** The next messages are not stored. */
  refusals: HubError[] = [];
  /** Messages are stored when it resolves. */
  slow: Promise<void> = Promise.resolve();

  /** Before they are stored. */
  readonly wishes: IncomingSegment[] = [];

  async onSegment(segment: IncomingSegment): Promise<void> {
    this.wishes.push(segment);
    await this.slow;
    this.segments.push(segment);
    const refusal = this.refusals.shift();
    if (refusal) throw refusal;
  }
  onReport(report: DeliveryReport): Promise<void> {
    this.reports.push(report);
    return Promise.resolve();
  }
  onUnreadable(_native: string, why: string): Promise<void> {
    this.unreadable.push(why);
    return Promise.resolve();
  }
  get texts(): (string | undefined)[] {
    return this.segments.map(({ text, alphabet }) => decode(text, alphabet));
  }
}

const ACCOUNT = { SMS_SYSTEM_ID: 'hutong', SMS_PASSWORD: 'secret' };

async function open(options: Partial<SmsOptions> = {}, more: NodeJS.ProcessEnv = {}) {
  const centre = await SmsSimulator.open({
    protocol: 'smpp',
    account: 'hutong',
    secret: 'secret',
    service: SERVICE,
    retryMs: 20,
    ...options,
  });
  closing.push(() => centre.close());
  const settings = smppSettings.parse({
    ...ACCOUNT,
    SMS_PORT: String(centre.carrierPort),
    SMS_RESPONSE_MS: '1000',
    ...more,
  });
  const link = new EsmeLink(settings, log, { reconnectDelayMs: () => 20 });
  const heard = new Heard();
  link.start(heard);
  closing.push(() => link.stop());
  await link.connectivity.untilConnected();
  return { centre, link, heard, ann: centre.person(ANN) };
}

function aSegment(text: string, more: Partial<Segment> = {}): Segment {
  const bytes = encode(text, 'ucs2') ?? new Uint8Array();
  return { person: ANN, service: SERVICE, alphabet: 'ucs2', text: bytes, ...more };
}

test.each(['transceiver', 'separate'])('%s: a text there, its report, and an answer back', async (bind) => {
  const { link, heard, ann, centre } = await open({}, { SMS_BIND: bind });
  const id = await link.submit(aSegment('你好', { service: `${SERVICE}07` }));
  await until('the report', () => heard.reports.length === 1);
  expect(heard.reports[0]).toMatchObject({ messageId: id, state: 'delivered', person: ANN });
  expect(ann.timeline).toMatchObject([{ kind: 'text', from: `${SERVICE}07`, text: '你好' }]);
  await ann.act({ do: 'write', to: `${SERVICE}07`, text: 'hello [you]' });
  await until('the answer', () => heard.segments.length === 1);
  expect(heard.segments[0]).toMatchObject({ person: ANN, service: `${SERVICE}07`, alphabet: 'gsm7' });
  expect(heard.texts).toEqual(['hello [you]']);
  await centre.idle();
});

test('an answer in hexadecimal and a receipt in decimal are one id', async () => {
  const ids = { responseIds: 'hex', receiptIds: 'decimal' } as const;
  const { link, heard } = await open(ids, { SMS_RESPONSE_IDS: 'hex', SMS_RECEIPT_IDS: 'decimal' });
  const id = await link.submit(aSegment('a'));
  await until('the report', () => heard.reports.length === 1);
  expect(heard.reports[0]?.messageId).toBe(id);
});

test('a gateway that asks to slow down: 65; one that hangs up before its answer: 103; one that refuses: final', async () => {
  const { link, centre } = await open();
  const codeOf = (text: string) =>
    link.submit(aSegment(text)).then(
      () => 'taken',
      (thrown: HubError) => thrown.code,
    );
  centre.faults.throttle();
  expect(await codeOf('a')).toBe('65');
  centre.faults.refuse(0x45);
  expect(await codeOf('b')).toBe('100');
  centre.faults.silence('taken');
  expect(await codeOf('c')).toBe('103');
  await link.connectivity.untilConnected();
  expect(await codeOf('d')).toBe('taken');
});

test('a message that the gateway never answers is in doubt, and the link goes on', async () => {
  const { link, centre } = await open();
  centre.faults.mute();
  await expect(link.submit(aSegment('a'))).rejects.toMatchObject({ code: '103' });
  expect(await link.submit(aSegment('b'))).toMatch(/^\d+$/);
  expect(link.connectivity.connected).toBe(true);
});

test('a gateway that answers nothing any more gets a new connection', async () => {
  const binds: SmppPdu[] = [];
  const settings = smppSettings.parse({ ...ACCOUNT, SMS_RESPONSE_MS: '100' });
  const link = new EsmeLink(settings, log, {
    reconnectDelayMs: () => 20,
    dial: () => {
      const [ours, theirs] = duplexPair();
      const reader = new FrameReader(smppCodec);
      theirs.on('data', (chunk: Buffer) => {
        for (const pdu of reader.read(chunk)) {
          if (pdu.command !== COMMAND.bindTransceiver) continue;
          binds.push(pdu);
          theirs.write(smppCodec.encode(responseTo(pdu, STATUS.ok, writeId('mute'))));
        }
      });
      return Promise.resolve(ours);
    },
  });
  link.start(new Heard());
  closing.push(() => link.stop());
  await link.connectivity.untilConnected();
  await expect(link.submit(aSegment('a'))).rejects.toMatchObject({ code: '103' });
  await until('another login', () => binds.length === 2);
});

test('while the link is down nothing is sent: 91', async () => {
  const { link, centre } = await open();
  await centre.close();
  await until('the end of the link', () => !link.connectivity.connected);
  await expect(link.submit(aSegment('a'))).rejects.toMatchObject({ code: '91' });
});

test('a message that could not be stored is sent again, as the same message', async () => {
  const { heard, ann, centre } = await open();
  heard.refusals.push(new HubError('91', 'the bus is away'));
  await ann.act({ do: 'write', to: SERVICE, text: 'again' });
  await centre.idle();
  expect(heard.texts).toEqual(['again', 'again']);
  expect(new Set(heard.segments.map(({ id }) => id)).size).toBe(1);
});

test('a message that came twice on one connection is stored once', async () => {
  const { heard, ann, centre } = await open();
  centre.faults.duplicate();
  await ann.act({ do: 'write', to: SERVICE, text: 'once' });
  await ann.act({ do: 'write', to: SERVICE, text: 'after it' });
  await centre.idle();
  expect(heard.texts).toEqual(['once', 'after it']);
});

test('a message whose answer was lost with the connection is the same one when it comes again', async () => {
  const { heard, ann, centre, link } = await open();
  const stored = Promise.withResolvers<void>();
  heard.slow = stored.promise;
  await ann.act({ do: 'write', to: SERVICE, text: 'lost answer' });
  centre.disconnect();
  await until('the end of the link', () => !link.connectivity.connected);
  stored.resolve();
  await centre.idle();
  expect(heard.texts).toEqual(['lost answer', 'lost answer']);
  expect(new Set(heard.segments.map(({ id }) => id)).size).toBe(1);
});

test('a wrong password: no link, and the next attempt follows', async () => {
  const centre = await SmsSimulator.open({
    protocol: 'smpp',
    account: 'hutong',
    secret: 'secret',
    service: SERVICE,
  });
  closing.push(() => centre.close());
  const settings = smppSettings.parse({
    ...ACCOUNT,
    SMS_PASSWORD: 'guess',
    SMS_PORT: String(centre.carrierPort),
  });
  const attempts: number[] = [];
  const link = new EsmeLink(settings, log, { reconnectDelayMs: (attempt) => (attempts.push(attempt), 5) });
  link.start(new Heard());
  closing.push(() => link.stop());
  await until('three attempts', () => attempts.length >= 3);
  expect(link.connectivity.connected).toBe(false);
});

describe('an aggregator connects to us', () => {
  async function both(more: NodeJS.ProcessEnv = {}) {
    const ours = new SmscLink(smppSettings.parse({ ...ACCOUNT, SMS_ROLE: 'smsc', SMS_PORT: '0' }), log);
    const heard = new Heard();
    ours.start(heard);
    closing.push(() => ours.stop());
    await until('the port', () => ours.port > 0);
    const settings = smppSettings.parse({ ...ACCOUNT, SMS_PORT: String(ours.port), ...more });
    const aggregator = new EsmeLink(settings, log, { reconnectDelayMs: () => 20 });
    const atAggregator = new Heard();
    aggregator.start(atAggregator);
    closing.push(() => aggregator.stop());
    return { ours, heard, aggregator, atAggregator };
  }

  test.each(['transceiver', 'separate'])('%s: both directions', async (bind) => {
    const { ours, heard, aggregator, atAggregator } = await both({ SMS_BIND: bind });
    await aggregator.connectivity.untilConnected();
    await ours.connectivity.untilConnected();
    // What a person of the aggregator wrote.
    const person = { ...aSegment('到'), person: SERVICE, service: ANN };
    expect(await aggregator.submit(person)).toMatch(/^\d{18}$/);
    expect(heard.texts).toEqual(['到']);
    expect(heard.segments[0]).toMatchObject({ person: ANN, service: SERVICE });
    expect(await ours.submit(aSegment('回'))).toMatch(/^[0-9a-f-]{36}$/);
    expect(atAggregator.texts).toEqual(['回']);
  });

  test('it is told what became of a message, after it has the id of the message', async () => {
    const { ours, heard, aggregator, atAggregator } = await both();
    await ours.connectivity.untilConnected();
    await aggregator.connectivity.untilConnected();
    const stored = Promise.withResolvers<void>();
    heard.slow = stored.promise;
    const submitted = aggregator.submit({ ...aSegment('到'), person: SERVICE, service: ANN });
    await until('the message', () => heard.wishes.length === 1);
    const [{ id = '', receipt, person, service } = heard.wishes[0] as IncomingSegment] = heard.wishes;
    expect(receipt).toBe('always');
    const times = { submittedAt: new Date(), doneAt: new Date() };
    const told = ours.tellSender({ id, person, service, state: 'expired', error: '068', ...times });
    // Behind a receipt that did not wait.
    await ours.submit(aSegment('not yet'));
    expect(atAggregator.reports).toEqual([]);
    stored.resolve();
    await told;
    expect(atAggregator.reports).toMatchObject([{ messageId: await submitted, state: 'expired' }]);
  });

  test('without an aggregator a receipt is not told: 91', async () => {
    const { ours, heard, aggregator } = await both();
    await ours.connectivity.untilConnected();
    await aggregator.connectivity.untilConnected();
    await aggregator.submit({ ...aSegment('到'), person: SERVICE, service: ANN });
    const [{ id = '', person, service } = heard.segments[0] as IncomingSegment] = heard.segments;
    await aggregator.stop();
    await until('it to be gone', () => !ours.connectivity.connected);
    const times = { submittedAt: new Date(), doneAt: new Date() };
    const told = ours.tellSender({ id, person, service, state: 'delivered', error: '000', ...times });
    await expect(told).rejects.toMatchObject({ code: '91' });
  });

  test('an aggregator that is busy: the message is sent again later', async () => {
    const { ours, atAggregator } = await both();
    await ours.connectivity.untilConnected();
    atAggregator.refusals.push(new HubError('91', 'not now'));
    await expect(ours.submit(aSegment('a'))).rejects.toMatchObject({ code: '91' });
  });

  test('a wrong password is refused, and nothing is delivered without an aggregator', async () => {
    const { ours, aggregator } = await both({ SMS_PASSWORD: 'guess' });
    await expect(ours.submit(aSegment('a'))).rejects.toMatchObject({ code: '91' });
    expect(aggregator.connectivity.connected).toBe(false);
  });

  test('an aggregator that hangs up is gone', async () => {
    const { ours, aggregator } = await both();
    await ours.connectivity.untilConnected();
    await aggregator.stop();
    await until('it to be gone', () => !ours.connectivity.connected);
  });
});
