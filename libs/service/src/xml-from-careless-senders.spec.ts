/** What careless senders write is read, and nothing that it defines is expanded. */
import fc from 'fast-check';
import { child, escapeXml, readXml, unescapeXml } from './xml.js';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';

const textOf = (content: string) => child(readXml(`<xml><a>${content}</a><b>1</b></xml>`), 'a')?.text;

test.each([
  ['AT&T', 'AT&T'],
  ['a & b && c &', 'a & b && c &'],
  ['a=1&b=2&amp;c=3', 'a=1&b=2&c=3'],
  ['&nbsp; &bomb;', '&nbsp; &bomb;'],
  [
    '<![CDATA[AT&T &amp; <!DOCTYPE html> <!ENTITY a "b">]]> & more',
    'AT&T &amp; <!DOCTYPE html> <!ENTITY a "b"> & more',
  ],
  ['<!-- a & b -->x & y', 'x & y'],
  ['grin &#55357;&#56832;', 'grin 😀'],
  ['grin &#xD83D;&#xDE00;', 'grin 😀'],
  ['half &#55357;', 'half \uFFFD'],
])('%s', (content, text) => {
  expect(textOf(content)).toBe(text);
});

test('an attribute with a bare "&"', () => {
  expect(child(readXml('<xml><a desc="Tom & Jerry"/></xml>'), 'a')?.attributes['desc']).toBe('Tom & Jerry');
});

test('a document type outside of the text is refused, whatever it defines', () => {
  expect(readXml('<!DOCTYPE x [<!ENTITY a "b">]><xml><a>&a; & c</a></xml>')).toBeUndefined();
});

test('whatever stands between is read as it stands, escaped or as a section', () => {
  const piece = fc.constantFrom(
    '&',
    '&amp;',
    '<',
    '>',
    ';',
    '#',
    '&#1;',
    '<![CDATA[',
    '<!--',
    '-->',
    '<!DOCTYPE a',
    '信',
    '😀',
  );
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(text, (said) => {
      expect(textOf(escapeXml(said))).toBe(said);
      expect(textOf(`<![CDATA[${said}]]>`)).toBe(said);
      expect(unescapeXml(escapeXml(said))).toBe(said);
    }),
    { numRuns: FUZZ_RUNS },
  );
});

test('many sections that never end take no time worth mentioning', () => {
  expect(readXml(`<a>${'<![CDATA['.repeat(20_000)}</a>`)).toBeUndefined();
  expect(readXml(`<a b="${'<!--'.repeat(20)}">& ${'&'.repeat(100_000)}</a>`)?.text.length).toBe(100_002);
});
