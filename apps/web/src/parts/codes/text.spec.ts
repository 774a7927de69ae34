import { RESULTS, RESULT_CODES } from '#protocol';
import { codeRemedyTexts, codeTexts } from './text';

describe('texts of result codes', () => {
  it('are those of the table of result codes', () => {
    const pairs = Object.entries(codeTexts).map(([code, text]) => [code, text.en, text.zh]);
    expect(new Map(pairs.map(([code, ...rest]) => [code, rest]))).toEqual(
      new Map(RESULT_CODES.map((code) => [code, [RESULTS[code].subscriber.en, RESULTS[code].subscriber.zh]])),
    );
  });

  it('say the same to the operator as the table', () => {
    expect(Object.fromEntries(Object.entries(codeRemedyTexts).map(([code, { en }]) => [code, en]))).toEqual(
      Object.fromEntries(RESULT_CODES.map((code) => [code, RESULTS[code].operator])),
    );
  });
});
