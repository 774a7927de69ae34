/** Finds connections that are dead without having been closed: asks the peer at intervals, and watches for its silence. */
import { runInBackground, type Log } from '#service';
import type { Clock } from './clock.js';
import type { MakeFrame } from './request-window.js';
import type { SessionConnection } from './session-connection.js';
import { closeWhenSilent } from './silence.js';

export interface KeepAliveOptions<Frame> {
  /** Interval of our keep-alive requests, ms. */
  everyMs: number;
  /**
   * Ask only when nothing came from the peer for `everyMs`: what we send into a dead connection proves nothing. Otherwise
   * at each interval, to renew a registration.
   */
  onlyWhenIdle?: boolean;
  make: MakeFrame<Frame>;
  /** Whether a response says that the session goes on. Default: every response does. */
  accepts?: (response: Frame) => boolean;
  /** Time limit of the response, ms. Default: that of the session. */
  responseMs?: number;
  /** How often a request is sent before the connection counts as dead. Default: once. */
  attempts?: number;
  /** Close the connection when the peer, which sends keep-alives of its own, was silent for this long, ms. */
  peerSilentMs?: number;
}

export class KeepAlive<Frame> {
  private cancelRequest: () => void = () => undefined;
  private cancelWatch: () => void = () => undefined;
  private stopped = false;

  constructor(
    private readonly connection: SessionConnection<Frame>,
    private readonly options: KeepAliveOptions<Frame>,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.requestIn(options.everyMs);
    if (options.peerSilentMs !== undefined)
      this.cancelWatch = closeWhenSilent(connection, options.peerSilentMs, clock);
  }

  stop(): void {
    this.stopped = true;
    this.cancelRequest();
    this.cancelWatch();
  }

  private requestIn(delayMs: number): void {
    this.cancelRequest = this.clock.after(delayMs, () =>
      runInBackground('keep-alive of a session', this.log, () => this.request()),
    );
  }

  private async request(): Promise<void> {
    const { everyMs, onlyWhenIdle = false, make, accepts = () => true, responseMs, attempts } = this.options;
    const { silentMs } = this.connection;
    if (onlyWhenIdle && silentMs < everyMs) return this.requestIn(everyMs - silentMs);
    try {
      const response = await this.connection.request(make, {
        outsideWindow: true,
        ...(responseMs === undefined ? {} : { responseMs }),
        ...(attempts === undefined ? {} : { attempts }),
      });
      if (!accepts(response)) return this.connection.close('the peer refused a keep-alive');
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      return this.connection.close(`keep-alive failed: ${reason}`);
    }
    if (!this.stopped) this.requestIn(everyMs);
  }
}
