/** A whole bot app of the Satori family takes the simulator for WhatsApp. */
import { Server } from '@cordisjs/plugin-server';
import whatsappAdapter from '@satorijs/adapter-whatsapp';
import { Context, type ForkScope, h, HTTP, Logger, type Plugin } from '@satorijs/core';
import { ACCOUNT_NUMBER, BUSINESS_ID, numberOf, WhatsAppSimulator } from './index.js';

// COMPAT(@satorijs/adapter-whatsapp, 2.6.0): its types cannot be found by an ES module, and what is imported is the whole CommonJS module.
const { WhatsAppAdapter } = whatsappAdapter as unknown as {
  WhatsAppAdapter: Plugin.Constructor<Context, Record<string, unknown>>;
};

// `Universal.Status` is a const enum, which isolated modules cannot see.
const ONLINE = 1;
Logger.levels['base'] = Logger.ERROR;

async function until(fact: () => boolean): Promise<void> {
  for (let n = 0; n < 500 && !fact(); n++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(fact()).toBe(true);
}

/** What to take down after the test, the last one first: a bot must not outlive its server. */
const forks: ForkScope<Context>[] = [];
let whatsapp: WhatsAppSimulator;

beforeAll(async () => {
  whatsapp = await WhatsAppSimulator.open({
    appSecret: 'secret',
    token: 'token',
    verifyToken: 'verify-token',
  });
});
afterAll(async () => {
  while (forks.length > 0) forks.pop()?.dispose();
  await whatsapp.close();
});

test('a bot answers a person, quoting and with a picture', async () => {
  const app = new Context();
  forks.push(app.plugin(HTTP, {}));
  const host = { host: '127.0.0.1', port: 43_100, maxPort: 43_999, selfUrl: 'http://127.0.0.1' };
  forks.push(app.plugin(Server, host));
  app.on('message', (session) => {
    if (session.userId === session.selfId) return;
    const words = String(session.elements?.[0]?.attrs['content']);
    const picture = h('img', { src: `data:image/png;base64,${Buffer.from('bytes').toString('base64')}` });
    const answer = [h('quote', { id: session.messageId }), h.text(`${words}!`), picture];
    // The test looks at what the person sees.
    session.bot.sendMessage(session.channelId ?? '', answer).catch(() => undefined);
  });
  await app.start();
  await until(() => Boolean(app.get('server')?.port));
  const config = { systemToken: 'token', verifyToken: 'verify-token', secret: 'secret', id: BUSINESS_ID };
  forks.push(app.plugin(WhatsAppAdapter, { ...config, endpoint: whatsapp.url }));
  await until(() => app.bots.some((bot) => Number(bot.status) === ONLINE));
  await whatsapp.connect(`http://127.0.0.1:${app.get('server')?.port}/whatsapp`);
  const person = whatsapp.person(numberOf('lin'));
  const { id } = await person.act({ do: 'write', to: ACCOUNT_NUMBER, text: '你好 <&>' });
  await until(() => person.timeline.length === 2);
  expect(person.timeline).toMatchObject([
    { kind: 'text', text: '你好 <&>!', target: id },
    { kind: 'media', state: 'image' },
  ]);
});
