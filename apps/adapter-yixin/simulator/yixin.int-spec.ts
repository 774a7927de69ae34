import { openYixin } from './index.js';
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
import { fromXml, type Fields } from '../../../libs/simulators/src/platform/xml.js';

const lin = openIdOf('lin');

describe('a public account on Yixin', () => {
  let yixin: PlatformSimulator;
  let server: Receiver;
  let account: Caller;

  let folder: Folder;
  let stage: AccountStage;

  beforeEach(async () => {
    stage = await openAccountStage(openYixin, 'yx0', 150);
    ({ platform: yixin, server, account, folder } = stage);
  });

  afterEach(() => stage.close());

  const pushed = (n: number): Fields => fromXml(server.received[n]?.body ?? '');

  it('receives and sends messages, at any time', async () => {
    const person = yixin.person(lin);
    expect(await account.say(lin, 'first')).toBe(0);
    await person.act({ do: 'write', to: yixin.account, text: '你好' });
    await yixin.idle();
    expect(pushed(0)).toMatchObject({ FromUserName: lin, Content: '你好' });
    expect(person.timeline).toMatchObject([{ kind: 'text', text: 'first' }]);
  });

  it('receives voice notes and cards with the field names of Yixin', async () => {
    const person = yixin.person(lin);
    await person.act({ do: 'send', to: yixin.account, what: 'voice', fields: {} });
    await person.act({ do: 'send', to: yixin.account, what: 'card', fields: { card: 'mei' } });
    await yixin.idle();
    expect(pushed(0)).toMatchObject({ MsgType: 'audio', name: 'voice.amr', mimeType: 'audio/amr' });
    expect(pushed(1)).toMatchObject({ MsgType: 'card', card: 'mei' });
    expect((await fetch(textOf(pushed(0)['url']))).status).toBe(200);
  });

  describe('media', () => {
    it.each([
      ['image', '猫.jpg', jpg(), { MsgType: 'image' }],
      ['voice', 'note.amr', amr(50), { MsgType: 'audio', name: 'note.amr', mimeType: 'audio/amr' }],
      ['voice', 'note.mp3', mp3(50), { MsgType: 'audio', name: 'note.mp3', mimeType: 'audio/mpeg' }],
      ['video', '海.mp4', mp4(), { MsgType: 'video', name: '海.mp4', mimeType: 'video/mp4' }],
    ] as const)('of a person: %s %s comes by address', async (what, name, bytes, fields) => {
      const file = await folder.save(name, bytes);
      await yixin.person(lin).act({ do: 'send', to: yixin.account, what, fields: {}, file });
      await yixin.idle();
      expect(pushed(0)).toMatchObject(fields);
      const address = textOf(pushed(0)['url']) || textOf(pushed(0)['PicUrl']);
      expect(await download(address)).toEqual(bytes);
      yixin.faults.failDownload();
      await expect(download(address)).rejects.toThrow('HTTP 500');
    });

    it('of a person is never a file', async () => {
      const file = await folder.save('a.pdf', Buffer.from('%PDF'));
      const act = { do: 'send', to: yixin.account, what: 'file', fields: {}, file } as const;
      await expect(yixin.person(lin).act(act)).rejects.toThrow(NotHere);
    });

    it.each([
      ['image', 'a.jpg', jpg()],
      ['voice', 'a.mp3', mp3(50)],
      ['video', 'v.mp4', mp4()],
    ])('of the account: the person gets the very %s', async (msgtype, name, bytes) => {
      yixin.person(lin);
      const { media_id } = await account.upload(msgtype, bytes, name);
      const message = { touser: lin, msgtype, [msgtype]: { media_id } };
      expect(await account.post('/cgi-bin/message/custom/send', message)).toMatchObject({ errcode: 0 });
      const [sight] = yixin.person(lin).timeline;
      expect(sight).toMatchObject({ kind: 'media', state: msgtype, media: { name } });
      expect(await download(sight?.media?.url)).toEqual(bytes);
    });

    it('of the account is refused unless its content has the declared type', async () => {
      expect(await account.upload('image', png(), 'a.png')).toMatchObject({ errcode: 40005 });
      expect(await account.upload('image', png(), 'a.jpg')).toMatchObject({ errcode: 40005 });
      expect(await account.upload('voice', amr(3001), 'a.amr')).toMatchObject({ errcode: 45007 });
      expect(await account.upload('file', amr(1), 'a.amr')).toMatchObject({ errcode: 40004 });
    });
  });

  it('sends links, which WeChat cannot', async () => {
    yixin.person(lin);
    const link = { title: 't', description: 'd', url: 'https://e.example' };
    await account.post('/cgi-bin/message/custom/send', { touser: lin, msgtype: 'link', link });
    expect(yixin.person(lin).timeline).toMatchObject([{ kind: 'link', text: 't\nd\nhttps://e.example' }]);
  });

  it('knows neither typing nor stable tokens', async () => {
    const response = await fetch(`${yixin.url}/cgi-bin/stable_token`, { method: 'POST' });
    expect(response.status).toBe(404);
  });
});
