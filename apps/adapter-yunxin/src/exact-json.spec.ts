import { exactJson } from './exact-json.js';

test('an id beyond 2^53 keeps all digits, at any depth', () => {
  expect(
    exactJson('{"code":200,"data":{"msgid":9007199254740993,"list":[{"id":1234567890123456789}]}}'),
  ).toEqual({
    code: 200,
    data: { msgid: '9007199254740993', list: [{ id: '1234567890123456789' }] },
  });
});

test('other numbers stay numbers', () => {
  expect(exactJson('[0, -1, 1.5, 9007199254740991, "9007199254740993"]')).toEqual([
    0,
    -1,
    1.5,
    9007199254740991,
    '9007199254740993',
  ]);
});

test('what is not JSON is an error', () => {
  expect(() => exactJson('<html>')).toThrow(SyntaxError);
});
