/**
 * Our links with the gateways of the simulated carrier. The two were written from the documents by different people and share no
 * code, so that a field that one of them misread is seen here.
 */
import { HubError } from '#protocol';
import { until } from '../../../test/support/until.js';
import type { SmsAlphabet, SmsOptions } from '../simulator/index.js';
import { ANN, aSegment, closeAll, open, SERVICE, shown, textIn, type Protocol } from './carrier-stage.js';

afterEach(closeAll);

/** @returns what it throws */
const refusal = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'nothing was thrown',
    (error: unknown) => error,
  );

describe.each<Protocol>(['cmpp 2.0', 'cmpp 3.0', 'sgip 1.2', 'smgp 3.0', 'smpp 3.4'])('%s', (protocol) => {
  test('a text in every alphabet is shown, from the number with its suffix', async () => {
    const stage = await open(protocol);
    for (const alphabet of stage.link.alphabets)
      await stage.link.submit(
        aSegment(alphabet === 'ucs2' || alphabet === 'gb18030' ? '你好 €' : 'hello (1)', alphabet, {
          service: `${SERVICE}42`,
        }),
      );
    expect(shown(stage)).toEqual(
      stage.link.alphabets.map((alphabet) => [
        `${SERVICE}42`,
        alphabet === 'ucs2' || alphabet === 'gb18030' ? '你好 €' : 'hello (1)',
      ]),
    );
  });

  test('the report names the segment and the person', async () => {
    const stage = await open(protocol);
    const messageId = await stage.link.submit(aSegment('hello', 'ucs2'));
    await until('the report', () => stage.heard.reports.length > 0);
    expect(stage.heard.reports).toMatchObject([{ messageId, person: ANN, state: 'delivered' }]);
  });

  test('the report that a segment failed says so', async () => {
    const stage = await open(protocol);
    stage.carrier.faults.failReport(protocol === 'sgip 1.2' ? '29' : 'UNDELIV');
    const messageId = await stage.link.submit(aSegment('hello', 'ucs2'));
    await until('the report', () => stage.heard.reports.length > 0);
    expect(stage.heard.reports).toMatchObject([{ messageId, state: 'failed' }]);
  });

  test.each<8 | 16>([8, 16])('parts with a reference of %s bits are joined', async (bits) => {
    const stage = await open(protocol);
    for (const [at, text] of ['一', '二', '三'].entries())
      await stage.link.submit(
        aSegment(text, 'ucs2', { concatenation: { bits, reference: 200, total: 3, part: at + 1 } }),
      );
    expect(shown(stage)).toEqual([[SERVICE, '一二三']]);
  });

  test.each<[string, SmsAlphabet | 'usual']>([
    ['hello', 'usual'],
    ['你好 €', 'usual'],
    ['你好 😀', 'ucs2'],
  ])('what a person writes comes with its alphabet: %s (%s)', async (text, alphabet) => {
    const stage = await open(protocol, alphabet === 'usual' ? {} : { alphabets: [alphabet] });
    await stage.carrier.person(ANN).act({ do: 'write', to: `${SERVICE}7`, text });
    await stage.carrier.idle();
    expect(stage.heard.segments).toMatchObject([{ person: ANN, service: `${SERVICE}7` }]);
    expect(stage.heard.segments.map(textIn)).toEqual([text]);
  });

  test.each<8 | 16>([8, 16])(
    'a long text of a person comes in parts, with %s bits',
    async (referenceBits) => {
      const stage = await open(protocol, { referenceBits });
      const text = '一条很长的短信。'.repeat(20);
      await stage.carrier.person(ANN).act({ do: 'write', to: SERVICE, text });
      await stage.carrier.idle();
      expect(stage.heard.segments.map(({ concatenation }) => concatenation)).toMatchObject(
        [1, 2, 3].map((part) => ({ bits: referenceBits, total: 3, part })),
      );
      expect(stage.heard.segments.map(textIn).join('')).toBe(text);
    },
  );

  test('a gateway that is busy is 65, and the next attempt succeeds', async () => {
    const stage = await open(protocol);
    stage.carrier.faults.throttle();
    const first = await refusal(stage.link.submit(aSegment('slowly', 'ucs2')));
    expect(first).toBeInstanceOf(HubError);
    expect((first as HubError).code).toBe('65');
    await stage.link.submit(aSegment('slowly', 'ucs2'));
    expect(shown(stage)).toEqual([[SERVICE, 'slowly']]);
  });

  test('a link that breaks instead of an answer: nobody knows, and the segment is shown once', async () => {
    const stage = await open(protocol);
    stage.carrier.faults.silence('taken');
    const outcome = await refusal(stage.link.submit(aSegment('once', 'ucs2')));
    expect(outcome).toMatchObject({ code: '103' });
    await stage.link.connectivity.untilConnected();
    expect(shown(stage)).toEqual([[SERVICE, 'once']]);
  });

  test('what we cannot store comes again', async () => {
    const stage = await open(protocol);
    let isFirst = true;
    stage.heard.beforeStored = () => {
      if (!isFirst) return Promise.resolve();
      isFirst = false;
      return Promise.reject(new HubError('91', 'the bus is away'));
    };
    await stage.carrier.person(ANN).act({ do: 'write', to: SERVICE, text: 'again' });
    await stage.carrier.idle();
    expect(stage.heard.segments.map(textIn)).toEqual(['again']);
  });

  test('a message that the gateway sends twice has the same id, or comes once', async () => {
    const stage = await open(protocol);
    stage.carrier.faults.duplicate();
    await stage.carrier.person(ANN).act({ do: 'write', to: SERVICE, text: 'twice' });
    await stage.carrier.idle();
    const ids = stage.heard.segments.map(({ id }) => id);
    expect(new Set(ids).size).toBe(1);
    if (ids.length > 1) expect(ids[0]).toEqual(expect.any(String));
  });

  test('every byte by itself means the same', async () => {
    const stage = await open(protocol);
    stage.carrier.faults.splitFrames = true;
    const messageId = await stage.link.submit(aSegment('slow', 'ucs2'));
    await until('the report', () => stage.heard.reports.length > 0);
    expect(stage.heard.reports).toMatchObject([{ messageId, state: 'delivered' }]);
  });

  test('a report before the answer is of the same segment', async () => {
    const stage = await open(protocol);
    stage.carrier.faults.reportFirst();
    const messageId = await stage.link.submit(aSegment('early', 'ucs2'));
    await until('the report', () => stage.heard.reports.length > 0);
    expect(stage.heard.reports).toMatchObject([{ messageId, state: 'delivered' }]);
  });
});

describe.each<Protocol>(['cmpp 2.0', 'cmpp 3.0', 'sgip 1.2', 'smgp 3.0'])(
  '%s, of a carrier in China',
  (protocol) => {
    test('numbers without the country code are of the same person', async () => {
      const stage = await open(protocol, { numbers: 'national' });
      await stage.carrier.person(ANN).act({ do: 'write', to: SERVICE, text: 'hello' });
      await stage.carrier.idle();
      expect(stage.heard.segments).toMatchObject([{ person: ANN }]);
    });

    test('without an answer the segment is sent again under the same number, and is shown once', async () => {
      const stage = await open(protocol);
      stage.carrier.faults.mute();
      const messageId = await stage.link.submit(aSegment('once', 'ucs2'));
      await until('the report', () => stage.heard.reports.length > 0);
      expect(stage.heard.reports).toMatchObject([{ messageId, state: 'delivered' }]);
      expect(shown(stage)).toEqual([[SERVICE, 'once']]);
    });
  },
);

test.each<[Partial<SmsOptions>, NodeJS.ProcessEnv]>([
  [{ labels: 'capitals' }, {}],
  [{ reportIds: 'digits' }, { SMS_REPORT_ID: 'digits' }],
])('smgp 3.0: a gateway that writes reports in another way: %j', async (more, settings) => {
  const stage = await open('smgp 3.0', more, settings);
  const messageId = await stage.link.submit(aSegment('hello', 'ucs2'));
  await until('the report', () => stage.heard.reports.length > 0);
  expect(stage.heard.reports).toMatchObject([{ messageId, person: ANN, state: 'delivered' }]);
});

test.each<[Partial<SmsOptions>, NodeJS.ProcessEnv]>([
  [{ responseIds: 'hex' }, { SMS_RESPONSE_IDS: 'hex', SMS_RECEIPT_IDS: 'decimal' }],
  [{ receiptIds: 'hex' }, { SMS_RESPONSE_IDS: 'decimal', SMS_RECEIPT_IDS: 'hex' }],
  [{ receiptTags: false }, {}],
  [{ standard: 'latin1', alphabets: ['latin1', 'ucs2'] }, { SMS_DEFAULT_ALPHABET: 'latin1' }],
])('smpp 3.4: a centre with other habits: %j', async (more, settings) => {
  const stage = await open('smpp 3.4', more, settings);
  const [alphabet = 'ucs2'] = stage.link.alphabets;
  const messageId = await stage.link.submit(aSegment('déjà vu', alphabet));
  await until('the report', () => stage.heard.reports.length > 0);
  expect(stage.heard.reports).toMatchObject([{ messageId, person: ANN, state: 'delivered' }]);
  await stage.carrier.person(ANN).act({ do: 'write', to: SERVICE, text: 'à demain' });
  await stage.carrier.idle();
  expect(stage.heard.segments.map(textIn)).toEqual(['à demain']);
  expect(shown(stage)).toEqual([[SERVICE, 'déjà vu']]);
});
