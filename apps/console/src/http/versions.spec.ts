import { ApiProblem } from '#http';
import { expectVersion } from './versions.js';

function statusOf(ifMatch: string | undefined): number {
  try {
    expectVersion(ifMatch, 3);
    return 200;
  } catch (error) {
    return (error as ApiProblem).status;
  }
}

describe('If-Match, of version 3', () => {
  test.each([
    ['"3"', 200],
    ['*', 200],
    [' * ', 200],
    ['"2", "3"', 200],
    ['"2","3","4"', 200],
    [', "3" ,', 200],
    ['W/"2", "3"', 200],
    ['"2"', 412],
    ['"2", "4"', 412],
    ['W/"3"', 412],
    ['""', 412],
    ['"x!y"', 412],
    [undefined, 428],
    ['3', 400],
    ['', 400],
    [',', 400],
    ['"3', 400],
    ['w/"3"', 400],
    ['*, "3"', 400],
    ['"a"b"', 400],
    ['"3" "4"', 400],
    [Array.from({ length: 101 }, () => '"3"').join(), 400],
  ])('%s: %i', (ifMatch, status) => expect(statusOf(ifMatch)).toBe(status));
});
