/** A call page without Janus and without a browser: times, browsers, and media that fails. */
import { jest } from '@jest/globals';
import { silentLog } from '#service';
import type { CallSignal, EventId } from '#protocol';
import { CallPage, TIMES, type CallTools, type OpenCall } from './call-page.js';
import { CLOSED, type ToPage } from './page-messages.js';

const OFFER = 'v=0\r\nc=IN IP4 8.8.8.8\r\nm=audio 40000 RTP/AVP 0\r\n';
const BROWSER = 'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n';

class Stage {
  readonly signals: CallSignal['action'][] = [];
  readonly shown: ToPage[] = [];
  readonly closed: number[] = [];
  released = 0;
  failing = false;
  mediaEnds: (why: string) => void = () => undefined;
  readonly socket = {
    send: (message: ToPage) => void this.shown.push(message),
    close: (code: number) => void this.closed.push(code),
  };
  readonly page: CallPage;

  constructor(side: OpenCall['side'], more: Partial<CallTools> = {}) {
    const call: OpenCall = {
      do: 'open',
      network: 'north',
      call: 'the-call-1' as EventId,
      side,
      media: 'voice',
      peer: 'Ann',
      language: 'en',
      ...(side === 'callee' ? { offer: OFFER } : {}),
    };
    const answers = (text: string) => () =>
      this.failing ? Promise.reject(new Error('Janus refuses')) : Promise.resolve(text);
    this.page = new CallPage(call, {
      attach: (onEnd) => {
        this.mediaEnds = onEnd;
        return Promise.resolve({
          generate: answers(OFFER),
          process: answers(BROWSER),
          release: () => Promise.resolve(void this.released++),
        });
      },
      send: (_, { action }) => Promise.resolve(void this.signals.push(action)),
      rules: { privateAddresses: false },
      log: silentLog,
      onEnd: () => undefined,
      ...more,
    });
    this.page.connect(this.socket, 'first');
  }

  get last(): ToPage | undefined {
    return this.shown.at(-1);
  }

  /** Everything that was begun has ended. */
  async settled(): Promise<void> {
    await jest.advanceTimersByTimeAsync(0);
  }
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test.each(['caller', 'callee'] as const)('a %s who does nothing has missed the call', async (side) => {
  const stage = new Stage(side);
  await jest.advanceTimersByTimeAsync(TIMES[side]);
  expect(stage.last).toEqual({ say: 'ended', reason: 'missed', seconds: 0 });
  expect([stage.signals, stage.closed]).toEqual([['missed'], [CLOSED.over]]);
  expect(stage.page.connect(stage.socket, 'first')).toBe(CLOSED.gone);
});

test('a caller whom nobody answers stops ringing', async () => {
  const stage = new Stage('caller');
  await stage.page.receive({ do: 'call', sdp: BROWSER });
  await jest.advanceTimersByTimeAsync(TIMES.answer);
  expect(stage.signals).toEqual(['invite', 'cancelled']);
  expect(stage.released).toBe(1);
});

test('a call ends after the longest time', async () => {
  const stage = new Stage('callee');
  await stage.page.receive({ do: 'accept' });
  await stage.page.receive({ do: 'answer', sdp: BROWSER });
  expect(stage.signals).toEqual(['accepted']);
  await jest.advanceTimersByTimeAsync(TIMES.longest);
  expect(stage.last).toEqual({ say: 'ended', reason: 'too-long', seconds: TIMES.longest / 1000 });
  expect(stage.signals).toEqual(['accepted', 'ended']);
});

test('a browser that loses its connection comes back, or the call ends', async () => {
  const stage = new Stage('caller');
  await stage.page.receive({ do: 'call', sdp: BROWSER });
  stage.page.disconnect(stage.socket);
  await jest.advanceTimersByTimeAsync(TIMES.lost - 1);
  expect(stage.page.connect(stage.socket, 'another')).toBe(CLOSED.elsewhere);
  expect(stage.page.connect(stage.socket, 'first')).toBeUndefined();
  await jest.advanceTimersByTimeAsync(TIMES.lost);
  expect(stage.page.isOver).toBe(false);

  stage.page.disconnect(stage.socket);
  await jest.advanceTimersByTimeAsync(TIMES.lost);
  expect(stage.signals).toEqual(['invite', 'cancelled']);
});

test('before the call begins the page can be opened elsewhere, once it is closed', () => {
  const stage = new Stage('callee');
  const other = { send: () => undefined, close: () => undefined };
  expect(stage.page.connect(other, 'other')).toBe(CLOSED.elsewhere);
  stage.page.disconnect(stage.socket);
  expect(stage.page.connect(other, 'other')).toBeUndefined();
});

test('the same browser again takes the place of its connection before', () => {
  const stage = new Stage('callee');
  expect(stage.page.connect({ ...stage.socket }, 'first')).toBeUndefined();
  expect(stage.closed).toEqual([CLOSED.replaced]);
  stage.page.disconnect(stage.socket);
  expect(stage.page.isOver).toBe(false);
});

test('an answer with an address that is not allowed ends the call on both sides', async () => {
  const stage = new Stage('caller');
  await stage.page.receive({ do: 'call', sdp: BROWSER });
  const session = OFFER.replace('8.8.8.8', '10.0.0.1');
  await stage.page.tell({
    do: 'tell',
    call: 'the-call-1' as EventId,
    side: 'caller',
    action: 'accepted',
    session,
  });
  await stage.settled();
  expect(stage.last).toMatchObject({ reason: 'refused' });
  expect(stage.signals).toEqual(['invite', 'ended']);
});

test('a description that Janus refuses, and media that ends, end the call', async () => {
  const refused = new Stage('callee');
  refused.failing = true;
  await refused.page.receive({ do: 'accept' });
  expect(refused.last).toMatchObject({ reason: 'failed' });

  const ended = new Stage('caller');
  await ended.page.receive({ do: 'call', sdp: BROWSER });
  ended.mediaEnds('ICE failed');
  await ended.settled();
  expect([ended.last, ended.signals]).toEqual([
    { say: 'ended', reason: 'failed', seconds: 0 },
    ['invite', 'cancelled'],
  ]);
});

test('a signal that nobody takes ends the call', async () => {
  const stage = new Stage('caller', { send: () => Promise.reject(new Error('nobody answers')) });
  await stage.page.receive({ do: 'call', sdp: BROWSER });
  expect(stage.last).toMatchObject({ reason: 'failed' });
});

test('messages of the other side of a page change nothing', async () => {
  const stage = new Stage('callee');
  await stage.page.receive({ do: 'call', sdp: BROWSER });
  await stage.page.receive({ do: 'answer', sdp: BROWSER });
  expect([stage.shown.length, stage.signals]).toEqual([1, []]);
});
