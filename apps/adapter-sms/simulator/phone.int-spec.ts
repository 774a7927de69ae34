/** The phone on the wall and the phone in the terminal are the same handset, through the people's API of the simulator. */
import smpp, { type Pdu, type Session } from 'smpp';
import { sees, SimulatedPhone } from '#phones';
import { RemotePerson } from '#simulators';
import { numberOf, SmsSimulator } from './index.js';

const SERVICE = '10658000';
const account = { account: 'hub', secret: 'password' };

let sms: SmsSimulator;
let session: Session;
let phone: SimulatedPhone;
const written: Pdu[] = [];

beforeAll(async () => {
  sms = await SmsSimulator.open({ protocol: 'smpp', service: SERVICE, port: 0, ...account });
  session = await new Promise<Session>((resolve) => {
    const made = smpp.connect({ url: `smpp://127.0.0.1:${sms.carrierPort}` }, () => resolve(made));
  });
  session.on('deliver_sm', (pdu: Pdu) => {
    written.push(pdu);
    session.send(pdu.response());
  });
  await new Promise<Pdu>((resolve) =>
    session.bind_transceiver({ system_id: account.account, password: account.secret }, resolve),
  );
  phone = new SimulatedPhone(await RemotePerson.find(sms.url, sms.name, numberOf('laozheng')), SERVICE);
});
afterAll(async () => {
  await phone.hangUp();
  session.destroy();
  await sms.close();
});

function serviceWrites(from: string, text: string): Promise<Pdu> {
  const message = { source_addr: from, destination_addr: phone.native, short_message: text };
  return new Promise((resolve) => session.submit_sm(message, resolve));
}

test('a message from a number of the service is shown, and the answer goes to the same number', async () => {
  await serviceWrites(`${SERVICE}42`, '【互通】你好');
  const { from } = await sees(phone, 'the message', ({ text }) => text === '【互通】你好');
  expect(from).toBe(`${SERVICE}42`);
  await phone.write(from, '你也好');
  await sms.idle();
  expect(written).toMatchObject([{ source_addr: phone.native, destination_addr: `${SERVICE}42` }]);
});

test('somebody who has a number in the conversation is written to through the service', async () => {
  await serviceWrites(SERVICE, '[2 alice · xmpp] hello');
  const { from } = await sees(phone, 'the message', ({ text }) => text === 'hello');
  expect([from, phone.numberOf('alice', 'xmpp')]).toEqual(['@2', '@2']);
  written.length = 0;
  await phone.write('@2', 'hello Alice');
  await sms.idle();
  expect(written.map((pdu) => [pdu.destination_addr, pdu.short_message?.message])).toEqual([
    [SERVICE, '@2 hello Alice'],
  ]);
});

test('what a plain telephone cannot do is said', async () => {
  await expect(phone.react('@2', '1', ['👍'])).rejects.toThrow('on sms nobody can react');
  await expect(phone.write('12345', 'hello')).rejects.toThrow('nobody has the number 12345');
});
