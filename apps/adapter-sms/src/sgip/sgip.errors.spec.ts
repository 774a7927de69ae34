import { resultError } from './sgip.errors.js';

test.each([
  [11, 'message', '65'],
  [33, 'message', '65'],
  [6, 'message', '14'],
  [9, 'message', '103'],
  [99, 'message', '100'],
  [1, 'login', '31'],
  [99, 'login', '91'],
] as const)('%d, of a %s: %s', (result, request, code) => {
  expect(resultError(result, request).code).toBe(code);
});
