/** The npm package `smpp`, which others wrote, takes the simulator for a short message service centre. */
import smpp, { type Pdu, type Session } from 'smpp';
import { SmsSimulator, type SmsOptions } from './index.js';

const SERVICE = '10658000';
const ANNA = '8613800000001';
const account = { account: 'hub', secret: 'password' };

let sms: SmsSimulator;
let session: Session;
const delivered: Pdu[] = [];

async function open(options: Partial<SmsOptions> = {}): Promise<void> {
  sms = await SmsSimulator.open({ protocol: 'smpp', service: SERVICE, ...account, ...options });
  sms.person(ANNA);
  session = await connected();
  session.on('deliver_sm', (pdu: Pdu) => {
    delivered.push(pdu);
    session.send(pdu.response());
  });
  expect(await bind(session)).toMatchObject({ command_status: 0 });
}

function connected(): Promise<Session> {
  return new Promise((resolve) => {
    const made = smpp.connect({ url: `smpp://127.0.0.1:${sms.carrierPort}` }, () => resolve(made));
  });
}

function bind(on: Session): Promise<Pdu> {
  return new Promise((resolve) =>
    on.bind_transceiver({ system_id: account.account, password: account.secret }, resolve),
  );
}

function submit(fields: object): Promise<Pdu> {
  const message = { source_addr: SERVICE, destination_addr: ANNA, registered_delivery: 1, ...fields };
  return new Promise((resolve) => session.submit_sm(message, resolve));
}

const texts = () => sms.person(ANNA).timeline.map(({ text }) => text);

afterEach(async () => {
  delivered.length = 0;
  session.destroy();
  await sms.close();
});

test('it sends in the alphabet that fits, and reads the receipt', async () => {
  await open();
  const { message_id: id } = await submit({ short_message: 'price: 5 € [net]', data_coding: 0 });
  await submit({ short_message: '价格：五元' });
  await sms.idle();
  expect(texts()).toEqual(['price: 5 € [net]', '价格：五元']);
  expect(delivered[0]).toMatchObject({ esm_class: 4, receipted_message_id: id, message_state: 2 });
  expect(delivered[0]?.short_message?.message).toContain(`id:${id} sub:001 dlvrd:001`);
});

test('it sends a long text in message_payload', async () => {
  await open();
  await submit({ message_payload: 'long '.repeat(200) });
  expect(texts()).toEqual(['long '.repeat(200)]);
});

test('it reads what a person writes, and the header of a part', async () => {
  await open();
  await sms.person(ANNA).act({ do: 'write', to: `${SERVICE}7`, text: '你好' });
  await sms.person(ANNA).act({ do: 'write', to: SERVICE, text: '长'.repeat(71) });
  await sms.idle();
  const [short, ...parts] = delivered;
  expect(short).toMatchObject({ source_addr: ANNA, destination_addr: `${SERVICE}7` });
  expect(short?.short_message?.message).toBe('你好');
  expect(parts.map((part) => part.short_message?.message).join('')).toBe('长'.repeat(71));
  expect(parts.map((part) => part.short_message?.udh?.[0]?.toString('hex'))).toEqual([
    '0003020201',
    '0003020202',
  ]);
});

test('ids may be hexadecimal in the answer and decimal in the receipt', async () => {
  await open({ responseIds: 'hex', receiptTags: false });
  const { message_id: id = '' } = await submit({ short_message: 'hello' });
  await sms.idle();
  expect(id).toMatch(/^[0-9a-f]{8}$/);
  expect(delivered[0]?.short_message?.message).toContain(`id:${parseInt(id, 16)} sub:`);
  expect(delivered[0]).not.toHaveProperty('receipted_message_id');
});

test('what was not acknowledged, or refused because the service is busy, comes again', async () => {
  await open({ retryMs: 1, answerMs: 60_000 });
  session.removeAllListeners('deliver_sm');
  const statuses = [0x58, 0x14, 0];
  session.on('deliver_sm', (pdu: Pdu) => {
    delivered.push(pdu);
    session.send(pdu.response({ command_status: statuses.shift() }));
  });
  await sms.person(ANNA).act({ do: 'write', to: SERVICE, text: 'again' });
  await sms.idle();
  expect(delivered.map((pdu) => pdu.short_message?.message)).toEqual(['again', 'again', 'again']);
});

test('a link that breaks after a segment was taken, or before', async () => {
  await open();
  sms.faults.silence('taken');
  const broken = new Promise((resolve) => session.once('close', resolve));
  const answers: Pdu[] = [];
  void submit({ short_message: 'taken' }).then((pdu) => answers.push(pdu));
  await broken;
  expect([texts(), answers]).toEqual([['taken'], []]);
  session = await connected();
  await bind(session);
  sms.faults.silence('lost');
  const again = new Promise((resolve) => session.once('close', resolve));
  void submit({ short_message: 'lost' });
  await again;
  expect(texts()).toEqual(['taken']);
});

test('a receipt may come before the answer, and say that it failed', async () => {
  await open();
  const order: string[] = [];
  session.on('pdu', ({ command }: Pdu) => order.push(command));
  sms.faults.reportFirst();
  sms.faults.failReport('EXPIRED');
  await submit({ short_message: 'expired' });
  await sms.idle();
  expect(order.slice(0, 2)).toEqual(['deliver_sm', 'submit_sm_resp']);
  expect(delivered[0]).toMatchObject({ message_state: 3 });
  expect(delivered[0]?.short_message?.message).toContain('stat:EXPIRED err:001');
  expect(texts()).toEqual([]);
});

test('every byte by itself means the same', async () => {
  await open();
  sms.faults.splitFrames = true;
  const { message_id: id } = await submit({ short_message: 'hello' });
  await sms.idle();
  expect(delivered[0]).toMatchObject({ receipted_message_id: id });
});

test('each side asks whether the other is there, and a service that does not answer is cut off', async () => {
  await open({ keepAliveMs: 20, silentTimes: 2 });
  await new Promise<void>((resolve) => session.enquire_link(() => resolve()));
  const asked = new Promise<void>((resolve) =>
    session.once('enquire_link', (pdu: Pdu) => {
      session.send(pdu.response());
      resolve();
    }),
  );
  await asked;
  await new Promise((resolve) => session.once('close', resolve));
});

test('it unbinds', async () => {
  await open();
  const closed = new Promise((resolve) => session.once('close', resolve));
  expect(await new Promise<Pdu>((resolve) => session.unbind(resolve))).toMatchObject({ command_status: 0 });
  await closed;
  expect(sms.links).toBe(0);
});
