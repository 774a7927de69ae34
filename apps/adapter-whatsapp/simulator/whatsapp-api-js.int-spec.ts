/** whatsapp-api-js takes the simulator for WhatsApp: it calls the simulated API and reads the simulated webhooks. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { WhatsAppAPI } from 'whatsapp-api-js';
import { Document, Image, Reaction, Text } from 'whatsapp-api-js/messages';
import { inBackground } from '#simulators';
import { ACCOUNT_NUMBER, numberOf, PHONE_ID, WhatsAppSimulator } from './index.js';

const OPTIONS = { appSecret: 'app-secret', token: 'access-token', verifyToken: 'verify-token' };

let whatsapp: WhatsAppSimulator;
let server: Server;
let client: WhatsAppAPI;
const messages: {
  from: string | undefined;
  name: string | undefined;
  type: string;
  id: string;
  context?: unknown;
}[] = [];
const statuses: { id: string; status: string; label: string | undefined; error: number | undefined }[] = [];
const refused: string[] = [];
/** HTTP statuses that the bot answers next; then 200. */
const answers: number[] = [];

beforeAll(async () => {
  whatsapp = await WhatsAppSimulator.open({ ...OPTIONS, retryMs: 50 });
  client = new WhatsAppAPI({
    token: OPTIONS.token,
    appSecret: OPTIONS.appSecret,
    webhookVerifyToken: OPTIONS.verifyToken,
    v: 'v23.0',
    // The client has no setting for the address of the API.
    ponyfill: {
      fetch: (url, init) =>
        fetch(
          (url instanceof Request ? url.url : url.toString()).replace(
            'https://graph.facebook.com',
            whatsapp.url,
          ),
          init,
        ),
    },
  });
  client.on.message = ({ from, name, message }) => {
    messages.push({ from, name, type: message.type, id: message.id, context: message.context });
  };
  client.on.status = ({ id, status, biz_opaque_callback_data: label, error }) => {
    statuses.push({ id, status, label, error: error?.code });
  };
  server = createServer((request, response) => {
    inBackground('webhook', async () => {
      const { searchParams } = new URL(request.url ?? '', 'http://bot');
      if (request.method === 'GET') {
        response.end(client.get(Object.fromEntries(searchParams) as never));
        return;
      }
      const body = await text(request);
      const signature = String(request.headers['x-hub-signature-256']);
      try {
        const wanted = answers.shift() ?? 200;
        await client.post(JSON.parse(body) as never, body, signature);
        response.writeHead(wanted).end();
      } catch (thrown) {
        refused.push((thrown as Error).constructor.name);
        response.writeHead(401).end();
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  await whatsapp.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`);
});
afterAll(async () => {
  await whatsapp.close();
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  messages.length = 0;
  statuses.length = 0;
  refused.length = 0;
});

const ann = () => whatsapp.person(numberOf('ann'));
const says = (words: string, quote?: string) =>
  ann().act({ do: 'write', to: ACCOUNT_NUMBER, text: words, ...(quote === undefined ? {} : { quote }) });
const recipient = (word: string) => ({ phone: numberOf(word), bsuid: '' });
const toAnn = recipient('ann');
const idOf = (answer: unknown) => (answer as { messages: { id: string }[] }).messages[0]?.id ?? '';
const codeOf = (answer: unknown) => (answer as { error?: { code: number } }).error?.code;

describe('whatsapp-api-js', () => {
  beforeEach(async () => {
    await says('hello 你好');
    await whatsapp.idle();
  });

  test('reads a text of a person with their name, though it is not ASCII', () => {
    expect(messages).toMatchObject([{ from: ann().native, name: ann().name, type: 'text' }]);
  });

  test('sends a text that quotes, and reads what becomes of it, with its label', async () => {
    const [{ id: quoted } = { id: '' }] = messages;
    const id = idOf(await client.sendMessage(PHONE_ID, toAnn, new Text('an answer'), quoted, 'our label'));
    expect(ann().timeline.at(-1)).toMatchObject({ kind: 'text', text: 'an answer', id, target: quoted });
    await ann().act({ do: 'read', to: ACCOUNT_NUMBER, target: id });
    await whatsapp.idle();
    expect(statuses).toHaveLength(3);
    expect(statuses).toEqual(
      expect.arrayContaining(
        ['sent', 'delivered', 'read'].map((status) => ({ id, status, label: 'our label', error: undefined })),
      ),
    );
  });

  test('reads a failure of a message that reached no device', async () => {
    whatsapp.turnDeviceOff();
    const id = idOf(await client.sendMessage(PHONE_ID, toAnn, new Text('lost')));
    whatsapp.fail(id);
    await whatsapp.idle();
    expect(statuses.map(({ status, error }) => [status, error])).toEqual(
      expect.arrayContaining([
        ['sent', undefined],
        ['failed', 131026],
      ]),
    );
    expect(ann().timeline.some((seen) => seen.text === 'lost')).toBe(false);
  });

  test('reacts, and reads a reaction', async () => {
    const [{ id } = { id: '' }] = messages;
    await client.sendMessage(PHONE_ID, toAnn, new Reaction(id, '👍'));
    expect(ann().timeline.at(-1)).toMatchObject({ kind: 'reaction', target: id, emoji: ['👍'] });
    await ann().act({ do: 'react', to: ACCOUNT_NUMBER, target: id, emoji: ['🎉'] });
    await whatsapp.idle();
    expect(messages.at(-1)?.type).toBe('reaction');
  });

  test('marks as read', async () => {
    const [{ id } = { id: '' }] = messages;
    expect(await client.markAsRead(PHONE_ID, id)).toEqual({ success: true });
    expect(ann().timeline.at(-1)).toMatchObject({ kind: 'read', target: id });
  });

  test('uploads, sends and fetches attachments', async () => {
    const form = new FormData();
    form.append('messaging_product', 'whatsapp');
    form.append('type', 'image/png');
    form.append('file', new Blob(['the bytes'], { type: 'image/png' }), 'a.png');
    const { id } = (await client.uploadMedia(PHONE_ID, form)) as { id: string };
    await client.sendMessage(PHONE_ID, toAnn, new Image(id, true, 'a caption'));
    expect(ann().timeline.at(-1)).toMatchObject({ kind: 'media', state: 'image', text: 'a caption' });
    await client.sendMessage(PHONE_ID, toAnn, new Document(id, true, 'words', 'a.pdf'));
    expect(ann().timeline.at(-1)).toMatchObject({ state: 'file', media: { name: 'a.pdf' } });
    const { url } = (await client.retrieveMedia(id)) as { url: string };
    expect(await (await client.fetchMedia(url)).text()).toBe('the bytes');
  });

  test('is refused outside of the window of 24 hours, and as a stranger', async () => {
    whatsapp.advance(25 * 3600_000);
    expect(codeOf(await client.sendMessage(PHONE_ID, toAnn, new Text('too late')))).toBe(131047);
    expect(codeOf(await client.sendMessage(PHONE_ID, recipient('a stranger'), new Text('who?')))).toBe(
      131026,
    );
  });

  test('gets an unacknowledged webhook again, and refuses one that Meta did not sign', async () => {
    messages.length = 0;
    answers.push(503);
    await says('until it is taken');
    await whatsapp.idle();
    expect(new Set(messages.map(({ id }) => id)).size).toBe(1);
    expect(messages).toHaveLength(2);
    whatsapp.faults.wrongSignature();
    await says('forged, then signed');
    await whatsapp.idle();
    expect(refused).toEqual(['WhatsAppAPIFailedToVerifyError']);
  });
});
