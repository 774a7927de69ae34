/** Answers that are too large, that are no JSON, and that name no error of their own. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { HubError } from '#protocol';
import { JsonApi } from './json-api.js';
import { answerBytes, answerJson, resultOfStatus } from './platform-answer.js';

/** A page that a proxy answers in place of the platform. */
const PAGE = '<html>Bad Gateway</html>';

test('an answer within its limit is read whole, and a larger one is not', async () => {
  const text = 'x'.repeat(1000);
  expect((await answerBytes(new Response(text), 1000)).toString()).toBe(text);
  await expect(answerBytes(new Response(text), 999)).rejects.toMatchObject({ code: '103' });
});

test('an answer without a body, and one that is not JSON', async () => {
  expect(await answerJson(new Response(null, { status: 204 }))).toBeUndefined();
  expect(await answerJson(new Response(PAGE))).toBeUndefined();
  expect(await answerJson(new Response('{"a":1}'))).toEqual({ a: 1 });
});

test.each([
  [401, '91'],
  [429, '65'],
  [503, '65'],
  [500, '103'],
  [502, '103'],
  [504, '103'],
  [400, '100'],
  [418, '100'],
])('HTTP %s without a known error is %s', (status, code) => {
  expect(resultOfStatus(status)).toBe(code);
});

test('a conflict says that a call with a key was accepted before, and refuses one without', async () => {
  const server = createServer((_, response) => response.writeHead(409).end('{"id":"before"}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const api = new JsonApi({
    name: 'a platform',
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: z.looseObject({ id: z.string() }),
    errorOf: (answered) => new HubError(resultOfStatus(answered), 'refused'),
  });
  await expect(api.postOnce('/messages', {}, 'a key')).resolves.toMatchObject({ id: 'before' });
  await expect(api.post('/messages', {})).rejects.toMatchObject({ code: '100' });
  await expect(api.set('/updates', {})).rejects.toMatchObject({ code: '100' });
  await expect(api.get('/me')).rejects.toMatchObject({ code: '100' });
  server.close();
});

describe('a page in place of an answer', () => {
  let server: Server;
  let status = 200;
  let api: JsonApi<Record<string, unknown>>;
  beforeAll(async () => {
    server = createServer((_, response) => response.writeHead(status).end(PAGE));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    api = new JsonApi({
      name: 'a platform',
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      answer: z.looseObject({}),
      errorOf: (answered) => new HubError(resultOfStatus(answered), 'refused'),
    });
  });
  afterAll(() => void server.close());

  test.each([
    // Nobody knows what a success is a success of.
    [200, '103', true],
    [429, '65', true],
    [502, '103', false],
    [503, '65', false],
  ])('HTTP %s: %s; the platform is there: %s', async (answered, code, isThere) => {
    status = answered;
    api.http.reachable = true;
    await expect(api.post('/messages', {})).rejects.toMatchObject({ code });
    expect(api.http.reachable).toBe(isThere);
  });

  test('what may be called again is called again', async () => {
    status = 502;
    await expect(api.get('/me')).rejects.toMatchObject({ code: '91' });
  });
});
