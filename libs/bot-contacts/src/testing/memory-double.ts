/** The memory of an adapter, in a map. Two of them over one map are the memories of two processes. */
import type { Memory } from '#adapter-kit';

export function memoryDouble(kept = new Map<string, unknown>()): Memory {
  const get = (key: string) => Promise.resolve(structuredClone(kept.get(key)));
  const put = (key: string, value: unknown) => Promise.resolve(void kept.set(key, structuredClone(value)));
  return {
    get,
    put,
    async change(key, work) {
      for (;;) {
        const before = JSON.stringify(kept.get(key));
        const next = await work(await get(key));
        if (next === undefined) return;
        if (JSON.stringify(kept.get(key)) === before) return put(key, next);
      }
    },
    keys: () => Promise.resolve([...kept.keys()]),
    entries: async function* () {
      yield* kept.entries();
    },
  };
}
