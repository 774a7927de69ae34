/** Calls that we make, on a clock that goes only when a test says so: timers A, B, D and M of RFC 3261 and RFC 6026. */
import { FakeClock } from '../../../../test/support/fake-clock.js';
import type { Flow } from './flow.js';
import { InviteClients } from './invite-clients.js';
import { parseMessage } from './sip-parser.js';
import { header, responseTo, type SipRequest } from './sip-message.js';

const INVITE: SipRequest = {
  kind: 'request',
  method: 'INVITE',
  uri: 'sip:ann@192.0.2.1',
  headers: [
    ['via', 'SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1'],
    ['max-forwards', '70'],
    ['route', '<sip:192.0.2.5;lr>'],
    ['from', '<sip:bob@example.com>;tag=1'],
    ['to', '<sip:ann@example.com>'],
    ['call-id', 'call'],
    ['cseq', '7 INVITE'],
    ['proxy-authorization', 'Digest x'],
  ],
  body: Buffer.from('v=0\r\n'),
};

function aCall(reliable = false) {
  const clock = new FakeClock();
  const sent: SipRequest[] = [];
  const heard: string[] = [];
  const flow: Flow = {
    id: 'one',
    transport: reliable ? 'TCP' : 'UDP',
    reliable,
    remote: { address: '192.0.2.1', port: 5060 },
    open: true,
    send: () => Promise.resolve(),
  };
  const clients = new InviteClients({
    clock,
    most: 2,
    send(_flow, bytes) {
      const message = parseMessage(bytes)?.message;
      if (message?.kind === 'request') sent.push(message);
    },
    cancel: (request) => void sent.push(request),
  });
  const invitation = clients.invite(INVITE, flow, {
    response: ({ status }) => void heard.push(String(status)),
    failed: ({ code }) => void heard.push(`failed ${code}`),
  });
  const answer = (status: number, tag = 't') => clients.take(responseTo(INVITE, status, 'said', [], tag));
  const methods = () => sent.map(({ method }) => method);
  return { clock, clients, sent, heard, invitation, answer, methods, flow };
}

test('over UDP it is repeated after 0.5, 1, 2, 4, 8, 16 s, and given up after 32 s', async () => {
  const { clock, heard, methods, clients } = aCall();
  const at: number[] = [];
  for (let ms = 500; ms <= 32_000; ms += 500) {
    const before = methods().length;
    await clock.advance(500);
    if (methods().length > before) at.push(ms);
  }
  expect(at).toEqual([500, 1500, 3500, 7500, 15_500, 31_500]);
  expect(heard).toEqual(['failed 103']);
  expect(clients.size).toBe(0);
});

test('a provisional response ends the repetitions, and then only its caller gives it up', async () => {
  const { clock, heard, methods, answer } = aCall();
  answer(180);
  await clock.advance(120_000);
  expect([methods(), heard]).toEqual([['INVITE'], ['180']]);
});

test('a refusal is acknowledged each time it comes, on the branch and the route of the call, and told once', async () => {
  const { clock, clients, sent, heard, answer } = aCall();
  answer(486, 'busy');
  answer(486, 'busy');
  expect(heard).toEqual(['486']);
  const [ack, ...again] = sent.slice(1);
  expect(again).toEqual([ack]);
  expect(ack).toMatchObject({ method: 'ACK', uri: INVITE.uri });
  const of = (name: string) => ack && header(ack, name);
  expect([of('via'), of('route'), of('cseq')]).toEqual([
    header(INVITE, 'via'),
    '<sip:192.0.2.5;lr>',
    '7 ACK',
  ]);
  expect(of('to')).toBe('<sip:ann@example.com>;tag=busy');
  await clock.advance(32_000);
  expect(clients.size).toBe(0);
});

test('every acceptance is told, also of another phone behind a proxy, for 32 s', async () => {
  const { clock, clients, heard, answer } = aCall();
  answer(200, 'one');
  answer(200, 'one');
  answer(200, 'two');
  answer(486, 'three');
  expect(heard).toEqual(['200', '200', '200']);
  await clock.advance(32_000);
  expect(answer(200, 'late')).toBe(false);
  expect(clients.size).toBe(0);
});

test('CANCEL waits for the first response, and says why', () => {
  const { sent, methods, invitation, answer } = aCall();
  invitation.cancel('SIP;cause=200');
  expect(methods()).toEqual(['INVITE']);
  answer(100);
  expect(methods()).toEqual(['INVITE', 'CANCEL']);
  const cancel = sent[1];
  expect(cancel && [header(cancel, 'cseq'), header(cancel, 'reason'), header(cancel, 'via')]).toEqual([
    '7 CANCEL',
    'SIP;cause=200',
    header(INVITE, 'via'),
  ]);
  invitation.cancel();
  answer(180);
  expect(methods()).toEqual(['INVITE', 'CANCEL']);
});

test('a call that was cancelled and that nobody answers any more ends after 32 s', async () => {
  const { clock, clients, heard, invitation, answer } = aCall();
  answer(180);
  invitation.cancel();
  await clock.advance(32_000);
  expect([heard, clients.size]).toEqual([['180', 'failed 103'], 0]);
});

test('over a connection nothing is repeated, and its end is the end of the call', async () => {
  const { clock, clients, heard, methods, flow } = aCall(true);
  await clock.advance(10_000);
  expect(methods()).toEqual(['INVITE']);
  clients.flowClosed(flow);
  expect([heard, clients.size]).toEqual([['failed 103'], 0]);
});

test('more calls than fit are not begun, and a stop leaves none', () => {
  const { clients, flow, heard } = aCall();
  const other = (branch: string) => ({
    ...INVITE,
    headers: [['via', `SIP/2.0/UDP 192.0.2.9;branch=${branch}`] as const, ...INVITE.headers.slice(1)],
  });
  const listener = { response: () => undefined, failed: () => undefined };
  clients.invite(other('z9hG4bK2'), flow, listener);
  expect(() => clients.invite(other('z9hG4bK3'), flow, listener)).toThrow('too many');
  clients.stop();
  expect([heard, clients.size]).toEqual([['failed 103'], 0]);
});
