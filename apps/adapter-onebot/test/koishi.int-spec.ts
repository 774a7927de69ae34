/**
 * A bot on Koishi, with the OneBot adapter that others wrote for it, takes the hub for a OneBot 11 program: it reads what people of
 * other networks write, and what it sends becomes its messages.
 */
import { createRequire } from 'node:module';
import type { Bot, Context, Plugin, Session } from 'koishi';
import { until } from '../../../test/support/until.js';
import { ALICE, onHttp } from './on-http.js';

// COMPAT(koishi-plugin-adapter-onebot, 6.9.4): it is CommonJS, and must share the copy of Koishi with the test.
const require = createRequire(import.meta.url);
const koishi = require('koishi') as typeof import('koishi');
const { default: OneBotBot } = require('koishi-plugin-adapter-onebot') as {
  default: Plugin.Constructor<Context, Record<string, unknown>>;
};

koishi.Logger.levels['base'] = koishi.Logger.ERROR;
const BOT = { selfId: 10_001, token: 'token-of-the-first-bot', name: '小智' };
/** `Universal.Status` is a const enum, which isolated modules cannot see. */
const ONLINE = 1;

let hub: Awaited<ReturnType<typeof onHttp>>;
let app: Context;
let stop: () => void;
const heard: Session[] = [];
const recalled: Session[] = [];
const bot = (): Bot => {
  const [one] = app.bots;
  if (!one) throw new Error('Koishi has no bot');
  return one;
};

/** A program of the bot. @returns its context, and how the bot goes away */
async function program(token: string): Promise<{ context: Context; leave: () => void }> {
  const context = new koishi.Context();
  context.plugin(koishi.HTTP);
  await context.start();
  const plugin = context.plugin(OneBotBot, {
    protocol: 'ws',
    selfId: String(BOT.selfId),
    token,
    endpoint: hub.url,
    retryTimes: 0,
    retryInterval: 60_000,
    retryLazy: 60_000,
    responseTimeout: 30_000,
  });
  return { context, leave: () => void plugin.dispose() };
}

beforeAll(async () => {
  hub = await onHttp(BOT);
  const { context, leave } = await program(BOT.token);
  [app, stop] = [context, leave];
  app.on('message', (session) => {
    heard.push(session);
    if (session.content === '/ping') session.send('pong').catch(() => undefined);
  });
  app.on('message-deleted', (session) => void recalled.push(session));
  await until('the bot to be online', () => app.bots[0]?.status === ONLINE);
});

afterAll(async () => {
  stop?.();
  await app?.stop();
  await hub?.close();
});

async function hears(text: string): Promise<Session> {
  await until(`the bot reads "${text}"`, () => heard.some(({ content }) => content === text));
  return heard.find(({ content }) => content === text) as Session;
}

test('it is told who it is', async () => {
  expect(bot().user).toMatchObject({ id: String(BOT.selfId), name: BOT.name });
});

test('it reads what alice writes, and its answer is hers to read', async () => {
  await hub.alice('/ping');
  const { isDirect, event } = await hears('/ping');
  expect([isDirect, event.user?.name]).toEqual([true, 'Alice']);
  await until('pong', () => hub.double.submitted.length === 1);
  expect(hub.double.submitted[0]).toMatchObject({
    from: { address: `im:${BOT.selfId}@bots`, displayName: '小智' },
    to: ALICE,
    content: { body: { content: 'pong' } },
  });
});

test('it quotes her, and finds her and what she said', async () => {
  await hub.alice('once more');
  const { userId = '', channelId = '', messageId = '' } = await hears('once more');
  const { h } = koishi;
  const [sent] = await bot().sendMessage(channelId, [h.quote(messageId), h.text('again & [again]')]);
  expect(Number(sent)).toBeGreaterThan(Number(messageId));
  expect(hub.double.submitted.at(-1)).toMatchObject({
    to: ALICE,
    content: { body: { content: 'again & [again]' }, inReplyTo: expect.any(String) as string },
  });
  const { data: friends } = await bot().getFriendList();
  expect(friends).toContainEqual(expect.objectContaining({ id: userId }));
  expect(await bot().getMessage(channelId, messageId)).toMatchObject({ content: 'once more' });
});

test('it is told that she took a message back, and why it cannot take back one that is not there', async () => {
  const native = await hub.alice('a mistake');
  const { channelId = '' } = await hears('a mistake');
  const event = { data: { from: { address: ALICE }, to: `im:${BOT.selfId}@bots` } };
  await hub.adapter.deliverRecall(event as never, { piece: { id: native } } as never);
  await until('the recall', () => recalled.length === 1);
  expect(recalled[0]).toMatchObject({ messageId: native.split('.')[1] });
  await expect(bot().deleteMessage(channelId, '4711')).rejects.toThrow('retcode: 103');
});

test('with another token it does not come online', async () => {
  const { context, leave } = await program('another token of any length');
  await until('the refusal', () => context.bots[0]?.error !== undefined);
  await hub.alice('only for the first');
  await hears('only for the first');
  leave();
  await context.stop();
});
