/** What the hub says, as both interfaces take it; how requests and notifications prove themselves; what errors mean. */
import { hash } from 'node:crypto';
import type { LateReport } from '#adapter-kit';
import { readXml, descendants } from '#service';
import { jsonMessage, xmlMessage, xmlRevoke, type RcsMessage } from './from-canonical.js';
import { signatureOf } from './json.client.js';
import { rcsError, rcsFailure } from './rcs.errors.js';
import { closedSettings } from './testing/closed-platform.js';
import { contentOf, personIn, reportOf } from './to-canonical.js';
import { authorizationOf } from './xml.client.js';

const TEXT: RcsMessage = { id: 'id-1', to: '13800138000', content: { text: 'a <b> & "c"\u0000 😀' } };
const FILE: RcsMessage = {
  ...TEXT,
  content: {
    file: {
      url: 'https://f.example.cn/1?a=1&b=2',
      contentType: 'image/png',
      fileName: '一<1>.png',
      fileSize: 7,
    },
  },
};

test('the vector of the authorization of a developer: the key is the SHA-256 of the password', () => {
  const authorization = authorizationOf(
    'app01',
    hash('sha256', 'pwd01', 'hex'),
    'Mon, 06 Jul 2020 11:28:53 GMT',
  );
  expect(authorization).toBe(
    'Basic YXBwMDE6ODI1OWU5MGE4YWNjODY0MDVkMmM1NGZmODc1NzAyNjZjNzdmMTkwYWM2OTg3MDBiZTA4YmU4NDYxZDZhYThlYg==',
  );
});

test('the vector of the signature of a notification: token, time and nonce in the order of their characters', () => {
  const headers = { timestamp: '1583999999', nonce: 'fceb900a-5018-4d11-9450-5bfbdc951ba0' };
  const expected = hash('sha256', '1583999999fceb900a-5018-4d11-9450-5bfbdc951ba0token-of-ours', 'hex');
  expect(signatureOf({ headers }, 'token-of-ours')).toBe(expected);
  expect(expected).toMatch(/^[0-9a-f]{64}$/);
});

test('a text in XML is what was said, without characters that XML forbids, and may become an SMS', () => {
  const root = readXml(xmlMessage(TEXT, closedSettings('xml')));
  const field = (name: string) => descendants(root, name)[0]?.text;
  expect(root?.name).toBe('msg:outboundMessageRequest');
  expect(field('bodyText')).toBe('a <b> & "c" 😀');
  expect(field('smsBodyText')).toBe('a <b> & "c" 😀');
  expect(field('destinationAddress')).toBe('tel:+8613800138000');
  expect(field('contributionID')).toBe('id-1');
  expect(field('version')).toBe('+g.gsma.rcs.botversion="#=1"');
  expect(descendants(root, 'reportRequest').map(({ text }) => text)).toEqual([
    'Delivered',
    'Displayed',
    'Failed',
  ]);
});

test('a file in XML is a document of its own in the text, and no SMS', () => {
  const root = readXml(xmlMessage(FILE, closedSettings('xml')));
  const body = readXml(descendants(root, 'bodyText')[0]?.text ?? '');
  expect(descendants(body, 'data')[0]?.attributes['url']).toBe('https://f.example.cn/1?a=1&b=2');
  expect(descendants(body, 'file-name')[0]?.text).toBe('一<1>.png');
  expect(descendants(root, 'smsBodyText')).toEqual([]);
});

test('without the way by SMS none is asked for', () => {
  const off = { ...closedSettings('json'), RCS_SMS_FALLBACK: 'off' as const };
  expect(jsonMessage(TEXT, off)).toMatchObject({ smsSupported: false });
  expect(jsonMessage(TEXT, off)).not.toHaveProperty('smsContent');
  expect(xmlMessage(TEXT, off)).not.toContain('smsBodyText');
});

test('messages to one person are one conversation, in both dialects', () => {
  const conversationOf = (to: string) =>
    (jsonMessage({ ...TEXT, to }, closedSettings('json')) as { conversationId: string }).conversationId;
  expect(conversationOf('13800138000')).toBe(conversationOf('13800138000'));
  expect(conversationOf('13800138000')).not.toBe(conversationOf('13800138001'));
  expect(xmlMessage(TEXT, closedSettings('xml'))).toContain(conversationOf('13800138000'));
});

test('a recall names the person', () => {
  const root = readXml(xmlRevoke('13800138000'));
  expect(root?.children.map(({ name, text }) => [name, text])).toEqual([
    ['status', 'RevokeRequested'],
    ['address', 'tel:+8613800138000'],
  ]);
});

test.each([
  ['tel:+8613800138000', '13800138000'],
  [' sip:+8613800138000@bj.ims.mnc000.mcc460.3gppnetwork.org ', '13800138000'],
  ['sip:13800138000@bj.ims.mnc000.mcc460.3gppnetwork.org', '13800138000'],
  ['8613800138000', '13800138000'],
  ['13800138000', '13800138000'],
  ['tel:+12025550143', undefined],
  ['sip:106500@botplatform.rcs.example.cn', undefined],
  ['', undefined],
])('the person of %j is %s', (address, person) => {
  expect(personIn(address)).toBe(person);
});

test.each([
  ['geo:39.9042,116.4074;crs=gcj02;u=10', { label: undefined }],
  ['geo:39.9042,116.4074;crs=gcj02;u=10;rcs-l=%E5%A4%A9', { label: '天' }],
  ['geo:39.9042,116.4074;rcs-l=%zz', { label: '%zz' }],
])('%s is a place', (text, { label }) => {
  const content = contentOf('text/plain', undefined, text);
  if (typeof content === 'string' || content.part?.kind !== 'single') throw new Error('no place');
  const place = JSON.parse(content.part.content) as { properties: { name?: string } | null };
  expect(place.properties?.name).toBe(label);
});

test('what only looks like a place is text', () => {
  expect(contentOf('text/plain', undefined, 'geo:99,200')).toEqual({ typed: 'geo:99,200' });
});

test.each<[string, LateReport['stage'] | undefined | 'unknown']>([
  ['sent', undefined],
  ['MessageSent', undefined],
  ['delivered', 'delivered'],
  ['DeliveredToTerminal', 'delivered'],
  ['DeliveredToVms', 'delivered'],
  ['displayed', 'read'],
  ['MessageDisplayed', 'read'],
  ['DeliveredToVmsFailed', 'failed'],
  ['', 'unknown'],
])('the status "%s" is %s', (status, stage) => {
  const report = reportOf(status, '', '');
  expect(typeof report === 'object' ? report.stage : report).toBe(stage);
});

test.each([
  [0, 401, '91'],
  [undefined, 429, '65'],
  [undefined, 503, '65'],
  [undefined, 500, '103'],
  [undefined, 400, '100'],
  [40014, 200, '91'],
  [42001, 200, '91'],
  [30003, 200, '65'],
  [30001, 200, '102'],
  [30008, 200, '36'],
  [40021, 200, '61'],
  [45010, 200, '101'],
  [46001, 200, '14'],
  [60002, 200, '40'],
  [70001, 200, '100'],
  ['POL0009', 403, '65'],
  ['POL0001', 403, '36'],
  ['SVC0002', 400, '100'],
])('error %s with HTTP %s is %s', (code, status, expected) => {
  expect(rcsError(code, '', status)).toMatchObject({ code: expected });
});

test('the platform says how long to wait', () => {
  expect(rcsError(undefined, '', 429, '7')).toMatchObject({ code: '65', retryAfterMs: 7000 });
});

test.each([
  ['1', '14'],
  ['2', '12'],
  ['4', '68'],
  ['5', '40'],
  ['800', '68'],
  ['SVC9999', '100'],
])('the failure %s is %s', (code, expected) => {
  expect(rcsFailure(code, '')).toMatchObject({ code: expected });
});
