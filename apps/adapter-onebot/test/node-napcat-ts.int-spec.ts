/**
 * node-napcat-ts, a client of OneBot 11 that others wrote for NapCat, takes the adapter for NapCat: it is told what people of
 * other networks write, and its answers become their messages.
 */
import { NCWebsocket, Structs, type AllHandlers } from 'node-napcat-ts';
import { until } from '../../../test/support/until.js';
import { ALICE, onHttp } from './on-http.js';

const BOT = { selfId: 10_001, token: 'token-of-the-first-bot', name: '小智' };

let hub: Awaited<ReturnType<typeof onHttp>>;
let client: NCWebsocket;

beforeAll(async () => {
  hub = await onHttp(BOT);
  client = clientWith(BOT.token);
});
afterAll(async () => {
  await client.disconnect();
  await hub.close();
});

function clientWith(accessToken: string): NCWebsocket {
  return new NCWebsocket({ baseUrl: hub.url, accessToken, reconnection: { enable: false } });
}

type Read =
  'meta_event.lifecycle.connect' | 'message.private.friend' | 'notice.friend_recall' | 'meta_event.heartbeat';

/** The next event of this name. */
function next<Name extends Read>(name: Name): Promise<AllHandlers[Name]> {
  const once = client.once.bind(client) as (
    of: Read,
    listener: (event: AllHandlers[Name]) => void,
  ) => unknown;
  return new Promise((resolve) => once(name, resolve));
}

test('it is refused with a wrong token', async () => {
  const stranger = clientWith('another token of any length');
  const refused = new Promise((resolve) => stranger.on('socket.error', resolve));
  // Resolves when the connection is open, which it never is.
  stranger.connect().catch(() => undefined);
  expect(await refused).toMatchObject({ error_type: 'connect_error' });
  await stranger.disconnect();
});

test('it connects, and is told who it is', async () => {
  const connected = next('meta_event.lifecycle.connect');
  await client.connect();
  expect((await connected).self_id).toBe(BOT.selfId);
  expect(await client.get_login_info()).toMatchObject({ user_id: BOT.selfId, nickname: BOT.name });
  expect(await client.get_version_info()).toMatchObject({ app_name: 'hutong', protocol_version: 'v11' });
  expect(await client.get_status()).toMatchObject({ online: true, good: true });
});

test('it reads what alice writes, and its quick answer is hers to read', async () => {
  client.on('message.private', (event) => {
    const [said] = event.message;
    if (said?.type === 'text' && said.data.text === '/ping')
      event.quick_action([Structs.text('pong')]).catch(() => undefined);
  });
  const heard = next('message.private.friend');
  await hub.alice('/ping');
  const event = await heard;
  expect(event).toMatchObject({
    message_type: 'private',
    message: [{ type: 'text', data: { text: '/ping' } }],
    raw_message: '/ping',
    sender: { nickname: 'Alice', card: 'Alice · far' },
  });
  expect(Number.isSafeInteger(event.user_id)).toBe(true);
  await until('pong', () => hub.double.submitted.length === 1);
  expect(hub.double.submitted[0]).toMatchObject({
    from: { address: 'im:10001@bots', displayName: '小智' },
    to: ALICE,
    content: { body: { content: 'pong' } },
  });
});

test('it writes to her number, finds her among its friends, and looks up what she said', async () => {
  const heard = next('message.private.friend');
  await hub.alice('once more');
  const { user_id, message_id } = await heard;
  const sent = await client.send_private_msg({
    user_id,
    message: [Structs.reply(message_id), Structs.text('hello '), Structs.face(76)],
  });
  expect(sent.message_id).toBeGreaterThan(message_id);
  expect(hub.double.submitted.at(-1)).toMatchObject({
    to: ALICE,
    content: { body: { content: 'hello 👍' } },
  });
  expect(await client.get_friend_list()).toContainEqual(
    expect.objectContaining({ user_id, nickname: 'Alice' }),
  );
  expect(await client.get_stranger_info({ user_id })).toMatchObject({ user_id, nickname: 'Alice' });
  expect(await client.get_msg({ message_id })).toMatchObject({ raw_message: 'once more', message_id });
});

test('it is told that she took a message back', async () => {
  const native = await hub.alice('a mistake');
  const recalled = next('notice.friend_recall');
  const event = { data: { from: { address: ALICE }, to: 'im:10001@bots' } };
  await hub.adapter.deliverRecall(event as never, { piece: { id: native } } as never);
  expect(await recalled).toMatchObject({ message_id: Number(native.split('.')[1]) });
});

test('it reads why an action failed, and which one the hub does not have', async () => {
  await expect(
    client.send_private_msg({ user_id: 1_000_000_000_000_001, message: [Structs.text('x')] }),
  ).rejects.toMatchObject({ status: 'failed', retcode: 103 });
  await expect(client.set_group_ban({ group_id: 1, user_id: 2, duration: 3 })).rejects.toMatchObject({
    retcode: 1404,
  });
});

test('a bot that went away is not connected: what is for it waits', async () => {
  await client.disconnect();
  await until('the end of the connection', () => !hub.adapter.connectivity.connected);
  await expect(hub.alice('anybody?')).rejects.toMatchObject({ code: '91' });
});
