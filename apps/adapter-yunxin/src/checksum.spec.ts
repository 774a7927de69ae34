import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { checkCopy, checksum, type CopyHeaders } from './checksum.js';

const SECRET = 'app-secret-0';
const BODY = '{"eventType":"1","convType":"PERSON"}';
const AT = 1_700_000_000_000;
const KNOWN: CopyHeaders = {
  md5: 'cc863bc185f41f73c360580ae37d5397',
  curtime: '1700000000000',
  checksum: '17ee6e7b32d5223972392ab0fff51038db9acbaf',
};

/** As Yunxin proves a body. */
function proven(body: string, time = String(AT), secret = SECRET): CopyHeaders {
  const md5 = createHash('md5').update(body).digest('hex');
  return { md5, curtime: time, checksum: createHash('sha1').update(`${secret}${md5}${time}`).digest('hex') };
}

const refused = expect.objectContaining({ name: 'HubError', code: '31' }) as Error;

test('the sum of a request, which counts seconds', () => {
  expect(checksum(SECRET, '12345', '1700000000')).toBe('ac34b4d3d2d6f7c622be988aed0172ff171f7519');
});

describe('a copy is believed', () => {
  test('the known one', () => {
    expect(() => checkCopy(KNOWN, BODY, SECRET, AT)).not.toThrow();
  });

  test('the probe of the console', () => {
    expect(proven('{}').md5).toBe('99914b932bd37a50b983c5e7c90ae93b');
    expect(() => checkCopy(proven('{}'), '{}', SECRET, AT)).not.toThrow();
  });

  test('in capitals', () => {
    const { md5, checksum: sum } = KNOWN;
    // The sum is made of the MD5 as it is written.
    const over = createHash('sha1').update(`${SECRET}${md5?.toUpperCase()}${AT}`).digest('hex');
    expect(() => checkCopy({ ...KNOWN, checksum: sum?.toUpperCase() }, BODY, SECRET, AT)).not.toThrow();
    expect(() =>
      checkCopy({ ...KNOWN, md5: md5?.toUpperCase(), checksum: over.toUpperCase() }, BODY, SECRET, AT),
    ).not.toThrow();
  });

  test.each([-300_000, 300_000])('%i ms from its time', (ms) => {
    expect(() => checkCopy(KNOWN, BODY, SECRET, AT + ms)).not.toThrow();
  });

  test('whatever it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (body) => {
        expect(() => checkCopy(proven(body), body, SECRET, AT)).not.toThrow();
      }),
    );
  });
});

describe('a copy is refused with 31', () => {
  test.each([
    ['without any proof', {}],
    ['without its MD5', { ...KNOWN, md5: undefined }],
    ['without its time', { ...KNOWN, curtime: undefined }],
    ['without its sum', { ...KNOWN, checksum: undefined }],
    ['with half a sum', { ...KNOWN, checksum: KNOWN.checksum?.slice(20) }],
    ['with another sum', { ...KNOWN, checksum: KNOWN.checksum?.replace('1', '2') }],
    ['with another time', { ...KNOWN, curtime: '1700000000001' }],
    ['with the MD5 of something else', { ...proven('{}') }],
    ['under another secret', proven(BODY, String(AT), 'app-secret-1')],
    ['at no time', proven(BODY, 'now')],
    ['at a time in seconds', proven(BODY, '1700000000')],
    ['before all times', proven(BODY, '-1700000000000')],
    ['at a time like a number', proven(BODY, '17e11')],
  ] satisfies [string, CopyHeaders][])('%s', (_, headers) => {
    expect(() => checkCopy(headers, BODY, SECRET, AT)).toThrow(refused);
  });

  test.each([-300_001, 300_001])('%i ms from its time', (ms) => {
    expect(() => checkCopy(KNOWN, BODY, SECRET, AT + ms)).toThrow(refused);
  });

  test('when one letter of it was changed', () => {
    expect(() => checkCopy(KNOWN, BODY.replace('1', '2'), SECRET, AT)).toThrow(refused);
  });
});
