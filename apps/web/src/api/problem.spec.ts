import { problemOf } from './problem';

describe('problems of the API', () => {
  it('are named by the last part of their type', () => {
    const body = {
      type: 'https://hutong.example/problems#version-mismatch',
      title: 'The version does not match',
      detail: 'changed',
      errors: [{ field: 'name', rule: 'too long' }, 'other'],
    };
    expect(problemOf(412, body, '7')).toMatchObject({
      kind: 'version-mismatch',
      status: 412,
      detail: 'changed',
      faults: [{ field: 'name', rule: 'too long' }],
      retryAfter: 7,
    });
  });

  it('an answer that is no problem document has its status', () => {
    expect(problemOf(502, '<html>', null)).toMatchObject({ kind: 'http-502', detail: '', faults: [] });
  });
});
