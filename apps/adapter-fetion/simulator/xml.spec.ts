import fc from 'fast-check';
import { first, readXml, xml } from './xml.js';

describe('the XML of bodies', () => {
  test('any value crosses unchanged', () => {
    const sign = fc.constantFrom('a', '<', '>', '&', '"', "'", ';', '#', ' ', '飞', '👋', '&amp;', '&#38;');
    fc.assert(
      fc.property(fc.string({ unit: sign }), (value) => {
        const read = readXml(xml('args', {}, xml('buddy', { uri: 'tel:1', 'local-name': value })));
        expect(first(read, 'buddy')?.at).toEqual({ uri: 'tel:1', 'local-name': value });
      }),
    );
  });

  test('text is found however deep', () => {
    expect(first(readXml('<is-composing><state>nudge</state></is-composing>'), 'state')?.text).toBe('nudge');
  });

  test('absent values are left out', () => {
    expect(xml('p', { v: 1, n: undefined })).toBe('<p v="1"/>');
  });

  test.each([
    ['nothing', ''],
    ['plain text', 'hello'],
    ['a document type', '<!DOCTYPE x [<!ENTITY e "boom">]><x>&e;</x>'],
    ['a tower of elements', '<a>'.repeat(50_000)],
  ])('%s is no document', (_, text) => {
    expect(readXml(text)).toBeUndefined();
  });

  test('garbage is no exception', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '/',
      'a',
      '"',
      '=',
      '<a>',
      '</a>',
      '<![CDATA[',
      ']]>',
      '<?',
      '&#x0;',
      '<__proto__>',
    );
    fc.assert(fc.property(fc.string({ unit: piece }), (text) => void readXml(text)));
    expect(readXml('<a><b>')?.name).toBe('a');
  });
});
