/** A process of an adapter that closes outcomes, for tests: what is stored and reported outlives it. */
import type { Network, Outcome } from '#protocol';
import type { MessageRef } from '../delivered.contract.js';
import { LateOutcomes } from '../late-outcomes.js';

export class LateOutcomesStage {
  readonly stored = new Map<string, string>();
  readonly reported: Outcome[] = [];
  /** As the correlation knows it. */
  known: MessageRef | undefined;
  /** ms since 1970. */
  now = 0;

  constructor(private readonly network: Network) {}

  /** @param beforePut what other processes do before this one stores something */
  process(beforePut: (key: string) => unknown = () => undefined): LateOutcomes {
    const { stored, reported } = this;
    const store = {
      put: async (key: string, value: unknown) => {
        await beforePut(key);
        stored.set(key, JSON.stringify(value));
      },
      get: async (key: string) => JSON.parse(stored.get(key) ?? 'null') as unknown,
      delete: async (key: string) => void stored.delete(key),
      keys: async () => [...stored.keys()].filter((key) => key.startsWith('open.')),
    };
    const publisher = {
      publish: async (_subject: string, data: string | Uint8Array) => {
        reported.push(JSON.parse(String(data)) as Outcome);
        return { seq: reported.length, duplicate: false };
      },
    };
    const correlation = {
      find: async () => this.known,
      isUntold: () => false,
      told: () => undefined,
      storeUnlessRecorded: async () => undefined,
    };
    return new LateOutcomes(this.network, store, publisher, correlation, () => this.now);
  }

  /** Stage and code of each outcome that was reported. */
  told(): string[] {
    return this.reported.map(({ stage, code }) => `${stage} ${code}`);
  }
}
