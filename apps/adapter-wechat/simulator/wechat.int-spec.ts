import { openWechat } from './index.js';
import { openIdOf } from '../../../libs/simulators/src/platform/ids.js';
import type { PlatformSimulator } from '../../../libs/simulators/src/platform/platform-simulator.js';
import { Caller } from '../../../libs/simulators/src/platform/testing/caller.js';
import { download, png } from '../../../libs/simulators/src/platform/testing/files.js';
import { Receiver } from '../../../libs/simulators/src/platform/testing/receiver.js';
import { textOf } from '../../../libs/simulators/src/platform/text-of.js';
import { fromXml, toXml, type Fields } from '../../../libs/simulators/src/platform/xml.js';

const options = { appId: 'wx0', secret: 's3cret', token: 'hubtoken', answerMs: 2000, retryMs: 150 };
const lin = openIdOf('lin');

describe('an official account on WeChat', () => {
  let wechat: PlatformSimulator;
  let server: Receiver;
  let account: Caller;

  beforeEach(async () => {
    wechat = await openWechat(options);
    server = await Receiver.open();
    account = new Caller(wechat.url);
    await wechat.connectCallback(server.url);
    await account.login('wx0', 's3cret');
  });

  afterEach(async () => {
    await wechat.close();
    await server.close();
  });

  const pushed = (n: number): Fields => fromXml(server.received[n]?.body ?? '');
  const write = (text: string): Promise<{ id: string }> =>
    wechat.person(lin).act({ do: 'write', to: wechat.account, text });

  it('receives the messages of a person', async () => {
    const { id } = await write('你好 <b>&amp;');
    await wechat.idle();
    expect(pushed(0)).toMatchObject({
      ToUserName: wechat.account,
      FromUserName: lin,
      MsgType: 'text',
      Content: '你好 <b>&amp;',
      MsgId: id,
    });
    expect(BigInt(id)).toBeGreaterThan(BigInt(Number.MAX_SAFE_INTEGER));
    expect(server.received[0]?.query).toMatchObject({ own: '1', openid: lin });
  });

  it('answers, and the person sees it', async () => {
    await write('hello');
    expect(await account.say(lin, '你好 😀')).toBe(0);
    expect(wechat.person(lin).timeline).toMatchObject([
      { kind: 'text', from: wechat.account, text: '你好 😀' },
    ]);
  });

  it('may answer in the same breath', async () => {
    const reply = { ToUserName: lin, FromUserName: wechat.account, CreateTime: 1, MsgType: 'text' };
    server.replies.push({ body: toXml({ ...reply, Content: 'at once' }) });
    await write('hello');
    await wechat.idle();
    expect(wechat.person(lin).timeline).toMatchObject([{ kind: 'text', text: 'at once' }]);
  });

  it('receives a message up to three times, each time with a new signature, until it acknowledges it', async () => {
    server.replies.push('silence', { status: 500 });
    const { id } = await write('hello');
    await write('second');
    await wechat.idle();
    expect([0, 1, 2, 3].map((n) => pushed(n)['Content'])).toEqual(['hello', 'hello', 'hello', 'second']);
    expect(new Set([0, 1, 2].map((n) => pushed(n)['MsgId']))).toEqual(new Set([id]));
    expect(new Set(server.received.map(({ query }) => query['nonce'])).size).toBe(4);
    expect(wechat.person(lin).timeline).toEqual([]);
  });

  it('is out of order for the person after the third failure', async () => {
    server.replies.push('silence', { body: 'what?' }, { status: 404 });
    const { id } = await write('hello');
    await wechat.idle();
    expect(wechat.person(lin).timeline).toMatchObject([{ kind: 'failed', target: id }]);
  });

  it('receives events when a person follows and unfollows', async () => {
    const person = wechat.person(lin);
    await person.act({ do: 'remove', who: wechat.account });
    await person.act({ do: 'add', who: wechat.account });
    await wechat.idle();
    expect([pushed(0)['Event'], pushed(1)['Event']]).toEqual(['unsubscribe', 'subscribe']);
    expect(pushed(0)['MsgId']).toBeUndefined();
  });

  it.each([
    ['image', {}, ['PicUrl', 'MediaId']],
    ['voice', { Recognition: '你好' }, ['MediaId', 'Format', 'Recognition']],
    ['video', {}, ['MediaId', 'ThumbMediaId']],
    ['location', { Location_X: '23.1', Location_Y: '113.3' }, ['Location_X', 'Location_Y', 'Scale', 'Label']],
    ['link', { Title: 't', Url: 'https://e.example' }, ['Title', 'Description', 'Url']],
  ] as const)('hears a person send a %s', async (what, fields, names) => {
    await wechat.person(lin).act({ do: 'send', to: wechat.account, what, fields });
    await wechat.idle();
    expect(Object.keys(pushed(0))).toEqual(expect.arrayContaining([...names]));
  });

  it('gets the bytes of a picture, by address and by media_id', async () => {
    const id = wechat.hold('image', Buffer.from('the picture'), 'cat.png');
    const fields = { MediaId: id };
    await wechat.person(lin).act({ do: 'send', to: wechat.account, what: 'image', fields });
    await wechat.idle();
    const media = await account.bytes('/cgi-bin/media/get', { media_id: id });
    expect(media).toMatchObject({ type: 'image/png' });
    expect(media.bytes.toString()).toBe('the picture');
    expect(await (await fetch(textOf(pushed(0)['PicUrl']))).text()).toBe('the picture');
  });

  it('cannot send to strangers, to people who unfollowed, too much, or invalid content', async () => {
    const send = '/cgi-bin/message/custom/send';
    expect(await account.say(openIdOf('nobody'), 'x')).toBe(40003);
    const silent = wechat.person(openIdOf('silent'));
    expect(await account.say(silent.native, 'x')).toBe(45015);
    await silent.act({ do: 'remove', who: wechat.account });
    expect(await account.say(silent.native, 'x')).toBe(43004);
    await write('hello');
    expect(await account.say(lin, '')).toBe(44004);
    expect(await account.say(lin, '好'.repeat(683))).toBe(45002);
    expect(await account.post(send, '{')).toMatchObject({ errcode: 47001 });
    expect(await account.post(send, '')).toMatchObject({ errcode: 44002 });
    expect(await account.post(send, { touser: lin, msgtype: 'file' })).toMatchObject({ errcode: 40008 });
    const image = { touser: lin, msgtype: 'image', image: { media_id: 'gone' } };
    expect(await account.post(send, image)).toMatchObject({ errcode: 40007 });
    expect(await new Caller(wechat.url).say(lin, 'x')).toBe(41001);
    for (let n = 0; n < 5; n++) expect(await account.say(lin, 'x')).toBe(0);
    expect(await account.say(lin, 'x')).toBe(45047);
    wechat.advance(48 * 3_600_000);
    await account.login('wx0', 's3cret');
    expect(await account.say(lin, 'x')).toBe(45015);
  });

  it('uploads a picture and sends it; shows that it types', async () => {
    await write('hello');
    const { media_id } = await account.upload('image', png(), 'cat.png');
    const message = { touser: lin, msgtype: 'image', image: { media_id } };
    expect(await account.post('/cgi-bin/message/custom/send', message)).toMatchObject({ errcode: 0 });
    await account.post('/cgi-bin/message/custom/typing', { touser: lin, command: 'Typing' });
    expect(wechat.person(lin).timeline).toMatchObject([
      { kind: 'media', state: 'image', id: media_id, media: { name: 'cat.png' } },
      { kind: 'typing', state: 'Typing' },
    ]);
    expect(await download(wechat.person(lin).timeline[0]?.media?.url)).toEqual(png());
    expect(await account.post('/cgi-bin/media/upload', 'no form')).toMatchObject({ errcode: 40004 });
  });

  it('learns about its followers', async () => {
    wechat.person(lin, '林');
    const info = await account.get('/cgi-bin/user/info', { openid: lin });
    expect(info).toMatchObject({ subscribe: 1, nickname: '林' });
    expect(await account.get('/cgi-bin/user/info', { openid: 'x' })).toMatchObject({ errcode: 40003 });
  });

  describe('when things go wrong', () => {
    it('a push comes twice with one id', async () => {
      wechat.faults.duplicate();
      await write('hello');
      await wechat.idle();
      expect(server.received).toHaveLength(2);
      expect(pushed(0)).toEqual(pushed(1));
    });

    it('a send is refused, then goes through', async () => {
      await write('hello');
      wechat.faults.refuse(-1, 2);
      expect([await account.say(lin, 'a'), await account.say(lin, 'a'), await account.say(lin, 'a')]).toEqual(
        [-1, -1, 0],
      );
      expect(wechat.person(lin).timeline).toHaveLength(1);
    });

    it('a send gets no answer, whether it was taken or not', async () => {
      await write('hello');
      wechat.faults.silence('lost');
      await expect(account.say(lin, 'lost')).rejects.toThrow();
      wechat.faults.silence('taken');
      await expect(account.say(lin, 'taken')).rejects.toThrow();
      expect(wechat.person(lin).timeline).toMatchObject([{ text: 'taken' }]);
    });

    it('an answer comes late', async () => {
      await write('hello');
      wechat.faults.answerLate(200);
      const began = Date.now();
      expect(await account.say(lin, 'a')).toBe(0);
      expect(Date.now() - began).toBeGreaterThan(190);
    });

    it('tokens die, and a new one helps', async () => {
      await write('hello');
      wechat.faults.expireTokens();
      expect(await account.say(lin, 'a')).toBe(42001);
      await account.login('wx0', 's3cret');
      expect(await account.say(lin, 'a')).toBe(0);
    });

    it('signatures are wrong or of another time', async () => {
      wechat.faults.clockSkew(-3_600_000);
      await write('hello');
      await wechat.idle();
      const stamp = Number(server.received[0]?.query['timestamp']);
      expect(Math.round(Date.now() / 1000 - stamp)).toBeGreaterThanOrEqual(3600);
    });

    it('a callback that fails the check is not taken', async () => {
      const wrong = await Receiver.open(() => 'something else');
      await expect(wechat.connectCallback(wrong.url)).rejects.toThrow('answered the check wrongly');
      await wrong.close();
    });
  });
});
