/** Transactions on a clock that goes only when a test says so: timers E, F, J and K of RFC 3261. */
import { FakeClock, settle } from '../../../../test/support/fake-clock.js';
import { ClientTransactions } from './client-transactions.js';
import type { Flow } from './flow.js';
import { ServerTransactions } from './server-transactions.js';
import { parseMessage } from './sip-parser.js';
import { responseTo, type SipRequest, type SipResponse } from './sip-message.js';

function aFlow(reliable: boolean, address = '192.0.2.1'): { flow: Flow; sent: string[] } {
  const sent: string[] = [];
  const flow: Flow = {
    id: 'one',
    transport: reliable ? 'TCP' : 'UDP',
    reliable,
    remote: { address, port: 5060 },
    open: true,
    send: (bytes) => {
      sent.push(bytes.toString('latin1').split('\r\n', 1)[0] ?? '');
      return Promise.resolve();
    },
  };
  return { flow, sent };
}

function aRequest(method = 'MESSAGE', branch = 'z9hG4bK1'): SipRequest {
  return {
    kind: 'request',
    method,
    uri: 'sip:ann@example.com',
    headers: [
      ['via', `SIP/2.0/UDP 192.0.2.9;branch=${branch}`],
      ['from', '<sip:bob@example.com>;tag=1'],
      ['to', '<sip:ann@example.com>'],
      ['call-id', 'call'],
      ['cseq', `7 ${method}`],
    ],
    body: Buffer.alloc(0),
  };
}

const answerTo = (request: SipRequest, status: number): SipResponse =>
  responseTo(request, status, 'said', [], 't');

function aClient(reliable = false) {
  const clock = new FakeClock();
  const { flow, sent } = aFlow(reliable);
  const clients = new ClientTransactions(clock, (to, bytes) => void to.send(bytes), 2);
  return { clock, flow, sent, clients };
}

test('over UDP a request is repeated after 0.5, 1, 2, 4, 4 … s, and given up after 32 s', async () => {
  const { clock, flow, sent, clients } = aClient();
  const end = clients.request(aRequest(), flow).catch((error: Error) => error);
  const at: number[] = [];
  for (let ms = 0; ms < 32_000; ms += 500) {
    const before = sent.length;
    await clock.advance(500);
    if (sent.length > before) at.push(ms + 500);
  }
  expect(at.slice(0, 6)).toEqual([500, 1500, 3500, 7500, 11_500, 15_500]);
  expect(await end).toMatchObject({ code: '103' });
  expect([clients.size, clock.pending]).toEqual([0, []]);
});

test('over TCP it is sent once', async () => {
  const { clock, flow, sent, clients } = aClient(true);
  const end = clients.request(aRequest(), flow).catch((error: Error) => error);
  await clock.advance(32_000);
  expect(await end).toMatchObject({ code: '103' });
  expect(sent).toHaveLength(1);
});

test('an answer ends it, and its repetitions are absorbed for 5 s', async () => {
  const { clock, flow, sent, clients } = aClient();
  const request = aRequest();
  const end = clients.request(request, flow);
  expect(clients.take(answerTo(request, 202))).toBe(true);
  expect(await end).toMatchObject({ status: 202 });
  expect(clients.take(answerTo(request, 202))).toBe(true);
  await clock.advance(5000);
  expect(sent).toHaveLength(1);
  expect(clients.take(answerTo(request, 202))).toBe(false);
});

test('a provisional answer slows the repetitions down', async () => {
  const { clock, flow, sent, clients } = aClient();
  const request = aRequest();
  const end = clients.request(request, flow);
  await clock.advance(500);
  clients.take(answerTo(request, 100));
  await clock.advance(1000);
  const before = sent.length;
  await clock.advance(3999);
  expect(sent).toHaveLength(before);
  await clock.advance(1);
  expect(sent).toHaveLength(before + 1);
  clients.take(answerTo(request, 200));
  await end;
});

test('when the connection is gone nobody knows; what could not be sent was not sent; and there is a limit', async () => {
  const { flow, clients } = aClient(true);
  const cut = clients.request(aRequest('MESSAGE', 'z9hG4bKa'), flow).catch((error: Error) => error);
  await settle();
  clients.flowClosed(flow);
  expect(await cut).toMatchObject({ code: '103' });
  await expect(clients.request(aRequest(), { ...flow, open: false })).rejects.toMatchObject({ code: '91' });
  const waiting = ['b', 'c'].map((one) =>
    clients.request(aRequest('MESSAGE', `z9hG4bK${one}`), flow).catch(() => 0),
  );
  await expect(clients.request(aRequest(), flow)).rejects.toMatchObject({ code: '91' });
  clients.stop();
  expect(await Promise.all(waiting)).toEqual([0, 0]);
});

function aServer(reliable = false, most = 10) {
  const clock = new FakeClock();
  const { flow, sent } = aFlow(reliable);
  const servers = new ServerTransactions(clock, (to, bytes) => void to.send(bytes), most);
  return { clock, flow, sent, servers };
}

test('a request that comes again is answered again, and is new only once', async () => {
  const { clock, flow, sent, servers } = aServer();
  const request = aRequest();
  expect(servers.enter(request, flow)).toBe('new');
  expect(servers.enter(request, flow)).toBe('again');
  expect(sent).toEqual([]);
  servers.respond(request, answerTo(request, 202));
  expect(servers.enter(request, flow)).toBe('again');
  servers.respond(request, answerTo(request, 500));
  expect(sent).toEqual(['SIP/2.0 202 said', 'SIP/2.0 202 said']);
  await clock.advance(32_000);
  expect([servers.size, clock.pending]).toEqual([0, []]);
});

test('also over TCP, where the transaction has ended', () => {
  const { flow, sent, servers } = aServer(true);
  const request = aRequest();
  servers.enter(request, flow);
  servers.respond(request, answerTo(request, 200));
  expect(servers.size).toBe(0);
  expect(servers.enter(request, flow)).toBe('again');
  expect(sent).toHaveLength(2);
});

test('without the cookie of RFC 3261, requests are told apart as before it', () => {
  const { flow, servers } = aServer();
  const old = aRequest('MESSAGE', '390skdjuw');
  expect(servers.enter(old, flow)).toBe('new');
  expect(servers.enter(old, flow)).toBe('again');
  const next = { ...old, headers: old.headers.map(([n, v]) => [n, n === 'cseq' ? '8 MESSAGE' : v] as const) };
  expect(servers.enter(next, flow)).toBe('new');
});

test('an INVITE is refused until somebody acknowledges it; CANCEL finds it', async () => {
  const { clock, flow, sent, servers } = aServer();
  const invite = aRequest('INVITE');
  servers.enter(invite, flow);
  expect(servers.cancels(aRequest('CANCEL'))).toBe(true);
  servers.respond(invite, answerTo(invite, 488));
  await clock.advance(1500);
  expect(sent).toHaveLength(3);
  expect(servers.enter(aRequest('ACK'), flow)).toBe('acknowledged');
  await clock.advance(32_000);
  expect([sent.length, servers.size]).toEqual([3, 0]);
  expect(servers.cancels(aRequest('CANCEL'))).toBe(false);
});

test('a CANCEL from another address than that of the INVITE finds nothing, whoever knows its branch', () => {
  const { flow, servers } = aServer();
  const from = (request: SipRequest, address: string): SipRequest => ({
    ...request,
    headers: request.headers.map(([name, value]) => [
      name,
      name === 'via' ? `${value};received=${address}` : value,
    ]),
  });
  servers.enter(from(aRequest('INVITE'), '192.0.2.1'), flow);
  expect(servers.cancels(from(aRequest('CANCEL'), '192.0.2.66'))).toBe(false);
  expect(servers.cancels(from(aRequest('CANCEL'), '192.0.2.1'))).toBe(true);
});

test.each(['REGISTER', 'INVITE'])(
  'a %s without a proof is challenged and costs no memory (§8.2.7)',
  (method) => {
    const { clock, flow, sent, servers } = aServer(false, 10);
    for (let at = 0; at < 1000; at++) {
      const request = aRequest(method, `z9hG4bK${at}`);
      expect(servers.enter(request, flow)).toBe('new');
      servers.respond(request, answerTo(request, method === 'REGISTER' ? 401 : 407));
    }
    expect([servers.size, clock.pending, sent.length]).toEqual([0, [], 1000]);
  },
);

test('more transactions than fit are not begun', () => {
  const { flow, servers } = aServer(false, 1);
  expect(servers.enter(aRequest(), flow)).toBe('new');
  expect(servers.enter(aRequest('MESSAGE', 'z9hG4bK2'), flow)).toBe('too-many');
});

test('one address leaves half of the places to others, and has its own again when they have ended', async () => {
  const { clock, flow, servers } = aServer(false, 10);
  const enters = (from: Flow, count: number) =>
    Array.from({ length: count }, (_, at) => {
      const request = aRequest('MESSAGE', `z9hG4bK-${from.remote.address}-${at}`);
      const entered = servers.enter(request, from);
      servers.respond(request, answerTo(request, 403));
      return entered;
    });
  expect(enters(flow, 7).filter((entered) => entered === 'new')).toHaveLength(5);
  const { flow: other } = aFlow(false, '192.0.2.2');
  expect(enters(other, 5)).toEqual(Array.from({ length: 5 }, () => 'new'));
  await clock.advance(32_000);
  expect(enters(flow, 1)).toEqual(['new']);
});

test('a response is parsed as one', () => {
  const bytes =
    'SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@b>\r\nTo: <sip:b@b>\r\nCall-ID: c\r\nCSeq: 1 MESSAGE\r\n\r\n';
  expect(parseMessage(Buffer.from(bytes))?.message).toMatchObject({ kind: 'response', status: 200 });
});
