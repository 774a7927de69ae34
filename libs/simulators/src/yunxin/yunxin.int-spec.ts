import { createHash } from 'node:crypto';
import { Receiver } from '../platform/testing/receiver.js';
import { requestCheckSum } from './checksum.js';
import { YunxinSimulator } from './yunxin-simulator.js';

type Answer = Record<string, unknown>;

describe('an app on Yunxin', () => {
  let yunxin: YunxinSimulator;
  let server: Receiver;
  let nonce = 0;

  beforeEach(async () => {
    yunxin = await YunxinSimulator.open({ appKey: 'key', appSecret: 'secret', retryMs: 150 });
    server = await Receiver.open();
    await yunxin.connectCopy(server.url);
    server.received.length = 0;
    yunxin.person('lin', '林');
    await ask('user/create', { accid: 'ghost', name: 'Mei' });
  });

  afterEach(async () => {
    await yunxin.close();
    await server.close();
  });

  async function ask(action: string, form: Record<string, string>): Promise<Answer> {
    const CurTime = String(Math.floor(Date.now() / 1000));
    const Nonce = String(nonce++);
    const headers = { AppKey: 'key', Nonce, CurTime, CheckSum: requestCheckSum('secret', Nonce, CurTime) };
    const body = new URLSearchParams(form);
    const response = await fetch(`${yunxin.url}/nimserver/${action}.action`, {
      method: 'POST',
      headers,
      body,
    });
    return (await response.json()) as Answer;
  }

  const send = (type: string, body: unknown, more: Record<string, string> = {}): Promise<Answer> =>
    ask('msg/sendMsg', { from: 'ghost', ope: '0', to: 'lin', type, body: JSON.stringify(body), ...more });
  const copied = (n: number): Answer => JSON.parse(server.received[n]?.body ?? '{}') as Answer;

  it('registers an account once, and tells about it', async () => {
    expect(await ask('user/create', { accid: 'ghost' })).toEqual({ code: 414, desc: 'already register' });
    await ask('user/updateUinfo', { accid: 'ghost', name: '梅', icon: 'https://e.example/i.png' });
    expect(await ask('user/getUinfos', { accids: '["ghost"]' })).toMatchObject({
      code: 200,
      uinfos: [{ accid: 'ghost', name: '梅', icon: 'https://e.example/i.png' }],
    });
  });

  it('hears what a person writes, signed', async () => {
    const { id } = await yunxin.person('lin').act({ do: 'write', to: 'ghost', text: '你好' });
    await yunxin.idle();
    expect(copied(0)).toMatchObject({
      eventType: '1',
      convType: 'PERSON',
      fromAccount: 'lin',
      fromNick: '林',
      to: 'ghost',
      msgType: 'TEXT',
      body: '你好',
      msgidServer: id,
      resendFlag: '0',
    });
    expect(Object.values(copied(0)).every((value) => typeof value === 'string')).toBe(true);
    const { headers = {}, body = '' } = { ...server.received[0] };
    const md5 = createHash('md5').update(body).digest('hex');
    expect(headers['md5']).toBe(md5);
    const sum = createHash('sha1')
      .update(`secret${md5}${String(headers['curtime'])}`)
      .digest('hex');
    expect(headers['checksum']).toBe(sum);
  });

  it('hears pictures and places', async () => {
    const lin = yunxin.person('lin');
    const picture = { url: 'https://e.example/c.png', md5: '0', name: 'cat', w: '10', h: '20' };
    await lin.act({ do: 'send', to: 'ghost', what: 'image', fields: picture });
    await lin.act({ do: 'send', to: 'ghost', what: 'location', fields: { lng: '113.3', lat: '23.1' } });
    await yunxin.idle();
    expect(copied(0)).toMatchObject({ msgType: 'PICTURE', body: '' });
    expect(JSON.parse(String(copied(0)['attach']))).toEqual({ ...picture, w: 10, h: 20 });
    expect(JSON.parse(String(copied(1)['attach']))).toEqual({ lng: 113.3, lat: 23.1 });
  });

  it('speaks in the name of an account, and takes it back', async () => {
    const lin = yunxin.person('lin');
    const { data } = (await send('0', { msg: 'hello' })) as { data: { msgid: number; timetag: number } };
    const target = { deleteMsgid: String(data.msgid), timetag: String(data.timetag), type: '7' };
    expect(await ask('msg/recall', { ...target, from: 'ghost', to: 'lin' })).toEqual({ code: 200 });
    expect(lin.timeline).toMatchObject([
      { kind: 'text', text: 'hello', from: 'ghost', name: 'Mei', id: String(data.msgid) },
      { kind: 'recall', target: String(data.msgid) },
    ]);
  });

  it('cannot take back what is older than two minutes', async () => {
    const { data } = (await send('0', { msg: 'hello' })) as { data: { msgid: number } };
    yunxin.advance(121_000);
    const target = { deleteMsgid: String(data.msgid), timetag: '1', type: '7', from: 'ghost', to: 'lin' };
    expect(await ask('msg/recall', target)).toMatchObject({ code: 508 });
    expect(await ask('msg/recall', { ...target, ignoreTime: '1' })).toMatchObject({ code: 200 });
  });

  it('gets a copy of its own words too, unless it asks not to', async () => {
    await send('0', { msg: 'echo' });
    await send('0', { msg: 'quiet' }, { option: JSON.stringify({ route: false }) });
    await yunxin.idle();
    expect(server.received).toHaveLength(1);
    expect(copied(0)).toMatchObject({ fromClientType: 'REST', body: 'echo' });
  });

  it('cannot send to nobody, nor rubbish', async () => {
    expect(await send('0', { msg: 'x' }, { to: 'nobody' })).toMatchObject({ code: 414 });
    expect(await send('0', {})).toMatchObject({ code: 414 });
    expect(await send('77', { msg: 'x' })).toMatchObject({ code: 414 });
    expect(await send('0', { msg: 'x'.repeat(5001) })).toMatchObject({ code: 405 });
  });

  it('hears a copy up to three times, in order', async () => {
    server.replies.push('silence', { status: 500 });
    const lin = yunxin.person('lin');
    await lin.act({ do: 'write', to: 'ghost', text: 'one' });
    await lin.act({ do: 'write', to: 'ghost', text: 'two' });
    await yunxin.idle();
    expect([0, 1, 2, 3].map((n) => copied(n)['body'])).toEqual(['one', 'one', 'one', 'two']);
  });

  it('hears a message that the client sent twice, with one id', async () => {
    yunxin.faults.duplicate();
    await yunxin.person('lin').act({ do: 'write', to: 'ghost', text: 'one' });
    await yunxin.idle();
    expect(copied(1)).toEqual({ ...copied(0), resendFlag: '1' });
  });

  it('is refused, or left without an answer', async () => {
    yunxin.faults.refuse(416);
    expect(await send('0', { msg: 'x' })).toMatchObject({ code: 416 });
    yunxin.faults.silence('taken');
    await expect(send('0', { msg: 'taken' })).rejects.toThrow();
    expect(yunxin.person('lin').timeline).toMatchObject([{ text: 'taken' }]);
  });

  it('makes friends', async () => {
    await ask('friend/add', { accid: 'ghost', faccid: 'lin', type: '2', msg: 'hi' });
    expect(yunxin.person('lin').timeline).toMatchObject([{ kind: 'request', from: 'ghost', text: 'hi' }]);
    await yunxin.person('lin').act({ do: 'add', who: 'ghost' });
    expect(yunxin.person('lin').contacts()).toEqual([{ native: 'ghost', name: 'Mei', state: '' }]);
  });
});
