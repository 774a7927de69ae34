/** Net::SMPP, an independent library of Perl, is the centre to which our link connects. */
import { pino } from 'pino';
import { findNetSmpp, freePort } from '#engines';
import { engineOrSkip } from '../../../test/support/engines.js';
import { until } from '../../../test/support/until.js';
import { characterBytes, textOf, type SmsAlphabet } from '../simulator/index.js';
import { PerlPeer, type PerlPdu } from '../simulator/testing/perl-peer.js';
import type { Segment } from '../src/sms.link.js';
import { EsmeLink } from '../src/smpp/esme.link.js';
import { smppSettings } from '../src/smpp/index.js';
import { RecordedEvents } from '../src/testing/recorded-events.js';

const ANN = '8613800138000';
const SERVICE = '10690001';
const ACCOUNT = { systemId: 'hutong', password: 'secret' };

const paths = await engineOrSkip('Net::SMPP', findNetSmpp);
const withPerl = paths ? describe : describe.skip;

const is = (command: string) => (pdu: PerlPdu) => pdu.command === command;
const bytes = (text: string, alphabet: SmsAlphabet) => Buffer.concat(characterBytes(text, alphabet) ?? []);

function aSegment(text: string, alphabet: SmsAlphabet, more: Partial<Segment> = {}): Segment {
  return { person: ANN, service: SERVICE, alphabet, text: bytes(text, alphabet), ...more };
}

withPerl('our link at a centre of Net::SMPP', () => {
  let centre: PerlPeer;
  let link: EsmeLink;
  let heard: RecordedEvents;

  beforeEach(async () => {
    if (!paths) return;
    const port = await freePort();
    centre = PerlPeer.start(paths, { role: 'smsc', port, ...ACCOUNT });
    await centre.pdu(is('listening'));
    const settings = smppSettings.parse({
      SMS_PORT: String(port),
      SMS_SYSTEM_ID: ACCOUNT.systemId,
      SMS_PASSWORD: ACCOUNT.password,
    });
    heard = new RecordedEvents();
    link = new EsmeLink(settings, pino({ level: 'silent' }));
    link.start(heard);
    await link.connectivity.untilConnected();
  });
  afterEach(async () => {
    await link?.stop();
    await centre?.stop();
  });

  /** The centre sends a message of Ann, or a receipt. @returns when our link has answered */
  async function delivers(fields: Record<string, string | number>): Promise<PerlPdu> {
    const before = centre.pdus.length;
    centre.send({ do: 'deliver_sm', source_addr: ANN, destination_addr: SERVICE, ...fields });
    return centre.pdu(is('deliver_sm_resp'), before);
  }

  test('it binds as a transceiver with its name and password', async () => {
    expect(await centre.pdu(is('bind_transceiver'))).toMatchObject({
      system_id: ACCOUNT.systemId,
      password: ACCOUNT.password,
    });
  });

  test.each<[string, SmsAlphabet, number]>([
    ['hello {€}', 'gsm7', 0],
    ['你好', 'ucs2', 8],
  ])('the centre reads what we submit: %s', async (text, alphabet, coding) => {
    expect(await link.submit(aSegment(text, alphabet, { service: `${SERVICE}42` }))).toBe('perl-1');
    const submitted = await centre.pdu(is('submit_sm'));
    expect(submitted).toMatchObject({
      source_addr: `${SERVICE}42`,
      destination_addr: ANN,
      esm_class: 0,
      data_coding: coding,
      short_message: bytes(text, alphabet).toString('hex'),
    });
    expect(Number(submitted['registered_delivery']) & 3).toBe(1);
  });

  test.each<[8 | 16, string]>([
    [8, '050003090201'],
    [16, '06080401090201'],
  ])('a part has a header with a reference of %s bits', async (width, header) => {
    const reference = width === 8 ? 9 : 0x0109;
    const concatenation = { bits: width, reference, total: 2, part: 1 };
    await link.submit(aSegment('part', 'ucs2', { concatenation }));
    expect(await centre.pdu(is('submit_sm'))).toMatchObject({
      esm_class: 0x40,
      short_message: header + bytes('part', 'ucs2').toString('hex'),
    });
  });

  test('we read a message of a person, and a part of one', async () => {
    const udh = Buffer.from('050003070201', 'hex');
    expect(
      await delivers({ data_coding: 8, short_message: bytes('你好', 'ucs2').toString('hex') }),
    ).toMatchObject({ status: 0 });
    await delivers({
      data_coding: 8,
      esm_class: 0x40,
      short_message: Buffer.concat([udh, bytes('长', 'ucs2')]).toString('hex'),
    });
    expect(heard.segments).toMatchObject([
      { person: ANN, service: SERVICE },
      { person: ANN, concatenation: { reference: 7, total: 2, part: 1 } },
    ]);
    expect(heard.segments.map(({ text }) => textOf(Buffer.from(text), 'ucs2'))).toEqual(['你好', '长']);
  });

  test.each([
    ['DELIVRD', '000', 'delivered'],
    ['UNDELIV', '001', 'failed'],
    ['EXPIRED', '001', 'expired'],
    ['REJECTD', '001', 'rejected'],
  ])('we read a receipt that says %s', async (stat, err, state) => {
    const id = await link.submit(aSegment('hello', 'gsm7'));
    const text = `id:${id} sub:001 dlvrd:001 submit date:2607230000 done date:2607230001 stat:${stat} err:${err} text:hello`;
    await delivers({ esm_class: 4, short_message: Buffer.from(text).toString('hex') });
    await until('the report', () => heard.reports.length > 0);
    expect(heard.reports).toMatchObject([{ messageId: id, person: ANN, state }]);
  });
});
