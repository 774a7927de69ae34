/** Our requests: how many at once, which response belongs to which, and how each of them ends. */
import { HubError } from '#protocol';
import { FakeClock, settle } from '../../../test/support/fake-clock.js';
import { request, responseTo, toyProtocol, type ToyFrame } from '../test/toy-protocol.js';
import { RequestWindow } from './request-window.js';
import { USUAL_LIMITS } from './session-protocol.js';

function aWindow(limits: Partial<typeof USUAL_LIMITS> = {}) {
  const clock = new FakeClock();
  const sent: ToyFrame[] = [];
  const ends: string[] = [];
  const window = new RequestWindow(
    toyProtocol,
    { ...USUAL_LIMITS, window: 2, responseMs: 1000, ...limits },
    clock,
    (frame) => void sent.push(frame),
  );
  const submit = (text: string, options?: Parameters<typeof window.request>[1]) =>
    void window.request(request('submit', text), options).then(
      (response) => ends.push(`${text}: ${response.text}`),
      (thrown: HubError) => ends.push(`${text}: ${thrown.code}`),
    );
  const texts = () => sent.map(({ text }) => text);
  const answer = async (text: string, response = 'ok') => {
    const frame = sent.find((one) => one.text === text);
    const known = frame !== undefined && window.settle(responseTo(frame, response));
    await settle();
    return known;
  };
  return { window, clock, submit, texts, answer, sent, ends };
}

test('two are outstanding, the third waits for a response to any of them', async () => {
  const { submit, texts, answer, ends } = aWindow();
  for (const text of ['a', 'b', 'c']) submit(text);
  expect(texts()).toEqual(['a', 'b']);
  await answer('b');
  expect(texts()).toEqual(['a', 'b', 'c']);
  await answer('c', 'refused');
  await answer('a');
  expect(ends).toEqual(['b: ok', 'c: refused', 'a: ok']);
});

test('requests that wait are sent in the order in which they came', async () => {
  const { submit, texts, answer } = aWindow({ window: 1 });
  for (const text of ['a', 'b', 'c', 'd']) submit(text);
  for (const text of ['a', 'b', 'c']) await answer(text);
  expect(texts()).toEqual(['a', 'b', 'c', 'd']);
});

test('a keep-alive does not wait behind messages, and takes no place in the window', async () => {
  const { submit, texts } = aWindow({ window: 1 });
  submit('a');
  submit('alive', { outsideWindow: true });
  submit('b');
  expect(texts()).toEqual(['a', 'alive']);
});

test('without a response within its limit a request ends with 103, and frees its place', async () => {
  const { clock, submit, texts, answer, ends } = aWindow({ window: 1 });
  submit('a', { responseMs: 300 });
  submit('b');
  await clock.advance(299);
  expect(texts()).toEqual(['a']);
  await clock.advance(1);
  expect(ends).toEqual(['a: 103']);
  expect(texts()).toEqual(['a', 'b']);
  // Its response comes after all: it belongs to none, and to "b" least of all.
  expect(await answer('a')).toBe(false);
  await answer('b');
  expect(ends).toEqual(['a: 103', 'b: ok']);
});

test('a request that waited its limit for the window was never sent: 91, not 103', async () => {
  const { clock, submit, texts, ends } = aWindow({ window: 1 });
  submit('a', { responseMs: 5000 });
  submit('b', { responseMs: 200 });
  await clock.advance(200);
  expect(ends).toEqual(['b: 91']);
  expect(texts()).toEqual(['a']);
});

test('a full queue refuses with 91 at once', async () => {
  const { submit, ends } = aWindow({ window: 1, queue: 2 });
  for (const text of ['a', 'b', 'c', 'd']) submit(text);
  await settle();
  expect(ends).toEqual(['d: 91']);
});

test('without a response it is sent again under the same number, and only after the last attempt it ends with 103', async () => {
  const { clock, submit, texts, sent, ends } = aWindow({ window: 1 });
  submit('a', { attempts: 3 });
  submit('b', { responseMs: 10_000 });
  await clock.advance(2999);
  expect(texts()).toEqual(['a', 'a', 'a']);
  expect(new Set(sent.map(({ sequence }) => sequence)).size).toBe(1);
  expect(ends).toEqual([]);
  await clock.advance(1);
  expect(ends).toEqual(['a: 103']);
  expect(texts()).toEqual(['a', 'a', 'a', 'b']);
});

test('a response to any attempt ends them', async () => {
  const { clock, submit, texts, answer, ends } = aWindow();
  submit('a', { attempts: 3 });
  await clock.advance(1000);
  await answer('a');
  await answer('a');
  expect(clock.pending).toEqual([]);
  expect([texts(), ends]).toEqual([['a', 'a'], ['a: ok']]);
});

test('a connection that ends between two attempts ends the request', async () => {
  const { window, clock, submit, ends } = aWindow();
  submit('a', { attempts: 3 });
  await clock.advance(1000);
  window.end('the peer closed the connection');
  await settle();
  expect([ends, clock.pending]).toEqual([['a: 103'], []]);
});

test('when the connection ends, what was sent is in doubt and what waited was not sent', async () => {
  const { window, clock, submit, ends } = aWindow({ window: 1 });
  submit('a');
  submit('b');
  window.end('the peer closed the connection');
  submit('c');
  await settle();
  expect(ends.sort()).toEqual(['a: 103', 'b: 91', 'c: 91']);
  expect(clock.pending).toEqual([]);
});

test('a frame that cannot be made ends its own request, and takes no place', async () => {
  const { window, submit, texts } = aWindow({ window: 1 });
  const broken = window.request(() => {
    throw new HubError('61', 'too large');
  });
  await expect(broken).rejects.toMatchObject({ code: '61' });
  submit('a');
  expect(texts()).toEqual(['a']);
});

test('sequence numbers begin anew after the highest one', () => {
  const { window } = aWindow();
  Reflect.set(window, 'sequence', 0x7fff_fffe);
  expect([window.nextSequence(), window.nextSequence()]).toEqual([0x7fff_ffff, 1]);
});
