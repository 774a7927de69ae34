/** Signals of call pages when nobody answers, and when they are refused. */
import { jest } from '@jest/globals';
import type { BusConnection } from '#bus';
import type { CallSignal, EventId } from '#protocol';
import { silentLog } from '#service';
import { CallSignals } from './call-signals.js';

const SIGNAL: CallSignal = { call: 'the-call-1' as EventId, side: 'caller', action: 'ended' };
const TAKEN = { code: '00' };
const REFUSED = { code: '14', text: 'no such call is open' };

/** @param replies one for each request; undefined: nobody answers */
function signalsOver(...replies: (object | undefined)[]): { signals: CallSignals; requests: () => number } {
  let requests = 0;
  const request = () => {
    const reply = replies[requests++];
    return reply
      ? Promise.resolve({ data: Buffer.from(JSON.stringify(reply)) })
      : Promise.reject(new Error('timeout'));
  };
  const link = { session: { nc: { request } } } as unknown as BusConnection;
  return { signals: new CallSignals(link, silentLog), requests: () => requests };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('a signal that nobody answered is sent again', async () => {
  const { signals, requests } = signalsOver(undefined, undefined, TAKEN);
  const sent = signals.send('north', SIGNAL);
  await jest.runAllTimersAsync();
  await sent;
  expect(requests()).toBe(3);
});

test('one that nobody ever answers fails after some attempts', async () => {
  const { signals, requests } = signalsOver();
  const failed = signals.send('north', SIGNAL).catch((error: unknown) => error);
  await jest.runAllTimersAsync();
  expect(await failed).toMatchObject({ code: '91' });
  expect(requests()).toBe(5);
});

test('one that is refused is not sent again, nor one of a gateway that stops', async () => {
  const refused = signalsOver(REFUSED);
  await expect(refused.signals.send('north', SIGNAL)).rejects.toMatchObject({ code: '14' });
  expect(refused.requests()).toBe(1);

  const stopping = signalsOver(undefined, TAKEN);
  stopping.signals.stop();
  await expect(stopping.signals.send('north', SIGNAL)).rejects.toMatchObject({ code: '91' });
  expect(stopping.requests()).toBe(1);
});
