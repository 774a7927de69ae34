import { compare, type Case, type Verdict } from './compare';

const cases = (verdicts: Record<string, Verdict>): Case[] =>
  Object.entries(verdicts).map(([id, verdict]) => ({ id, verdict, level: 'L1', title: id, evidence: [] }));
const ids = (changes: { id: string }[]) => changes.map(({ id }) => id);

describe('two reports of a network', () => {
  const { newlyFailing, newlyPassing, stillFailing, other } = compare(
    cases({
      text: 'pass',
      once: 'fail',
      order: 'fail',
      media: 'skipped',
      group: 'skipped',
      old: 'pass',
      call: 'pass',
    }),
    cases({
      text: 'fail',
      once: 'pass',
      order: 'fail',
      media: 'pass',
      group: 'fail',
      added: 'fail',
      call: 'pass',
    }),
  );

  it('a case fails newly if it did not fail before, also if it was skipped or did not exist', () => {
    expect(ids(newlyFailing)).toEqual(['text', 'group', 'added']);
  });

  it('a case passes newly only if it failed before', () => {
    expect(ids(newlyPassing)).toEqual(['once']);
  });

  it('a case that fails in both still fails', () => {
    expect(ids(stillFailing)).toEqual(['order']);
  });

  it('what appeared, disappeared or was skipped in one of them is another difference; what is equal is none', () => {
    expect(other).toEqual([
      expect.objectContaining({ id: 'media', before: 'skipped', after: 'pass' }),
      expect.objectContaining({ id: 'old', before: 'pass', after: undefined }),
    ]);
  });

  it('equal reports have no differences', () => {
    const same = cases({ text: 'pass', once: 'skipped' });
    expect(compare(same, same)).toEqual({ newlyFailing: [], newlyPassing: [], stillFailing: [], other: [] });
  });
});
