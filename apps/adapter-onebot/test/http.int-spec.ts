/** OneBot 11 over HTTP: actions as calls to the adapter, events as signed calls to the bot. */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ADAPTER, createAdapterHttp } from '#adapter-kit';
import { network, plainText, type MessageEvent } from '#protocol';
import { HubDouble } from '../../../libs/bot-contacts/src/testing/hub-double.js';
import { until } from '../../../test/support/until.js';
import { ActionsController } from '../src/actions.controller.js';
import { OneBotAdapter } from '../src/onebot.adapter.js';

const TOKEN = 'token-of-the-first-bot';
const double = new HubDouble({ sends: true });
let bot: Server;
let http: NestFastifyApplication;
let adapter: OneBotAdapter;
let url: string;
/** What the bot got, and what it answers. */
const got: { headers: IncomingHttpHeaders; body: string }[] = [];
let answer = { status: 204, body: '' };

beforeAll(async () => {
  bot = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      got.push({ headers: request.headers, body });
      response.writeHead(answer.status).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => bot.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(bot.address() as AddressInfo).port}/onebot`;
  const account = { selfId: 10_001, token: TOKEN, name: '小智', url: address };
  adapter = new OneBotAdapter(network('bots'), [account], undefined, double.log);
  await adapter.start(double.hub);
  ({ http } = await createAdapterHttp({
    module: {
      module: class {},
      controllers: [ActionsController],
      providers: [{ provide: ADAPTER, useValue: adapter }],
      exports: [ADAPTER],
    },
    settings: {},
    runtime: () => ({ check: () => ({}), firstUse: { claim: () => Promise.resolve('') } }),
    log: double.log,
  }));
  await http.listen(0, '127.0.0.1');
  url = await http.getUrl();
});
afterAll(async () => {
  await adapter.stop();
  await http.close();
  bot.closeAllConnections();
  await new Promise((resolve) => bot.close(resolve));
});

let count = 0;
function alice(text: string) {
  const data = { from: { address: 'im:alice@far' }, to: 'im:10001@bots', content: { body: plainText(text) } };
  const idempotencyKey = `key-${++count}`;
  const context = { idempotencyKey, uncertain: false, delayedSince: undefined, target: undefined };
  return adapter.deliver({ id: 'e', data } as unknown as MessageEvent, context);
}

async function ask(path: string, init: RequestInit = {}) {
  const headers = { authorization: `Bearer ${TOKEN}`, ...(init.headers as Record<string, string>) };
  const response = await fetch(url + path, { ...init, headers });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test('an event is posted with X-Self-ID and the signature of its body', async () => {
  await alice('hello');
  const [{ headers, body } = { headers: {}, body: '' }] = got;
  expect(headers['x-self-id']).toBe('10001');
  expect(headers['x-signature']).toBe(`sha1=${createHmac('sha1', TOKEN).update(body).digest('hex')}`);
  expect(JSON.parse(body)).toMatchObject({ post_type: 'message', raw_message: 'hello' });
});

test('a quick operation in the answer is carried out', async () => {
  answer = { status: 200, body: '{"reply":"pong"}' };
  await alice('/ping');
  await until('the reply', () => double.submitted.length === 1);
  expect(double.submitted[0]).toMatchObject({ to: 'im:alice@far', content: { body: { content: 'pong' } } });
});

test('an answer that is no JSON is none; a bot that fails leaves the message in doubt', async () => {
  answer = { status: 200, body: 'ok' };
  await alice('what is no operation');
  answer = { status: 500, body: '' };
  await expect(alice('in doubt')).rejects.toMatchObject({ code: '103' });
  answer = { status: 204, body: '' };
});

test.each([
  [
    'JSON',
    { headers: { 'content-type': 'application/json' }, body: '{"user_id":"alice@far","message":"hi"}' },
  ],
  [
    'a form',
    {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'user_id=alice%40far&message=hi',
    },
  ],
])('an action as %s', async (_, init) => {
  const before = double.submitted.length;
  const { status, body } = await ask('/send_private_msg', { method: 'POST', ...init });
  expect([status, body]).toEqual([
    200,
    { status: 'ok', retcode: 0, data: { message_id: expect.any(Number) as number } },
  ]);
  expect(double.submitted.slice(before)).toMatchObject([{ content: { body: { content: 'hi' } } }]);
});

test('an action in the query, with the token there too', async () => {
  const response = await fetch(`${url}/get_login_info?access_token=${TOKEN}`);
  expect(await response.json()).toMatchObject({ data: { user_id: 10_001 } });
  expect(await ask('/send_msg?user_id=alice@far&message=%5BCQ:face,id=76%5D')).toMatchObject({ status: 200 });
  expect(double.submitted.at(-1)).toMatchObject({ content: { body: { content: '👍' } } });
});

test('without the token, an unknown action, and what is no JSON: 401, 404, 400', async () => {
  expect((await fetch(`${url}/get_status`)).status).toBe(401);
  expect((await ask('/get_status', { headers: { authorization: 'Bearer another' } })).status).toBe(401);
  expect((await ask('/set_group_ban')).status).toBe(404);
  expect((await ask('/send_msg', { method: 'POST', body: '{' })).status).toBe(400);
});
