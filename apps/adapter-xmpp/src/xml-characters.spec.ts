import { xml } from '@xmpp/component';
import { withoutForbiddenCharacters } from './xml-characters.js';

test('characters that XML forbids are removed at any depth; everything else stays', () => {
  const stanza = xml(
    'message',
    { id: 'a\u0001b' },
    xml('body', {}, '你好 \u0000\u000B👍\uD800 end\n\t'),
    xml('x', {}, xml('desc', {}, '\uFFFE!')),
  );
  withoutForbiddenCharacters(stanza);
  expect(stanza.attrs['id']).toBe('ab');
  expect(stanza.getChildText('body')).toBe('你好 👍 end\n\t');
  expect(stanza.getChild('x')?.getChildText('desc')).toBe('!');
});
