import { PROBLEM_KINDS } from '../../../../libs/http/src/problems';
import { remedyTexts } from './text';

it('every problem type of the API has a remedy', () => {
  expect(PROBLEM_KINDS.filter((kind) => !(kind in remedyTexts))).toEqual([]);
});
