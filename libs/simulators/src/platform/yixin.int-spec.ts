import { openIdOf } from './ids.js';
import { PlatformSimulator } from './platform-simulator.js';
import { Caller } from './testing/caller.js';
import { Receiver } from './testing/receiver.js';
import { textOf } from './text-of.js';
import { fromXml, type Fields } from './xml.js';

const lin = openIdOf('lin');

describe('a public account on Yixin', () => {
  let yixin: PlatformSimulator;
  let server: Receiver;
  let account: Caller;

  beforeEach(async () => {
    const options = { appId: 'yx0', secret: 's3cret', token: 'hubtoken', retryMs: 150 };
    yixin = await PlatformSimulator.open('yixin', options);
    server = await Receiver.open();
    account = new Caller(yixin.url);
    await yixin.connectCallback(server.url);
    await account.login('yx0', 's3cret');
  });

  afterEach(async () => {
    await yixin.close();
    await server.close();
  });

  const pushed = (n: number): Fields => fromXml(server.received[n]?.body ?? '');

  it('hears and answers, at any time', async () => {
    const person = yixin.person(lin);
    expect(await account.say(lin, 'first')).toBe(0);
    await person.act({ do: 'write', to: yixin.account, text: '你好' });
    await yixin.idle();
    expect(pushed(0)).toMatchObject({ FromUserName: lin, Content: '你好' });
    expect(person.timeline).toMatchObject([{ kind: 'text', text: 'first' }]);
  });

  it('hears voice and cards in the spelling of Yixin', async () => {
    const person = yixin.person(lin);
    await person.act({ do: 'send', to: yixin.account, what: 'voice', fields: {} });
    await person.act({ do: 'send', to: yixin.account, what: 'card', fields: { card: 'mei' } });
    await yixin.idle();
    expect(pushed(0)).toMatchObject({ MsgType: 'audio', name: 'voice.amr', mimeType: 'audio/amr' });
    expect(pushed(1)).toMatchObject({ MsgType: 'card', card: 'mei' });
    expect((await fetch(textOf(pushed(0)['url']))).status).toBe(200);
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
