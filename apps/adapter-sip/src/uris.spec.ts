/** Who a URI stands for, and how people of other networks are written: exact both ways (RFC 7247). */
import { addressOf, network, type Address } from '#protocol';
import { parseUri } from './stack/sip-uri.js';
import { Uris } from './uris.js';

const uris = new Uris(network('youxin'), 'youxin.example', 'trunk.example');

test.each([
  ['xmpp', 'alice@localhost'],
  ['matrix', '@bob:matrix.localhost'],
  ['far', 'Ü ser@home/1:2'],
  ['far', 'semi;colon?and=more&%'],
  ['far', '"quoted" <x>'],
  ['far', '-x-'],
  ['far', '😀'],
])('a person of %s, %s, has a URI that gives them back', (slug, native) => {
  const address = addressOf(network(slug), native);
  const { uri, digest } = uris.ghost(address);
  expect(parseUri(uri)).toBeDefined();
  const found = uris.addressee(uri);
  expect(digest === undefined ? found : { kind: 'digest', digest }).toEqual(
    digest === undefined ? { kind: 'remote', address } : found,
  );
});

test('an id that is too long is a digest', () => {
  const { uri, digest } = uris.ghost(addressOf(network('far'), 'x'.repeat(300)));
  expect(digest).toMatch(/^-x-/);
  expect(uris.addressee(uri)).toEqual({ kind: 'digest', digest });
});

const NUMBER = 'im:%2B8613800138000@tel' as Address;

test.each([
  'tel:+86-138-0013-8000',
  'sip:+8613800138000@youxin.example;user=phone',
  'sip:+8613800138000@youxin.example',
  'sip:+8613800138000@tel.youxin.example',
])('%s is a number', (uri) => {
  expect(uris.addressee(uri)).toEqual({ kind: 'remote', address: NUMBER });
});

test('a number as people dial it is a number too; the hub knows its country', () => {
  expect(uris.addressee('tel:13800138000;phone-context=+86')).toEqual({
    kind: 'remote',
    address: 'im:13800138000@tel',
  });
});

test('our own people, the server itself, and who is nobody here', () => {
  expect(uris.addressee('sip:Ann@YOUXIN.example')).toEqual({ kind: 'own', native: 'ann' });
  expect(uris.addressee('sip:youxin.example')).toEqual({ kind: 'server' });
  for (const uri of [
    'sip:bob@elsewhere.example',
    'sip:x@a.b.youxin.example',
    'http://x',
    'sip:far.youxin.example',
  ])
    expect(() => uris.addressee(uri)).toThrow(/^14/);
});

test.each([
  ['sip:Ann@youxin.example', 'ann', 'sip:ann@youxin.example', false],
  ['sip:bob@elsewhere.example', 'bob@elsewhere.example', 'sip:bob@elsewhere.example', true],
  ['sip:bob@trunk.example', 'bob@trunk.example', 'sip:bob@trunk.example', true],
  [
    'sip:+8613800138000@trunk.example;user=phone',
    '+8613800138000',
    'sip:+8613800138000@trunk.example;user=phone',
    true,
  ],
])('%s is %s', (uri, native, back, isAbroad) => {
  const parsed = parseUri(uri);
  expect(parsed && uris.nativeOf(parsed)).toBe(native);
  expect([uris.own(native), uris.isAbroad(native)]).toEqual([back, isAbroad]);
});
