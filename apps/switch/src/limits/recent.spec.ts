import { Recent } from './recent.js';

test('the newest half is there in any case, and never more than the maximum', () => {
  const recent = new Recent<number, string>(10);
  for (let n = 0; n < 100; n++) {
    recent.set(n, `v${n}`);
    const there = Array.from({ length: n + 1 }, (_, at) => recent.get(at)).filter(Boolean);
    expect(there.length).toBeLessThanOrEqual(10);
    for (let back = 0; back < 5 && back <= n; back++) expect(recent.get(n - back)).toBe(`v${n - back}`);
  }
});
