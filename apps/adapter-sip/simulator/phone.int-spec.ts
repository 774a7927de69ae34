/** The phone on the wall and the phone in the terminal are the same softphone, through the people's API of the simulator. */
import { sees, SimulatedPhone } from '#phones';
import { NotHere, RemotePerson } from '#simulators';
import { SipSimulator } from './index.js';
import { LittleServer } from './testing/little-server.js';
import { shown } from './testing/shown.js';

const PASSWORD = 'open sesame';

let server: LittleServer;
let sip: SipSimulator;
let alice: RemotePerson;
let phone: SimulatedPhone;

beforeAll(async () => {
  server = await LittleServer.open({ password: PASSWORD });
  sip = await SipSimulator.open({
    domain: 'youxin.test',
    registrar: server.address,
    password: PASSWORD,
    port: 0,
  });
  await sip.person('bob').whenRegistered();
  alice = await RemotePerson.find(sip.url, sip.name, 'alice');
  phone = new SimulatedPhone(alice, '');
});
afterAll(async () => {
  await phone.hangUp();
  await sip.close();
  await server.close();
});

test('words go both ways', async () => {
  await phone.write('bob', '你好');
  await shown(sip.person('bob'), { kind: 'text', from: 'alice', text: '你好' });
  await sip.person('bob').act({ do: 'write', to: 'alice', text: '你也好' });
  const { from } = await sees(phone, 'the answer', ({ text }) => text === '你也好');
  expect(from).toBe('bob');
});

test('what a softphone cannot do is told', async () => {
  await expect(alice.act({ do: 'recall', to: 'bob', target: '1' })).rejects.toThrow(NotHere);
  await expect(alice.act({ do: 'appear', state: 'dancing' })).rejects.toThrow('dancing is no presence here');
});
