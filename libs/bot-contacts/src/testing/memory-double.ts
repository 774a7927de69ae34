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
    keys: (filter) => Promise.resolve([...kept.keys()].filter((key) => matches(key, filter))),
    entries: async function* (filter) {
      for (const [key, value] of kept.entries())
        if (matches(key, filter)) yield [key, structuredClone(value)];
    },
  };
}

/** Wildcards of NATS: `*` for one token, `>` for the rest. */
function matches(key: string, filter: string): boolean {
  const [tokens, wanted] = [key.split('.'), filter.split('.')];
  if (wanted.at(-1) === '>') return tokens.length >= wanted.length && agree(tokens, wanted.slice(0, -1));
  return tokens.length === wanted.length && agree(tokens, wanted);
}

function agree(tokens: string[], wanted: string[]): boolean {
  return wanted.every((one, at) => one === '*' || one === tokens[at]);
}
