/** The other ways of OneBot 11: two WebSockets for actions and events, one that the bot listens on, and one that dies. */
import { WebSocket, WebSocketServer } from 'ws';
import type { AddressInfo } from 'node:net';
import { until } from '../../../test/support/until.js';
import { onHttp } from './on-http.js';

const BOT = { selfId: 10_001, token: 'token-of-the-first-bot', name: '小智' };

type Frame = Record<string, unknown>;
const framesOf = (socket: WebSocket): Frame[] => {
  const frames: Frame[] = [];
  socket.on('message', (data) => frames.push(JSON.parse((data as Buffer).toString()) as Frame));
  return frames;
};
const opened = (socket: WebSocket) => new Promise((resolve) => socket.once('open', resolve));
const isMessage = ({ post_type }: Frame) => post_type === 'message';

let hub: Awaited<ReturnType<typeof onHttp>>;
afterEach(() => hub.close());

test('/event hears and /api acts, each with the token in another place', async () => {
  hub = await onHttp(BOT);
  const events = new WebSocket(`${hub.url}/event/?access_token=${BOT.token}`);
  const heard = framesOf(events);
  const actions = new WebSocket(`${hub.url}/api`, { headers: { authorization: `Token ${BOT.token}` } });
  const answers = framesOf(actions);
  await Promise.all([opened(events), opened(actions)]);
  await until('the adapter to know', () => hub.adapter.connectivity.connected);
  await hub.alice('hello');
  expect(heard.map(({ post_type }) => post_type)).toEqual(['meta_event', 'message']);
  events.send(JSON.stringify({ action: 'get_status', echo: 1 }));
  actions.send(JSON.stringify({ action: 'get_status', echo: 2 }));
  await until('the answer', () => answers.length > 0);
  expect(answers).toEqual([{ status: 'ok', retcode: 0, data: { online: true, good: true }, echo: 2 }]);
  expect(heard).toHaveLength(2);
});

test('without a token, with another one, and at another path: refused', async () => {
  hub = await onHttp(BOT);
  for (const [path, status] of [
    ['/', 401],
    ['/?access_token=another', 401],
    [`/onebot?access_token=${BOT.token}`, 404],
  ] as const) {
    const socket = new WebSocket(hub.url + path);
    const refused = new Promise((resolve) => socket.once('error', resolve));
    expect(String(await refused)).toContain(String(status));
  }
});

test('after ten wrong tokens their address waits; a bot that was connected from there comes back', async () => {
  hub = await onHttp(BOT);
  const statusOf = (token: string, localAddress = '127.0.0.2') =>
    new Promise((resolve) => {
      const socket = new WebSocket(`${hub.url}/?access_token=${token}`, { localAddress });
      socket.once('unexpected-response', (request, { statusCode }) => {
        request.destroy();
        resolve(statusCode);
      });
      socket.once('open', () => resolve('open'));
      socket.on('error', () => undefined);
    });
  for (let at = 0; at < 10; at++) expect(await statusOf(`guess-${at}`)).toBe(401);
  expect(await statusOf(BOT.token)).toBe(429);
  const elsewhere = '127.0.0.3';
  expect(await statusOf(BOT.token, elsewhere)).toBe('open');
  for (let at = 0; at < 10; at++) await statusOf(`guess-${at}`, elsewhere);
  expect([await statusOf('guess', elsewhere), await statusOf(BOT.token, elsewhere)]).toEqual([429, 'open']);
});

test('the adapter calls a bot that listens, with the headers of OneBot 11, and again when the connection ends', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  const calls: Frame[] = [];
  const heard: Frame[] = [];
  const sockets: WebSocket[] = [];
  server.on('connection', (socket, { headers }) => {
    calls.push(headers);
    sockets.push(socket);
    socket.on('message', (data) => {
      const frame = JSON.parse((data as Buffer).toString()) as Frame;
      heard.push(frame);
      const params = { user_id: frame['user_id'], message: 'an answer' };
      if (isMessage(frame)) socket.send(JSON.stringify({ action: 'send_msg', params }));
    });
  });
  hub = await onHttp({
    ...BOT,
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/onebot/v11/ws`,
  });
  await until('the call', () => hub.adapter.connectivity.connected);
  expect(calls[0]).toMatchObject({
    'x-self-id': '10001',
    'x-client-role': 'Universal',
    authorization: `Bearer ${BOT.token}`,
  });
  await hub.alice('hello');
  await until('the answer', () => hub.double.submitted.length === 1);
  sockets[0]?.terminate();
  await until('another call', () => calls.length === 2 && hub.adapter.connectivity.connected);
  await hub.alice('hello again');
  expect(heard.filter(isMessage)).toHaveLength(2);
  server.close();
});

test('a message that a bot did not confirm before its connection ended is in doubt', async () => {
  hub = await onHttp(BOT);
  const bot = new WebSocket(hub.url, {
    headers: { authorization: `Bearer ${BOT.token}` },
    autoPong: false,
  });
  const heard = framesOf(bot);
  await opened(bot);
  await until('the adapter to know', () => hub.adapter.connectivity.connected);
  const delivery = hub.alice('hello?').catch((error: unknown) => error);
  await until('the message', () => heard.some(isMessage));
  bot.terminate();
  expect(await delivery).toMatchObject({ code: '103' });
});
