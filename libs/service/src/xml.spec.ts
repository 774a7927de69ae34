import fc from 'fast-check';
import { child, descendants, escapeXml, readXml, unescapeXml } from './xml.js';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';

describe('XML from strangers', () => {
  test('attributes, text, CDATA and repeated names come out as they stand', () => {
    const xml = readXml('<xml><b n="1 &lt; 2"/><b n="x"/><c>a &amp; <![CDATA[<b> & ]]>c</c></xml>');
    expect(descendants(xml, 'b').map(({ attributes }) => attributes['n'])).toEqual(['1 < 2', 'x']);
    expect(child(xml, 'c')?.text).toBe('a & <b> & c');
  });

  test.each([
    ['a document type', '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'],
    ['two roots', '<a/><b/>'],
    ['what is not closed', '<a><b></a>'],
    ['no element at all', 'hello'],
    ['nothing', ''],
    ['more than is reasonable', `<a>${'x'.repeat(1024 * 1024)}</a>`],
    ['depth without end', `${'<a>'.repeat(500)}${'</a>'.repeat(500)}`],
  ])('%s is refused', (_, text) => {
    expect(readXml(text)).toBeUndefined();
  });

  test('an entity that nobody defined stays what it is', () => {
    expect(readXml('<a>&bomb; &#0; &#x41;</a>')?.text).toBe('&bomb;  A');
  });

  test('escaping is undone to the letter', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(unescapeXml(escapeXml(text))).toBe(text);
      }),
    );
  });

  test('pieces of garbage do no harm', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('<', '>', '/', '&', 'a', '"', '=', '!', '[', ']', '-') }),
        (text) => {
          const xml = readXml(text);
          expect(xml === undefined || typeof xml.name === 'string').toBe(true);
        },
      ),
      { numRuns: FUZZ_RUNS },
    );
  });
});
