import { subjectOf } from './subject';

it.each([
  ['+86 138 0013 8000', '+8613800138000'],
  ['0049 (1511) 234-5678', '+4915112345678'],
  [' im:anna@xmpp ', 'im:anna@xmpp'],
  ['im:anna%40example.org@xmpp', 'im:anna%40example.org@xmpp'],
  ['anna@xmpp', 'im:anna@xmpp'],
  ['anna@example.org@XMPP', 'im:anna%40example.org@xmpp'],
  ['@bob:example.org@matrix', 'im:%40bob%3Aexample.org@matrix'],
])('%s means %s', (typed, subject) => expect(subjectOf(typed)).toBe(subject));

it.each(['', 'anna', '13800138000', '+12', '@xmpp', 'anna@', 'anna@no network', '\ud800@xmpp'])(
  '“%s” is neither a number nor an address',
  (typed) => expect(subjectOf(typed)).toBeUndefined(),
);
