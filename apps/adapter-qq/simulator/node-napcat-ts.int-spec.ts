/**
 * node-napcat-ts, a client of OneBot 11 that others wrote for NapCat, takes the simulator for a OneBot program: its calls are
 * carried out, and what people do reaches it with the meaning that its types give to it.
 */
import { NCWebsocket, Structs, type AllHandlers } from 'node-napcat-ts';
import { ACCOUNT, numberOf, QqSimulator } from './index.js';

const TOKEN = 'access-token';

let qq: QqSimulator;
let client: NCWebsocket;
const xiaoming = () => qq.person(numberOf('xiaoming'));

function clientWith(accessToken: string): NCWebsocket {
  const baseUrl = qq.url.replace('http', 'ws');
  return new NCWebsocket({ baseUrl, accessToken, reconnection: { enable: false } });
}

beforeAll(async () => {
  qq = await QqSimulator.open({ profile: 'onebot11', token: TOKEN });
  client = clientWith(TOKEN);
});
afterAll(async () => {
  await client.disconnect();
  await qq.close();
});

type Read =
  | 'meta_event.lifecycle.connect'
  | 'message.private.friend'
  | 'notice.friend_recall'
  | 'notice.friend_add'
  | 'request.friend';

/** The next event of this name. */
function next<Name extends Read>(name: Name): Promise<AllHandlers[Name]> {
  const once = client.once.bind(client) as (
    of: Read,
    listener: (event: AllHandlers[Name]) => void,
  ) => unknown;
  return new Promise((resolve) => once(name, resolve));
}

test('it connects, and is told of the connection', async () => {
  const connected = next('meta_event.lifecycle.connect');
  await client.connect();
  expect((await connected).self_id).toBe(Number(ACCOUNT));
});

test('it is refused with a wrong token', async () => {
  const stranger = clientWith('another token');
  const refused = new Promise((resolve) => stranger.on('socket.error', resolve));
  // Resolves when the connection is open, which it never is.
  stranger.connect().catch(() => undefined);
  expect(await refused).toMatchObject({ error_type: 'connect_error' });
  await stranger.disconnect();
});

test('it reads a text, as segments and as CQ codes', async () => {
  const first = next('message.private.friend');
  await xiaoming().act({ do: 'write', to: ACCOUNT, text: '你好 & [再见]' });
  expect(await first).toMatchObject({
    user_id: Number(xiaoming().native),
    message_type: 'private',
    message: [{ type: 'text', data: { text: '你好 & [再见]' } }],
    raw_message: '你好 & [再见]',
    sender: { nickname: xiaoming().name },
  });
});

test('it reads a quote, a picture, and a recall', async () => {
  const first = next('message.private.friend');
  const { id } = await xiaoming().act({ do: 'write', to: ACCOUNT, text: '一' });
  await first;
  const quoting = next('message.private.friend');
  await xiaoming().act({ do: 'write', to: ACCOUNT, text: '二', quote: id });
  expect((await quoting).message).toEqual([
    { type: 'reply', data: { id } },
    { type: 'text', data: { text: '二' } },
  ]);
  const picture = next('message.private.friend');
  await xiaoming().act({ do: 'send', to: ACCOUNT, what: 'image', fields: {} });
  const [image] = (await picture).message;
  expect(image).toMatchObject({ type: 'image', data: { url: expect.stringContaining(qq.url) as string } });
  const recalled = next('notice.friend_recall');
  await xiaoming().act({ do: 'recall', to: ACCOUNT, target: id });
  expect(await recalled).toMatchObject({ message_id: Number(id), user_id: Number(xiaoming().native) });
});

test('it writes a text with a quote, a face and a picture, and takes it back', async () => {
  const { id } = await xiaoming().act({ do: 'write', to: ACCOUNT, text: '问' });
  const picture = `base64://${Buffer.from('a picture').toString('base64')}`;
  const { message_id } = await client.send_private_msg({
    user_id: Number(xiaoming().native),
    message: [Structs.reply(Number(id)), Structs.text('答'), Structs.face(76), Structs.image(picture)],
  });
  expect(xiaoming().timeline.at(-1)).toMatchObject({
    kind: 'media',
    text: '答👍',
    target: id,
    id: String(message_id),
    from: ACCOUNT,
  });
  await client.delete_msg({ message_id });
  expect(xiaoming().timeline.at(-1)).toMatchObject({ kind: 'recall', target: String(message_id) });
});

test('it looks people up, and is told what failed', async () => {
  expect(await client.get_login_info()).toMatchObject({ user_id: Number(ACCOUNT) });
  expect(await client.get_stranger_info({ user_id: Number(xiaoming().native) })).toMatchObject({
    nickname: xiaoming().name,
  });
  expect((await client.get_friend_list()).map(({ user_id }) => String(user_id))).toEqual([xiaoming().native]);
  await expect(
    client.send_private_msg({ user_id: Number(numberOf('nobody')), message: [Structs.text('x')] }),
  ).rejects.toMatchObject({ status: 'failed', retcode: 1200 });
});

test('it accepts a contact', async () => {
  const asked = next('request.friend');
  await xiaoming().act({ do: 'add', who: ACCOUNT });
  const { flag } = await asked;
  const added = next('notice.friend_add');
  await client.set_friend_add_request({ flag, approve: true });
  expect((await added).user_id).toBe(Number(xiaoming().native));
});
