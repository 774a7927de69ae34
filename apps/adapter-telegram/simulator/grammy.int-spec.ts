/**
 * grammY, an independent library for bots, takes the simulator for Telegram: it asks for updates, calls the methods that the adapter
 * calls, and reads errors. Its types of updates are those that the fixtures have.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Bot, GrammyError, InputFile } from 'grammy';
import { BOT_ID, TelegramSimulator, userIdOf } from './index.js';

const TOKEN = `${BOT_ID}:token-of-the-bot`;
const ALLOWED = ['message', 'edited_message', 'message_reaction'] as const;

let telegram: TelegramSimulator;
let bot: Bot;
const seen: string[] = [];
const nina = () => telegram.person(userIdOf('nina'));
const chat = Number(userIdOf('nina'));

beforeAll(async () => {
  telegram = await TelegramSimulator.open({ token: TOKEN });
  bot = new Bot(TOKEN, { client: { apiRoot: telegram.url } });
  bot.command('start', (context) => context.reply('welcome'));
  bot.on('message:text', (context) => void seen.push(`text ${context.message.text}`));
  bot.on('message:photo', (context) => void seen.push(`photo ${context.message.caption ?? ''}`));
  bot.on('edited_message:text', (context) => void seen.push(`edit ${context.editedMessage.text}`));
  bot.on('message_reaction', (context) => {
    const { emojiAdded, emojiRemoved } = context.reactions();
    seen.push(`reaction +${emojiAdded.join('')} -${emojiRemoved.join('')}`);
  });
  void bot.start({ allowed_updates: [...ALLOWED], timeout: 1 });
  await nina().act({ do: 'write', to: BOT_ID, text: '/start' });
  await shows('welcome');
});

afterAll(async () => {
  await bot.stop();
  await telegram.close();
});

async function shows(text: string): Promise<number> {
  for (;;) {
    const found = nina().timeline.find((sight) => sight.text === text);
    if (found) return Number(found.id);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function took(what: string): Promise<void> {
  while (!seen.includes(what)) await new Promise((resolve) => setTimeout(resolve, 10));
}

test('it gets what a person does', async () => {
  const { id } = await nina().act({ do: 'write', to: BOT_ID, text: 'hello' });
  await took('text hello');
  await nina().act({ do: 'edit', to: BOT_ID, target: id, text: 'hello there' });
  await took('edit hello there');
  await nina().act({ do: 'react', to: BOT_ID, target: id, emoji: ['🎉'] });
  await took('reaction +🎉 -');
  await nina().act({ do: 'react', to: BOT_ID, target: id, emoji: [] });
  await took('reaction + -🎉');
  await nina().act({ do: 'send', to: BOT_ID, what: 'image', fields: { caption: 'look' } });
  await took('photo look');
});

test('its calls do what they say', async () => {
  const message = await bot.api.sendMessage(chat, 'bold', {
    entities: [{ type: 'bold', offset: 0, length: 4 }],
  });
  expect(message).toMatchObject({ text: 'bold', entities: [{ type: 'bold' }] });
  await bot.api.editMessageText(chat, message.message_id, 'changed');
  await shows('changed');
  await bot.api.setMessageReaction(chat, message.message_id, [{ type: 'emoji', emoji: '👍' }]);
  expect(nina().timeline.at(-1)).toMatchObject({ kind: 'reaction', emoji: ['👍'] });
  const photo = await bot.api.sendPhoto(chat, new InputFile(Buffer.from('a picture'), 'a.jpg'), {
    caption: 'one',
  });
  const again = await bot.api.sendPhoto(chat, photo.photo.at(-1)?.file_id ?? '', { caption: 'two' });
  expect(again.caption).toBe('two');
  const file = await bot.api.getFile(photo.photo.at(-1)?.file_id ?? '');
  const content = await fetch(`${telegram.url}/file/bot${TOKEN}/${file.file_path}`);
  expect(await content.text()).toBe('a picture');
  await bot.api.deleteMessage(chat, message.message_id);
  expect(nina().timeline.at(-1)).toMatchObject({ kind: 'recall', target: String(message.message_id) });
});

test.each<[string, () => Promise<unknown>, number]>([
  ['nobody', () => bot.api.sendMessage(999_999, 'x'), 400],
  ['a text that is too long', () => bot.api.sendMessage(chat, 'x'.repeat(4097)), 400],
  [
    'a caption that is too long',
    () => bot.api.sendPhoto(chat, new InputFile(Buffer.from('x')), { caption: 'x'.repeat(1025) }),
    400,
  ],
  ['an unknown message', () => bot.api.editMessageText(chat, 9_999_999, 'x'), 400],
])('it reads the error about %s', async (_, call, code) => {
  const error: unknown = await call().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(GrammyError);
  expect((error as GrammyError).error_code).toBe(code);
});

test('it reads how long to wait', async () => {
  telegram.flood.begin(30_000);
  const error = await bot.api.sendMessage(chat, 'too fast').catch((thrown: unknown) => thrown as GrammyError);
  expect(error).toMatchObject({ error_code: 429, parameters: { retry_after: 30 } });
  telegram.flood.advance(30_000);
  await bot.api.sendMessage(chat, 'not too fast');
  await shows('not too fast');
});

test('it reads every recorded update', async () => {
  const file = join(import.meta.dirname, '..', 'fixtures', 'updates.json');
  const { updates } = JSON.parse(readFileSync(file, 'utf8')) as {
    updates: { what: string; update: Parameters<Bot['handleUpdate']>[0] }[];
  };
  const reader = new Bot(TOKEN, { client: { apiRoot: telegram.url } });
  await reader.init();
  const read: string[] = [];
  reader.use((context) => void read.push(`${context.update.update_id} ${context.chat?.type ?? ''}`));
  for (const { update } of updates) await reader.handleUpdate(update);
  expect(read).toHaveLength(updates.length);
});
