/** Durable key-value memory of one network on the bus, shared by all processes of its adapter. */
export interface Memory {
  /**
   * Resolves when the value is on disk. Of two calls for one key, the later call wins. Waits while the bus is away.
   * @param key [-/_=.a-zA-Z0-9]+
   * @param value JSON
   * @throws HubError 91 when too many writes wait for the bus, 61 when the value is larger than the bus takes, 30 for a bad key
   */
  put(key: string, value: unknown): Promise<void>;
  /**
   * undefined: there is no such key. null: the stored value is not JSON, and an alarm was raised. Waits while the bus is away.
   * @throws HubError 91 when the bus is away, or does not answer, for 15 s
   */
  get(key: string): Promise<unknown>;
  /**
   * Replaces a value by what `work` makes of it, in one step: when another process of the adapter wrote the key meanwhile, or
   * nobody knows whether the write arrived, `work` is called again with the newer value. Not in order with `put` of the same key.
   * @param work has no effects of its own. undefined: the value stays as it is
   * @throws HubError 91 when the bus is away, or does not answer, for 15 s, 61 as `put`, and whatever `work` throws
   */
  change(key: string, work: (value: unknown) => Promise<unknown>): Promise<void>;
  /**
   * All keys that match. Reads every value: use it in `start`, not for each message.
   * @param filter NATS wildcards: `ghost.*`
   * @throws HubError 91 while the bus is away
   */
  keys(filter: string): Promise<string[]>;
  /** The same with the values, which are read as the caller proceeds. */
  entries(filter: string): AsyncIterable<[key: string, value: unknown]>;
}
