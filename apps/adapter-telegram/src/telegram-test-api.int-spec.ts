/**
 * The adapter on telegram-test-api, an independent emulator of the platform: texts in both directions by long poll, edits and
 * deletions. The emulator knows no profiles, attachments and reactions.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { network, plainText, type Address, type MessageEvent } from '#protocol';
import type { ChangeContext, DeliveryContext } from '#adapter-kit';
import emulator from 'telegram-test-api';
import { HubDouble } from '../../../libs/bot-contacts/src/testing/hub-double.js';
import { TelegramAdapter } from './telegram.adapter.js';
import { telegramSettings } from './telegram.config.js';

/** What is used of it: its types are for CommonJS. */
interface Emulator {
  start(): Promise<void>;
  stop(): Promise<boolean>;
  getClient(
    token: string,
    options: object,
  ): {
    makeMessage(text: string): object;
    sendMessage(message: object): Promise<object>;
    getUpdates(): Promise<{ result: { message: { text: string } }[] }>;
    getUpdatesHistory(): Promise<object[]>;
  };
}
const TelegramServer = emulator as unknown as new (options: object) => Emulator;

const TOKEN = '7000000001:token';
const ANN = 'im:12345@telegram' as Address;

let server: Emulator;
let adapter: TelegramAdapter;
const double = new HubDouble({ talked: true });

beforeAll(async () => {
  const port = await freePort();
  server = new TelegramServer({ port, host: '127.0.0.1' });
  await server.start();
  const settings = telegramSettings.parse({
    TELEGRAM_TOKEN: TOKEN,
    TELEGRAM_API_URL: `http://127.0.0.1:${port}`,
  });
  adapter = new TelegramAdapter(network('telegram'), settings, double.log);
  const { hub } = double;
  await adapter.start({ ...hub, atMostOnce: (_key, send) => send() });
});

afterAll(async () => {
  await adapter.stop();
  await server.stop();
});

const client = () => server.getClient(TOKEN, { userId: 12345, chatId: 12345, firstName: 'Nina' });

function event(text: string): MessageEvent {
  const data = { from: { address: 'im:alice@far' }, to: ANN, content: { body: plainText(text) } };
  return { id: 'evt', data } as unknown as MessageEvent;
}

const context = { idempotencyKey: 'key', target: undefined, uncertain: false } as DeliveryContext;

/** The emulator takes a port and does not tell which. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function until(what: () => boolean): Promise<void> {
  while (!what()) await new Promise((resolve) => setTimeout(resolve, 20));
}

test('a message of a person becomes an event', async () => {
  await client().sendMessage(client().makeMessage('hello far'));
  await until(() => double.submitted.length > 0);
  expect(double.submitted[0]).toMatchObject({
    from: { address: ANN, displayName: expect.stringContaining('Nina') as string },
    to: 'im:alice@far',
    content: { body: plainText('hello far') },
  });
});

test('an event becomes a message, which is edited and deleted', async () => {
  const { native } = await adapter.deliver(event('hello Nina'), context);
  const { result } = await client().getUpdates();
  expect(result.map(({ message }) => message.text)).toEqual(['[1 alice · far] hello Nina']);
  const change = { ...context, piece: { id: native[0] ?? '', words: 0 } } as ChangeContext;
  await adapter.deliverEdit(event('hello dear Nina'), change);
  const history = await client().getUpdatesHistory();
  expect(JSON.stringify(history)).toContain('hello dear Nina');
  await adapter.deliverRecall(event(''), change);
});
