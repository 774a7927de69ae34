/**
 * A bot on Koishi, with the OneBot adapter that others wrote for it, takes the simulator for a OneBot 11 program.
 */
import { createRequire } from 'node:module';
import type { Bot, Context, Plugin, Session } from 'koishi';
import { ACCOUNT, numberOf, QqSimulator } from './index.js';

// COMPAT(koishi-plugin-adapter-onebot, 6.9.4): it is CommonJS, and must share the copy of Koishi with the test.
const require = createRequire(import.meta.url);
const koishi = require('koishi') as typeof import('koishi');
const { default: OneBotBot } = require('koishi-plugin-adapter-onebot') as {
  default: Plugin.Constructor<Context, Record<string, unknown>>;
};

koishi.Logger.levels['base'] = koishi.Logger.ERROR;
const TOKEN = 'access-token';
/** `Universal.Status` is a const enum, which isolated modules cannot see. */
const ONLINE = 1;

let qq: QqSimulator;
let app: Context;
let leave: () => void;
const heard: Session[] = [];
const recalled: Session[] = [];
const xiaoming = () => qq.person(numberOf('xiaoming'));

async function until(fact: () => boolean): Promise<void> {
  for (let n = 0; n < 500 && !fact(); n++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(fact()).toBe(true);
}

function bot(): Bot {
  const [one] = app.bots;
  if (!one) throw new Error('Koishi has no bot');
  return one;
}

beforeAll(async () => {
  qq = await QqSimulator.open({ profile: 'onebot11', token: TOKEN });
  app = new koishi.Context();
  app.plugin(koishi.HTTP);
  app.on('message', (session) => void heard.push(session));
  app.on('message-deleted', (session) => void recalled.push(session));
  await app.start();
  const endpoint = qq.url.replace('http', 'ws');
  const plugin = app.plugin(OneBotBot, { protocol: 'ws', selfId: ACCOUNT, token: TOKEN, endpoint });
  leave = () => void plugin.dispose();
  await until(() => app.bots[0]?.status === ONLINE);
});

afterAll(async () => {
  leave?.();
  await app?.stop();
  await qq?.close();
});

async function hears(text: string): Promise<Session> {
  await until(() => heard.some(({ content }) => content?.includes(text)));
  return heard.find(({ content }) => content?.includes(text)) as Session;
}

test('it is told who it is, and who its friends are', async () => {
  expect(bot().user).toMatchObject({ id: ACCOUNT });
  const friend = { id: xiaoming().native, name: xiaoming().name };
  const { data: friends } = await bot().getFriendList();
  expect(friends).toEqual([expect.objectContaining(friend)]);
});

test('it reads a text, and a quote of it', async () => {
  const { id } = await xiaoming().act({ do: 'write', to: ACCOUNT, text: '你好 & [再见]' });
  const { content, isDirect, userId } = await hears('你好');
  expect([isDirect, userId]).toEqual([true, xiaoming().native]);
  expect(koishi.h.unescape(content ?? '')).toBe('你好 & [再见]');
  await xiaoming().act({ do: 'write', to: ACCOUNT, text: '答', quote: id });
  const { quote } = await hears('答');
  expect(quote).toMatchObject({ id, user: { id: xiaoming().native }, content: '你好 &amp; [再见]' });
});

test('it writes a text with a quote and a picture, and takes it back', async () => {
  const { id } = await xiaoming().act({ do: 'write', to: ACCOUNT, text: '问' });
  const { channelId = '' } = await hears('问');
  const { h } = koishi;
  const picture = h.image(Buffer.from('a picture'), 'image/png');
  const [sent = ''] = await bot().sendMessage(channelId, [h.quote(id), h.text('& [好]'), picture]);
  expect(xiaoming().timeline.at(-1)).toMatchObject({ kind: 'media', text: '& [好]', target: id, id: sent });
  await bot().deleteMessage(channelId, sent);
  expect(xiaoming().timeline.at(-1)).toMatchObject({ kind: 'recall', target: sent });
});

test('it is told that a message was taken back', async () => {
  const { id } = await xiaoming().act({ do: 'write', to: ACCOUNT, text: '错了' });
  await hears('错了');
  await xiaoming().act({ do: 'recall', to: ACCOUNT, target: id });
  await until(() => recalled.length === 1);
  expect(recalled[0]).toMatchObject({ messageId: id, userId: xiaoming().native });
});

test('it is told what failed', async () => {
  await expect(bot().sendPrivateMessage(numberOf('nobody'), 'x')).rejects.toThrow('retcode: 1200');
});
