import { decrypt, encrypt, getSignature } from '@wecom/crypto';
import { Envelope, plainSignature, type Keys } from './envelope.js';
import { textOf } from './text-of.js';
import { fromXml, toXml } from './xml.js';

const wecom = {
  token: 'QDG6eK',
  key: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
  corpId: 'wx5823bf96d3bd56c7',
  timestamp: '1409659813',
  nonce: '1372623149',
  encrypted:
    'RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==',
};

const keys: Keys = {
  token: 'hubtoken',
  mode: 'safe',
  encodingAesKey: 'kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR',
  receiveId: 'wx49f0ab532d5d035a',
};
const secondMessage =
  'RgqEoJj5A4EMYlLvWO1F86ioRjZfaex/gePD0gOXTxpsq5Yj4GNglrBb8I2BAJVODGajiFnXBu7mCPatfjsu6IHCrsTyeDXzF6Bv283dGymzxh6ydJRvZsryDyZbLTE7rhnus50qGPMfp2wASFlzEgMW9z1ef/RD8XzaFYgm7iTdaXpXaG4+BiYyolBug/gYNx410cvkKR2/nPwBiT+P4hIiOAQqGp/TywZBtDh1yCF2KOd0gpiMZ5jSw3e29mTvmUHzkVQiMS6td7vXUaWOMZnYZlF3So2SjHnwh4jYFxdgpkHHqIrH/54SNdshoQgWYEvccTKe7FS709/5t6NMxuGhcUGAPOQipvWTT4dShyqio7mlsl5noTrb++x6En749zCpQVhDpbV6GDnTbcX2e8K9QaNWHp91eBdCRxthuL0=';
const fields = {
  ToUserName: 'gh_0',
  FromUserName: 'oLin',
  CreateTime: 1_700_000_000,
  MsgType: 'text',
  Content: '你好 <]]>',
};
const at = 1_700_000_000_000;

describe('signatures of the WeChat family', () => {
  it('a plain push is signed over token, time and nonce', () => {
    expect(plainSignature('hubtoken', '1700000000', 'nonce123')).toBe(
      '1cf24ca5af4949182302b7a7188359bdc13f5c6a',
    );
  });

  it('an encrypted push is signed over the ciphertext too, as in the documents of WeCom', () => {
    expect(getSignature(wecom.token, wecom.timestamp, wecom.nonce, wecom.encrypted)).toBe(
      '477715d11cdb4164915debcba66cb864d751f3e6',
    );
  });

  it('the example of the documents says hello', () => {
    const { message, id } = decrypt(wecom.key, wecom.encrypted);
    expect(id).toBe(wecom.corpId);
    expect(fromXml(message)).toMatchObject({
      Content: 'hello',
      MsgId: '4561255354251345929',
      AgentID: '218',
    });
  });

  it('the second published message belongs to the second published key', () => {
    const { message, id } = decrypt(keys.encodingAesKey, secondMessage);
    expect(id).toBe(keys.receiveId);
    expect(fromXml(message)).toMatchObject({ Content: 'test', MsgId: '4363689963896700987' });
  });

  it('what goes in with the second published key comes out again, with its owner', () => {
    const sealed = encrypt(keys.encodingAesKey, '<xml/>', keys.receiveId);
    expect(decrypt(keys.encodingAesKey, sealed)).toMatchObject({ message: '<xml/>', id: keys.receiveId });
  });
});

describe('envelopes', () => {
  it('plain mode: the fields lie open', () => {
    const { query, body } = new Envelope({ ...keys, mode: 'plain' }).seal(fields, at, false);
    expect(Object.keys(query)).toEqual(['signature', 'timestamp', 'nonce']);
    expect(query['signature']).toBe(plainSignature('hubtoken', '1700000000', String(query['nonce'])));
    expect(fromXml(body)).toEqual({ ...fields, CreateTime: '1700000000' });
  });

  it('safe mode: only the receiver and the ciphertext', () => {
    const { query, body } = new Envelope(keys).seal(fields, at, false);
    expect(query).toMatchObject({ encrypt_type: 'aes', timestamp: '1700000000' });
    const outer = fromXml(body);
    expect(Object.keys(outer)).toEqual(['ToUserName', 'Encrypt']);
    const { message, id } = decrypt(keys.encodingAesKey, textOf(outer['Encrypt']));
    expect(id).toBe(keys.receiveId);
    expect(fromXml(message)).toMatchObject({ Content: '你好 <]]>' });
  });

  it('compatible mode: both', () => {
    const { body } = new Envelope({ ...keys, mode: 'compatible' }).seal(fields, at, false);
    expect(Object.keys(fromXml(body))).toEqual([...Object.keys(fields), 'Encrypt']);
  });

  it('a wrong signature is wrong in each place', () => {
    const { query, body } = new Envelope(keys).seal(fields, at, true);
    const { timestamp, nonce } = query as { timestamp: string; nonce: string };
    const ciphertext = textOf(fromXml(body)['Encrypt']);
    expect(query['signature']).not.toBe(plainSignature('hubtoken', timestamp, nonce));
    expect(query['msg_signature']).not.toBe(getSignature('hubtoken', timestamp, nonce, ciphertext));
  });

  it('in safe mode a reply must be encrypted, signed, and of the right account', () => {
    const envelope = new Envelope(keys);
    const reply = (id: string, token = 'hubtoken'): string => {
      const Encrypt = encrypt(keys.encodingAesKey, toXml({ MsgType: 'text', Content: 'yes' }), id);
      const MsgSignature = getSignature(token, '1', '2', Encrypt);
      return toXml({ Encrypt, MsgSignature, TimeStamp: '1', Nonce: '2' });
    };
    expect(envelope.open(reply(keys.receiveId))).toEqual({ MsgType: 'text', Content: 'yes' });
    expect(() => envelope.open(reply('wx0'))).toThrow('somebody else');
    expect(() => envelope.open(reply(keys.receiveId, 'other'))).toThrow('signed wrongly');
    expect(() => envelope.open(toXml({ MsgType: 'text' }))).toThrow('plain words');
  });
});
