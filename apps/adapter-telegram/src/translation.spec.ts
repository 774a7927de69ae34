/** What the hub says, as methods of the Bot API take it, and what its errors mean. */
import type { MessageRef } from '#adapter-kit';
import { markdownText, plainText, type LeafPart, type MessageEvent } from '#protocol';
import { answering, messageIn, reactionOf, saidBy } from './from-canonical.js';
import { isAway, telegramError } from './telegram.errors.js';
import { readUpdate } from './to-canonical.js';

const eventOf = (body: LeafPart) => ({ data: { content: { body } } }) as unknown as MessageEvent;
const lead = '[1 Alice · xmpp] ';

test('plain words have no entities, whatever marks they contain', () => {
  const text = `${lead}*not bold* https://example.org/`;
  expect(saidBy(eventOf(plainText('*not bold* https://example.org/')), text)).toEqual({ text, entities: [] });
});

test('formatted words keep their formatting behind the name of who speaks', () => {
  expect(saidBy(eventOf(markdownText('👍 **yes**')), `${lead}👍 yes`)).toEqual({
    text: `${lead}👍 yes`,
    entities: [{ type: 'bold', offset: lead.length + 3, length: 3 }],
  });
});

test('words of the account itself are plain', () => {
  expect(saidBy(undefined, 'You now write to …')).toEqual({ text: 'You now write to …', entities: [] });
});

test('an answer names the first message of what it answers, which may be gone', () => {
  const target = { native: ['5-17', '5-18'] } as MessageRef;
  expect(answering(target)).toEqual({
    reply_parameters: { message_id: 17, allow_sending_without_reply: true },
  });
  expect(answering(undefined)).toEqual({});
  expect(messageIn('5-17')).toBe(17);
});

test('a bot has one reaction, and its emoji have no U+FE0F', () => {
  expect(reactionOf(['👍', '❤️'])).toEqual([{ type: 'emoji', emoji: '❤' }]);
  expect(reactionOf([])).toEqual([]);
});

test('a time in the future counts as now', () => {
  const message = { message_id: 1, chat: { id: 12345, type: 'private' }, date: 9e12, text: 'hi' };
  expect(readUpdate({ update_id: 1, message }, 1_700_000_000_000)).toMatchObject([
    { sentAt: new Date(1_700_000_000_000) },
  ]);
});

const said = (content: object) => ({
  update_id: 1,
  message: { message_id: 1, chat: { id: 12345, type: 'private' }, date: 1, ...content },
});

test('whoever follows a link to the bot has started it, whatever the link gives along', () => {
  for (const text of ['/start', '/start from-a-poster', '/start@hutong_bot'])
    expect(readUpdate(said({ text }))).toMatchObject([{ act: 'asked' }]);
  expect(readUpdate(said({ text: '/starting' }))).toMatchObject([{ act: 'message' }]);
});

test('what has no form of its own is named by its kind, not by what stands beside it', () => {
  const beside = { forward_origin: {}, reply_to_message: { message_id: 3 }, effect_id: '5' };
  const [act] = readUpdate(said({ ...beside, dice: { emoji: '🎲', value: 6 } })) ?? [];
  expect(act).toMatchObject({ part: { content: expect.stringContaining('dice') as string } });
});

test('a sticker that moves is a video', () => {
  const sticker = { file_id: 'f', is_video: true };
  expect(readUpdate(said({ sticker }))).toMatchObject([{ media: { contentType: 'video/webm' } }]);
});

test.each([
  [400, 'Bad Request: chat not found', '14'],
  [400, 'Bad Request: message to edit not found', '25'],
  [400, "Bad Request: message can't be deleted for everyone", '25'],
  [400, 'Bad Request: message is too long', '61'],
  [400, 'Bad Request: PHOTO_INVALID_DIMENSIONS', '106'],
  [400, 'Bad Request: something else', '100'],
  [401, 'Unauthorized', '91'],
  [403, 'Forbidden: bot was blocked by the user', '14'],
  [404, 'Not Found', '91'],
  [404, 'Not Found: method not found', '12'],
  [409, 'Conflict: terminated by other getUpdates request', '91'],
  [413, 'Request Entity Too Large', '105'],
  [500, 'Internal Server Error', '103'],
  [502, 'Bad Gateway', '103'],
])('%s "%s" is %s', (status, description, code) => {
  expect(telegramError(status, { description })).toMatchObject({ code });
});

test('429 says how long to wait', () => {
  const answer = { description: 'Too Many Requests: retry after 7', parameters: { retry_after: 7 } };
  expect(telegramError(429, answer)).toMatchObject({ code: '65', retryAfterMs: 7000 });
});

test.each([
  [200, false],
  [401, true],
  [404, true],
  [429, false],
  [502, true],
])('after %s everything waits: %s', (status, away) => {
  expect(isAway(status)).toBe(away);
});
