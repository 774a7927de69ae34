/** The worst documents that are allowed, and one step beyond: the bounds are what keeps a parser from blocking. */
import { JsonRefused, readJson, readSmallJson } from './bounded-json.js';
import { readXml, XML_BOUNDS } from './xml.js';

const { tags, attributes, depth, tagLength, length } = XML_BOUNDS;
const elements = (count: number) => `<a>${'<b/>'.repeat(count - 2)}</a>`;
const nested = (levels: number) => '<a>'.repeat(levels) + '</a>'.repeat(levels);
const attributed = (count: number) =>
  `<a>${`<b${Array.from({ length: 100 }, (_, n) => ` c${n}=""`).join('')}/>`.repeat(count / 100)}</a>`;

describe('XML', () => {
  test.each([
    ['tags', elements(tags), elements(tags + 1)],
    ['levels', nested(depth), nested(depth + 1)],
    ['attributes', attributed(attributes), attributed(attributes + 100)],
    ['characters in a tag', `<a b="${'x'.repeat(tagLength - 8)}"/>`, `<a b="${'x'.repeat(tagLength)}"/>`],
    ['characters', `<a>${'x'.repeat(length - 7)}</a>`, `<a>${'x'.repeat(length - 6)}</a>`],
  ])('%s up to the bound are read, and no more', (_, allowed, beyond) => {
    expect(readXml(allowed)?.name).toBe('a');
    expect(readXml(beyond)).toBeUndefined();
  });

  test('a ">" inside an attribute does not hide what comes after it', () => {
    const many = Array.from({ length: attributes + 1 }, (_, n) => ` c${n}=""`).join('');
    expect(readXml(`<a b=">"${many}/>`)).toBeUndefined();
  });

  test('what looks like tags in CDATA and comments is text', () => {
    const text = '<b>'.repeat(tags);
    expect(readXml(`<a><![CDATA[${text}]]></a>`)?.text).toBe(text);
    expect(readXml(`<a><!--${text}--></a>`)?.children).toEqual([]);
  });
});

describe('JSON', () => {
  const bounds = { depth: 8, values: 1000 };

  test.each([
    ['levels', '['.repeat(8) + ']'.repeat(8), '['.repeat(9) + ']'.repeat(9)],
    ['values', JSON.stringify(Array(998).fill(0)), JSON.stringify(Array(1001).fill(0))],
  ])('%s up to the bound are read, and no more', async (_, allowed, beyond) => {
    expect(readSmallJson(Buffer.from(allowed), bounds)).toEqual(JSON.parse(allowed));
    expect(() => readSmallJson(Buffer.from(beyond), bounds)).toThrow(JsonRefused);
    await expect(readJson(Buffer.from(beyond), bounds)).rejects.toThrow(JsonRefused);
  });

  test('brackets and commas in strings are text', () => {
    const value = { a: `[[[[[[[[[[${','.repeat(2000)}"\\`, b: '\\"{' };
    expect(readSmallJson(Buffer.from(JSON.stringify(value)), bounds)).toEqual(value);
  });

  test.each(['', '{', '[1,2', '{"a":1}}', '"x', '[1,]', '{"a"}', '\u00ff'])('%j is refused', async (text) => {
    await expect(readJson(Buffer.from(text, 'latin1'), bounds)).rejects.toThrow(JsonRefused);
  });

  const event = (n: number) => ({
    n,
    text: 'é"\\,[{'.repeat(20),
    list: [n, null, true, {}],
    __proto__: null,
  });
  test.each([
    ['a transaction of many events', { events: Array.from({ length: 9000 }, (_, n) => event(n)), x: 1 }],
    ['one large member', { first: 1, 'a "large": one': Array.from({ length: 9000 }, (_, n) => event(n)) }],
    ['an array of arrays', [Array.from({ length: 9000 }, (_, n) => event(n)), [], 'x'.repeat(300_000)]],
    ['many small members', Object.fromEntries(Array.from({ length: 40_000 }, (_, n) => [`name ${n}`, n]))],
  ])('%s: larger than a piece, and as JSON.parse reads it', async (_, value) => {
    const text = JSON.stringify(value, undefined, 1);
    const read = await readJson(Buffer.from(text), { depth: 8, values: 400_000 });
    expect(read).toEqual(JSON.parse(text));
  });

  test('a large document leaves the event loop to others while it is read', async () => {
    const text = JSON.stringify(Array.from({ length: 90_000 }, (_, n) => ({ n })));
    let turns = 0;
    let reading = true;
    const count = () => {
      turns++;
      if (reading) setImmediate(count);
    };
    setImmediate(count);
    await readJson(Buffer.from(text), { depth: 8, values: 400_000 });
    reading = false;
    expect(turns).toBeGreaterThan(Buffer.byteLength(text) / (64 * 1024));
  });

  test('a member named __proto__ stays a member', async () => {
    const text = `{"__proto__":{"a":1},"b":"${'x'.repeat(200_000)}"}`;
    const read = (await readJson(Buffer.from(text), bounds)) as object;
    expect(Object.keys(read)).toEqual(['__proto__', 'b']);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });
});
