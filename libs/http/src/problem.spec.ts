import { BadRequestException, HttpException } from '@nestjs/common';
import { HubError, RESULT_CODES, type ResultCode } from '#protocol';
import { Problem, resultOf, toProblem } from './problem.js';
import {
  ApiProblem,
  PROBLEMS,
  problemTable,
  problemUri,
  ValidationProblem,
  type ProblemKind,
} from './problems.js';

const KINDS = Object.keys(PROBLEMS) as ProblemKind[];

describe('a problem of the API', () => {
  test.each(KINDS)('%s has its own type, and no result code', (kind) => {
    const answer = toProblem(new ApiProblem(kind, 'no dispute 17'));
    expect(Problem.parse(answer)).toEqual({
      type: problemUri(kind),
      title: PROBLEMS[kind].title,
      status: PROBLEMS[kind].status,
      detail: 'no dispute 17',
    });
  });

  test.each(KINDS)('%s is in the table of the documentation, once', (kind) => {
    expect(problemTable().split(`\`${problemUri(kind)}\``)).toHaveLength(2);
  });

  test('no two types share a status, so that an error of the framework has one type', () => {
    const statuses = KINDS.map((kind) => PROBLEMS[kind].status);
    expect(new Set(statuses).size).toBe(statuses.length);
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
  test.each(RESULT_CODES)('a delivery result, %s, is answered with the code', (code: ResultCode) => {
    const answer = toProblem(new HubError(code, 'why'));
    expect(Problem.parse(answer)).toMatchObject({ code, detail: 'why' });
    expect(answer.title).not.toBe('unknown-recipient');
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
