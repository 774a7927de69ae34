/** What is written is read again, and what others write is read: CPIM, IMDN, is-composing, PIDF. */
import { printCpim, readCpim } from './cpim.js';
import { printImdn, readImdn } from './imdn.js';
import { printComposing, readComposing } from './is-composing.js';
import { printPidf, readPidf } from './pidf.js';

const AT = { at: new Date('2026-11-29T10:00:00Z'), recipient: 'sip:a@b' };

test('CPIM keeps words as they are, whatever their lines end with', () => {
  for (const body of ['one', 'a\nb\r\n\r\nc\r\n', '', 'Content-Type: no header'])
    expect(readCpim(printCpim([['From', '<sip:a@b>']], 'text/plain', body))).toMatchObject({
      contentType: 'text/plain',
      body,
    });
});

test('CPIM: no value begins a header of its own, and what is none is not read', () => {
  const text = printCpim([['From', 'a\r\nimdn.Message-ID: forged']], 'text/plain', 'x');
  expect(readCpim(text)?.headers.has('imdn.message-id')).toBe(false);
  for (const bad of ['', 'words', 'From: x\r\n\r\nwords', 'From: x\r\n\r\nSubject: x\r\n\r\nwords'])
    expect(readCpim(bad)).toBeUndefined();
});

test('CPIM: a namespace may have any name, and another namespace is not IMDN', () => {
  const of = (namespace: string) =>
    readCpim(
      printCpim(
        [
          ['NS', `x <${namespace}>`],
          ['x.Message-ID', '1'],
        ],
        'text/plain',
        '',
      ),
    )?.headers;
  expect(of('urn:ietf:params:imdn')?.get('imdn.message-id')).toBe('1');
  expect(of('urn:other')?.get('imdn.message-id')).toBeUndefined();
});

test('IMDN', () => {
  for (const status of ['delivered', 'displayed'] as const)
    expect(readImdn(printImdn('a<b', status, AT))).toEqual({ messageId: 'a<b', status });
  const of = (inner: string) => readImdn(`<i:imdn xmlns:i="urn:ietf:params:xml:ns:imdn">${inner}</i:imdn>`);
  expect(
    of(
      '<i:message-id>1</i:message-id><i:delivery-notification><i:status><i:error/></i:status></i:delivery-notification>',
    ),
  ).toEqual({ messageId: '1', status: 'failed' });
  expect(of('<i:message-id>1</i:message-id>')).toBeUndefined();
  expect(readImdn('<!DOCTYPE x [<!ENTITY y "z">]><imdn/>')).toBeUndefined();
});

test('is-composing: an unknown state means idle, and a time is bounded', () => {
  expect(readComposing(printComposing(true, 90_000))).toEqual({ state: 'composing', ttlMs: 90_000 });
  expect(readComposing(printComposing(false, 1))).toMatchObject({ state: 'stopped' });
  const of = (inner: string) => readComposing(`<isComposing>${inner}</isComposing>`);
  expect(of('<state>dancing</state>')).toMatchObject({ state: 'stopped' });
  expect(of('<state>active</state><refresh>999999999</refresh>')).toEqual({
    state: 'composing',
    ttlMs: 600_000,
  });
  expect(of('<state>active</state><refresh>-1</refresh>')).toEqual({ state: 'composing', ttlMs: 120_000 });
  expect(readComposing('active')).toBeUndefined();
});

test.each([
  ['available', 'available'],
  ['away', 'away'],
  ['xa', 'away'],
  ['dnd', 'dnd'],
  ['offline', 'offline'],
  ['unknown', 'offline'],
] as const)('PIDF: %s is read as %s', (availability, back) => {
  expect(readPidf(printPidf('sip:a@b', { availability, statusText: '开会 <&>' }))).toEqual({
    availability: back,
    statusText: '开会 <&>',
  });
});

test('PIDF: open if any device is, busy before away, nothing said is unknown', () => {
  const of = (inner: string) => readPidf(`<presence>${inner}</presence>`)?.availability;
  const tuple = (basic: string) => `<tuple><status><basic>${basic}</basic></status></tuple>`;
  expect(of(tuple('closed') + tuple('open'))).toBe('available');
  expect(of(`${tuple('open')}<person><activities><away/><on-the-phone/></activities></person>`)).toBe('dnd');
  expect(of('<tuple/>')).toBe('unknown');
  expect(readPidf('<x/>')).toBeUndefined();
});
