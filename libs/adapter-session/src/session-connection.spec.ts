/** Requests of the peer, and faults of the wire. */
import { Duplex } from 'node:stream';
import { pino } from 'pino';
import { awaitedLater } from '#service';
import { FakeClock, settle } from '../../../test/support/fake-clock.js';
import {
  connection,
  request,
  responseTo,
  ToyPeer,
  toyCodec,
  toyProtocol,
  type ToyFrame,
} from '../test/toy-protocol.js';
import { SessionConnection, type PeerRequest } from './session-connection.js';
import { USUAL_LIMITS, type SessionLimits } from './session-protocol.js';

function aConnection(limits: Partial<SessionLimits> = {}) {
  const [ours, theirs] = connection();
  const peer = new ToyPeer(theirs);
  const requests: PeerRequest<ToyFrame>[] = [];
  const closings: string[] = [];
  const late: ToyFrame[] = [];
  /** Handlers end when the test calls these. */
  const finish: (() => void)[] = [];
  const us = new SessionConnection<ToyFrame>(ours, {
    protocol: toyProtocol,
    limits: { ...USUAL_LIMITS, ...limits },
    clock: new FakeClock(),
    log: pino({ level: 'silent' }),
    onRequest(one) {
      requests.push(one);
      return new Promise<void>((resolve) => finish.push(resolve));
    },
    onUnmatched: (frame) => void late.push(frame),
    onClosed: (why) => void closings.push(why),
  });
  return { us, peer, requests, closings, late, finish };
}

test('requests of the peer reach the handler in order, and each is answered when the handler says so', async () => {
  const { peer, requests } = aConnection();
  await peer.send(request('deliver', 'one')(7), request('deliver', 'two')(8));
  expect(requests.map(({ frame }) => frame.text)).toEqual(['one', 'two']);
  expect(peer.said).toEqual([]);
  for (const { frame, answer } of [...requests].reverse()) answer(responseTo(frame, 'stored'));
  await settle();
  expect(peer.received.map(({ sequence }) => sequence)).toEqual([8, 7]);
});

test('a keep-alive of the peer is answered while every handler is at work', async () => {
  const { peer, requests } = aConnection();
  await peer.send(request('deliver', 'one')(1), request('alive')(2));
  expect(requests).toHaveLength(1);
  expect(peer.said).toEqual(['alive ok']);
});

test('responses are read while every handler waits for one: a handler may ask the peer', async () => {
  const { us, peer, requests } = aConnection();
  await peer.send(request('deliver', 'one')(1));
  const asked = us.request(request('submit', 'who is this?'));
  await settle();
  expect(requests).toHaveLength(1);
  await peer.send(
    responseTo(peer.received[0] as ToyFrame, 'working'),
    responseTo(peer.received[0] as ToyFrame, 'ann'),
  );
  expect((await asked).text).toBe('ann');
});

test('a handler that throws closes nothing; the next request is handled', async () => {
  const [ours, theirs] = connection();
  const peer = new ToyPeer(theirs);
  const us = new SessionConnection<ToyFrame>(ours, {
    protocol: toyProtocol,
    limits: USUAL_LIMITS,
    clock: new FakeClock(),
    log: pino({ level: 'silent' }),
    onRequest({ frame, answer }) {
      if (frame.text === 'poison') throw new Error('a fault of ours');
      answer(responseTo(frame));
    },
    onClosed: () => undefined,
  });
  await peer.send(request('deliver', 'poison')(1), request('deliver', 'good')(2));
  expect(peer.received.map(({ sequence }) => sequence)).toEqual([2]);
  expect(us.open).toBe(true);
});

test.each<[string, Partial<SessionLimits>]>([
  ['number', { peerRequests: 2 }],
  ['bytes', { peerBytes: 30 }],
])('a peer that sends more than the allowed %s without an answer loses its connection', async (_, limits) => {
  const { us, peer, finish, closings } = aConnection(limits);
  await peer.send(request('deliver', 'one')(1), request('deliver', 'two')(2));
  finish[0]?.();
  await settle();
  await peer.send(request('deliver', 'three')(3));
  expect(us.open).toBe(true);
  await peer.send(request('deliver', 'four')(4));
  expect(us.open).toBe(false);
  expect(closings).toEqual(['2 requests of the peer are not answered yet']);
});

/** An end whose other end takes bytes only when the test says so. */
class StalledSocket extends Duplex {
  override _read(): void {
    // The test pushes the bytes of the peer.
  }

  override _write(): void {
    // The callback is not called: the bytes stay in this socket.
  }
}

test('a peer that reads none of the answers to its keep-alives loses its connection', async () => {
  const socket = new StalledSocket();
  const closings: string[] = [];
  const us = new SessionConnection<ToyFrame>(socket, {
    protocol: toyProtocol,
    limits: { ...USUAL_LIMITS, unsentBytes: 3 * toyCodec.encode(responseTo(request('alive')(1))).length },
    clock: new FakeClock(),
    log: pino({ level: 'silent' }),
    onRequest: () => undefined,
    onClosed: (why) => void closings.push(why),
  });
  const asked = awaitedLater(us.request(request('submit')));
  socket.push(toyCodec.encode(request('alive')(1)));
  await settle();
  expect(us.open).toBe(true);
  for (const sequence of [2, 3]) socket.push(toyCodec.encode(request('alive')(sequence)));
  await settle();
  expect(us.open).toBe(false);
  expect(closings).toEqual(['the peer does not read what is sent to it']);
  // The request was written, so it is in doubt whether the peer processed it.
  await expect(asked).rejects.toMatchObject({ code: '103' });
});

test('bytes that are no frame close the connection, and what follows them is not read', async () => {
  const { us, peer, requests, closings } = aConnection();
  await peer.sendBytes(
    Buffer.concat([Buffer.from('GET / HTTP/1.1'), toyProtocol.codec.encode(request('deliver')(1))]),
  );
  expect(us.open).toBe(false);
  expect(requests).toEqual([]);
  expect(closings).toHaveLength(1);
});

test('a response to no outstanding request is handed on and not lost', async () => {
  const { peer, late } = aConnection();
  await peer.send(responseTo(request('submit', 'x')(99), 'id 5'));
  expect(late.map(({ text }) => text)).toEqual(['id 5']);
});

test('an answer after the end of the connection goes nowhere, and harms nothing', async () => {
  const { us, peer, requests, closings } = aConnection();
  await peer.send(request('deliver', 'one')(1));
  await peer.hangUp();
  requests[0]?.answer(responseTo(requests[0].frame));
  us.close('again');
  await settle();
  expect(peer.said).toEqual([]);
  expect(closings).toEqual(['the peer closed the connection']);
});
