/**
 * A whole bot on @satorijs/adapter-qq, which others wrote for the official bot API, takes the simulator for that API: over the
 * gateway and through callbacks.
 */
import { Server } from '@cordisjs/plugin-server';
import qqAdapter from '@satorijs/adapter-qq';
import { Context, type ForkScope, h, HTTP, Logger, type Plugin } from '@satorijs/core';
import { ACCOUNT, openidOf, QqSimulator } from './index.js';

type BotPlugin = Plugin.Constructor<Context, Record<string, unknown>>;
// COMPAT(@satorijs/adapter-qq, 4.11.0): what is imported is the whole CommonJS module.
const { QQBot } = qqAdapter as unknown as { QQBot: BotPlugin };

Logger.levels['base'] = Logger.ERROR;
const APP = { appId: '102000001', secret: 'naOC0ocQE3shWLAfffVLB1rhYPG7' };
/** `Universal.Status` is a const enum, which isolated modules cannot see. */
const ONLINE = 1;
const GROUP_AND_C2C = 1 << 25;

async function until(fact: () => boolean): Promise<void> {
  for (let n = 0; n < 500 && !fact(); n++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(fact()).toBe(true);
}

describe.each(['websocket', 'webhook'] as const)('a Satori bot over a %s', (protocol) => {
  let qq: QqSimulator;
  let app: Context;
  const forks: ForkScope<Context>[] = [];
  const xiaoming = () => qq.person(openidOf('xiaoming'));
  const heard: string[] = [];

  beforeAll(async () => {
    qq = await QqSimulator.open({ profile: 'official', ...APP, retryMs: 100 });
    app = new Context();
    forks.push(app.plugin(HTTP, {}));
    forks.push(
      app.plugin(Server, { host: '127.0.0.1', port: 43_000, maxPort: 43_999, selfUrl: 'http://127.0.0.1' }),
    );
    app.on('message', (session) => {
      heard.push(String(session.content));
      const { content = '', channelId = '' } = session;
      if (content.startsWith('say '))
        session.bot
          .sendMessage(channelId, h.text(content.slice(4)), undefined, { session })
          .catch(() => undefined);
    });
    await app.start();
    await until(() => Boolean(app.get('server')?.port));
    await startBot();
  });

  afterAll(async () => {
    while (forks.length > 0) forks.pop()?.dispose();
    await qq.close();
  });

  /** Its address of tokens is fixed in its code; the simulator stands there for the time of the test. */
  async function startBot(): Promise<void> {
    const real = globalThis.fetch;
    globalThis.fetch = (input, init) => {
      const url = String(input instanceof Request ? input.url : input);
      const moved = url.replace('https://bots.qq.com', qq.url);
      return url === moved
        ? real(input, init)
        : real(input instanceof Request ? new Request(moved, input) : moved, init);
    };
    forks.push({ dispose: () => ((globalThis.fetch = real), true) } as unknown as ForkScope<Context>);
    forks.push(
      app.plugin(QQBot, {
        id: APP.appId,
        secret: APP.secret,
        type: 'public',
        authType: 'bearer',
        endpoint: qq.url,
        intents: GROUP_AND_C2C,
        protocol,
        path: '/qq',
        retryWhen: [],
        ...(protocol === 'websocket' ? { gatewayUrl: `${qq.url.replace('http', 'ws')}/websocket` } : {}),
      }),
    );
    await until(() => app.bots.some(({ status, platform }) => platform === 'qq' && status === ONLINE));
    if (protocol === 'webhook') await qq.connect(`http://127.0.0.1:${app.get('server')?.port}/qq`);
  }

  test('hears what people write, and answers', async () => {
    await xiaoming().act({ do: 'write', to: ACCOUNT, text: 'say 你好' });
    await until(() => xiaoming().timeline.some(({ text }) => text === '你好'));
    expect(heard).toContain('say 你好');
  });

  test('hears of pictures', async () => {
    await xiaoming().act({ do: 'send', to: ACCOUNT, what: 'image', fields: {} });
    await until(() =>
      heard.some((content) => content.startsWith('<img src=') && content.includes('/files/')),
    );
  });

  test('may not speak first, and takes back what it answered', async () => {
    const bot = app.bots.find(({ platform }) => platform === 'qq');
    const before = xiaoming().timeline.length;
    await expect(bot?.sendPrivateMessage(xiaoming().native, h.text('unasked'))).rejects.toThrow();
    expect(xiaoming().timeline).toHaveLength(before);
    const said = qq.chat.messages.get(
      Number(xiaoming().timeline.findLast(({ kind }) => kind === 'text')?.id),
    );
    expect(said?.text).toBe('你好');
  });
});
