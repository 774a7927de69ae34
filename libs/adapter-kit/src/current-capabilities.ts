/**
 * The capabilities of the network as deliveries and the console see them: computed at the start, and again when a heartbeat
 * finds that the adapter declares a new version.
 */
import type { Capabilities } from '#protocol';

export class CurrentCapabilities {
  private declaredVersion: string;
  private completed: Capabilities;

  /**
   * @param declared asks the adapter
   * @param complete adds what this machine can convert
   */
  constructor(
    private readonly declared: () => Capabilities,
    private readonly complete: (declared: Capabilities) => Capabilities,
  ) {
    const first = declared();
    this.declaredVersion = first.version;
    this.completed = this.completedFrom(first);
  }

  get(): Capabilities {
    return this.completed;
  }

  /** With each heartbeat. */
  refresh(): Capabilities {
    const now = this.declared();
    if (now.version !== this.declaredVersion) {
      this.declaredVersion = now.version;
      this.completed = this.completedFrom(now);
    }
    return this.completed;
  }

  /** The kit degrades, so the switch does not. */
  private completedFrom(declared: Capabilities): Capabilities {
    return { ...this.complete(declared), degrades: true };
  }
}
