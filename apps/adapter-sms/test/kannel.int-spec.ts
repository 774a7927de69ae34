/**
 * Kannel, a gateway that others wrote, connects to our centre as aggregators do: what its web server sends comes to us as messages
 * of people, and what we submit is handed to its web server.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { findKannel, freePort, Kannel } from '#engines';
import { HubError } from '#protocol';
import { engineOrSkip } from '../../../test/support/engines.js';
import { until } from '../../../test/support/until.js';
import { characterBytes, textOf, type SmsAlphabet } from '../simulator/index.js';
import { WebServer } from '../simulator/testing/web-server.js';
import type { IncomingSegment, ReportState, Segment } from '../src/sms.link.js';
import { smppSettings } from '../src/smpp/index.js';
import { SmscLink } from '../src/smpp/smsc.link.js';
import { RecordedEvents } from '../src/testing/recorded-events.js';

const ANN = '8613800138000';
const SERVICE = '10690001';
const ACCOUNT = { systemId: 'aggregate', password: 'secret' };

const paths = await engineOrSkip('Kannel', findKannel);
const withKannel = paths ? describe : describe.skip;

const textIn = ({ text, alphabet }: IncomingSegment) => textOf(Buffer.from(text), alphabet);

function aSegment(text: string, alphabet: SmsAlphabet, more: Partial<Segment> = {}): Segment {
  const bytes = Buffer.concat(characterBytes(text, alphabet) ?? []);
  return { person: ANN, service: SERVICE, alphabet, text: bytes, ...more };
}

withKannel('Kannel as an aggregator at our centre', () => {
  const heard = new RecordedEvents();
  let link: SmscLink;
  let web: WebServer;
  let kannel: Kannel;
  let folder: string;

  beforeAll(async () => {
    if (!paths) return;
    const settings = smppSettings.parse({
      SMS_ROLE: 'smsc',
      SMS_PORT: '0',
      SMS_SYSTEM_ID: ACCOUNT.systemId,
      SMS_PASSWORD: ACCOUNT.password,
    });
    link = new SmscLink(settings, pino({ level: 'silent' }));
    link.start(heard);
    await until('our centre to listen', () => link.port !== 0);
    web = await WebServer.open();
    folder = mkdtempSync(join(tmpdir(), 'hutong-kannel-'));
    kannel = await Kannel.start({
      root: paths.root,
      folder,
      centre: { port: link.port, ...ACCOUNT },
      ports: { admin: await freePort(), box: await freePort(), send: await freePort() },
      user: { name: 'web', password: 'web-password' },
      onMessageUrl: `${web.url}/message?from=%p&to=%P&text=%a`,
      idType: 0,
    });
    await link.connectivity.untilConnected();
  });
  afterAll(async () => {
    await kannel?.stop();
    await link?.stop();
    await web?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    heard.segments.length = 0;
    heard.beforeStored = () => Promise.resolve();
  });

  async function writes(text: string, coding: 0 | 2, count = 1): Promise<IncomingSegment[]> {
    const { status } = await kannel.send({ from: ANN, to: `${SERVICE}42`, text, coding });
    expect(status).toBe(202);
    await until('its message', () => heard.segments.length >= count);
    return heard.segments;
  }

  test.each<[string, string, 0 | 2]>([
    ['7 bits', 'hello {€}', 0],
    ['UCS-2', '你好', 2],
  ])('a message in %s comes from the person, for the number that they wrote to', async (_, text, coding) => {
    const [segment] = await writes(text, coding);
    expect(segment).toMatchObject({ person: ANN, service: `${SERVICE}42` });
    expect(segment && textIn(segment)).toBe(text);
  });

  test('a long message comes in parts that know their place', async () => {
    const text = '一条很长的短信。'.repeat(20);
    const parts = await writes(text, 2, 3);
    expect(parts.map(({ concatenation }) => concatenation)).toMatchObject([
      { total: 3, part: 1 },
      { total: 3, part: 2 },
      { total: 3, part: 3 },
    ]);
    expect(parts.map(textIn).join('')).toBe(text);
  });

  test('it sends again what we could not store', async () => {
    let isFirst = true;
    heard.beforeStored = () => {
      if (!isFirst) return Promise.resolve();
      isFirst = false;
      return Promise.reject(new HubError('91', 'the bus is away'));
    };
    const [segment] = await writes('again', 0);
    expect(segment && textIn(segment)).toBe('again');
  });

  test('it is told when the message has reached us', async () => {
    const reportUrl = `${web.url}/report?what=%d`;
    await kannel.send({ from: ANN, to: SERVICE, text: 'with a receipt', coding: 0, reportUrl });
    // 8: the centre has it.
    await web.called('/report', (query) => query.get('what') === '8');
  });

  // 1: the person has it, 2: they do not get it; 32 more: because its time was over.
  test.each<[ReportState, string]>([
    ['delivered', '1'],
    ['failed', '2'],
    ['rejected', '2'],
    ['expired', '34'],
  ])('it tells its web server what we say in a receipt: %s', async (state, what) => {
    const reportUrl = `${web.url}/${state}?what=%d`;
    await kannel.send({ from: ANN, to: `${SERVICE}42`, text: state, coding: 0, reportUrl });
    await until('its message', () => heard.segments.length === 1);
    const [{ id = '', receipt, person, service } = heard.segments[0] as IncomingSegment] = heard.segments;
    expect(receipt).toBe('always');
    const times = { submittedAt: new Date(), doneAt: new Date() };
    await link.tellSender({ id, person, service, state, error: '000', ...times });
    await web.called(`/${state}`, (query) => query.get('what') === what);
  });

  test.each<[string, SmsAlphabet]>([
    ['hello {€}', 'gsm7'],
    ['你好', 'ucs2'],
  ])('what we submit reaches its web server: %s', async (text, alphabet) => {
    await link.submit(aSegment(text, alphabet, { service: `${SERVICE}7` }));
    const message = await web.called('/message', (query) => query.get('text') === text);
    expect([message.get('from'), message.get('to')].map((number) => number?.replace('+', ''))).toEqual([
      `${SERVICE}7`,
      ANN,
    ]);
  });

  test('it joins the parts that we submit', async () => {
    const parts = ['一条很长的短信的开头，', '和它的结尾。'];
    for (const [at, text] of parts.entries())
      await link.submit(
        aSegment(text, 'ucs2', { concatenation: { bits: 8, reference: 9, total: 2, part: at + 1 } }),
      );
    await web.called('/message', (query) => query.get('text') === parts.join(''));
  });
});
