/**
 * A session with a server: dials, logs in, stays up, and comes back by itself. Crash-only: whatever goes wrong closes the
 * connection, and the session begins anew after a pause that grows and has jitter. Nothing is carried from one connection
 * to the next; what the peer did not see answered it sends again, and a request of ours that has no answer ends with 103.
 */
import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { HubError, toHubError } from '#protocol';
import { backoff, tolerate, type Log } from '#service';
import { systemClock, type Clock } from './clock.js';
import { dialTcp, type Endpoint } from './dial-tcp.js';
import { KeepAlive, type KeepAliveOptions } from './keep-alive.js';
import type { MakeFrame, RequestOptions } from './request-window.js';
import { SessionConnection, type PeerRequest } from './session-connection.js';
import type { SessionLimits, SessionProtocol } from './session-protocol.js';

export interface SessionOptions<Frame> {
  protocol: SessionProtocol<Frame>;
  limits: SessionLimits;
  log: Log;
  /** Whose session it is, for log lines: { account: '139…' }. */
  logFields: Record<string, string>;
  /** Where to connect; called for each attempt, and may ask a directory first. */
  endpoint: () => Endpoint | Promise<Endpoint>;
  /** Logs in on a new connection; sends requests `outsideWindow`. Throws when the peer refuses. */
  logIn: (connection: SessionConnection<Frame>) => Promise<void>;
  /** After the login and before the session is up: requests work already. A failure closes the connection. */
  prepare?: () => Promise<void>;
  /** After a failed attempt. `halt`: no further attempt until `resume` is called. Default: always `retry`. */
  onFailed?: (error: unknown) => 'retry' | 'halt';
  /** @see ConnectionOptions.onRequest */
  onRequest: (request: PeerRequest<Frame>) => void | Promise<void>;
  /** @see ConnectionOptions.onUnmatched */
  onUnmatched?: (response: Frame) => void | Promise<void>;
  keepAlive?: KeepAliveOptions<Frame>;
  /** Says goodbye before `stop` closes the connection. */
  signOff?: (connection: SessionConnection<Frame>) => Promise<unknown>;
  /** A connection that was up for this long resets the pause between attempts, ms. Default: 10 s. */
  steadyMs?: number;
  /** The pause before the next attempt, ms. @param attempt failed attempts in a row, from 1. Default: 250 ms to 60 s, with jitter */
  reconnectDelayMs?: (attempt: number) => number;
  clock?: Clock;
  dial?: (endpoint: Endpoint) => Promise<Duplex>;
}

/** down: another attempt follows by itself · halted: no attempt until `resume` · stopped: for good */
export type SessionState = 'down' | 'up' | 'halted' | 'stopped';

const STEADY_MS = 10_000;

/** `down` follows every connection and every failed attempt. */
export class Session<Frame> extends EventEmitter<{ up: []; down: [] }> {
  private current: SessionState = 'down';
  private connection: SessionConnection<Frame> | undefined;
  /** Set after the login: requests may be sent. */
  private loggedIn: SessionConnection<Frame> | undefined;
  private keepAlive: KeepAlive<Frame> | undefined;
  /** Ends the pause between attempts, or the halt. */
  private wake: () => void = () => undefined;
  private readonly clock: Clock;

  constructor(private readonly options: SessionOptions<Frame>) {
    super();
    this.clock = options.clock ?? systemClock;
  }

  get state(): SessionState {
    return this.current;
  }

  /** Keeps the session up until `stop` is called; never rejects. Call it once. */
  async run(): Promise<void> {
    const { steadyMs = STEADY_MS, reconnectDelayMs = (attempt: number) => backoff(attempt, 250, 60_000) } =
      this.options;
    let attempt = 0;
    while (!this.stopped()) {
      const upMs = await this.connectAndWait();
      attempt = upMs > steadyMs ? 1 : attempt + 1;
      if (this.stopped()) return;
      await this.pause(this.current === 'halted' ? undefined : reconnectDelayMs(attempt));
    }
  }

  async stop(): Promise<void> {
    const { log, protocol, signOff } = this.options;
    const { loggedIn } = this;
    if (loggedIn && signOff) await tolerate(`sign-off from ${protocol.peer}`, log, () => signOff(loggedIn));
    this.current = 'stopped';
    this.hangUp('the session was stopped');
    this.wake();
  }

  /** @throws HubError 91 when the session is not logged in; otherwise as RequestWindow.request */
  request(make: MakeFrame<Frame>, options?: RequestOptions): Promise<Frame> {
    if (!this.loggedIn)
      return Promise.reject(new HubError('91', `the session with ${this.options.protocol.peer} is down`));
    return this.loggedIn.request(make, options);
  }

  /** Closes the connection. The session comes back by itself, and the peer sends again what was not answered. */
  hangUp(why: string): void {
    this.connection?.close(why);
  }

  /** Closes the connection and makes no further attempt until `resume` is called. */
  halt(why: string): void {
    if (this.stopped()) return;
    this.current = 'halted';
    this.hangUp(why);
  }

  /** The cause of the halt is gone: the next attempt begins at once. */
  resume(): void {
    if (this.current !== 'halted') return;
    this.current = 'down';
    this.wake();
  }

  /** @returns how long the session was up, ms */
  private async connectAndWait(): Promise<number> {
    const { dial = dialTcp, endpoint, logIn, prepare, keepAlive, log } = this.options;
    try {
      const socket = await dial(await endpoint());
      const { connection, closed } = this.open(socket);
      await logIn(connection);
      if (connection.open) this.loggedIn = connection;
      await prepare?.();
      if (!connection.open) return 0;
      const since = this.clock.now();
      this.current = 'up';
      if (keepAlive) this.keepAlive = new KeepAlive(connection, keepAlive, this.clock, log);
      this.emit('up');
      await closed;
      return this.clock.now() - since;
    } catch (thrown) {
      this.failed(thrown);
      return 0;
    }
  }

  private open(socket: Duplex): { connection: SessionConnection<Frame>; closed: Promise<void> } {
    const { protocol, limits, log, onRequest, onUnmatched } = this.options;
    let ended: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (ended = resolve));
    const connection = new SessionConnection(socket, {
      protocol,
      limits,
      clock: this.clock,
      log,
      onRequest,
      ...(onUnmatched ? { onUnmatched } : {}),
      onClosed: (why) => {
        this.closed(why);
        ended();
      },
    });
    this.connection = connection;
    // Stopped or halted while it was dialling.
    if (this.current !== 'down') connection.close('the session was stopped');
    return { connection, closed };
  }

  private closed(why: string): void {
    const { log, logFields, protocol } = this.options;
    log.info({ ...logFields, why }, `${protocol.peer}: connection ended`);
    this.keepAlive?.stop();
    this.keepAlive = this.connection = this.loggedIn = undefined;
    if (this.current === 'up') this.current = 'down';
    this.emit('down');
  }

  private failed(thrown: unknown): void {
    const { log, logFields, protocol, onFailed } = this.options;
    const wasOpen = this.connection !== undefined;
    const next = this.current === 'down' ? (onFailed?.(thrown) ?? 'retry') : 'retry';
    if (this.current === 'down') {
      const { code, detail: reason } = toHubError(thrown);
      log[next === 'halt' ? 'error' : 'warn'](
        { ...logFields, code, reason },
        `${protocol.peer}: login failed`,
      );
      if (next === 'halt') this.current = 'halted';
    }
    this.hangUp('the login failed');
    if (!wasOpen) this.emit('down');
  }

  /** @param delayMs undefined: until `resume` or `stop` */
  private pause(delayMs: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      const cancel = delayMs === undefined ? () => undefined : this.clock.after(delayMs, resolve);
      this.wake = () => {
        cancel();
        resolve();
      };
    });
  }

  private stopped(): boolean {
    return this.current === 'stopped';
  }
}
