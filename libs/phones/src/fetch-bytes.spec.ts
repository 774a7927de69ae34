import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fetchBytes, linkIn, TooLarge } from './fetch-bytes.js';

let server: Server;
let url: string;
/** How the server answers, and whether its last answer was cut off by the client. */
let answer: (response: ServerResponse) => void;
let cutOff: Promise<unknown>;

beforeAll(async () => {
  server = createServer((_request, response) => {
    cutOff = once(response, 'close');
    answer(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => server.close());

test('content up to the bound is downloaded whole', async () => {
  answer = (response) => response.end(Buffer.alloc(1000, 7));
  expect(await fetchBytes(url, { mostBytes: 1000 })).toEqual(Buffer.alloc(1000, 7));
});

test('a download without an end is cut off at the bound', async () => {
  answer = (response) => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(64 * 1024)));
    };
    response.on('drain', more);
    more();
  };
  await expect(fetchBytes(url, { mostBytes: 1024 * 1024 })).rejects.toThrow(TooLarge);
  await cutOff;
});

test('an answer that is no success is an error with its status', async () => {
  answer = (response) => response.writeHead(410).end('gone');
  await expect(fetchBytes(url)).rejects.toThrow('410');
});

test.each([
  ['(picture: a.jpg) http://127.0.0.1:1/m/x', 'http://127.0.0.1:1/m/x'],
  ['no link', ''],
])('the link in "%s" is "%s"', (text, link) => {
  expect(linkIn(text)).toBe(link);
});
