import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Receiver } from '../../../libs/simulators/src/platform/testing/receiver.js';
import { requestCheckSum } from './checksum.js';
import { YunxinSimulator } from './yunxin-simulator.js';

type Answer = Record<string, unknown>;

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const MB = 1024 * 1024;
const md5Of = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex');

describe('an app on Yunxin', () => {
  let yunxin: YunxinSimulator;
  let server: Receiver;
  let nonce = 0;

  beforeEach(async () => {
    yunxin = await YunxinSimulator.open({ appKey: 'key', appSecret: 'secret', answerMs: 2000, retryMs: 150 });
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

  const ask = (action: string, form: Record<string, string>): Promise<Answer> =>
    post(action, new URLSearchParams(form));

  async function post(action: string, body: URLSearchParams | FormData, secret = 'secret'): Promise<Answer> {
    const CurTime = String(Math.floor(Date.now() / 1000));
    const Nonce = String(nonce++);
    const headers = { AppKey: 'key', Nonce, CurTime, CheckSum: requestCheckSum(secret, Nonce, CurTime) };
    const response = await fetch(`${yunxin.url}/nimserver/${action}.action`, {
      method: 'POST',
      headers,
      body,
    });
    // Ids have more digits than a number holds.
    return JSON.parse((await response.text()).replace(/:(\d{16,})/g, ':"$1"')) as Answer;
  }

  const send = (type: string, body: unknown, more: Record<string, string> = {}): Promise<Answer> =>
    ask('msg/sendMsg', { from: 'ghost', ope: '0', to: 'lin', type, body: JSON.stringify(body), ...more });
  const copied = (n: number): Answer => JSON.parse(server.received[n]?.body ?? '{}') as Answer;

  it('registers an account once, and returns its card', async () => {
    expect(await ask('user/create', { accid: 'ghost' })).toEqual({ code: 414, desc: 'already register' });
    await ask('user/updateUinfo', { accid: 'ghost', name: '梅', icon: 'https://e.example/i.png' });
    expect(await ask('user/getUinfos', { accids: '["ghost"]' })).toMatchObject({
      code: 200,
      uinfos: [{ accid: 'ghost', name: '梅', icon: 'https://e.example/i.png' }],
    });
  });

  it('receives signed copies of the messages of a person', async () => {
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

  it('receives pictures and locations', async () => {
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
    const { data } = (await send('0', { msg: 'hello' })) as { data: { msgid: string; timetag: number } };
    const target = { deleteMsgid: String(data.msgid), timetag: String(data.timetag), type: '7' };
    expect(await ask('msg/recall', { ...target, from: 'ghost', to: 'lin' })).toEqual({ code: 200 });
    expect(lin.timeline).toMatchObject([
      { kind: 'text', text: 'hello', from: 'ghost', name: 'Mei', id: String(data.msgid) },
      { kind: 'recall', target: String(data.msgid) },
    ]);
  });

  it('cannot recall a message that is older than two minutes', async () => {
    const { data } = (await send('0', { msg: 'hello' })) as { data: { msgid: string } };
    yunxin.advance(121_000);
    const target = { deleteMsgid: String(data.msgid), timetag: '1', type: '7', from: 'ghost', to: 'lin' };
    expect(await ask('msg/recall', target)).toMatchObject({ code: 508 });
    expect(await ask('msg/recall', { ...target, ignoreTime: '1' })).toMatchObject({ code: 200 });
  });

  it('gets copies of its own messages too, unless it switches them off', async () => {
    await send('0', { msg: 'echo' });
    await send('0', { msg: 'quiet' }, { option: JSON.stringify({ route: false }) });
    await yunxin.idle();
    expect(server.received).toHaveLength(1);
    expect(copied(0)).toMatchObject({ fromClientType: 'REST', body: 'echo' });
  });

  it('cannot send to an unknown account, nor invalid content', async () => {
    expect(await send('0', { msg: 'x' }, { to: 'nobody' })).toMatchObject({ code: 414 });
    expect(await send('0', {})).toMatchObject({ code: 414 });
    expect(await send('77', { msg: 'x' })).toMatchObject({ code: 414 });
    expect(await send('0', { msg: 'x'.repeat(5001) })).toMatchObject({ code: 405 });
  });

  it('receives a copy up to three times, in order', async () => {
    server.replies.push('silence', { status: 500 });
    const lin = yunxin.person('lin');
    await lin.act({ do: 'write', to: 'ghost', text: 'one' });
    await lin.act({ do: 'write', to: 'ghost', text: 'two' });
    await yunxin.idle();
    expect([0, 1, 2, 3].map((n) => copied(n)['body'])).toEqual(['one', 'one', 'one', 'two']);
  });

  it('receives a message that the client sent twice with one id', async () => {
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

  it('is asked for the history of two accounts, with the extension of each message', async () => {
    const sent = await send('0', { msg: 'one' }, { ext: 'mark' });
    await yunxin.person('lin').act({ do: 'write', to: 'ghost', text: 'two' });
    const now = Date.now();
    const asked = { from: 'ghost', to: 'lin', begintime: String(now - 60_000), limit: '100' };
    const { msgs } = await ask('history/querySessionMsg', { ...asked, endtime: String(now + 60_000) });
    expect(msgs).toMatchObject([
      { from: 'lin', type: 0, body: { msg: 'two' } },
      { from: 'ghost', ext: 'mark', msgid: (sent['data'] as { msgid: string }).msgid },
    ]);
    expect(await ask('history/querySessionMsg', { ...asked, endtime: '1' })).toEqual({
      code: 414,
      desc: 'bad time',
    });
  });

  it('makes friends', async () => {
    await ask('friend/add', { accid: 'ghost', faccid: 'lin', type: '2', msg: 'hi' });
    expect(yunxin.person('lin').timeline).toMatchObject([{ kind: 'request', from: 'ghost', text: 'hi' }]);
    await yunxin.person('lin').act({ do: 'add', who: 'ghost' });
    expect(yunxin.person('lin').contacts()).toEqual([{ native: 'ghost', name: 'Mei', state: '' }]);
  });

  describe('with files', () => {
    let folder: string;

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'yunxin-'));
    });

    afterEach(() => rm(folder, { recursive: true }));

    async function fileNamed(name: string, bytes: Buffer): Promise<string> {
      await writeFile(join(folder, name), bytes);
      return join(folder, name);
    }

    function formWith(bytes: Buffer, name: string): FormData {
      const form = new FormData();
      form.append('content', new Blob([new Uint8Array(bytes)]), name);
      return form;
    }

    const uploaded = (bytes: Buffer, more: Record<string, string> = {}): Promise<Answer> =>
      ask('msg/upload', { content: bytes.toString('base64'), ...more });

    async function download(url: unknown): Promise<{ status: number; type: string; bytes: Buffer }> {
      const response = await fetch(String(url));
      const { status, headers } = response;
      const bytes = Buffer.from(await response.arrayBuffer());
      return { status, type: headers.get('content-type') ?? '', bytes };
    }

    it('stores an upload of the app byte for byte', async () => {
      const [small, most] = [randomBytes(1000), randomBytes(15 * MB)];
      const plain = await uploaded(small);
      expect(plain).toEqual({ code: 200, url: expect.stringContaining(yunxin.url) as string });
      expect(await download(plain['url'])).toEqual({
        status: 200,
        type: 'application/octet-stream',
        bytes: small,
      });
      const typed = await uploaded(PNG, { type: 'image/png', ishttps: 'true', tag: 'im' });
      expect(await download(typed['url'])).toMatchObject({ type: 'image/png' });
      const { url } = await post('msg/fileUpload', formWith(most, '照片.jpg'));
      const { type, bytes } = await download(url);
      expect([type, bytes.equals(most)]).toEqual(['image/jpeg', true]);
      expect((await download((await uploaded(most))['url'])).bytes.equals(most)).toBe(true);
    });

    it('does not store an upload that is empty, too large, not base64, or not signed', async () => {
      const large = Buffer.alloc(15 * MB + 1);
      expect(await uploaded(large)).toMatchObject({ code: 405 });
      expect(await post('msg/fileUpload', formWith(large, 'a'))).toMatchObject({ code: 405 });
      expect(await ask('msg/upload', {})).toMatchObject({ code: 414 });
      expect(await ask('msg/upload', { content: 'a b=' })).toMatchObject({ code: 414 });
      expect(await ask('msg/fileUpload', { content: 'YQ==' })).toMatchObject({ code: 414 });
      expect(await post('msg/fileUpload', new FormData())).toMatchObject({ code: 414 });
      expect(await post('msg/fileUpload', formWith(PNG, 'a'), 'wrong')).toMatchObject({ code: 414 });
      expect(await uploaded(PNG, { expireSec: '86399' })).toMatchObject({ code: 414 });
    });

    it('keeps a file as long as the app wanted', async () => {
      const { url } = await uploaded(PNG, { expireSec: '86400' });
      yunxin.advance(86_399_000);
      expect(await download(url)).toMatchObject({ status: 200 });
      yunxin.advance(1000);
      expect(await download(url)).toMatchObject({ status: 404 });
    });

    it('receives a file that a person sends, and can download it', async () => {
      const [lin, film] = [yunxin.person('lin'), randomBytes(20 * MB)];
      const send = { do: 'send', to: 'ghost' } as const;
      await lin.act({ ...send, what: 'image', fields: {}, file: await fileNamed('猫.png', PNG) });
      const clip = await fileNamed('clip.mp4', film);
      await lin.act({ ...send, what: 'video', fields: { dur: '2500', w: '640', h: '480' }, file: clip });
      await lin.act({ ...send, what: 'file', fields: { name: 'b.pdf' }, file: await fileNamed('a', PNG) });
      await lin.act({ ...send, what: 'voice', fields: {} });
      await yunxin.idle();
      const attach = (n: number): Answer => JSON.parse(String(copied(n)['attach'])) as Answer;
      expect([0, 1, 2, 3].map((n) => copied(n)['msgType'])).toEqual(['PICTURE', 'VIDEO', 'FILE', 'AUDIO']);
      const picture = { name: '猫.png', md5: md5Of(PNG), ext: 'png', size: PNG.length, w: 1, h: 1 };
      expect(attach(0)).toEqual({ ...picture, url: expect.any(String) as string });
      expect(attach(1)).toMatchObject({ ext: 'mp4', size: 20 * MB, dur: 2500, w: 640, h: 480 });
      expect(attach(2)).toMatchObject({ name: 'b.pdf', ext: 'pdf', md5: md5Of(PNG) });
      expect(attach(3)).toMatchObject({ ext: 'amr', dur: 1000 });
      expect(await download(attach(0)['url'])).toEqual({ status: 200, type: 'image/png', bytes: PNG });
      expect((await download(attach(1)['url'])).bytes.equals(film)).toBe(true);
      const nowhere = lin.act({ ...send, what: 'file', fields: {}, file: join(folder, 'nothing') });
      await expect(nowhere).rejects.toThrow('ENOENT');
    });

    it('shows a person the attachments that the app sends, also with a wrong MD5', async () => {
      const { url } = await uploaded(PNG);
      const attach = { url, md5: '0', name: 'a.png', size: 1, ext: 'png' };
      await send('1', attach);
      await send('2', { url, md5: '0', dur: 4551 });
      await send('3', { ...attach, dur: 2000 });
      await send('6', attach);
      expect(yunxin.person('lin').timeline).toMatchObject([
        { kind: 'media', state: 'PICTURE', media: { url, name: 'a.png' } },
        { kind: 'media', state: 'AUDIO', media: { url, seconds: 4.551 } },
        { kind: 'media', state: 'VIDEO', media: { url, name: 'a.png', seconds: 2 } },
        { kind: 'media', state: 'FILE', media: { url, name: 'a.png' } },
      ]);
    });

    it('cannot fetch a file for a while, or whole, or ever again', async () => {
      const { url } = await uploaded(randomBytes(MB));
      yunxin.faults.failDownload(2);
      yunxin.faults.breakDownload();
      expect(await download(url)).toMatchObject({ status: 500 });
      expect(await download(url)).toMatchObject({ status: 500 });
      await expect(download(url)).rejects.toThrow('terminated');
      expect(await download(url)).toMatchObject({ status: 200 });
      yunxin.faults.forgetMedia();
      expect(await download(url)).toMatchObject({ status: 404 });
    });
  });
});
