/** The adapter before the simulated platform: webhooks of others, large updates, ids of files, repeated changes, old servers. */
import type { ChangeContext, DeliveryContext, MessageRef, OutgoingAttachment } from '#adapter-kit';
import { EMPTY, network, plainText, type Address, type MessageEvent } from '#protocol';
import { HubDouble } from '../../../libs/bot-contacts/src/testing/hub-double.js';
import { until } from '../../../test/support/until.js';
import { BOT_ID, TelegramSimulator, userIdOf } from '../simulator/index.js';
import { TelegramAdapter } from './telegram.adapter.js';
import { TelegramClient } from './telegram.client.js';
import { telegramSettings, type TelegramSettings } from './telegram.config.js';

const TOKEN = `${BOT_ID}:token`;
const NINA = userIdOf('nina');

let telegram: TelegramSimulator;
let double: HubDouble;
let adapter: TelegramAdapter | undefined;

beforeEach(async () => {
  telegram = await TelegramSimulator.open({ token: TOKEN });
  telegram.person(NINA).started = true;
  double = new HubDouble({ talked: true, sends: true });
});
afterEach(async () => {
  await adapter?.stop();
  adapter = undefined;
  await telegram.close();
});

function settings(): TelegramSettings {
  return telegramSettings.parse({ TELEGRAM_TOKEN: TOKEN, TELEGRAM_API_URL: telegram.url });
}

async function start(): Promise<TelegramAdapter> {
  adapter = new TelegramAdapter(network('telegram'), settings(), double.log);
  await adapter.start(double.hub);
  return adapter;
}

function eventOf(content: MessageEvent['data']['content']): MessageEvent {
  const data = { from: { address: 'im:alice@far' }, to: `im:${NINA}@telegram` as Address, content };
  return { id: 'evt', data } as unknown as MessageEvent;
}
const context = { idempotencyKey: 'key', target: undefined, uncertain: false } as unknown as DeliveryContext;
const changeOf = (id: string, uncertain: boolean) =>
  ({ ...context, uncertain, target: { native: [id] } as MessageRef, piece: { id } }) as ChangeContext;
const methods = () => telegram.api.calls.map(({ method }) => method);

test('a webhook that somebody entered before is removed, and the updates come', async () => {
  const client = new TelegramClient(settings());
  await client.setWebhook('http://127.0.0.1:9/webhook', undefined);
  await expect(client.updates(0)).rejects.toMatchObject({ code: '91' });
  await telegram.person(NINA).act({ do: 'write', to: BOT_ID, text: 'hello' });
  await start();
  await until('her message', () => double.submitted.length === 1);
  expect(methods()).toContain('deleteWebhook');
});

test('many of the largest updates are taken in several answers', async () => {
  const url = `https://example.org/${'x'.repeat(900)}`;
  const entities = Array.from({ length: 100 }, (_, offset) => ({
    type: 'text_link',
    offset,
    length: 1,
    url,
  }));
  const from = { id: Number(NINA), is_bot: false, first_name: 'Nina' };
  for (let n = 1; n <= 100; n++)
    telegram.updates.add(NINA, 'message', {
      message_id: n,
      date: 1_700_000_000,
      chat: { id: Number(NINA), type: 'private' },
      from,
      text: 'a'.repeat(4000),
      entities,
    });
  await start();
  await until('all of them', () => double.submitted.length === 100);
});

test('an edit of a message that never crossed holds back nobody', async () => {
  await start();
  const { id } = await telegram.person(NINA).act({ do: 'write', to: BOT_ID, text: '/help' });
  await telegram.person(NINA).act({ do: 'edit', to: BOT_ID, target: id, text: '/help me' });
  await until('its record', () => double.notCarried.some(({ kind }) => kind === 'refused'));
  await until('the confirmation of all updates', () => telegram.updates.pending === 0);
});

test('a file that another bot uploaded is uploaded again, and sent by the new id from then on', async () => {
  const { deliverAttachment } = bound(await start());
  const key = 'file.photo.digest';
  await double.hub.recent.put(key, 'id-of-another-bot');
  const file = {
    facts: { sha256: 'digest' },
    filename: 'cat.jpg',
    blob: () => Promise.resolve(new Blob(['cat'])),
  };
  const medium = { file, as: 'image' } as unknown as OutgoingAttachment;
  const event = eventOf({ body: plainText('a cat') });
  await expect(deliverAttachment(event, medium, context)).resolves.toMatchObject({
    native: [expect.any(String)],
  });
  const stored = await double.hub.recent.get(key);
  expect(stored).not.toBe('id-of-another-bot');
  await deliverAttachment(event, medium, context);
  expect(telegram.api.calls.at(-1)?.parameters.text('photo')).toBe(stored);
  expect(methods().filter((method) => method === 'sendPhoto')).toHaveLength(3);
});

test('a recall whose first attempt got no answer is done; one of a message that is not there is refused', async () => {
  const { deliver, deliverRecall } = bound(await start());
  const { native } = await deliver(eventOf({ body: plainText('oh') }), context);
  const [id = ''] = native;
  const recall = eventOf({ body: EMPTY });
  await deliverRecall(recall, changeOf(id, false));
  await expect(deliverRecall(recall, changeOf(id, true))).resolves.toEqual({ native: [] });
  await expect(deliverRecall(recall, changeOf(id, false))).rejects.toMatchObject({ code: '25' });
});

test('an emoji that bots may not use takes the place of the one before it', async () => {
  const { deliver, deliverReaction } = bound(await start());
  const { native } = await deliver(eventOf({ body: plainText('news') }), context);
  const reacts = (emoji: string) =>
    deliverReaction(
      eventOf({ body: EMPTY, reactions: { add: [emoji], remove: [], current: [emoji] } }),
      changeOf(native[0] ?? '', false),
    );
  await reacts('👍');
  await reacts('🧭');
  const set = telegram.api.calls.filter(({ method }) => method === 'setMessageReaction');
  expect(set.at(-1)?.parameters.list('reaction')).toEqual([]);
});

test('a method that the server does not have is refused; the platform is there all the same', async () => {
  const client = new TelegramClient(settings());
  await client.look('getMe', {});
  await expect(client.look('sendSomething', {})).rejects.toMatchObject({ code: '12' });
  expect(client.http.reachable).toBe(true);
});

function bound(of: TelegramAdapter) {
  return {
    deliver: of.deliver.bind(of),
    deliverAttachment: of.deliverAttachment.bind(of),
    deliverRecall: of.deliverRecall.bind(of),
    deliverReaction: of.deliverReaction.bind(of),
  };
}
