/** Whole bot apps of the Satori family take our simulators for WeChat and WeCom. */
import { openWecom } from '../../../adapter-wecom/simulator/index.js';
import { openWechat } from '../index.js';
import { Server } from '@cordisjs/plugin-server';
import wechatOfficial from '@satorijs/adapter-wechat-official';
import wecomAdapter from '@satorijs/adapter-wecom';
import { Context, type ForkScope, h, HTTP, Logger, type Plugin } from '@satorijs/core';
import { openIdOf } from '../../../../libs/simulators/src/platform/ids.js';
import type { PlatformPerson } from '../../../../libs/simulators/src/platform/platform-person.js';
import type { PlatformSimulator } from '../../../../libs/simulators/src/platform/platform-simulator.js';

type BotPlugin = Plugin.Constructor<Context, Record<string, unknown>>;
// COMPAT(@satorijs/adapter-*, 2.5.0): their types cannot be found by an ES module, and what is imported is the whole CommonJS module.
const { WechatOfficialBot } = wechatOfficial as unknown as { WechatOfficialBot: BotPlugin };
const { WecomBot } = wecomAdapter as unknown as { WecomBot: BotPlugin };

// `Universal.Status` is a const enum, which isolated modules cannot see.
const ONLINE = 1;
Logger.levels['base'] = Logger.ERROR;

const key = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';
const lin = openIdOf('lin');

async function until(fact: () => boolean): Promise<void> {
  for (let n = 0; n < 500 && !fact(); n++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(fact()).toBe(true);
}

/** What to take down after a test, the last one first: a bot must not outlive its server. */
const forks: ForkScope<Context>[] = [];

/** A bot that says everything again, louder. */
async function startApp(): Promise<{ app: Context; base: string }> {
  const app = new Context();
  forks.push(app.plugin(HTTP, {}));
  const server = app.plugin(Server, {
    host: '127.0.0.1',
    port: 42_100,
    maxPort: 42_999,
    selfUrl: 'http://127.0.0.1',
  });
  forks.push(server);
  app.on('message', (session) => {
    if (session.userId === session.selfId) return;
    const [first] = session.elements ?? [];
    const reply =
      first?.type === 'text' ? h.text(`${String(first.attrs['content'])}!`) : h.text(`a ${first?.type}`);
    // The test looks at what the person sees; a server that is taken down behind it is no failure.
    session.bot.sendMessage(session.channelId ?? '', reply, undefined, { session }).catch(() => undefined);
  });
  await app.start();
  await until(() => Boolean(app.get('server')?.port));
  return { app, base: `http://127.0.0.1:${app.get('server')?.port}` };
}

const texts = (person: PlatformPerson): unknown[] => person.timeline.map(({ text }) => text);

describe('a Satori bot', () => {
  let app: Context;
  let base: string;

  beforeEach(async () => {
    ({ app, base } = await startApp());
  });

  afterEach(() => {
    while (forks.length > 0) forks.pop()?.dispose();
  });

  describe.each(['plain', 'compatible', 'safe'] as const)('as an official account in %s mode', (mode) => {
    let wechat: PlatformSimulator;
    const encrypted = mode === 'plain' ? {} : { encodingAesKey: key };

    beforeEach(async () => {
      const options = { appId: 'wx0', secret: 's3cret', token: 'hubtoken', mode, ...encrypted };
      wechat = await openWechat(options);
    });

    afterEach(async () => {
      await wechat.close();
    });

    async function connect(customerService: boolean): Promise<PlatformPerson> {
      const bot = app.plugin(WechatOfficialBot, {
        account: wechat.account,
        appid: 'wx0',
        secret: 's3cret',
        token: 'hubtoken',
        aesKey: mode === 'plain' ? '' : key,
        customerService,
        endpoint: wechat.url,
      });
      forks.push(bot);
      await until(() => app.bots.some((bot) => Number(bot.status) === ONLINE));
      await wechat.connectCallback(`${base}/wechat-official`);
      return wechat.person(lin);
    }

    it('answers in the same breath', async () => {
      const person = await connect(false);
      await person.act({ do: 'write', to: wechat.account, text: '你好 <&>' });
      await wechat.idle();
      expect(texts(person)).toEqual(['你好 <&>!']);
    });

    it('answers through the API', async () => {
      const person = await connect(true);
      await person.act({ do: 'write', to: wechat.account, text: '你好 <&>' });
      await until(() => person.timeline.length > 0);
      await wechat.idle();
      expect(texts(person)).toEqual(['你好 <&>!']);
    });
  });

  it('as an app on WeCom', async () => {
    const wecom = await openWecom({
      appId: 'ww0',
      secret: 's3cret',
      token: 'QDG6eK',
      encodingAesKey: key,
      agentId: '1000002',
    });
    const bot = app.plugin(WecomBot, {
      corpId: 'ww0',
      agentId: '1000002',
      secret: 's3cret',
      token: 'QDG6eK',
      aesKey: key,
      endpoint: wecom.url,
    });
    forks.push(bot);
    await until(() => app.bots.some((bot) => Number(bot.status) === ONLINE));
    await wecom.connectCallback(`${base}/wecom`);
    const person = wecom.person('LinWei');
    await person.act({ do: 'write', to: wecom.account, text: '你好' });
    await until(() => person.timeline.length > 0);
    expect(texts(person)).toEqual(['你好!']);
    await wecom.close();
  });
});
