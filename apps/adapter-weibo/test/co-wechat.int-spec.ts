/**
 * co-wechat, an independent server for accounts of WeChat, serves an account of the simulated Weibo in XML mode without a change
 * but its token, which is the app secret here. Then the adapter reads what it read, and gives the same answers.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import wechat from 'co-wechat';
import { inBackground } from '#simulators';
import { ACCOUNT_UID, uidOf, WeiboSimulator } from '../simulator/index.js';
import { FORMATS } from '../src/weibo.formats.js';

const SECRETS = { appSecret: 'app-secret', token: 'token' };

let weibo: WeiboSimulator;
let server: Server;
const received: { message: Record<string, string>; body: string }[] = [];
const refused: number[] = [];

beforeAll(async () => {
  weibo = await WeiboSimulator.open({ ...SECRETS, form: 'xml', retryMs: 20 });
  let body = '';
  const takes = wechat(SECRETS.appSecret).middleware((message) => {
    received.push({ message, body });
    return Promise.resolve(message['MsgType'] === 'text' ? `你说：${message['Content']}` : '');
  });
  server = createServer((request, response) => {
    inBackground('co-wechat', async () => {
      body = await text(request);
      const query = Object.fromEntries(new URL(request.url ?? '', 'http://localhost').searchParams);
      const context = { method: request.method ?? '', query, request: { body }, status: 200, body: '' };
      await takes(context);
      if (context.status !== 200) refused.push(context.status);
      response.writeHead(context.status).end(context.body);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  await weibo.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`);
});
afterAll(async () => {
  await weibo.close();
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  received.length = 0;
});

const ann = () => weibo.person(uidOf('ann'));

test('reads a text, and its answer reaches the person', async () => {
  await ann().act({ do: 'write', to: ACCOUNT_UID, text: 'a < b & ]]> [微笑]' });
  await weibo.idle();
  const about = { ToUserName: ACCOUNT_UID, FromUserName: ann().native, MsgType: 'text' };
  expect(received).toMatchObject([{ message: { ...about, Content: 'a < b & ]]> [微笑]' } }]);
  expect(ann().timeline.at(-1)).toMatchObject({ kind: 'text', from: ACCOUNT_UID });
  expect(ann().timeline.at(-1)?.text).toContain('你说：a < b & ');
});

test('reads pictures, places and events, as the adapter does', async () => {
  await ann().act({ do: 'send', to: ACCOUNT_UID, what: 'image', fields: {} });
  await ann().act({ do: 'place', to: ACCOUNT_UID, latitude: 39.982525, longitude: 116.308586 });
  await ann().act({ do: 'add', who: ACCOUNT_UID });
  ann().event('click', 'HELP');
  await weibo.idle();
  const read = received.map(({ body }) => FORMATS.xml.read(body));
  expect(received.map(({ message }) => message['MsgType'])).toEqual(['image', 'location', 'event', 'event']);
  expect(read.map((one) => one?.type)).toEqual(['image', 'position', 'event', 'event']);
  const [image, place, follow, click] = received.map(({ message }) => message);
  expect(read).toMatchObject([
    { fid: image?.['MediaId'], sender: ann().native },
    { latitude: place?.['Location_X'], longitude: place?.['Location_Y'] },
    { subtype: follow?.['Event'] },
    { subtype: click?.['Event'], key: click?.['EventKey'] },
  ]);
});

test('refuses what Weibo did not sign, which comes again, three times in all', async () => {
  weibo.faults.wrongSignature(2);
  await ann().act({ do: 'write', to: ACCOUNT_UID, text: 'forged twice, then signed' });
  await weibo.idle();
  expect(refused).toEqual([401, 401]);
  expect(received).toHaveLength(1);
  weibo.faults.wrongSignature(3);
  await ann().act({ do: 'write', to: ACCOUNT_UID, text: 'given up' });
  await weibo.idle();
  expect(received).toHaveLength(1);
});

test('its answer and that of the adapter have the same fields, in the same order', async () => {
  await ann().act({ do: 'write', to: ACCOUNT_UID, text: 'hi' });
  await weibo.idle();
  const callback = FORMATS.xml.read(received[0]?.body ?? '');
  const ours = callback ? FORMATS.xml.reply(callback, 'hello') : '';
  expect([...ours.matchAll(/<(\w+)>/g)].map(([, name]) => name)).toEqual([
    'xml',
    'ToUserName',
    'FromUserName',
    'CreateTime',
    'MsgType',
    'Content',
  ]);
  expect(ours).toContain(`<ToUserName><![CDATA[${ann().native}]]></ToUserName>`);
});
