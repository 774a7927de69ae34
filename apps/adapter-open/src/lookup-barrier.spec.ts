import { LookupBarrier } from './lookup-barrier.js';

describe('events that come faster than they are stored', () => {
  test('plain ones are all begun at once, in order', async () => {
    const order = new LookupBarrier();
    const begun: number[] = [];
    const all = [1, 2, 3].map((n) => order.run(false, () => (begun.push(n), new Promise(() => undefined))));
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun).toEqual([1, 2, 3]);
    expect(all).toHaveLength(3);
  });

  test('one that looks something up holds back those behind it, also when it fails', async () => {
    const order = new LookupBarrier();
    const begun: string[] = [];
    let found: (error: Error) => void = () => undefined;
    const edit = order.run(true, () => {
      begun.push('edit');
      return new Promise((_, reject) => (found = reject));
    });
    const next = order.run(false, () => Promise.resolve(begun.push('next')));
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun).toEqual(['edit']);
    found(new Error('no such message'));
    await expect(edit).rejects.toThrow('no such message');
    await next;
    expect(begun).toEqual(['edit', 'next']);
  });
});
