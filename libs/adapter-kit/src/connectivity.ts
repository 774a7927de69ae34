/**
 * Whether the native network can be reached. The part of an adapter that connects (a session, or the client of HTTP calls) keeps
 * it up to date; deliveries wait for it.
 */
export class Connectivity {
  private returned: PromiseWithResolvers<void> | undefined;

  constructor(private isConnected = false) {}

  get connected(): boolean {
    return this.isConnected;
  }

  set connected(connected: boolean) {
    this.isConnected = connected;
    if (!connected) return;
    this.returned?.resolve();
    this.returned = undefined;
  }

  /** Resolves when the network can be reached: at once, or with the next change. */
  untilConnected(): Promise<void> {
    if (this.isConnected) return Promise.resolve();
    this.returned ??= Promise.withResolvers<void>();
    return this.returned.promise;
  }
}
