/** The npm package `smpp`, which others wrote, is the centre to which the simulated carrier connects. */
import type { AddressInfo, Server } from 'node:net';
import smpp, { type Pdu, type Session } from 'smpp';
import { SmsSimulator } from './index.js';

const SERVICE = '10658000';
const ANNA = '8613800000001';
const account = { account: 'carrier', secret: 'password' };

let centre: Server;
let sms: SmsSimulator;
let session: Session;
const submitted: Pdu[] = [];

beforeEach(async () => {
  submitted.length = 0;
  const bound = new Promise<Session>((resolve) => {
    centre = smpp.createServer((accepted) => {
      accepted.on('error', () => undefined);
      accepted.on('bind_transceiver', (pdu: Pdu) => {
        expect(pdu).toMatchObject({ system_id: account.account, password: account.secret });
        accepted.send(pdu.response({ system_id: 'centre' }));
        resolve(accepted);
      });
      accepted.on('submit_sm', (pdu: Pdu) => {
        submitted.push(pdu);
        accepted.send(pdu.response({ message_id: '1' }));
      });
    });
  });
  await new Promise<void>((resolve) => centre.listen(0, '127.0.0.1', resolve));
  const servicePort = (centre.address() as AddressInfo).port;
  sms = await SmsSimulator.open({
    protocol: 'smpp',
    side: 'client',
    service: SERVICE,
    servicePort,
    retryMs: 1,
    ...account,
  });
  sms.person(ANNA);
  session = await bound;
});
afterEach(async () => {
  await sms.close();
  await new Promise((resolve) => centre.close(resolve));
});

function deliver(fields: object): Promise<Pdu> {
  const message = { source_addr: SERVICE, destination_addr: ANNA, ...fields };
  return new Promise((resolve) => session.deliver_sm(message, resolve));
}

test('what a person writes is submitted', async () => {
  await sms.person(ANNA).act({ do: 'write', to: `${SERVICE}7`, text: '你好' });
  await sms.idle();
  expect(submitted).toMatchObject([{ source_addr: ANNA, destination_addr: `${SERVICE}7`, data_coding: 8 }]);
  expect(submitted[0]?.short_message?.message).toBe('你好');
});

test('what is delivered is shown, and what is wrong is refused', async () => {
  expect(await deliver({ short_message: '你好' })).toMatchObject({ command_status: 0 });
  sms.faults.throttle();
  expect(await deliver({ short_message: 'too fast' })).toMatchObject({ command_status: 0x58 });
  expect(await deliver({ short_message: 'x', source_addr: '999' })).toMatchObject({ command_status: 0x0a });
  expect(sms.person(ANNA).timeline.map(({ text }) => text)).toEqual(['你好']);
});

test('it connects again, and sends what was not answered', async () => {
  const again = new Promise((resolve) => centre.once('connection', resolve));
  sms.disconnect();
  await sms.person(ANNA).act({ do: 'write', to: SERVICE, text: 'back' });
  await again;
  await sms.idle();
  expect(submitted.map((pdu) => pdu.short_message?.message)).toEqual(['back']);
});
