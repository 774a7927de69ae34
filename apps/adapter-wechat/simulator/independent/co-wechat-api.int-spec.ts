/** The client library co-wechat-api takes our simulator for WeChat. */
import { openWechat } from '../index.js';
import WechatApi from 'co-wechat-api';
import { openIdOf } from '../../../../libs/simulators/src/platform/ids.js';
import type { PlatformSimulator } from '../../../../libs/simulators/src/platform/platform-simulator.js';
import { amr, download, mp4, png } from '../../../../libs/simulators/src/platform/testing/files.js';
import { Receiver } from '../../../../libs/simulators/src/platform/testing/receiver.js';

const lin = openIdOf('lin');

describe('co-wechat-api', () => {
  let wechat: PlatformSimulator;
  let server: Receiver;
  let api: WechatApi;

  beforeEach(async () => {
    const options = { appId: 'wx0', secret: 's3cret', token: 'hubtoken', retryMs: 500 };
    wechat = await openWechat(options);
    server = await Receiver.open();
    await wechat.connectCallback(server.url);
    await wechat.person(lin, '林').act({ do: 'write', to: wechat.account, text: 'hello' });
    await wechat.idle();
    api = new WechatApi('wx0', 's3cret');
    api.prefix = `${wechat.url}/cgi-bin/`;
  });

  afterEach(async () => {
    await wechat.close();
    await server.close();
  });

  it('gets a token', async () => {
    const { accessToken, expireTime } = await api.getAccessToken();
    expect(accessToken.length).toBeGreaterThan(100);
    expect(expireTime).toBeGreaterThan(Date.now() + 7_000_000);
  });

  it('sends a text', async () => {
    await api.sendText(lin, '你好');
    expect(wechat.person(lin).timeline).toMatchObject([{ kind: 'text', text: '你好' }]);
  });

  it('uploads a picture, sends it, and gets the bytes back', async () => {
    const bytes = png();
    const { media_id } = await api.uploadMedia(bytes, 'image', 'cat.png', 'image/png');
    await api.sendImage(lin, media_id);
    expect(wechat.person(lin).timeline).toMatchObject([{ kind: 'media', state: 'image', id: media_id }]);
    expect(await download(wechat.person(lin).timeline[0]?.media?.url)).toEqual(bytes);
    expect(Buffer.compare(await api.getMedia(media_id), bytes)).toBe(0);
  });

  it('downloads an attachment that a person sent, and gets an error when it has expired', async () => {
    const id = wechat.hold('image', png(1_000_000), 'cat.png');
    expect(Buffer.compare(await api.getMedia(id), png(1_000_000))).toBe(0);
    wechat.faults.failDownload();
    await expect(api.getMedia(id)).rejects.toThrow('status code: 500');
    wechat.faults.breakDownload();
    await expect(api.getMedia(id)).rejects.toThrow();
    wechat.faults.forgetMedia();
    await expect(api.getMedia(id)).rejects.toMatchObject({ code: 40007 });
  });

  it('uploads a voice note and a video, and gets the URL of the video', async () => {
    const voice = await api.uploadMedia(amr(100), 'voice', 'a.amr', 'audio/amr');
    expect(Buffer.compare(await api.getMedia(voice.media_id), amr(100))).toBe(0);
    const video = await api.uploadMedia(mp4(), 'video', 'v.mp4', 'video/mp4');
    const { video_url } = await api.getMedia(video.media_id);
    expect(await download(video_url)).toEqual(mp4());
  });

  it.each([
    ['image', 'a.png', mp4(), 40005],
    ['voice', 'a.amr', amr(3001), 45007],
    ['picture', 'a.png', png(), 40004],
  ])('cannot upload as %s what is none', async (type, name, bytes, code) => {
    await expect(api.uploadMedia(bytes, type, name, 'image/png')).rejects.toMatchObject({ code });
  });

  it('looks a follower up', async () => {
    expect(await api.getUser(lin)).toMatchObject({ subscribe: 1, nickname: '林' });
  });

  it('gets a new token by itself when the old one is too old', async () => {
    await api.sendText(lin, 'first');
    wechat.faults.expireTokens();
    await api.sendText(lin, 'second');
    expect(wechat.person(lin).timeline.map(({ text }) => text)).toEqual(['first', 'second']);
  });

  it('understands our errors', async () => {
    await expect(api.sendText(openIdOf('nobody'), 'x')).rejects.toMatchObject({ code: 40003 });
  });
});
