import { createCipheriv } from 'node:crypto';
import { decrypt, encrypt } from '@wecom/crypto';
import WXBizMsgCrypt from 'wechat-crypto';
import fc from 'fast-check';
import { child, readXml } from '#service';
import { CallbackCipher } from './cipher.js';
import { signatureOf } from './signature.js';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';

/** From the callback documents of WeCom. */
const WECOM = {
  token: 'QDG6eK',
  key: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
  corpId: 'wx5823bf96d3bd56c7',
  timestamp: '1409659813',
  nonce: '1372623149',
  encrypted:
    'RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==',
};
const KEY = 'kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR';
const APP = 'wx49f0ab532d5d035a';

const cipher = new CallbackCipher(KEY, APP);
const theirs = new WXBizMsgCrypt('token', KEY, APP);
const refused = expect.objectContaining({ name: 'HubError', code: '31' }) as Error;

/** Any plain bytes, in whole blocks, under the right key. */
function sealedBytes(plain: Buffer): string {
  const key = Buffer.from(`${KEY}=`, 'base64');
  const aes = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([aes.update(plain), aes.final()]).toString('base64');
}

describe('the example of the documents', () => {
  test('is signed over the ciphertext too', () => {
    expect(signatureOf(WECOM.token, WECOM.timestamp, WECOM.nonce, WECOM.encrypted)).toBe(
      '477715d11cdb4164915debcba66cb864d751f3e6',
    );
  });

  test('says hello', () => {
    const message = readXml(new CallbackCipher(WECOM.key, WECOM.corpId).open(WECOM.encrypted));
    const field = (name: string) => child(message, name)?.text;
    expect([field('Content'), field('MsgId'), field('AgentID')]).toEqual([
      'hello',
      '4561255354251345929',
      '218',
    ]);
  });

  test('cannot be decrypted for another receiver', () => {
    expect(() => new CallbackCipher(WECOM.key, APP).open(WECOM.encrypted)).toThrow(refused);
    expect(() => cipher.open(WECOM.encrypted)).toThrow(refused);
  });
});

describe('together with other implementations', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 100 });

  test('we decrypt what Tencent’s library encrypts', () => {
    fc.assert(
      fc.property(text, (said) => {
        expect(cipher.open(encrypt(KEY, said, APP))).toBe(said);
        expect(cipher.open(theirs.encrypt(said))).toBe(said);
      }),
      { numRuns: 500 },
    );
  });

  test('Tencent’s library decrypts what we encrypt', () => {
    fc.assert(
      fc.property(text, (said) => {
        expect(decrypt(KEY, cipher.seal(said))).toMatchObject({ message: said, id: APP });
        expect(theirs.decrypt(cipher.seal(said))).toEqual({ message: said, id: APP });
      }),
      { numRuns: 500 },
    );
  });

  test('every length of padding, and none of it is read as text', () => {
    for (let length = 0; length <= 64; length++) {
      const said = 'x'.repeat(length);
      expect(cipher.open(cipher.seal(said))).toBe(said);
      expect(Buffer.from(cipher.seal(said), 'base64').length % 32).toBe(0);
    }
  });

  test('the same words are never sealed the same way', () => {
    expect(cipher.seal('hello')).not.toBe(cipher.seal('hello'));
  });
});

describe('refused messages', () => {
  test.each([
    ['another account', encrypt(KEY, '<xml/>', 'wx0')],
    ['nobody', encrypt(KEY, '<xml/>', '')],
    ['an account whose name begins like ours', encrypt(KEY, '<xml/>', `${APP}0`)],
    ['us, under another key', encrypt(WECOM.key, '<xml/>', APP)],
  ])('a callback for %s', (_, sealed) => {
    expect(() => cipher.open(sealed)).toThrow(refused);
  });

  test.each([
    ['nothing', ''],
    ['no base64', '***'],
    ['less than a block', Buffer.alloc(16).toString('base64')],
    ['not whole blocks', Buffer.alloc(40).toString('base64')],
    ['the first half of a callback', cipher.seal('x'.repeat(100)).slice(0, 64)],
    ['a length beyond its end', sealedBytes(Buffer.concat([Buffer.alloc(16, 'r'), Buffer.alloc(16, 0xff)]))],
    ['a padding of everything', sealedBytes(Buffer.alloc(32, 32))],
  ])('%s', (_, sealed) => {
    expect(() => cipher.open(sealed)).toThrow(refused);
  });

  test.each(['', KEY.slice(1), `${KEY}A=`])('"%s" is no key', (key) => {
    expect(() => new CallbackCipher(key, APP)).toThrow(expect.objectContaining({ code: '30' }) as Error);
  });

  test('pieces of garbage give 31 or a text', () => {
    const genuine = Buffer.from(cipher.seal('hello'), 'base64');
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.tuple(fc.nat(genuine.length - 1), fc.nat(255)).map(([at, byte]) => genuine.with(at, byte)),
    );
    const answers = { opened: 0, refused: 0 };
    fc.assert(
      fc.property(bytes, (garbage) => {
        try {
          expect(typeof cipher.open(Buffer.from(garbage).toString('base64'))).toBe('string');
          answers.opened++;
        } catch (error) {
          expect(error).toMatchObject({ name: 'HubError', code: '31' });
          answers.refused++;
        }
      }),
      { numRuns: FUZZ_RUNS },
    );
    expect(Math.min(answers.opened, answers.refused)).toBeGreaterThan(0);
  });
});
