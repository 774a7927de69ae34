/** The published vectors, and what they are for. */
import { network } from '#protocol';
import { HubDouble } from '../../../../libs/bot-contacts/src/testing/hub-double.js';
import { QqAdapter } from '../qq.adapter.js';
import { qqSettings } from '../qq.config.js';
import { OfficialProfile } from './official.profile.js';
import { anchorField, sequenceOf } from './reply-anchors.js';
import { isSigned, keyOf, signedEdge, signText } from './signature.js';

test('the public key of the document', () => {
  const { x = '' } = keyOf('naOC0ocQE3shWLAfffVLB1rhYPG7').public.export({ format: 'jwk' });
  expect(Buffer.from(x, 'base64url').toString('hex')).toBe(
    'd7c362fe78aef81ff23287b493628b5db02a3c4fe30b215e4d19609b5d76673a',
  );
});

const DOCUMENTED =
  '87befc99c42c651b3aac0278e71ada338433ae26fcb24307bdc5ad38c1adc2d0' +
  '1bcfcadc0842edac85e85205028a1132afe09280305f13aa6909ffc2d652c706';

test('the signature of the document', () => {
  const key = keyOf('DG5g3B4j9X2KOErG');
  expect(signText(key, '1725442341Arq0D5A61EgUu4OxUvOp')).toBe(DOCUMENTED);
  expect(isSigned(key, DOCUMENTED, '1725442341', Buffer.from('Arq0D5A61EgUu4OxUvOp'))).toBe(true);
});

describe('a bot', () => {
  const settings = qqSettings.parse({
    QQ_PROFILE: 'official',
    QQ_TRANSPORT: 'http',
    QQ_APP_ID: '1',
    QQ_SECRET: 'DG5g3B4j9X2KOErG',
    QQ_URL: 'http://127.0.0.1:9',
    QQ_TOKEN_URL: 'http://127.0.0.1:9',
  });
  const { log } = new HubDouble();
  const { profile } = new QqAdapter(network('qq'), new OfficialProfile(settings, log), log);
  const check = (plain_token: string, event_ts = '1725442341') =>
    profile.acknowledge({ native: '', json: { op: 13, d: { plain_token, event_ts } } });

  test('answers the check of its address as the document does', () => {
    expect(check('Arq0D5A61EgUu4OxUvOp')).toEqual({
      plain_token: 'Arq0D5A61EgUu4OxUvOp',
      signature: DOCUMENTED,
    });
  });

  test('signs nothing that could be a callback', () => {
    for (const body of ['{"op":0}', '', 'a b', 'x'.repeat(200)])
      expect(check(body)).toEqual({ op: 12, d: 0 });
    expect(check('Arq0D5A61EgUu4OxUvOp', '1725442341{"op":0}')).toEqual({ op: 12, d: 0 });
  });

  test('acknowledges events', () => {
    expect(profile.acknowledge({ native: '', json: { op: 0, t: 'X', d: {} } })).toEqual({ op: 12, d: 0 });
  });
});

describe('a callback', () => {
  const key = keyOf('DG5g3B4j9X2KOErG');
  const now = 1_725_442_341_000;
  const body = Buffer.from('{"op":0}');
  const time = '1725442341';
  const asked = (headers: Record<string, string>) => ({
    method: 'POST',
    url: '/callback',
    query: {},
    headers,
  });
  const signed = (at = time) => ({
    'x-signature-timestamp': at,
    'x-signature-ed25519': signText(key, at + body.toString()),
  });
  const form = (headers: Record<string, string>) => () =>
    signedEdge(key, () => now).form(asked(headers), undefined);
  const prove = (headers: Record<string, string>, bytes = body) =>
    signedEdge(key, () => now).proof(asked(headers), bytes, {
      adapter: undefined,
      firstUse: { claim: () => undefined as never },
    });

  test('is taken with its signature', () => {
    expect(form(signed())).not.toThrow();
    expect(() => prove(signed())).not.toThrow();
  });

  test.each([
    ['without a signature', {}],
    ['of another time', signed('1725442000')],
    ['with a time that is no number', { ...signed(), 'x-signature-timestamp': 'now' }],
  ])('%s is refused before its body is read', (_, headers) => {
    expect(form(headers)).toThrow(expect.objectContaining({ code: '31' }));
  });

  test('is refused when its body is another one', () => {
    expect(() => prove(signed(), Buffer.from('{"op":1}'))).toThrow(expect.objectContaining({ code: '31' }));
  });
});

test('the same message of ours has the same number, and different ones have different numbers', () => {
  const numbers = Array.from({ length: 1000 }, (_, n) => sequenceOf(`message ${n}`));
  expect(numbers).toEqual(Array.from({ length: 1000 }, (_, n) => sequenceOf(`message ${n}`)));
  expect(new Set(numbers).size).toBe(1000);
  expect(numbers.every((number) => number > 0 && number < 2 ** 31)).toBe(true);
  expect(anchorField('msg_id ROBOT1.0_a b')).toEqual({ msg_id: 'ROBOT1.0_a b' });
});
