/** Vectors of the wire: computed apart from this code. */
import { decrypted, encrypted, keyIn, keyText } from './media-cipher.js';
import { readLossless } from './weixin.client.js';
import { isNative, SESSION_OVER, weixinError } from './weixin.errors.js';

const KEY = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
const KEY_TEXT = 'MDAwMTAyMDMwNDA1MDYwNzA4MDkwYTBiMGMwZDBlMGY=';

const VECTORS = [
  ['hello', '5d8749e2af7531b2bf6661e9e5daf012'],
  ['你好', '3881b29800d1d6adee1a7c5f2a1c846d'],
  ['A'.repeat(16), 'dd4b1a0b47daa7067d0b59d95d58a6ae954f64f2e4e86e9eee82d20216684899'],
] as const;

async function* inPieces(content: Buffer) {
  for (let at = 0; at < content.length; at += 7) yield content.subarray(at, at + 7);
}

async function readAll(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of content) parts.push(part);
  return Buffer.concat(parts);
}

test.each(VECTORS)('"%s" is encrypted to %s, and back in pieces of any size', async (plain, secret) => {
  expect(encrypted(Buffer.from(plain), KEY).toString('hex')).toBe(secret);
  expect((await readAll(decrypted(inPieces(Buffer.from(secret, 'hex')), KEY))).toString()).toBe(plain);
});

test.each([
  [15, 16],
  [31, 32],
  [32, 48],
  [1000, 1008],
])('%i bytes become %i', (plain, secret) => {
  expect(encrypted(Buffer.alloc(plain), KEY)).toHaveLength(secret);
});

test('what was encrypted with another key is gone', async () => {
  const secret = encrypted(Buffer.from('hello'), Buffer.alloc(16, 9));
  await expect(readAll(decrypted(inPieces(secret), KEY))).rejects.toMatchObject({ code: '107' });
});

test('a key is read in each of its forms, and written as digits', () => {
  expect(keyText(KEY)).toBe(KEY_TEXT);
  for (const text of [KEY_TEXT, 'AAECAwQFBgcICQoLDA0ODw==', KEY.toString('hex')])
    expect(keyIn(text)).toEqual(KEY);
  for (const text of ['', undefined, 'eA==', 'x'.repeat(44)]) expect(keyIn(text)).toBeUndefined();
});

test('numbers above 2^53 keep their digits', () => {
  expect(readLossless('{"message_id":7495000000000000001,"seq":7,"part":0.5,"big":1e30}')).toEqual({
    message_id: '7495000000000000001',
    seq: 7,
    part: 0.5,
    big: 1e30,
  });
  expect(readLossless('<html>')).toBeUndefined();
});

test.each([
  [-14, 'session timeout', '101'],
  [-3, 'invalid arguments', '101'],
  [-2, 'rate limited', '65'],
  [-2, 'prepare failed', '102'],
  [-2, '', '102'],
  [-2, 'invalid arguments', '100'],
  [-2, 'ilink_user_id required', '100'],
  [-1, '', '91'],
  [7, 'something else', '100'],
])('%i "%s" is %s', (code, message, result) => {
  expect(weixinError({ code, message })).toMatchObject({ code: result });
});

test('a refusal by HTTP alone is judged by its status', () => {
  const codes = [429, 500, 404].map((status) => weixinError({ code: 0, message: '' }, status).code);
  expect(codes).toEqual(['65', '91', '100']);
});

test('the end of a session is recognised', () => {
  expect(isNative(weixinError({ code: SESSION_OVER, message: '' }), SESSION_OVER)).toBe(true);
  expect(isNative(new Error('-14'), SESSION_OVER)).toBe(false);
});
