import { decrypt, encrypt, getSignature } from '@wecom/crypto';
import { child, readXml } from '#service';
import {
  answerCheck,
  openEnvelope,
  parseEnvelope,
  passiveReply,
  proveCallback,
  type CallbackQuery,
  type CallbackSecrets,
} from './callback.js';
import { CallbackCipher } from './cipher.js';
import { signatureOf } from './signature.js';

const TOKEN = 'hubtoken';
const KEY = 'kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR';
const APP = 'wx49f0ab532d5d035a';
const NONCE = 'nonce123';

const cipher = new CallbackCipher(KEY, APP);
const plain: CallbackSecrets = { token: TOKEN, cipher: undefined, plainAllowed: true };
const compatible: CallbackSecrets = { token: TOKEN, cipher, plainAllowed: true };
const safe: CallbackSecrets = { token: TOKEN, cipher, plainAllowed: false };

const seconds = (ago = 0) => String(Math.floor(Date.now() / 1000) - ago);
const code = (expected: string) => expect.objectContaining({ name: 'HubError', code: expected }) as Error;

const FIELDS =
  '<ToUserName><![CDATA[gh_0]]></ToUserName><FromUserName><![CDATA[oLin]]></FromUserName>' +
  '<CreateTime>1700000000</CreateTime><MsgType><![CDATA[text]]></MsgType>';
const said = (words: string, more = '') =>
  `<xml>${FIELDS}<Content><![CDATA[${words}]]></Content><MsgId>1</MsgId>${more}</xml>`;

/** As the platform signs it: in plain mode only `signature`. */
function signed(over: CallbackQuery = {}, token = TOKEN, ago = 0): CallbackQuery {
  const timestamp = seconds(ago);
  return { signature: signatureOf(token, timestamp, NONCE), timestamp, nonce: NONCE, ...over };
}

/** As the platform encrypts it: by the code of Tencent. */
function sealed(message: string, { receiver = APP, key = KEY, token = TOKEN, ago = 0, beside = '' } = {}) {
  const ciphertext = encrypt(key, message, receiver);
  const timestamp = seconds(ago);
  return {
    query: signed({
      encrypt_type: 'aes',
      timestamp,
      msg_signature: getSignature(token, timestamp, NONCE, ciphertext),
    }),
    body: `<xml>${beside || '<ToUserName><![CDATA[gh_0]]></ToUserName>'}<Encrypt><![CDATA[${ciphertext}]]></Encrypt></xml>`,
  };
}

/** As the edge does it: proof first, parsing after it. */
function openCallback(query: CallbackQuery, text: string, secrets: CallbackSecrets) {
  const body = Buffer.from(text);
  return parseEnvelope(openEnvelope(proveCallback(query, body, secrets), body, secrets));
}

const content = (query: CallbackQuery, body: string, secrets: CallbackSecrets) => {
  const { message, encrypted } = openCallback(query, body, secrets);
  return [child(message, 'Content')?.text, encrypted];
};

describe('a callback is opened', () => {
  test('plain', () => {
    expect(content(signed(), said('你好 <>&'), plain)).toEqual(['你好 <>&', false]);
    expect(content(signed({ encrypt_type: 'raw' }), said('hi'), plain)).toEqual(['hi', false]);
  });

  test('safe', () => {
    const { query, body } = sealed(said('你好'));
    expect(content(query, body, safe)).toEqual(['你好', true]);
  });

  test('compatible mode: the encrypted content is used, not the plain content beside it', () => {
    const { query, body } = sealed(said('sealed'), { beside: `${FIELDS}<Content>open</Content>` });
    expect(content(query, body, compatible)).toEqual(['sealed', true]);
  });

  test('compatible: the platform may send it plain', () => {
    expect(content(signed(), said('hi'), compatible)).toEqual(['hi', false]);
  });

  test('WeCom signs only once', () => {
    const { query, body } = sealed(said('hi'));
    expect(content({ ...query, signature: undefined, encrypt_type: undefined }, body, safe)).toEqual([
      'hi',
      true,
    ]);
  });
});

describe('a callback is refused', () => {
  test.each([
    ['without a signature', signed({ signature: undefined })],
    ['with one under another token', signed({}, 'other')],
    ['with one of another nonce', signed({ nonce: 'n' })],
    ['without a time', signed({ timestamp: undefined })],
    ['six minutes late', signed({}, TOKEN, 360)],
    ['with nothing at all', {}],
  ] satisfies [string, CallbackQuery][])('plain, %s', (_, query) => {
    expect(() => openCallback(query, said('hi'), plain)).toThrow(code('31'));
  });

  test.each([
    ['under another token', { token: 'other' }],
    ['with another key', { key: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C' }],
    ['for another account', { receiver: 'wx0' }],
    ['six minutes late', { ago: 360 }],
  ])('sealed, %s', (_, over) => {
    const { query, body } = sealed(said('hi'), over);
    expect(() => openCallback(query, body, safe)).toThrow(code('31'));
    expect(() => openCallback(query, body, compatible)).toThrow(code('31'));
  });

  test('sealed, with the ciphertext of another callback', () => {
    expect(() => openCallback(sealed(said('one')).query, sealed(said('two')).body, safe)).toThrow(code('31'));
  });

  test('plain, where all must be sealed', () => {
    expect(() => openCallback(signed(), said('hi'), safe)).toThrow(code('31'));
    expect(() => openCallback(sealed(said('hi')).query, said('hi'), safe)).toThrow(code('31'));
  });

  test('sealed, but only the outside is signed', () => {
    const { query, body } = sealed(said('hi'));
    expect(() => openCallback({ ...query, msg_signature: undefined }, body, safe)).toThrow(code('31'));
  });

  test('open words under the signature of sealed ones', () => {
    const { query } = sealed(said('hi'));
    expect(() => openCallback(query, said('forged'), compatible)).toThrow(code('31'));
  });

  test.each(['', 'hello', '<xml>', '<!DOCTYPE x><xml/>', '{"a":1}'])('"%s" is not XML', (body) => {
    expect(() => openCallback(signed(), body, plain)).toThrow(code('30'));
    const inside = sealed(body);
    expect(() => openCallback(inside.query, inside.body, safe)).toThrow(code('30'));
  });

  test('a caller without a valid signature learns nothing about the parser', () => {
    expect(() => openCallback(signed({}, 'other'), 'not XML', plain)).toThrow(code('31'));
  });
});

describe('the check of our address', () => {
  test('plain: the word comes back as it is', () => {
    expect(answerCheck(signed({ echostr: '5 <6>' }), plain)).toBe('5 <6>');
  });

  test('sealed: it comes back opened', () => {
    const { timestamp, echostr } = {
      timestamp: seconds(),
      echostr: encrypt(KEY, '1616140317555161061', APP),
    };
    const msg_signature = getSignature(TOKEN, timestamp, NONCE, echostr);
    expect(answerCheck({ msg_signature, timestamp, nonce: NONCE, echostr }, safe)).toBe(
      '1616140317555161061',
    );
    const forged = { msg_signature, timestamp, nonce: NONCE, echostr: encrypt(KEY, 'other', APP) };
    expect(() => answerCheck(forged, safe)).toThrow(code('31'));
  });

  test.each([
    ['unsigned', { echostr: 'x' }],
    ['signed by somebody else', signed({ echostr: 'x' }, 'other')],
    ['too late', signed({ echostr: 'x' }, TOKEN, 360)],
  ] satisfies [string, CallbackQuery][])('%s, it is refused', (_, query) => {
    for (const secrets of [plain, compatible, safe])
      expect(() => answerCheck(query, secrets)).toThrow(code('31'));
  });
});

describe('an answer in the response', () => {
  const words = '好的 ]]> <a> & 👋';
  const fields = (xml: string) => {
    const message = readXml(xml);
    return Object.fromEntries((message?.children ?? []).map(({ name, text }) => [name, text]));
  };
  const expected = { ToUserName: 'oLin', FromUserName: 'gh_0', MsgType: 'text', Content: words };

  test('goes back where the words came from', () => {
    const reply = fields(passiveReply(openCallback(signed(), said('hi'), plain), words, plain));
    expect(reply).toMatchObject(expected);
    expect(Math.abs(Number(reply['CreateTime']) - Date.now() / 1000)).toBeLessThan(60);
  });

  test('is sealed where the question was, and Tencent opens it', () => {
    const { query, body } = sealed(said('hi'));
    const reply = fields(passiveReply(openCallback(query, body, safe), words, safe));
    expect(Object.keys(reply)).toEqual(['Encrypt', 'MsgSignature', 'TimeStamp', 'Nonce']);
    const { Encrypt = '', MsgSignature, TimeStamp = '', Nonce = '' } = reply;
    expect(getSignature(TOKEN, TimeStamp, Nonce, Encrypt)).toBe(MsgSignature);
    const { message, id } = decrypt(KEY, Encrypt);
    expect(id).toBe(APP);
    expect(fields(message)).toMatchObject(expected);
  });

  test('is open where the question was open', () => {
    const reply = passiveReply(openCallback(signed(), said('hi'), compatible), words, compatible);
    expect(fields(reply)).toMatchObject(expected);
  });
});
