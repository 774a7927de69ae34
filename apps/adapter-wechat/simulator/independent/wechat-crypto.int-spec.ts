/** The library wechat-crypto opens what our simulator pushes in safe mode. */
import { openWechat } from '../index.js';
import WXBizMsgCrypt from 'wechat-crypto';
import { openIdOf } from '../../../../libs/simulators/src/platform/ids.js';
import type { PlatformSimulator } from '../../../../libs/simulators/src/platform/platform-simulator.js';
import { Receiver } from '../../../../libs/simulators/src/platform/testing/receiver.js';
import { textOf } from '../../../../libs/simulators/src/platform/text-of.js';
import { fromXml, toXml } from '../../../../libs/simulators/src/platform/xml.js';

const key = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';
const lin = openIdOf('lin');

describe('wechat-crypto', () => {
  const crypt = new WXBizMsgCrypt('hubtoken', key, 'wx0');
  let wechat: PlatformSimulator;
  let server: Receiver;

  beforeEach(async () => {
    wechat = await openWechat({
      appId: 'wx0',
      secret: 's3cret',
      token: 'hubtoken',
      encodingAesKey: key,
      mode: 'safe',
      retryMs: 500,
    });
    server = await Receiver.open();
    await wechat.connectCallback(server.url);
  });

  afterEach(async () => {
    await wechat.close();
    await server.close();
  });

  it('opens a push and finds it signed', async () => {
    const { id } = await wechat.person(lin).act({ do: 'write', to: wechat.account, text: '你好' });
    await wechat.idle();
    const { query, body } = { query: {}, body: '', ...server.received[0] } as {
      query: Record<string, string>;
      body: string;
    };
    const encrypted = textOf(fromXml(body)['Encrypt']);
    const { timestamp = '', nonce = '' } = query;
    expect(crypt.getSignature(timestamp, nonce, encrypted)).toBe(query['msg_signature']);
    const opened = crypt.decrypt(encrypted);
    expect(opened.id).toBe('wx0');
    expect(fromXml(opened.message)).toMatchObject({ FromUserName: lin, Content: '你好', MsgId: id });
  });

  it('seals an answer that our simulator understands', async () => {
    server.replies.push(({ query }) => {
      const { timestamp = '', nonce = '' } = query;
      const head = { ToUserName: lin, FromUserName: wechat.account, CreateTime: 1, MsgType: 'text' };
      const Encrypt = crypt.encrypt(toXml({ ...head, Content: 'sealed' }));
      const MsgSignature = crypt.getSignature(timestamp, nonce, Encrypt);
      return { body: toXml({ Encrypt, MsgSignature, TimeStamp: timestamp, Nonce: nonce }) };
    });
    await wechat.person(lin).act({ do: 'write', to: wechat.account, text: 'hello' });
    await wechat.idle();
    expect(wechat.person(lin).timeline).toMatchObject([{ kind: 'text', text: 'sealed' }]);
  });
});
