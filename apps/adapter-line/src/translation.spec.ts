/** What LINE says of a message and what the hub makes of it, and the other way. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { webhook } from '@line/bot-sdk';
import { placeOf, plainText, type Address } from '#protocol';
import { textMessages } from './from-canonical.js';
import { lineError } from './line.errors.js';
import { readWebhook } from './to-canonical.js';

interface Recorded {
  what: string;
  event: Record<string, unknown>;
}
const { webhooks } = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'fixtures', 'webhooks.json'), 'utf8'),
) as { webhooks: Recorded[] };
const read = (what: string) =>
  readWebhook({ events: [webhooks.find((one) => one.what === what)?.event] })?.[0];

const about = { act: 'message', from: 'U0123456789abcdef0123456789abcdef' };

test.each([
  [
    'text',
    { typed: 'Good Morning!', conversation: 'q3Plxr4AgKd', replyToken: '38ef843bde154d9b91c21320ffd17a0f' },
  ],
  ['text that quotes a message', { typed: 'Chicken, please.', quotes: '468789532432007169' }],
  [
    'image',
    {
      media: {
        source: { messageId: '354718705033693859' },
        disposition: 'attachment',
        contentType: 'image/*',
      },
    },
  ],
  ['image at another address', { media: { source: { url: 'https://example.com/original.jpg' } } }],
  ['audio', { media: { contentType: 'audio/*', meta: { voice: true } } }],
  ['file', { media: { contentType: 'application/octet-stream', filename: 'file.txt' } }],
  [
    'sticker',
    { part: plainText('(sent something that cannot be shown here: sticker) cony, sally, Staring, hi') },
  ],
])('%s', (what, expected) => {
  expect(read(what)).toMatchObject({ ...about, ...expected });
});

test('a location has its title', () => {
  const act = read('location');
  const part = act?.act === 'message' ? act.part : undefined;
  expect(part?.kind === 'single' && placeOf(part)).toEqual({
    latitude: 35.67966,
    longitude: 139.73669,
    label: 'my location',
  });
});

test('events as the types of the SDK describe them are read', () => {
  const source: webhook.UserSource = { type: 'user', userId: about.from };
  const common = { mode: 'active' as const, timestamp: 1, deliveryContext: { isRedelivery: false }, source };
  const text: webhook.TextMessageContent = { type: 'text', id: '1', text: 'hi', quoteToken: 'q' };
  const audio: webhook.AudioMessageContent = {
    type: 'audio',
    id: '2',
    duration: 10,
    contentProvider: { type: 'line' },
  };
  const events: webhook.Event[] = [
    { ...common, type: 'message', webhookEventId: 'A', replyToken: 'r', message: text },
    { ...common, type: 'message', webhookEventId: 'B', message: audio },
    { ...common, type: 'unsend', webhookEventId: 'C', unsend: { messageId: '1' } },
    { ...common, type: 'follow', webhookEventId: 'D', replyToken: 'r', follow: { isUnblocked: false } },
    { ...common, type: 'unfollow', webhookEventId: 'E' },
  ];
  const request: webhook.CallbackRequest = { destination: 'U0', events };
  expect(readWebhook(request)).toMatchObject([
    { act: 'message', id: '1', typed: 'hi', replyToken: 'r', conversation: 'q', sentAt: new Date(1) },
    { act: 'message', id: '2', media: { source: { messageId: '2' } } },
    { act: 'recall', id: 'C', target: '1' },
    { act: 'asked', id: 'D', replyToken: 'r' },
    { act: 'lost', id: 'E', kind: 'event' },
  ]);
});

test('a time in the future counts as now', () => {
  const [first] = webhooks;
  const [act] = readWebhook({ events: [{ ...first?.event, timestamp: 9e15 }] }, 1_700_000_000_000) ?? [];
  expect(act).toMatchObject({ sentAt: new Date(1_700_000_000_000) });
});

describe('texts for LINE', () => {
  const speaker = { address: 'im:alice@xmpp' as Address, displayName: 'Alice' };

  test('contain the name of the sender, and quote the message that they answer', () => {
    expect(textMessages('[1 Alice · xmpp] hi', speaker, 'token')).toEqual([
      { type: 'text', text: '[1 Alice · xmpp] hi', sender: { name: 'Alice (xmpp)' }, quoteToken: 'token' },
    ]);
  });

  test('bear no name that LINE refuses', () => {
    expect(textMessages('hi', { ...speaker, displayName: 'Celine' })).toEqual([{ type: 'text', text: 'hi' }]);
  });

  test('longer than a message come in several, of which the first quotes', () => {
    const messages = textMessages(`${'a'.repeat(4999)} b`, undefined, 'token') as { text: string }[];
    expect(messages.map(({ text }) => text).join('')).toBe(`${'a'.repeat(4999)} b`);
    expect(messages).toMatchObject([{ quoteToken: 'token' }, { type: 'text' }]);
    expect(messages[1]).not.toHaveProperty('quoteToken');
  });
});

test.each([
  [400, 'Failed to send messages', '14'],
  [400, "The property, 'to', in the request body is invalid (line: -, column: -)", '14'],
  [400, 'The request body has 1 error(s)', '100'],
  [401, 'Authentication failed', '91'],
  [403, 'Access to this API is not available for your account', '36'],
  [404, 'Not found', '14'],
  [429, 'You have reached your monthly limit.', '102'],
  [429, 'The API rate limit has been exceeded. Try again later.', '65'],
  [500, 'Internal error', '103'],
  [503, 'Service unavailable', '65'],
  [418, '', '100'],
])('%s "%s" is %s', (status, message, code) => {
  expect(lineError(status, { message })).toMatchObject({ code });
});
