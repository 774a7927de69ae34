import { linesOf } from './lines';

it('takes each line once, without space around it', () => {
  expect(linesOf(' im:a@x \r\n\nim:b@x\nim:a@x')).toEqual(['im:a@x', 'im:b@x']);
  expect(linesOf(undefined)).toEqual([]);
});
