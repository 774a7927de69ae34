import { extOf, foundIn, historyQuery } from './history.js';

const ours = { from: 'ghost', msgid: 7, sendtime: 1000, type: 0, body: { msg: 'hi' }, ext: extOf('key') };

test('a message of ours is found by its key, with the ids that a recall needs', () => {
  const others = [{ ...ours, msgid: 6, ext: extOf('other') }, null, { from: 'ghost' }];
  expect(foundIn([...others, ours], 'ghost', 'key')).toEqual({
    found: 'sent',
    delivered: { native: ['7@1000'] },
  });
});

test.each([
  ['the key is that of somebody else', [{ ...ours, from: 'lin' }]],
  ['the history has no extension', [{ ...ours, ext: undefined }]],
  ['the extension is not ours', [{ ...ours, ext: '"hutong"' }]],
  ['the extension is no JSON', [{ ...ours, ext: 'key' }]],
  ['the history is empty', []],
  ['the answer has none', undefined],
])('nothing is known when %s', (_, history) => {
  expect(foundIn(history, 'ghost', 'key')).toEqual({ found: 'unknown' });
});

test('the history is asked for from an hour before the event, also for an event of the future', () => {
  const now = Date.parse('2026-05-01T12:00:00Z');
  const beginOf = (time: string) => Number(historyQuery('ghost', 'lin', time, now)['begintime']);
  expect(beginOf('2026-05-01T11:00:00Z')).toBe(now - 2 * 3600_000);
  expect(beginOf('2027-05-01T11:00:00Z')).toBe(now - 3600_000);
});
