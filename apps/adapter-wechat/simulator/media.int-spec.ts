/** Media between an official account on WeChat and its people: rules, and what goes wrong with them. */
import { openWechat } from './index.js';
import { NotHere } from '#simulators';
import { openIdOf } from '../../../libs/simulators/src/platform/ids.js';
import type { PlatformSimulator } from '../../../libs/simulators/src/platform/platform-simulator.js';
import type { Caller } from '../../../libs/simulators/src/platform/testing/caller.js';
import {
  openAccountStage,
  type AccountStage,
} from '../../../libs/simulators/src/platform/testing/account-stage.js';
import {
  amr,
  download,
  type Folder,
  jpg,
  mp3,
  mp4,
  png,
} from '../../../libs/simulators/src/platform/testing/files.js';
import type { Receiver } from '../../../libs/simulators/src/platform/testing/receiver.js';
import { textOf } from '../../../libs/simulators/src/platform/text-of.js';
import { fromXml, toXml, type Fields } from '../../../libs/simulators/src/platform/xml.js';

const KB = 1024;
const MB = 1024 * KB;
const lin = openIdOf('lin');
const get = '/cgi-bin/media/get';

describe('media on WeChat', () => {
  let wechat: PlatformSimulator;
  let server: Receiver;
  let account: Caller;
  let folder: Folder;

  let stage: AccountStage;

  beforeEach(async () => {
    stage = await openAccountStage(openWechat, 'wx0', 500);
    ({ platform: wechat, server, account, folder } = stage);
  });

  afterEach(() => stage.close());

  type Media = 'image' | 'voice' | 'video' | 'file' | 'location';
  const act = (what: Media, file: string, fields = {}): Promise<{ id: string }> =>
    wechat.person(lin).act({ do: 'send', to: wechat.account, what, fields, file });

  async function sent(what: Media, name: string, bytes: Buffer): Promise<Fields> {
    await act(what, await folder.save(name, bytes));
    await wechat.idle();
    return fromXml(server.received.at(-1)?.body ?? '');
  }

  async function send(msgtype: string, mediaId: unknown): Promise<unknown> {
    const message = { touser: lin, msgtype, [msgtype]: { media_id: mediaId } };
    return (await account.post('/cgi-bin/message/custom/send', message))['errcode'];
  }

  describe('from a person', () => {
    it('a picture comes by address and by media_id', async () => {
      const push = await sent('image', '猫.png', png());
      expect(push).toMatchObject({ MsgType: 'image' });
      expect(await download(textOf(push['PicUrl']))).toEqual(png());
      const media = await account.bytes(get, { media_id: textOf(push['MediaId']) });
      expect(media).toMatchObject({ type: 'image/png', bytes: png() });
      expect(decodeURIComponent(media.disposition)).toBe('attachment; filename="猫.png"');
    });

    it.each([
      ['a.amr', 'amr', 'audio/amr'],
      ['a.SPX', 'speex', 'audio/speex'],
      ['a.speex', 'speex', 'audio/speex'],
      ['a.mp3', 'mp3', 'audio/mpeg'],
    ])('a voice note %s comes as %s', async (name, Format, type) => {
      const bytes = Buffer.from(`the sound of ${name}`);
      const push = await sent('voice', name, bytes);
      expect(push).toMatchObject({ MsgType: 'voice', Format });
      const media = await account.bytes(get, { media_id: textOf(push['MediaId']) });
      expect(media).toMatchObject({ type, bytes });
    });

    it('a video comes with a still picture, and by way of an address', async () => {
      const push = await sent('video', 'v.mp4', mp4(MB));
      const answer = await account.get(get, { media_id: textOf(push['MediaId']) });
      expect(Object.keys(answer)).toEqual(['video_url']);
      expect((await download(textOf(answer['video_url']))).equals(mp4(MB))).toBe(true);
      const thumb = await account.bytes(get, { media_id: textOf(push['ThumbMediaId']) });
      expect(thumb.type).toBe('image/jpeg');
    });

    it('does not come when a client could not have sent it', async () => {
      const picture = await folder.save('a.png', png());
      await expect(act('file', picture)).rejects.toThrow(NotHere);
      await expect(act('location', picture)).rejects.toThrow('a location has no file');
      await expect(act('image', picture, { MediaId: 'x' })).rejects.toThrow('not both');
      await expect(act('voice', picture)).rejects.toThrow('amr, speex or mp3');
      await expect(act('image', await folder.save('b.png', Buffer.alloc(0)))).rejects.toThrow('empty');
      await expect(act('image', `${folder.path}/nothing.png`)).rejects.toThrow('ENOENT');
      await wechat.idle();
      expect(server.received).toEqual([]);
    });
  });

  describe('from the account', () => {
    beforeEach(async () => {
      await wechat.person(lin).act({ do: 'write', to: wechat.account, text: 'hello' });
      await wechat.idle();
    });

    it.each([
      ['image', 'a.png', png(2 * MB), {}],
      ['voice', 'a.amr', amr(3000), { seconds: 60 }],
      ['voice', 'a.mp3', mp3(53), { seconds: 2 }],
      ['video', 'v.mp4', mp4(10 * MB), {}],
    ] as const)('a person gets the very %s %s', async (type, name, bytes, more) => {
      const { media_id } = await account.upload(type, bytes, name);
      expect(await send(type, media_id)).toBe(0);
      const [sight] = wechat.person(lin).timeline;
      expect(sight).toMatchObject({ kind: 'media', state: type, id: media_id });
      expect(sight?.media).toEqual({ url: expect.any(String), name, ...more });
      // Jest's own comparison takes minutes for megabytes.
      expect((await download(sight?.media?.url)).equals(bytes)).toBe(true);
    });

    it('a person gets a message that is sent immediately afterwards', async () => {
      const { media_id } = await account.upload('image', png(), 'a.png');
      const reply = { ToUserName: lin, FromUserName: wechat.account, CreateTime: 1, MsgType: 'image' };
      server.replies.push({ body: toXml({ ...reply, Image: { MediaId: textOf(media_id) } }) });
      await wechat.person(lin).act({ do: 'write', to: wechat.account, text: 'a picture, please' });
      await wechat.idle();
      const [sight] = wechat.person(lin).timeline;
      expect(sight).toMatchObject({ kind: 'media', state: 'image', media: { name: 'a.png' } });
      expect(await download(sight?.media?.url)).toEqual(png());
    });

    it('stays with the person when the platform has lost it, and can be sent no more', async () => {
      const { media_id } = await account.upload('image', png(), 'a.png');
      await send('image', media_id);
      wechat.faults.forgetMedia();
      wechat.faults.failDownload();
      expect(await download(wechat.person(lin).timeline[0]?.media?.url)).toEqual(png());
      expect(await send('image', media_id)).toBe(40007);
    });

    it.each([
      ['no type', 'picture', 'a.png', png(), 40004],
      ['a program', 'image', 'a.exe', png(), 40005],
      ['a picture of another kind', 'image', 'a.jpg', png(), 40005],
      ['a page as a picture', 'image', 'a.png', Buffer.from('<html>'), 40005],
      ['a picture as a voice note', 'voice', 'a.amr', png(), 40005],
      ['AMR-WB', 'voice', 'a.amr', Buffer.from('#!AMR-WB\n'), 40005],
      ['an MP3 as AMR', 'voice', 'a.amr', mp3(10), 40005],
      ['a voice note as a video', 'video', 'a.mp4', amr(10), 40005],
      ['nothing', 'image', 'a.png', Buffer.alloc(0), 44001],
      ['a large picture', 'image', 'a.png', png(10 * MB + 1), 45001],
      ['a large voice note', 'voice', 'a.amr', Buffer.alloc(2 * MB + 1), 45001],
      ['a large video', 'video', 'v.mp4', mp4(10 * MB + 1), 45001],
      ['a large thumb', 'thumb', 'a.jpg', jpg(64 * KB + 1), 45001],
      ['a png as a thumb', 'thumb', 'a.png', png(), 40005],
      ['a long voice note', 'voice', 'a.amr', amr(3001), 45007],
      ['a long MP3', 'voice', 'a.mp3', mp3(2504), 45007],
    ])('is refused as %s', async (_, type, name, bytes, errcode) => {
      expect(await account.upload(type, bytes, name)).toMatchObject({ errcode });
    });

    it('is taken up to the limits', async () => {
      const created = { created_at: expect.any(Number) };
      const image = await account.upload('image', jpg(10 * MB), 'a.JPEG');
      expect(image).toEqual({ type: 'image', media_id: expect.any(String), ...created });
      const thumb = await account.upload('thumb', jpg(64 * KB), 'a.jpg');
      expect(thumb).toEqual({ type: 'thumb', thumb_media_id: expect.any(String), ...created });
      expect(await account.upload('voice', mp3(2503), 'a.mp3')).toMatchObject({ type: 'voice' });
    });
  });

  describe('when things go wrong', () => {
    it('is gone after three days, when it is lost, or if it never was', async () => {
      const push = await sent('image', 'a.png', png());
      const media_id = textOf(push['MediaId']);
      wechat.advance(3 * 86_400_000 + 1);
      await account.login('wx0', 's3cret');
      expect(await account.get(get, { media_id })).toMatchObject({ errcode: 40007 });
      const { media_id: another } = await account.upload('image', png(), 'a.png');
      wechat.faults.forgetMedia();
      expect(await account.get(get, { media_id: textOf(another) })).toMatchObject({ errcode: 40007 });
      expect(await account.get(get, { media_id: 'never' })).toMatchObject({ errcode: 40007 });
      await expect(download(textOf(push['PicUrl']))).rejects.toThrow('HTTP 404');
    });

    it('downloads fail, then break off, then go through, by media_id', async () => {
      const { MediaId } = await sent('image', 'a.png', png(3 * MB));
      const query = { media_id: textOf(MediaId) };
      wechat.faults.failDownload(2);
      wechat.faults.breakDownload();
      expect((await account.bytes(get, query)).status).toBe(500);
      expect((await account.bytes(get, query)).status).toBe(500);
      await expect(account.bytes(get, query)).rejects.toThrow();
      expect((await account.bytes(get, query)).bytes.equals(png(3 * MB))).toBe(true);
    });

    it('the same by address; half of the bytes have come then', async () => {
      const { PicUrl } = await sent('image', 'a.png', png(3 * MB));
      wechat.faults.failDownload();
      wechat.faults.breakDownload();
      await expect(download(textOf(PicUrl))).rejects.toThrow('HTTP 500');
      const response = await fetch(textOf(PicUrl));
      expect(response.headers.get('content-length')).toBe(String(3 * MB));
      let came = 0;
      const read = async (): Promise<void> => {
        for await (const part of response.body ?? []) came += part.length;
      };
      await expect(read()).rejects.toThrow();
      expect(came).toBe(1.5 * MB);
      expect((await download(textOf(PicUrl))).equals(png(3 * MB))).toBe(true);
    });
  });
});
