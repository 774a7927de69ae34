import { jest } from '@jest/globals';
import { awaitedLater } from '#service';
import { BucketReader } from './bucket-reader.js';
import type { BusConnection } from './bus-connection.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

function read(session: object | undefined): Promise<unknown> {
  return awaitedLater(new BucketReader({ session } as unknown as BusConnection, 'net-far').get('ghost.1'));
}

test('a read while the bus is away waits for its return', async () => {
  const connection: { session?: object } = {};
  const reading = new BucketReader(connection as BusConnection, 'net-far').get('ghost.1');
  await jest.advanceTimersByTimeAsync(10_000);
  connection.session = { jsm: { streams: { getMessage: () => Promise.resolve(null) } } };
  await jest.advanceTimersByTimeAsync(250);
  await expect(reading).resolves.toBeUndefined();
});

test.each([
  ['the bus stays away', undefined, /no session with the bus: check NATS_URL/],
  [
    'the bus does not answer',
    { jsm: { streams: { getMessage: () => Promise.reject(new Error('timeout')) } } },
    /KV_net-far does not answer: check that it has a leader/,
  ],
])('a read ends after 15 s with what to do, when %s', async (_, session, detail) => {
  const reading = read(session);
  await jest.advanceTimersByTimeAsync(15_250);
  await expect(reading).rejects.toMatchObject({
    code: '91',
    detail: expect.stringMatching(detail) as string,
  });
});
