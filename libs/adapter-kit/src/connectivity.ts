/**
 * Whether the native network can be reached. The part of an adapter that connects (a session, or the client of HTTP calls) keeps
 * it up to date; deliveries wait for it.
 */
export class Connectivity {
  private returned: PromiseWithResolvers<void> | undefined;
  private connection = new AbortController();

  constructor(private isConnected = false) {
    if (!isConnected) this.connection.abort();
  }

  get connected(): boolean {
    return this.isConnected;
  }

  set connected(connected: boolean) {
    this.isConnected = connected;
    if (!connected) {
      this.connection.abort();
      return;
    }
    if (this.connection.signal.aborted) this.connection = new AbortController();
    this.returned?.resolve();
    this.returned = undefined;
  }

  /** Aborted when the network can no longer be reached. After a reconnection this is another signal. */
  get lost(): AbortSignal {
    return this.connection.signal;
  }

  /** Resolves when the network can be reached: at once, or with the next change. */
  untilConnected(): Promise<void> {
    if (this.isConnected) return Promise.resolve();
    this.returned ??= Promise.withResolvers<void>();
    return this.returned.promise;
  }
}
