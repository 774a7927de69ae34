/** The life of a session with a server: it logs in, stays up, and comes back by itself, but not against the server's will. */
import { pino } from 'pino';
import { HubError } from '#protocol';
import { FakeClock, settle } from '../../../test/support/fake-clock.js';
import {
  connection,
  request,
  responseTo,
  ToyPeer,
  toyProtocol,
  type ToyFrame,
} from '../test/toy-protocol.js';
import { Session, type SessionOptions } from './session.js';
import { USUAL_LIMITS } from './session-protocol.js';

const PAUSE_MS = 100;

/** @param answers how the server answers, of its n-th connection */
function toyland(
  answers: (frame: ToyFrame, dialled: number) => ToyFrame | undefined = (frame) => responseTo(frame),
  more: Partial<SessionOptions<ToyFrame>> = {},
) {
  const clock = new FakeClock();
  const peers: ToyPeer[] = [];
  const events: string[] = [];
  const attempts: number[] = [];
  const reachable = { now: true };
  const session = new Session<ToyFrame>({
    protocol: toyProtocol,
    limits: { ...USUAL_LIMITS, responseMs: 1000 },
    log: pino({ level: 'silent' }),
    logFields: { account: 'ann' },
    endpoint: () => ({ host: 'toyland', port: 1 }),
    async logIn(connection) {
      const { text } = await connection.request(request('login', 'ann'), { outsideWindow: true });
      if (text !== 'ok') throw new HubError('31', `login refused: ${text}`);
    },
    onRequest: ({ frame, answer }) => answer(responseTo(frame, 'stored')),
    reconnectDelayMs: (attempt) => (attempts.push(attempt), PAUSE_MS),
    clock,
    dial: () => {
      if (!reachable.now) return Promise.reject(new HubError('91', 'the server cannot be reached'));
      const [ours, theirs] = connection();
      const dialled = peers.length;
      peers.push(new ToyPeer(theirs, (frame) => answers(frame, dialled)));
      return Promise.resolve(ours);
    },
    ...more,
  });
  session.on('up', () => events.push('up'));
  session.on('down', () => events.push('down'));
  const run = session.run();
  return { session, clock, peers, events, attempts, reachable, run };
}

test('it logs in, sends, answers, and says goodbye at the stop', async () => {
  const { session, peers, events, run } = toyland(undefined, {
    signOff: (connection) => connection.request(request('bye')),
  });
  await settle();
  expect(session.state).toBe('up');
  expect((await session.request(request('submit', 'hello'))).text).toBe('ok');
  await peers[0]?.send(request('deliver', 'hi')(5));
  await session.stop();
  await run;
  expect(peers[0]?.said).toEqual(['login ann', 'submit hello', 'deliver stored', 'bye']);
  expect(events).toEqual(['up', 'down']);
  expect(session.state).toBe('stopped');
});

test('while it is down every request ends with 91: it was not sent', async () => {
  const { session } = toyland(() => undefined);
  await settle();
  // Connected, and the login is not answered.
  await expect(session.request(request('submit', 'hello'))).rejects.toMatchObject({ code: '91' });
  await session.stop();
  await expect(session.request(request('submit', 'hello'))).rejects.toMatchObject({ code: '91' });
});

test('a connection that ends is followed by another after the pause; what had no response is in doubt', async () => {
  const { session, clock, peers, events } = toyland((frame) =>
    frame.command === 'submit' ? undefined : responseTo(frame),
  );
  await settle();
  const inDoubt = session.request(request('submit', 'hello')).catch((thrown: HubError) => thrown.code);
  await settle();
  await peers[0]?.hangUp();
  expect(await inDoubt).toBe('103');
  await clock.advance(PAUSE_MS - 1);
  expect(peers).toHaveLength(1);
  await clock.advance(1);
  expect(peers).toHaveLength(2);
  expect(peers[1]?.said).toEqual(['login ann']);
  expect(events).toEqual(['up', 'down', 'up']);
  await session.stop();
});

test('pauses grow with failed attempts in a row, also with connections that are up for an instant', async () => {
  const { session, clock, peers, attempts, reachable } = toyland();
  reachable.now = false;
  await clock.advance(3 * PAUSE_MS);
  reachable.now = true;
  await clock.advance(PAUSE_MS);
  expect(session.state).toBe('up');
  await peers[0]?.hangUp();
  await clock.advance(PAUSE_MS);
  expect(attempts).toEqual([1, 2, 3, 4, 5]);
  // This one is up for longer than the 10 s after which a connection counts as a good one.
  await clock.advance(10_001);
  await peers[1]?.hangUp();
  expect(attempts).toEqual([1, 2, 3, 4, 5, 1]);
  await session.stop();
});

test('a login that the server does not answer is given up at its limit, and tried again', async () => {
  const { session, clock, peers } = toyland((frame, dialled) =>
    dialled === 0 ? undefined : responseTo(frame),
  );
  await clock.advance(1000);
  expect(peers[0]?.closed).toBe(true);
  await clock.advance(PAUSE_MS);
  expect(session.state).toBe('up');
  await session.stop();
});

test('an account that is refused stays out until somebody resumes it', async () => {
  const { session, clock, peers, events } = toyland(
    (frame, dialled) => responseTo(frame, dialled === 0 ? 'wrong password' : 'ok'),
    { onFailed: (error) => (error instanceof HubError && error.code === '31' ? 'halt' : 'retry') },
  );
  await clock.advance(3_600_000);
  expect(session.state).toBe('halted');
  expect(peers).toHaveLength(1);
  session.resume();
  await settle();
  expect(session.state).toBe('up');
  expect(events).toEqual(['down', 'up']);
  await session.stop();
});

test('halted while it is up: the connection ends, and no other follows', async () => {
  const { session, clock, peers, run } = toyland();
  await settle();
  session.halt('logged in elsewhere');
  await clock.advance(3_600_000);
  expect(session.state).toBe('halted');
  expect(peers.map(({ closed }) => closed)).toEqual([true]);
  await session.stop();
  await run;
  expect(session.state).toBe('stopped');
});

test('what prepares the session may send requests; when it fails, the connection is closed', async () => {
  const told: string[] = [];
  const { session, clock, events } = toyland(
    (frame, dialled) => (frame.command === 'submit' && dialled === 0 ? undefined : responseTo(frame)),
    {
      async prepare() {
        told.push((await session.request(request('submit', 'presence'))).text);
      },
    },
  );
  await clock.advance(1000);
  expect(events).toEqual(['down']);
  await clock.advance(PAUSE_MS);
  expect([events, told]).toEqual([['down', 'up'], ['ok']]);
  await session.stop();
});

test('stopped while it dials: the connection that comes too late is closed', async () => {
  const [ours, theirs] = connection();
  const peer = new ToyPeer(theirs);
  let connected: (socket: typeof ours) => void = () => undefined;
  const { session, run } = toyland(undefined, {
    dial: () => new Promise((resolve) => (connected = resolve)),
  });
  await settle();
  await session.stop();
  connected(ours);
  await run;
  await settle();
  expect([peer.closed, peer.said]).toEqual([true, []]);
});

describe('keep-alive', () => {
  const aliveAnswered = (answer: (nth: number) => string | undefined) => {
    let nth = 0;
    return (frame: ToyFrame) => {
      if (frame.command !== 'alive') return responseTo(frame);
      const text = answer(nth++);
      return text === undefined ? undefined : responseTo(frame, text);
    };
  };
  const keepAlive = {
    everyMs: 30_000,
    make: request('alive'),
    accepts: ({ text }: ToyFrame) => text === 'ok',
  };
  const count = (peer: ToyPeer | undefined) => peer?.said.filter((one) => one === 'alive').length;

  test('is asked at each interval', async () => {
    const { session, clock, peers } = toyland(undefined, { keepAlive });
    await clock.advance(95_000);
    expect(count(peers[0])).toBe(3);
    expect(session.state).toBe('up');
    await session.stop();
    expect(clock.pending).toEqual([]);
  });

  test.each([
    ['no answer', undefined],
    ['a refusal', 'who are you?'],
  ])('%s: the session begins anew', async (_, text) => {
    const { session, clock, peers, events } = toyland(
      aliveAnswered((nth) => (nth === 0 ? text : 'ok')),
      { keepAlive },
    );
    await clock.advance(31_000 + PAUSE_MS);
    expect(events).toEqual(['up', 'down', 'up']);
    expect(peers[0]?.closed).toBe(true);
    await session.stop();
  });

  test('asked only when idle, it waits until the traffic pauses', async () => {
    const { session, clock, peers } = toyland(undefined, { keepAlive: { ...keepAlive, onlyWhenIdle: true } });
    for (let round = 0; round < 10; round++) {
      await clock.advance(20_000);
      await session.request(request('submit', 'hello'));
    }
    expect(count(peers[0])).toBe(0);
    await clock.advance(30_000);
    expect(count(peers[0])).toBe(1);
    await session.stop();
  });

  test('what goes into a dead connection does not count as traffic; it is asked three times before it is closed', async () => {
    const { session, clock, peers, events } = toyland(
      (frame) => (frame.command === 'login' ? responseTo(frame) : undefined),
      {
        keepAlive: { ...keepAlive, onlyWhenIdle: true, responseMs: 10_000, attempts: 3 },
      },
    );
    await clock.advance(20_000);
    const codes: string[] = [];
    void session
      .request(request('submit', 'hello'), { responseMs: 120_000 })
      .catch(({ code }: HubError) => codes.push(code));
    await clock.advance(39_000);
    expect(count(peers[0])).toBe(3);
    expect(events).toEqual(['up']);
    await clock.advance(1000);
    expect([events, codes]).toEqual([['up', 'down'], ['103']]);
    await session.stop();
  });

  test('a peer that should send keep-alives and is silent loses its connection', async () => {
    const { session, clock, peers } = toyland(
      aliveAnswered(() => undefined),
      { keepAlive: { ...keepAlive, everyMs: 3_600_000, peerSilentMs: 90_000 } },
    );
    await clock.advance(60_000);
    await peers[0]?.send(request('alive')(1));
    await clock.advance(89_000);
    expect(session.state).toBe('up');
    await clock.advance(1000);
    expect(peers[0]?.closed).toBe(true);
    await session.stop();
  });
});
