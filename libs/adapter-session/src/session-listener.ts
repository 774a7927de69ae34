/** The other direction: the peer dials us and logs in, as the gateways of SGIP do to deliver messages and reports. */
import { createServer, type AddressInfo, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { addressGroup, guarded, RefusalLog, type Log } from '#service';
import { systemClock, type Clock } from './clock.js';
import { remoteAddressOf, SessionConnection, type PeerRequest } from './session-connection.js';
import { closeWhenSilent } from './silence.js';
import type { SessionLimits, SessionProtocol } from './session-protocol.js';

export interface ListenerOptions<Frame> {
  protocol: SessionProtocol<Frame>;
  limits: SessionLimits;
  log: Log;
  /** Open connections, at most. One more takes the place of one that is not logged in, of the address that has most of these, the oldest that has asked nothing yet first; without one it is closed at once. */
  maxConnections: number;
  /** A connection that is not logged in after this time is closed, ms. */
  logInMs: number;
  /** A connection on which nothing came for this long is closed, ms: half-open ones would take the places of others. Default: never. */
  peerSilentMs?: number;
  /**
   * The peer's first request: answers it, and may take its time. @returns true when the peer proved who it is; otherwise the connection is
   * closed after the answer
   * @param connection on which requests of ours can be sent, once the peer is logged in
   */
  logIn: (request: PeerRequest<Frame>, connection: SessionConnection<Frame>) => Promise<boolean>;
  /** Requests of a peer that is logged in. @see ConnectionOptions.onRequest */
  onRequest: (request: PeerRequest<Frame>, connection: SessionConnection<Frame>) => void | Promise<void>;
  /** A connection has ended, logged in or not. */
  onClosed?: (connection: SessionConnection<Frame>) => void;
  clock?: Clock;
}

interface Login {
  phase: 'new' | 'logging in' | 'logged in';
}

export class SessionListener<Frame> {
  /** The oldest first. */
  private readonly connections = new Map<SessionConnection<Frame>, Login>();
  /** Of those that are not logged in: connections are many, and cost nothing. */
  private readonly refusals: RefusalLog;
  private server: Server | undefined;

  constructor(private readonly options: ListenerOptions<Frame>) {
    this.refusals = new RefusalLog(options.log);
  }

  /** @returns the port; another one than `port` only when that is 0 */
  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const server = createServer({ noDelay: true });
      this.server = server;
      server.on(
        'connection',
        guarded('connection of a peer', this.options.log, (socket) => this.accept(socket)),
      );
      server.once('error', reject);
      server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
    });
  }

  /** Closes every connection. The peers send again what was not answered. */
  stop(): void {
    this.server?.close();
    for (const connection of this.connections.keys()) connection.close('the listener was stopped');
  }

  /** Takes a connection that a peer opened. */
  accept(socket: Duplex): void {
    const {
      protocol,
      limits,
      log,
      maxConnections,
      logInMs,
      peerSilentMs,
      clock = systemClock,
    } = this.options;
    if (!this.hasRoom(remoteAddressOf(socket))) {
      this.refused(remoteAddressOf(socket), `more than ${maxConnections} connections`);
      socket.destroy();
      return;
    }
    const login: Login = { phase: 'new' };
    const connection = new SessionConnection<Frame>(socket, {
      protocol,
      limits,
      clock,
      log,
      onRequest: (request, from) => this.take(request, from, login),
      onUnmatched: (response) => {
        if (login.phase !== 'logged in') connection.close('a response before the login');
        else
          log.info(
            { operation: protocol.nameOf(response) },
            `${protocol.peer}: a response to no outstanding request`,
          );
      },
      onClosed: (why, closed) => {
        cancel();
        stopWatching();
        this.connections.delete(closed);
        this.options.onClosed?.(closed);
        if (login.phase === 'logged in') log.info({ why }, `${protocol.peer}: connection ended`);
        else this.refused(closed.remoteAddress, why);
      },
    });
    const cancel = clock.after(logInMs, () => {
      if (login.phase !== 'logged in') connection.close(`not logged in after ${logInMs} ms`);
    });
    const stopWatching =
      peerSilentMs === undefined ? () => undefined : closeWhenSilent(connection, peerSilentMs, clock);
    this.connections.set(connection, login);
  }

  /** Connections on which nobody speaks, or somebody guesses, must not keep out a peer that logs in. */
  private hasRoom(of: string): boolean {
    if (this.connections.size < this.options.maxConnections) return true;
    const strangers = Map.groupBy(
      [...this.connections].filter(([, { phase }]) => phase !== 'logged in'),
      ([connection]) => addressGroup(connection.remoteAddress),
    );
    // Counts the new one too, so that of two addresses with one each the older keeps its place.
    const size = ([address, its]: [string, unknown[]]) => its.length + (address === addressGroup(of) ? 1 : 0);
    const [[, most] = ['', []]] = [...strangers].sort((one, other) => size(other) - size(one));
    const given = most.find(([, { phase }]) => phase === 'new') ?? most[0];
    given?.[0].close('another connection needs its place');
    return given !== undefined;
  }

  private refused(address: string, reason: string): void {
    this.refusals.refused(address, { reason, route: this.options.protocol.peer });
  }

  private async take(
    request: PeerRequest<Frame>,
    connection: SessionConnection<Frame>,
    login: Login,
  ): Promise<void> {
    if (login.phase === 'logged in') return this.options.onRequest(request, connection);
    if (login.phase === 'logging in') return connection.close('a request before the answer to the login');
    login.phase = 'logging in';
    if (await this.options.logIn(request, connection)) login.phase = 'logged in';
    else connection.close('the login was refused');
  }
}
