import { openWecom } from './index.js';
import { decrypt, encrypt, getSignature } from '@wecom/crypto';
import { NotHere } from '#simulators';
import type { PlatformSimulator } from '../../../libs/simulators/src/platform/platform-simulator.js';
import { Caller } from '../../../libs/simulators/src/platform/testing/caller.js';
import { amr, download, Folder, mp3, mp4, png } from '../../../libs/simulators/src/platform/testing/files.js';
import { Receiver } from '../../../libs/simulators/src/platform/testing/receiver.js';
import { textOf } from '../../../libs/simulators/src/platform/text-of.js';
import { fromXml, toXml, type Fields } from '../../../libs/simulators/src/platform/xml.js';

const key = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';
const options = {
  appId: 'ww0',
  secret: 's3cret',
  token: 'QDG6eK',
  encodingAesKey: key,
  agentId: '1000002',
  retryMs: 150,
};
const send = '/cgi-bin/message/send';
const MB = 1024 * 1024;

describe('an app on WeCom', () => {
  let wecom: PlatformSimulator;
  let server: Receiver;
  let app: Caller;

  beforeEach(async () => {
    wecom = await openWecom(options);
    server = await Receiver.open(({ echostr }) => decrypt(key, echostr ?? '').message);
    app = new Caller(wecom.url);
    await wecom.connectCallback(server.url);
    await app.loginToCorp('ww0', 's3cret');
  });

  afterEach(async () => {
    await wecom.close();
    await server.close();
  });

  const inner = (n: number): Fields =>
    fromXml(decrypt(key, textOf(fromXml(server.received[n]?.body ?? '')['Encrypt'])).message);
  const text = (touser: string, content: string, more = {}): Record<string, unknown> => ({
    touser,
    msgtype: 'text',
    agentid: 1000002,
    text: { content },
    ...more,
  });

  it('receives the messages of a member, encrypted for this app', async () => {
    const { id } = await wecom.person('LinWei').act({ do: 'write', to: wecom.account, text: '你好' });
    await wecom.idle();
    const [push] = server.received;
    const outer = fromXml(push?.body ?? '');
    expect(Object.keys(outer)).toEqual(['ToUserName', 'AgentID', 'Encrypt']);
    const { timestamp = '', nonce = '', msg_signature } = push?.query ?? {};
    expect(getSignature('QDG6eK', timestamp, nonce, textOf(outer['Encrypt']))).toBe(msg_signature);
    expect(inner(0)).toMatchObject({
      ToUserName: 'ww0',
      FromUserName: 'LinWei',
      Content: '你好',
      MsgId: id,
      AgentID: '1000002',
    });
  });

  it('answers at once, encrypted', async () => {
    server.replies.push(({ query }) => {
      const { timestamp = '', nonce = '' } = query;
      const head = { ToUserName: 'LinWei', FromUserName: 'ww0', CreateTime: 1, MsgType: 'text' };
      const Encrypt = encrypt(key, toXml({ ...head, Content: 'at once' }), 'ww0');
      const MsgSignature = getSignature('QDG6eK', timestamp, nonce, Encrypt);
      return { body: toXml({ Encrypt, MsgSignature, TimeStamp: timestamp, Nonce: nonce }) };
    });
    await wecom.person('LinWei').act({ do: 'write', to: wecom.account, text: 'hello' });
    await wecom.idle();
    expect(wecom.person('LinWei').timeline).toMatchObject([{ text: 'at once', from: '1000002' }]);
  });

  it('sends to several members, and gets the ids of those whom it did not reach', async () => {
    wecom.person('LinWei');
    wecom.person('mei');
    const answer = await app.post(send, text('linwei|mei|Nobody', 'hello'));
    expect(answer).toMatchObject({ errcode: 0, invaliduser: 'nobody' });
    expect(wecom.person('LinWei').timeline).toMatchObject([{ text: 'hello', id: answer['msgid'] }]);
    expect(wecom.person('mei').timeline).toHaveLength(1);
    expect(await app.post(send, text('nobody', 'x'))).toMatchObject({ errcode: 81013 });
    expect(await app.post(send, text('', 'x'))).toMatchObject({ errcode: 82001 });
    expect(await app.post(send, text('mei', 'x', { agentid: 7 }))).toMatchObject({ errcode: 40056 });
  });

  it.each([
    ['image', 'a.png', png()],
    ['voice', 'a.amr', amr(3000)],
    ['video', 'v.mp4', mp4(10 * MB)],
    ['file', '报告.pdf', Buffer.alloc(20 * MB, '%PDF')],
    ['file', 'five.txt', Buffer.from('12345')],
  ])('sends a %s %s, and the member gets the very bytes', async (msgtype, name, bytes) => {
    const mei = wecom.person('mei');
    const uploaded = await app.upload(msgtype, bytes, name);
    expect(uploaded).toMatchObject({ errcode: 0, type: msgtype, created_at: expect.any(String) });
    const { media_id } = uploaded;
    const message = { touser: 'mei', msgtype, agentid: 1000002, [msgtype]: { media_id } };
    expect(await app.post(send, message)).toMatchObject({ errcode: 0 });
    expect(mei.timeline).toMatchObject([{ kind: 'media', state: msgtype, media: { name } }]);
    expect((await download(mei.timeline[0]?.media?.url)).equals(bytes)).toBe(true);
  });

  it('uploads only types that WeCom accepts', async () => {
    expect(await app.upload('file', Buffer.from('1234'), 'a.txt')).toMatchObject({ errcode: 40006 });
    expect(await app.upload('file', Buffer.alloc(20 * MB + 1), 'a')).toMatchObject({ errcode: 45001 });
    expect(await app.upload('voice', mp3(50), 'a.mp3')).toMatchObject({ errcode: 40005 });
    expect(await app.upload('voice', amr(3001), 'a.amr')).toMatchObject({ errcode: 45007 });
    expect(await app.upload('image', mp4(), 'a.png')).toMatchObject({ errcode: 40005 });
    expect(await app.upload('thumb', png(), 'a.png')).toMatchObject({ errcode: 40004 });
    const tooMuch = { method: 'POST', body: Buffer.alloc(25 * MB + 1) };
    expect((await fetch(`${wecom.url}/cgi-bin/media/upload`, tooMuch)).status).toBe(413);
  });

  it('receives attachments of a member, and gets the bytes also for a video', async () => {
    const folder = await Folder.make();
    const member = wecom.person('LinWei');
    const files = { image: ['猫.png', png()], voice: ['a.amr', amr(50)], video: ['v.mp4', mp4(MB)] } as const;
    for (const [what, [name, bytes]] of Object.entries(files)) {
      const file = await folder.save(name, bytes);
      const act = { do: 'send', to: wecom.account, fields: {}, file } as const;
      await member.act({ ...act, what: what as keyof typeof files });
      await expect(member.act({ ...act, what: 'file' })).rejects.toThrow(NotHere);
    }
    await wecom.idle();
    expect([0, 1, 2].map((n) => inner(n)['MsgType'])).toEqual(['image', 'voice', 'video']);
    expect(inner(1)).toMatchObject({ Format: 'amr' });
    expect(await download(textOf(inner(0)['PicUrl']))).toEqual(png());
    for (const [n, [, bytes]] of Object.values(files).entries()) {
      const media = await app.bytes('/cgi-bin/media/get', { media_id: textOf(inner(n)['MediaId']) });
      expect(media.bytes.equals(bytes)).toBe(true);
    }
    await folder.remove();
  });

  it('takes a message back within a day', async () => {
    const mei = wecom.person('mei');
    const { msgid } = await app.post(send, text('mei', 'oops'));
    expect(await app.post('/cgi-bin/message/recall', { msgid })).toMatchObject({ errcode: 0 });
    expect(mei.timeline).toMatchObject([{ kind: 'text' }, { kind: 'recall', target: msgid }]);
  });

  it('says the same thing once when it asks for that', async () => {
    const mei = wecom.person('mei');
    const first = await app.post(send, text('mei', 'once', { enable_duplicate_check: 1 }));
    const again = await app.post(send, text('mei', 'once', { enable_duplicate_check: 1 }));
    expect(again).toEqual(first);
    expect(mei.timeline).toHaveLength(1);
    wecom.advance(1_800_001);
    await app.post(send, text('mei', 'once', { enable_duplicate_check: 1 }));
    expect(mei.timeline).toHaveLength(2);
  });

  it('loses the end of a long text, between characters', async () => {
    const mei = wecom.person('mei');
    await app.post(send, text('mei', '好'.repeat(700)));
    expect(mei.timeline[0]?.text).toBe('好'.repeat(682));
  });

  it('keeps its token until it expires, and is identified by its secret', async () => {
    const ask = { corpid: 'ww0', corpsecret: 's3cret' };
    const one = await app.get('/cgi-bin/gettoken', ask);
    expect(await app.get('/cgi-bin/gettoken', ask)).toMatchObject({ access_token: one['access_token'] });
    expect(await app.get('/cgi-bin/gettoken', { ...ask, corpsecret: 'x' })).toMatchObject({
      errcode: 40001,
    });
  });

  it('must answer the check within a second', async () => {
    const mute = await Receiver.open(() => 'not decrypted');
    await expect(wecom.connectCallback(mute.url)).rejects.toThrow('answered the check wrongly');
    await mute.close();
  });
});
