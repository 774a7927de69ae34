/** Peers that connect to us: no frame is accepted before authentication, and their number is limited. */
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { FakeClock, settle } from '../../../test/support/fake-clock.js';
import {
  connection,
  request,
  responseTo,
  ToyPeer,
  toyProtocol,
  type ToyFrame,
} from '../test/toy-protocol.js';
import { SessionListener } from './session-listener.js';
import { USUAL_LIMITS } from './session-protocol.js';

function aListener() {
  const clock = new FakeClock();
  const delivered: string[] = [];
  const logged: string[] = [];
  const lines = new Writable({
    write: (line: Buffer, _encoding, done) => {
      logged.push(line.toString());
      done();
    },
  });
  const listener = new SessionListener<ToyFrame>({
    protocol: toyProtocol,
    limits: USUAL_LIMITS,
    log: pino(lines),
    maxConnections: 2,
    logInMs: 5000,
    peerSilentMs: 120_000,
    logIn: ({ frame, answer }) => {
      if (frame.text === 'answered late') return new Promise(() => undefined);
      const right = frame.command === 'login' && frame.text === 'secret';
      answer(responseTo(frame, right ? 'ok' : 'no'));
      return Promise.resolve(right);
    },
    onRequest({ frame, answer }) {
      delivered.push(frame.text);
      answer(responseTo(frame, 'stored'));
    },
    clock,
  });
  const dial = (remoteAddress?: string) => {
    const [ours, theirs] = connection();
    listener.accept(Object.assign(ours, { remoteAddress }));
    return new ToyPeer(theirs);
  };
  return { listener, clock, dial, delivered, logged };
}

test('a peer that logs in delivers', async () => {
  const { clock, dial, delivered } = aListener();
  const gateway = dial();
  await gateway.send(request('login', 'secret')(1));
  await gateway.send(request('deliver', 'hello')(2));
  await clock.advance(60_000);
  expect(gateway.said).toEqual(['login ok', 'deliver stored']);
  expect([delivered, gateway.closed]).toEqual([['hello'], false]);
});

test.each<[string, ToyFrame[]]>([
  ['a wrong secret', [request('login', 'guess')(1)]],
  ['a message before the login', [request('deliver', 'hello')(1)]],
  [
    'a message behind the login, before its answer',
    [request('login', 'secret')(1), request('deliver', 'hello')(2)],
  ],
])('%s: the connection is closed, and nothing was delivered', async (_, frames) => {
  const { dial, delivered } = aListener();
  const stranger = dial();
  await stranger.send(...frames);
  expect([stranger.closed, delivered]).toEqual([true, []]);
});

test('a peer that says nothing is closed after 5 s', async () => {
  const { clock, dial } = aListener();
  const silent = dial();
  await clock.advance(5000);
  expect(silent.closed).toBe(true);
});

test('a peer that logged in and is silent for two minutes is closed; one that speaks is not', async () => {
  const { clock, dial, delivered } = aListener();
  const [silent, busy] = [dial(), dial()];
  for (const gateway of [silent, busy]) await gateway.send(request('login', 'secret')(1));
  await clock.advance(60_000);
  await busy.send(request('deliver', 'hello')(2));
  await clock.advance(60_000);
  expect([silent.closed, busy.closed, delivered]).toEqual([true, false, ['hello']]);
  await busy.hangUp();
  expect(clock.pending).toEqual([]);
});

test('one connection too many is closed; a place that became free is used', async () => {
  const { dial } = aListener();
  const [first, second] = [dial(), dial()];
  for (const gateway of [first, second]) await gateway.send(request('login', 'secret')(1));
  const third = dial();
  await settle();
  expect([first.closed, second.closed, third.closed]).toEqual([false, false, true]);
  await first.hangUp();
  const fourth = dial();
  await settle();
  expect(fourth.closed).toBe(false);
});

test('those who connect and say nothing keep no place from a peer that logs in', async () => {
  const { dial, delivered } = aListener();
  const silent = Array.from({ length: 1000 }, () => dial());
  const gateway = dial();
  await gateway.send(request('login', 'secret')(1));
  await gateway.send(request('deliver', 'hello')(2));
  expect(delivered).toEqual(['hello']);
  expect(silent.filter(({ closed }) => !closed)).toHaveLength(1);
  const another = [dial(), dial()];
  await settle();
  expect([gateway.closed, ...another.map(({ closed }) => closed)]).toEqual([false, true, false]);
});

test('those whose login takes its time keep no place either', async () => {
  const { dial, delivered } = aListener();
  const guessing = [dial(), dial()];
  for (const stranger of guessing) await stranger.send(request('login', 'answered late')(1));
  const gateway = dial();
  await gateway.send(request('login', 'secret')(1));
  await gateway.send(request('deliver', 'hello')(2));
  expect([delivered, ...guessing.map(({ closed }) => closed)]).toEqual([['hello'], true, false]);
});

test('the stop closes every connection', async () => {
  const { listener, dial } = aListener();
  const gateway = dial();
  listener.stop();
  await settle();
  expect(gateway.closed).toBe(true);
});

test('a flood of connections from one address closes its own, not that of a peer that is about to log in', async () => {
  const { dial, delivered } = aListener();
  const gateway = dial('192.0.2.1');
  const flood = Array.from({ length: 1000 }, () => dial('192.0.2.66'));
  await gateway.send(request('login', 'secret')(1));
  await gateway.send(request('deliver', 'hello')(2));
  expect([delivered, gateway.closed]).toEqual([['hello'], false]);
  expect(flood.filter(({ closed }) => !closed)).toHaveLength(1);
});

test('strangers do not fill the log, whatever they send', async () => {
  const { dial, logged } = aListener();
  for (let at = 0; at < 200; at++) await dial('192.0.2.66').send(request('login', 'guess')(1));
  const answering = dial('192.0.2.66');
  const answer = responseTo(request('submit')(1));
  await answering.send(...Array.from({ length: 200 }, () => answer));
  expect(answering.closed).toBe(true);
  expect(logged).toHaveLength(1);
});
