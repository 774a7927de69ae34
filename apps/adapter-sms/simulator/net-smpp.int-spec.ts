/**
 * Net::SMPP, an independent library of Perl, takes the simulator for a short message service centre: it binds, sends short and
 * long messages to handsets, and reads what people write and the receipts with the meaning that it gives to them.
 */
import { findNetSmpp } from '#engines';
import { engineOrSkip } from '../../../test/support/engines.js';
import { characterBytes, SmsSimulator, textOf, type SmsAlphabet } from './index.js';
import { PerlPeer, type PerlLink, type PerlPdu } from './testing/perl-peer.js';

const SERVICE = '10658000';
const ANNA = '8613800000001';
const account = { account: 'hub', secret: 'password' };

const paths = await engineOrSkip('Net::SMPP', findNetSmpp);
const inPerl = paths ? describe : describe.skip;

let sms: SmsSimulator;
let perl: PerlPeer;
const anna = () => sms.person(ANNA);

function bind(kind: PerlLink['kind'] = 'transceiver', password = account.secret): PerlPeer {
  if (!paths) throw new Error('no Net::SMPP');
  return PerlPeer.start(paths, {
    role: 'esme',
    port: sms.carrierPort,
    systemId: account.account,
    password,
    kind,
  });
}

const bytes = (text: string, alphabet: SmsAlphabet) => Buffer.concat(characterBytes(text, alphabet) ?? []);
const is = (command: string) => (pdu: PerlPdu) => pdu.command === command;
const textIn = (pdu: PerlPdu, alphabet: SmsAlphabet) =>
  textOf(Buffer.from(String(pdu['short_message']), 'hex'), alphabet);

async function shown(count: number): Promise<(string | undefined)[]> {
  while (anna().timeline.length < count)
    await new Promise<void>((resolve) => {
      const end = anna().onSight(() => {
        end();
        resolve();
      });
    });
  return anna().timeline.map(({ text }) => text);
}

function submit(text: Buffer, more: Record<string, string | number> = {}): void {
  perl.send({
    do: 'submit_sm',
    source_addr: SERVICE,
    destination_addr: ANNA,
    registered_delivery: 1,
    short_message: text.toString('hex'),
    ...more,
  });
}

inPerl('Net::SMPP as a client', () => {
  beforeEach(async () => {
    sms = await SmsSimulator.open({ protocol: 'smpp', service: SERVICE, ...account });
    anna();
    perl = bind();
    await perl.pdu(is('bind_transceiver_resp'));
  });
  afterEach(async () => {
    await perl.stop();
    await sms.close();
  });

  test('it binds, and not with another password', async () => {
    expect(perl.pdus[0]).toMatchObject({ status: 0 });
    const stranger = bind('transceiver', 'another');
    expect(await stranger.pdu(is('bind_transceiver_resp'))).toMatchObject({ status: 0x0e });
    await stranger.stop();
  });

  test('it writes in 7 bits and in UCS-2, and gets a receipt for each', async () => {
    submit(bytes('hello {€}', 'gsm7'));
    submit(bytes('你好 😀', 'ucs2'), { data_coding: 8 });
    expect(await shown(2)).toEqual(['hello {€}', '你好 😀']);
    const sent = await perl.pdu(is('submit_sm_resp'));
    const receipt = await perl.pdu(is('deliver_sm'));
    const id = String(sent['message_id']);
    expect(receipt).toMatchObject({
      esm_class: 4,
      source_addr: ANNA,
      destination_addr: SERVICE,
      receipted_message_id: id,
      message_state: '02',
    });
    expect(textIn(receipt, 'ascii')).toMatch(new RegExp(`^id:${id} sub:001 .* stat:DELIVRD err:000 text:$`));
  });

  test('a long message arrives in one piece, whatever the order of its parts', async () => {
    const part = (number: number) => Buffer.from([5, 0, 3, 77, 2, number]);
    submit(Buffer.concat([part(2), bytes('二', 'ucs2')]), { esm_class: 0x40, data_coding: 8 });
    submit(Buffer.concat([part(1), bytes('一', 'ucs2')]), { esm_class: 0x40, data_coding: 8 });
    expect(await shown(1)).toEqual(['一二']);
  });

  test('a person writes: a short text, and a long one in parts', async () => {
    await anna().act({ do: 'write', to: `${SERVICE}42`, text: 'TD' });
    const short = await perl.pdu(is('deliver_sm'));
    expect(short).toMatchObject({
      source_addr: ANNA,
      destination_addr: `${SERVICE}42`,
      esm_class: 0,
      data_coding: 0,
      short_message: Buffer.from('TD').toString('hex'),
    });
    await sms.idle();
    const before = perl.pdus.length;
    await anna().act({ do: 'write', to: SERVICE, text: '长'.repeat(100) });
    await sms.idle();
    await perl.pdu((pdu) => String(pdu['short_message']).startsWith('050003020202'), before);
    const parts = perl.pdus.slice(before).map((pdu) => Buffer.from(String(pdu['short_message']), 'hex'));
    expect(parts.map((each) => each.toString('hex', 0, 6))).toEqual(['050003020201', '050003020202']);
    expect(textOf(Buffer.concat(parts.map((each) => each.subarray(6))), 'ucs2')).toBe('长'.repeat(100));
  });

  test('it is told what is wrong, and when to slow down', async () => {
    sms.faults.throttle();
    submit(bytes('too fast', 'gsm7'));
    submit(bytes('who?', 'gsm7'), { destination_addr: 'nobody' });
    submit(bytes('from whom?', 'gsm7'), { source_addr: '999' });
    submit(Buffer.alloc(161, 0x41));
    perl.send({ do: 'query_sm', message_id: '1' });
    await perl.pdu(is('generic_nack'));
    const answers = perl.pdus.filter(is('submit_sm_resp')).map(({ status }) => status);
    expect(answers).toEqual([0x58, 0x0b, 0x0a, 0x01]);
    expect(anna().timeline).toEqual([]);
  });

  test('a receiver gets messages, a transmitter none', async () => {
    await perl.stop();
    const [receiver, transmitter] = [bind('receiver'), bind('transmitter')];
    await receiver.pdu(is('bind_receiver_resp'));
    await transmitter.pdu(is('bind_transmitter_resp'));
    await anna().act({ do: 'write', to: SERVICE, text: 'hello' });
    await receiver.pdu(is('deliver_sm'));
    receiver.send({ do: 'submit_sm', source_addr: SERVICE, destination_addr: ANNA });
    expect(await receiver.pdu(is('submit_sm_resp'))).toMatchObject({ status: 0x04 });
    expect(transmitter.pdus.map(({ command }) => command)).toEqual(['bind_transmitter_resp']);
    await Promise.all([receiver.stop(), transmitter.stop()]);
  });

  test('what was not acknowledged comes again over the next link', async () => {
    await perl.stop();
    await anna().act({ do: 'write', to: SERVICE, text: 'while you were out' });
    perl = bind();
    expect(textIn(await perl.pdu(is('deliver_sm')), 'gsm7')).toBe('while you were out');
  });
});
