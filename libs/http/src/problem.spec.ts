import { BadRequestException, HttpException } from '@nestjs/common';
import { HubError, RESULT_CODES, type ResultCode } from '#protocol';
import { KIND_OF_STATUS, Problem, toProblem } from './problem.js';
import { problemOfResult, resultOf } from './problem-results.js';
import {
  ApiProblem,
  PROBLEM_KINDS,
  PROBLEMS,
  problemTable,
  problemUri,
  ValidationProblem,
} from './problems.js';

describe('a problem of the API', () => {
  test.each(PROBLEM_KINDS)('%s has its own type, and no result code', (kind) => {
    const answer = toProblem(new ApiProblem(kind, 'no dispute 17'));
    expect(Problem.parse(answer)).toEqual({
      type: problemUri(kind),
      title: PROBLEMS[kind].title,
      status: PROBLEMS[kind].status,
      detail: 'no dispute 17',
    });
  });

  test.each(PROBLEM_KINDS)('%s is in the table of the documentation, once', (kind) => {
    expect(problemTable().split(`\`${problemUri(kind)}\``)).toHaveLength(2);
  });

  test('every status of the table has one type for the errors of the framework, which have a status only', () => {
    const statuses = new Set(PROBLEM_KINDS.map((kind) => PROBLEMS[kind].status));
    expect(new Set(KIND_OF_STATUS.keys())).toEqual(statuses);
    for (const [status, kind] of KIND_OF_STATUS) expect(PROBLEMS[kind].status).toBe(status);
  });

  test('names the fields that were refused', () => {
    const errors = [{ field: 'terms.validTo', rule: 'must be after validFrom' }];
    expect(toProblem(new ValidationProblem(errors))).toMatchObject({
      status: 400,
      detail: 'terms.validTo: must be after validFrom',
      errors,
    });
  });
});

describe('another error', () => {
  test.each(RESULT_CODES)(
    'result code %s has a type of the table, and is not in the answer',
    (code: ResultCode) => {
      const answer = toProblem(new HubError(code, 'why'));
      expect(Problem.parse(answer)).toEqual({ ...answer, detail: 'why' });
      expect(PROBLEM_KINDS.map(problemUri)).toContain(answer.type);
      expect(answer).not.toHaveProperty('code');
    },
  );

  test('a reply of the bus that says when to try again becomes Retry-After', () => {
    const { headers, kind } = problemOfResult('65', 'too many', { retryAfterMs: 1500 });
    expect({ headers, kind }).toEqual({ headers: { 'retry-after': '2' }, kind: 'too-many-requests' });
  });

  test.each([
    [new BadRequestException('no JSON'), 'invalid'],
    [new HttpException('away', 503), 'unavailable'],
    [new HttpException('teapot', 418), 'invalid'],
    [new HttpException('gateway', 502), 'internal'],
    [Object.assign(new Error('too much'), { statusCode: 413 }), 'too-large'],
    [Object.assign(new Error('what is it?'), { statusCode: 415 }), 'unsupported-media-type'],
    [new Error('secret words of ours'), 'internal'],
  ] as const)('%s: %s', (thrown, kind) => {
    const answer = toProblem(thrown);
    expect(answer.type).toBe(problemUri(kind));
    expect(answer.detail).not.toContain('secret words');
  });

  test('on the bus, where there are no problems, has the nearest result code', () => {
    expect(resultOf(new ApiProblem('not-found', 'no network x'))).toMatchObject({
      code: '14',
      detail: 'no network x',
    });
    expect(resultOf(new HubError('92', 'none'))).toMatchObject({ code: '92' });
    expect(resultOf(new Error('broken'))).toMatchObject({ code: '96' });
  });
});
