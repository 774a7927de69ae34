/**
 * LINE's own @line/bot-sdk takes the simulator for LINE: its client calls the simulated Messaging API, its middleware reads the
 * simulated webhooks. What the adapter reads of them has the meaning that the types of the SDK give to it.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { HTTPFetchError, messagingApi, middleware, validateSignature, webhook } from '@line/bot-sdk';
import { inBackground } from '#simulators';
import { ACCOUNT_ID, LineSimulator, userIdOf } from './index.js';

const SECRET = 'channel-secret';
const TOKEN = 'channel-token';

let line: LineSimulator;
let server: Server;
let client: messagingApi.MessagingApiClient;
let blob: messagingApi.MessagingApiBlobClient;
/** Webhooks as the middleware of the SDK gives them to a bot. */
const received: webhook.CallbackRequest[] = [];
const refused: string[] = [];
/** HTTP statuses that the bot server answers next; then 200. */
const answers: number[] = [];

beforeAll(async () => {
  line = await LineSimulator.open({
    channelSecret: SECRET,
    channelToken: TOKEN,
    monthlyLimit: 20,
    retryMs: 50,
  });
  const takes = middleware({ channelSecret: SECRET });
  server = createServer((request, response) => {
    const next = (error?: unknown): void => {
      if (error) {
        refused.push((error as Error).name);
        response.writeHead(401).end();
        return;
      }
      received.push((request as never as { body: webhook.CallbackRequest }).body);
      response.writeHead(answers.shift() ?? 200).end();
    };
    inBackground('middleware', () => takes(request as never, response, next));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  await line.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`);
  client = new messagingApi.MessagingApiClient({ channelAccessToken: TOKEN, baseURL: line.url });
  blob = new messagingApi.MessagingApiBlobClient({ channelAccessToken: TOKEN, baseURL: line.url });
});
afterAll(async () => {
  await line.close();
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  received.length = 0;
  refused.length = 0;
});

const ann = () => line.person(userIdOf('ann'));
const says = (text: string): messagingApi.TextMessage => ({ type: 'text', text });
const events = () => received.flatMap((one) => one.events);
/** The first event of this type, as the SDK types it. */
function eventOf<Type extends webhook.Event['type']>(type: Type): Extract<webhook.Event, { type: Type }> {
  const found = events().find((event) => event.type === type);
  if (!found) throw new Error(`no ${type} came, only ${JSON.stringify(events())}`);
  return found as Extract<webhook.Event, { type: Type }>;
}

async function failure(
  call: Promise<unknown>,
): Promise<{ status: number; message: string; headers: Headers }> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof HTTPFetchError)) throw new Error(`not refused: ${String(error)}`);
  const { status, body, headers } = error;
  return { status, message: (JSON.parse(body) as { message: string }).message, headers };
}

test('the documented vector of a signature', () => {
  const body = '{"destination":"U0","events":[]}';
  expect(validateSignature(body, SECRET, 'W3dP9Bhbu4pAfrrGKmS3sZ+m7GXhMWYtP0X+0oJHG4w=')).toBe(true);
});

describe('its client', () => {
  test('pushes, and the same retry key is taken once', async () => {
    const { native } = ann();
    const key = randomUUID();
    const request = { to: native, messages: [says('hello'), says('again')] };
    const first = await client.pushMessage(request, key);
    expect(first.sentMessages.map(({ id }) => id)).toEqual(
      ann()
        .timeline.slice(-2)
        .map(({ id }) => id),
    );
    const again = await failure(client.pushMessage(request, key));
    expect(again.status).toBe(409);
    expect(again.headers.get('x-line-accepted-request-id')).toBeTruthy();
    expect(ann().timeline.filter(({ text }) => text === 'hello')).toHaveLength(1);
    line.advance(25 * 3600_000);
    await client.pushMessage(request, key);
    expect(ann().timeline.filter(({ text }) => text === 'hello')).toHaveLength(2);
  });

  test('shows a name of its own, and quotes', async () => {
    const id = (await ann().act({ do: 'write', to: ACCOUNT_ID, text: 'a question' })).id;
    await line.idle();
    const { message } = eventOf('message');
    const { quoteToken } = message as webhook.TextMessageContent;
    await client.pushMessage({
      to: ann().native,
      messages: [{ ...says('an answer'), quoteToken, sender: { name: 'Alice (xmpp)' } }],
    });
    expect(ann().timeline.at(-1)).toMatchObject({ text: 'an answer', name: 'Alice (xmpp)', target: id });
  });

  test('replies once, and not after a minute', async () => {
    for (const word of ['one', 'two']) await ann().act({ do: 'write', to: ACCOUNT_ID, text: word });
    await line.idle();
    const [one = '', two = ''] = events().map((event) => ('replyToken' in event ? event.replyToken : ''));
    await client.replyMessage({ replyToken: one, messages: [says('for one')] });
    expect(ann().timeline.at(-1)?.text).toBe('for one');
    expect(await failure(client.replyMessage({ replyToken: one, messages: [says('twice')] }))).toMatchObject({
      status: 400,
      message: 'Invalid reply token',
    });
    line.advance(61_000);
    expect((await failure(client.replyMessage({ replyToken: two, messages: [says('late')] }))).status).toBe(
      400,
    );
  });

  test('looks people up', async () => {
    await ann().act({ do: 'look', name: 'Ann', picture: 'https://example.org/ann.jpg' });
    expect(await client.getProfile(ann().native)).toMatchObject({
      userId: ann().native,
      displayName: 'Ann',
      pictureUrl: 'https://example.org/ann.jpg',
    });
    expect((await failure(client.getProfile(userIdOf('a stranger')))).status).toBe(404);
    expect((await client.getBotInfo()).userId).toBe(ACCOUNT_ID);
  });

  test('gets the content of an attachment', async () => {
    const { id } = await ann().act({ do: 'send', to: ACCOUNT_ID, what: 'image', fields: {} });
    expect(await text(await blob.getMessageContent(id))).toBe('a small file');
    expect((await failure(blob.getMessageContent('1'))).status).toBe(404);
  });

  test('shows that an answer is being written', async () => {
    await client.showLoadingAnimation({ chatId: ann().native, loadingSeconds: 5 });
    expect(ann().timeline.at(-1)?.kind).toBe('typing');
    expect(
      (await failure(client.showLoadingAnimation({ chatId: ann().native, loadingSeconds: 7 }))).status,
    ).toBe(400);
  });

  test('is refused when it sends content that LINE does not accept', async () => {
    const to = ann().native;
    const refusals = await Promise.all([
      failure(client.pushMessage({ to: 'everybody', messages: [says('x')] })),
      failure(client.pushMessage({ to: userIdOf('a stranger'), messages: [says('x')] })),
      failure(client.pushMessage({ to, messages: Array.from({ length: 6 }, () => says('x')) })),
      failure(client.pushMessage({ to, messages: [says('x'.repeat(5001))] })),
      failure(client.pushMessage({ to, messages: [{ ...says('x'), sender: { name: 'LINE' } }] })),
    ]);
    expect(refusals.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400]);
    const stranger = new messagingApi.MessagingApiClient({ channelAccessToken: 'x', baseURL: line.url });
    expect((await failure(stranger.getBotInfo())).status).toBe(401);
  });

  test('reads the quota, and is held to it', async () => {
    expect(await client.getMessageQuota()).toEqual({ type: 'limited', value: 20 });
    const { totalUsage } = await client.getMessageQuotaConsumption();
    expect(totalUsage).toBe(line.consumption);
    for (let left = 20 - totalUsage; left > 0; left--)
      await client.pushMessage({ to: ann().native, messages: [says('x')] });
    expect(
      await failure(client.pushMessage({ to: ann().native, messages: [says('one more')] })),
    ).toMatchObject({
      status: 429,
      message: 'You have reached your monthly limit.',
    });
  });
});

describe('its middleware', () => {
  test('reads a text that quotes', async () => {
    await ann().act({ do: 'write', to: ACCOUNT_ID, text: 'あおい', quote: '325708' });
    await line.idle();
    expect(received[0]?.destination).toBe(ACCOUNT_ID);
    expect(eventOf('message')).toMatchObject({
      mode: 'active',
      source: { type: 'user', userId: ann().native },
      deliveryContext: { isRedelivery: false },
      message: { type: 'text', text: 'あおい', quotedMessageId: '325708' },
    });
  });

  test('reads a follow, an unfollow and an unsend', async () => {
    const { id } = await ann().act({ do: 'write', to: ACCOUNT_ID, text: 'oops' });
    await ann().act({ do: 'recall', to: ACCOUNT_ID, target: id });
    await ann().act({ do: 'remove', who: ACCOUNT_ID });
    await ann().act({ do: 'add', who: ACCOUNT_ID });
    await line.idle();
    expect(eventOf('unsend').unsend.messageId).toBe(id);
    expect(eventOf('unfollow').source).toEqual({ type: 'user', userId: ann().native });
    expect(eventOf('follow').follow.isUnblocked).toBe(true);
  });

  test('gets an unacknowledged event again, under the same id', async () => {
    answers.push(503, 503);
    await ann().act({ do: 'write', to: ACCOUNT_ID, text: 'until it is taken' });
    await line.idle();
    expect(events().map(({ deliveryContext }) => deliveryContext.isRedelivery)).toEqual([false, true, true]);
    expect(new Set(events().map(({ webhookEventId }) => webhookEventId)).size).toBe(1);
  });

  test('refuses a webhook that LINE did not sign', async () => {
    line.faults.wrongSignature();
    await ann().act({ do: 'write', to: ACCOUNT_ID, text: 'forged, then signed' });
    await line.idle();
    expect(refused).toEqual(['SignatureValidationFailed']);
    expect(events()).toHaveLength(1);
  });
});
