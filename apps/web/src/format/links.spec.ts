import { safeLink } from './links';

describe('links', () => {
  it('http and https are opened', () =>
    expect(safeLink('https://example.com/a?b')).toBe('https://example.com/a?b'));

  it.each([
    'javascript:alert(1)',
    'data:text/html,<script>',
    ' https://x',
    '//host/x',
    'vbscript:x',
    'https://',
  ])('%j is text only', (text) => expect(safeLink(text)).toBeUndefined());
});
