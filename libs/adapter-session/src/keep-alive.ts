/** Finds connections that are dead without having been closed: asks the peer at intervals, and watches for its silence. */
import { runInBackground, type Log } from '#service';
import type { Clock } from './clock.js';
import type { MakeFrame } from './request-window.js';
import type { SessionConnection } from './session-connection.js';

export interface KeepAliveOptions<Frame> {
  /** Interval of our keep-alive requests, ms. */
  everyMs: number;
  /** Ask only when nothing went in either direction for `everyMs`. Otherwise at each interval, to renew a registration. */
  onlyWhenIdle?: boolean;
  make: MakeFrame<Frame>;
  /** Whether a response says that the session goes on. Default: every response does. */
  accepts?: (response: Frame) => boolean;
  /** Time limit of the response, ms. Default: that of the session. */
  responseMs?: number;
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
    if (options.peerSilentMs !== undefined) this.watch(options.peerSilentMs, options.peerSilentMs);
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
    const { everyMs, onlyWhenIdle = false, make, accepts = () => true, responseMs } = this.options;
    const idleMs = this.connection.idleMs;
    if (onlyWhenIdle && idleMs < everyMs) return this.requestIn(everyMs - idleMs);
    try {
      const response = await this.connection.request(make, {
        outsideWindow: true,
        ...(responseMs === undefined ? {} : { responseMs }),
      });
      if (!accepts(response)) return this.connection.close('the peer refused a keep-alive');
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      return this.connection.close(`keep-alive failed: ${reason}`);
    }
    if (!this.stopped) this.requestIn(everyMs);
  }

  private watch(limitMs: number, delayMs: number): void {
    this.cancelWatch = this.clock.after(delayMs, () => {
      const { silentMs } = this.connection;
      if (silentMs >= limitMs) this.connection.close(`the peer was silent for ${limitMs} ms`);
      else this.watch(limitMs, limitMs - silentMs);
    });
  }
}
