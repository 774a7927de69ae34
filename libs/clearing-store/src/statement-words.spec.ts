import { groupedMoney } from '#clearing';
import { legalName, localTime, printable } from './statement-words.js';

test.each([
  [0n, '0.000000'],
  [999_000_000n, '999.000000'],
  [1_234_567_123_456n, '1,234,567.123456'],
  [-1_000_000_000n, '-1,000.000000'],
])('%s millionths are written %s', (amount, text) => expect(groupedMoney(amount)).toBe(text));

test('times are those of the zone, across midnight', () => {
  const evening = new Date('2026-11-22T16:30:00Z');
  expect(localTime(evening, 'Asia/Shanghai')).toBe('2026-11-23 00:30:00');
  expect(localTime(evening, 'UTC')).toBe('2026-11-22 16:30:00');
});

test('a party has its Chinese name first, and none when it is not registered', () => {
  expect(legalName({ zh: '北京神州泰岳软件股份有限公司', en: 'Ultrapower', account: null })).toBe(
    '北京神州泰岳软件股份有限公司 Ultrapower',
  );
  expect(legalName({ zh: null, en: 'Acme', account: null })).toBe('Acme');
  expect(legalName(undefined)).toBe('');
});

test('a text of people stays in one line and in its direction', () => {
  expect(printable(' billed\n\ttwice \u202e00.1 两次\u0007 ')).toBe('billed twice 00.1 两次');
});

test.each([
  ['billed twice 🎉!', 'billed twice [U+1F389]!'],
  ['👨‍👩‍👧 ❤️', '[U+1F468 U+1F469 U+1F467] [U+2764]'],
  ['👍🏽 🇨🇳', '[U+1F44D U+1F3FD] [U+1F1E8 U+1F1F3]'],
  ['© 2026 ™ → №1 元', '© 2026 ™ → №1 元'],
])('%s is printed as %s', (text, printed) => expect(printable(text)).toBe(printed));
