/** What MESSAGE, PUBLISH and NOTIFY carry, as we write it and as others do. */
import { cpimHeader, readCpim, writeCpim } from './cpim.js';
import { readComposing, readReceipt, writeComposing, writeReceipt } from './message-documents.js';
import { readPidf, writePidf } from './pidf.js';

const AT = new Date('2026-11-30T12:00:00Z');

describe('CPIM', () => {
  test('what is written is read again', () => {
    const [from, to, contentType] = ['sip:a@x', 'sip:b@x', 'text/plain'];
    const content = Buffer.from('one\r\n\r\ntwo');
    const cpim = readCpim(
      writeCpim({ from, to, at: AT, messageId: 'm1', notify: 'display', contentType, content }),
    );
    expect(cpim && [cpimHeader(cpim, 'imdn.Message-ID'), cpimHeader(cpim, 'From')]).toEqual([
      'm1',
      '<sip:a@x>',
    ]);
    expect(cpim?.content).toEqual(content);
  });

  test('another prefix for IMDN means the same, and bare line feeds are read', () => {
    const text =
      'From: <sip:a@x>\nNS: n <urn:ietf:params:imdn>\nn.Message-ID: m2\n\nContent-Type: text/plain\n\nhello';
    const cpim = readCpim(Buffer.from(text));
    expect(cpim && cpimHeader(cpim, 'imdn.message-id')).toBe('m2');
    expect(cpim?.content.toString()).toBe('hello');
  });

  test('what has no content part is none', () => {
    expect(readCpim(Buffer.from('From: <sip:a@x>\r\n\r\nhello'))).toBeUndefined();
  });
});

test.each([
  ['delivery', 'delivered'],
  ['delivery', 'failed'],
  ['display', 'displayed'],
] as const)('a receipt: %s %s', (kind, status) => {
  const receipt = { messageId: 'a<b>&c', kind, status };
  expect(readReceipt(writeReceipt(receipt, AT.toISOString(), 'sip:b@x').toString())).toEqual(receipt);
});

test('a receipt with a prefix and a note', () => {
  const text = `<?xml version="1.0"?><i:imdn xmlns:i="urn:ietf:params:xml:ns:imdn"><i:message-id>34jk</i:message-id>
    <i:delivery-notification><i:status><i:error/></i:status></i:delivery-notification><i:note>no</i:note></i:imdn>`;
  expect(readReceipt(text)).toEqual({ messageId: '34jk', kind: 'delivery', status: 'error' });
  expect(readReceipt('<imdn/>')).toBeUndefined();
  expect(readReceipt('no xml <')).toBeUndefined();
});

test('who writes', () => {
  expect(readComposing(writeComposing(true).toString())).toBe('active');
  expect(readComposing(writeComposing(false).toString())).toBe('idle');
  expect(readComposing('<isComposing><state>gone</state></isComposing>')).toBe('idle');
  expect(readComposing('<other/>')).toBeUndefined();
});

describe('presence', () => {
  test.each(['online', 'away', 'busy', 'offline'] as const)('%s, with a mood, is read again', (state) => {
    const mood = '<开会> & "more"';
    expect(readPidf(writePidf('sip:a@x', { state, mood }, AT).toString())).toEqual({ state, mood });
    expect(readPidf(writePidf('sip:a@x', { state }, AT).toString())).toEqual({ state });
  });

  test.each([
    ['<basic>open</basic>', '<r:activities><r:on-the-phone/></r:activities>', 'busy'],
    ['<basic>open</basic>', '<r:activities><r:meal/></r:activities>', 'away'],
    ['<basic>unknown</basic>', '', 'offline'],
    ['', '', 'offline'],
  ])('%s with "%s" is shown as %s', (basic, person, state) => {
    const text = `<p:presence xmlns:p="urn:ietf:params:xml:ns:pidf" xmlns:r="urn:ietf:params:xml:ns:pidf:rpid" entity="pres:a@x"><p:tuple id="1"><p:status>${basic}</p:status></p:tuple>${person}</p:presence>`;
    expect(readPidf(text)).toEqual({ state });
  });

  test('anything else is none', () => {
    expect(readPidf('<other/>')).toBeUndefined();
  });
});
