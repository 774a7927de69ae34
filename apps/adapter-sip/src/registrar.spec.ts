/** The registrar: bindings, their order and their end, and what a restart leaves of them. */
import { memoryDouble } from '../../../libs/bot-contacts/src/testing/memory-double.js';
import { Registrar } from './registrar.js';
import type { Flow } from './stack/flow.js';
import type { Header, SipRequest } from './stack/sip-message.js';

const flow = { transport: 'UDP', remote: { address: '192.0.2.1', port: 5062 }, reliable: false } as Flow;

function aRegister(contact: string, sequence: number, ...more: Header[]): SipRequest {
  const headers: Header[] = [
    ['call-id', 'one'],
    ['cseq', `${sequence} REGISTER`],
    ['contact', contact],
    ...more,
  ];
  return { kind: 'request', method: 'REGISTER', uri: 'sip:x', headers, body: Buffer.alloc(0) };
}

function aRegistrar(kept = new Map<string, unknown>()) {
  const time = { now: 1_000_000 };
  const memory = memoryDouble(kept);
  const registrar = new Registrar({ memory, minExpires: 60, maxExpires: 600, now: () => time.now });
  const contacts = () => registrar.phonesOf('ann').map(({ binding }) => binding.contact);
  const register = (contact: string, sequence: number, ...more: Header[]) =>
    registrar.register('ann', aRegister(contact, sequence, ...more), flow);
  return { time, registrar, contacts, register };
}

test('the latest phone comes first, and each ends in its time', async () => {
  const { time, contacts, register } = aRegistrar();
  await register('<sip:a@1>;expires=100', 1);
  await register('<sip:a@2>', 2, ['expires', '200']);
  expect(contacts()).toEqual(['sip:a@2', 'sip:a@1']);
  time.now += 150_000;
  expect(contacts()).toEqual(['sip:a@2']);
  time.now += 100_000;
  expect(contacts()).toEqual([]);
});

test('a time is bounded: longer ones are cut, shorter ones are refused', async () => {
  const { register } = aRegistrar();
  const long = await register('<sip:a@1>;expires=999999', 1);
  expect(long.headers[0]).toEqual(['contact', '<sip:a@1>;expires=600']);
  expect(await register('<sip:a@2>;expires=5', 2)).toEqual({ status: 423, headers: [['min-expires', '60']] });
});

test('a request that was overtaken changes nothing', async () => {
  const { contacts, register } = aRegistrar();
  await register('<sip:a@1>', 5);
  await register('<sip:a@1>;expires=0', 4);
  expect(contacts()).toEqual(['sip:a@1']);
  await register('<sip:a@1>;expires=0', 6);
  expect(contacts()).toEqual([]);
});

test('without a contact it only answers what is there; ten phones are the most', async () => {
  const { contacts, register, registrar } = aRegistrar();
  for (let at = 1; at <= 10; at++) await register(`<sip:a@${at}>`, at);
  expect(await register('<sip:a@11>', 11)).toMatchObject({ status: 403 });
  expect(contacts()).toHaveLength(10);
  const asked = aRegister('', 12);
  const answered = await registrar.register(
    'ann',
    { ...asked, headers: asked.headers.filter(([name]) => name !== 'contact') },
    flow,
  );
  expect(answered.headers.filter(([name]) => name === 'contact')).toHaveLength(10);
});

test('after a restart the phones are still there, without their connections', async () => {
  const kept = new Map<string, unknown>();
  await aRegistrar(kept).register('<sip:a@1>', 1);
  const again = aRegistrar(kept);
  await again.registrar.load();
  expect(again.registrar.phonesOf('ann')).toMatchObject([
    { binding: { contact: 'sip:a@1' }, flow: undefined },
  ]);
});

test('a phone that is gone is forgotten, unless it has registered again meanwhile', async () => {
  const { contacts, register, registrar } = aRegistrar();
  await register('<sip:a@1>', 1);
  const [{ binding } = { binding: undefined }] = registrar.phonesOf('ann');
  if (!binding) throw new Error('not registered');
  await register('<sip:a@1>', 2);
  await registrar.forget('ann', binding);
  expect(contacts()).toEqual(['sip:a@1']);
  const [now] = registrar.phonesOf('ann');
  if (now) await registrar.forget('ann', now.binding);
  expect(contacts()).toEqual([]);
});
