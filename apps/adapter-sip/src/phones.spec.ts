/** A person with several phones: whoever has the message first counts, and nobody's order suffers. */
import { HubError } from '#protocol';
import { silentLog } from '#service';
import { words, type Envelope } from './from-canonical.js';
import { Phones } from './phones.js';
import type { Binding, Registrar } from './registrar.js';
import type { Flow } from './stack/flow.js';
import type { SipEndpoint } from './stack/sip-endpoint.js';
import { header, type SipRequest, type SipResponse } from './stack/sip-message.js';

type Behaviour = (request: SipRequest) => number | Promise<number>;

const envelope: Envelope = { from: 'sip:sue@far.x', name: 'Sue', to: 'sip:ann@x', callId: 'call' };
const payload = (text = 'hi') => words(text, envelope, 'id', { sentAt: new Date(0), isLate: false });

function phonesOf(behaviours: Record<string, Behaviour>, reliable = true) {
  const sent: [contact: string, type: string | undefined, body: string][] = [];
  const forgotten: string[] = [];
  const flow = { reliable, open: true } as Flow;
  const endpoint = {
    async request(request: SipRequest): Promise<SipResponse> {
      sent.push([request.uri, header(request, 'content-type'), request.body.toString()]);
      const status = await (behaviours[request.uri]?.(request) ?? 404);
      return { kind: 'response', status, reason: 'said', headers: [], body: Buffer.alloc(0) };
    },
  } as unknown as SipEndpoint;
  const bindings = Object.keys(behaviours).map((contact) => ({ contact, transport: 'TCP' }) as Binding);
  const registrar = {
    phonesOf: () => bindings.map((binding) => ({ binding, flow })),
    forget: (_: string, { contact }: Binding) => Promise.resolve(forgotten.push(contact)),
  } as unknown as Registrar;
  const phones = new Phones(endpoint, registrar, silentLog);
  return { sent, forgotten, phones, send: (text?: string) => phones.send('ann', envelope, payload(text)) };
}

const never = () => new Promise<number>(() => undefined);
const silent = () => Promise.reject(new HubError('103', 'nobody answered'));

test('the first phone that has it counts, while another is silent', async () => {
  const { send, sent } = phonesOf({ 'sip:a@1': never, 'sip:a@2': () => 200 });
  expect(await send()).toBe('delivered');
  expect(sent.map(([contact]) => contact)).toEqual(['sip:a@1', 'sip:a@2']);
});

test('202 is a hand-over', async () => {
  expect(await phonesOf({ 'sip:a@1': () => 202 }).send()).toBe('handed on');
});

test.each<[what: string, behaviours: Record<string, Behaviour>, code: string]>([
  ['no phone', {}, '91'],
  ['one refuses for good', { 'sip:a@1': () => 603 }, '40'],
  ['one refuses, one is busy: it is tried again', { 'sip:a@1': () => 603, 'sip:a@2': () => 486 }, '91'],
  ['one may have it: nobody knows', { 'sip:a@1': () => 486, 'sip:a@2': silent }, '103'],
])('%s', async (_what, behaviours, code) => {
  await expect(phonesOf(behaviours).send()).rejects.toMatchObject({ code });
});

test('a phone without CPIM gets plain text, at once and from then on', async () => {
  const isCpim = (request: SipRequest) => header(request, 'content-type') === 'message/cpim';
  const { send, sent } = phonesOf({ 'sip:a@1': (request) => (isCpim(request) ? 415 : 200) });
  await send('one');
  await send('two');
  expect(sent.map(([, type]) => type?.split(';')[0])).toEqual(['message/cpim', 'text/plain', 'text/plain']);
  expect(sent.at(-1)?.[2]).toBe('two');
});

test('what is too long for a datagram goes without CPIM, and over a stream with it', async () => {
  const long = '长'.repeat(350);
  const datagram = phonesOf({ 'sip:a@1': () => 200 }, false);
  await datagram.send(long);
  expect(datagram.sent).toEqual([['sip:a@1', 'text/plain;charset=UTF-8', long]]);
  const stream = phonesOf({ 'sip:a@1': () => 200 });
  await stream.send(long);
  expect(stream.sent.map(([, type]) => type)).toEqual(['message/cpim']);
});

test('a phone that does not answer is forgotten; not while the adapter stops', async () => {
  const gone = phonesOf({ 'sip:a@1': silent });
  await expect(gone.send()).rejects.toMatchObject({ code: '103' });
  expect(gone.forgotten).toEqual(['sip:a@1']);
  const stopping = phonesOf({ 'sip:a@1': silent });
  stopping.phones.stopping = true;
  await expect(stopping.send()).rejects.toMatchObject({ code: '103' });
  expect(stopping.forgotten).toEqual([]);
});

test('a slow phone gets the second message after the first, though another phone was faster', async () => {
  const slow = Promise.withResolvers<number>();
  const { send, sent } = phonesOf({ 'sip:a@1': () => slow.promise, 'sip:a@2': () => 200 });
  await send('one');
  await send('two');
  const bySlow = () => sent.filter(([contact]) => contact === 'sip:a@1').map(([, , body]) => body.slice(-3));
  expect(bySlow()).toEqual(['one']);
  slow.resolve(200);
  await new Promise((resolve) => setImmediate(resolve));
  expect(bySlow()).toEqual(['one', 'two']);
});
