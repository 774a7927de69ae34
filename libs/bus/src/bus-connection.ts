/**
 * The connection to the bus. Crash-only: the client library does not reconnect. A lost connection ends a *session*, and a new
 * session rebuilds everything (publisher, consumers, subscriptions). So nothing that the library buffered for the old
 * connection is sent before what this process resends in order.
 */
import { connect, credsAuthenticator, type NatsConnection, type TlsOptions } from '@nats-io/transport-node';
import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { MEMBER_API, type Network } from '#protocol';
import {
  backoff,
  guarded,
  metrics,
  runInBackground,
  sleep,
  StartRefused,
  tolerate,
  type Log,
  type Refuse,
} from '#service';
import { CredentialsFile } from './credentials-file.js';

/** Files in PEM format. */
export interface BusTls {
  /** Certificates of the authorities that may have signed the server's certificate. */
  ca: string;
  /** Certificate and private key of this client, where the server demands them. */
  cert?: string | undefined;
  key?: string | undefined;
}

/** As NATS's client takes them. */
export function tlsOptions({ ca, cert, key }: BusTls): TlsOptions {
  return { caFile: ca, ...(cert && key ? { certFile: cert, keyFile: key } : {}) };
}

export interface BusConnectionOptions {
  url: string;
  /** Content of a credentials file. */
  creds?: string | undefined;
  /** Path of a credentials file, read at every connection. Takes precedence over `creds`. */
  credsFile?: string | undefined;
  tls?: BusTls | undefined;
  /** Shown in the server's connection list. */
  name: string;
  /** Network of the adapter: its account has the JetStream API under a prefix of its own. Absent: a process of the hub. */
  member?: Network;
  /** true: the account imports single calls of the JetStream API, under the prefix of networks. Always so for a `member`. */
  importsApi?: boolean;
  /** Called when a later session finds that this process must stop: its servers have become unsafe, or have lost data. */
  onRefusal?: Refuse | undefined;
}

export interface BusSession {
  nc: NatsConnection;
  js: JetStreamClient;
  jsm: JetStreamManager;
  /** Aborted when the session ends. */
  ended: AbortSignal;
}

type Build = (session: BusSession) => Promise<void> | void;

export class BusConnection {
  private readonly builds: Build[] = [];
  private readonly permissionListeners: ((subject: string) => void)[] = [];
  private current: BusSession | undefined;
  private readonly closing = new AbortController();
  private running: Promise<void> = Promise.resolve();

  private constructor(
    readonly options: BusConnectionOptions,
    readonly log: Log,
  ) {}

  /** Resolves when the first session is established; retries until then. */
  static async open(options: BusConnectionOptions, log: Log): Promise<BusConnection> {
    const connection = new BusConnection(options, log);
    await new Promise<void>((resolve) => {
      connection.running = connection.run(resolve);
    });
    return connection;
  }

  get session(): BusSession | undefined {
    return this.current;
  }

  get connected(): boolean {
    return this.current !== undefined;
  }

  private get labels(): { network?: string } {
    const { member } = this.options;
    return member === undefined ? {} : { network: member };
  }

  /** Calls the function now, and again in every later session. An error ends the session, and the next session calls again. */
  async onSession(build: Build): Promise<void> {
    this.builds.push(build);
    if (this.current) await build(this.current);
  }

  onPermissionViolation(listener: (subject: string) => void): void {
    this.permissionListeners.push(listener);
  }

  /** Ends the session because it does not work as it should; a new one begins. */
  restart(why: string): void {
    const session = this.current;
    if (!session) return;
    this.log.warn({ why }, 'bus session restarted');
    runInBackground('bus close', this.log, () => session.nc.close());
  }

  /** Publishes what is buffered, then closes. */
  async close(): Promise<void> {
    this.closing.abort();
    const session = this.current;
    if (session) {
      await tolerate('bus flush', this.log, () => session.nc.flush());
      await tolerate('bus close', this.log, () => session.nc.close());
    }
    await this.running;
  }

  private async run(firstSession: () => void): Promise<void> {
    for (let attempt = 1; !this.closing.signal.aborted; attempt++) {
      try {
        const nc = await this.connect();
        await this.live(nc, firstSession);
        attempt = 0;
      } catch (error) {
        this.log.warn({ reason: (error as Error).message, server: this.options.url }, 'bus not reachable');
      }
      await sleep(backoff(Math.max(attempt, 1), 100, 3000), this.closing.signal);
    }
  }

  private connect(): Promise<NatsConnection> {
    const { url, name, tls, credsFile } = this.options;
    const creds = credsFile === undefined ? this.options.creds : new CredentialsFile(credsFile).read();
    return connect({
      servers: url.split(','),
      name,
      reconnect: false,
      noAsyncTraces: true,
      timeout: 5000,
      pingInterval: 5000,
      maxPingOut: 2,
      ...(tls ? { tls: tlsOptions(tls) } : {}),
      ...(creds ? { authenticator: credsAuthenticator(new TextEncoder().encode(creds)) } : {}),
    });
  }

  private async live(nc: NatsConnection, firstSession: () => void): Promise<void> {
    const ended = new AbortController();
    const closed = nc.closed().then((error) => {
      this.current = undefined;
      metrics.busConnected.set(this.labels, 0);
      ended.abort();
      if (!this.closing.signal.aborted)
        this.log.warn({ reason: error ? error.message : 'closed' }, 'bus session ended');
    });
    runInBackground('bus status', this.log, () => this.watchErrors(nc));
    try {
      const { member, importsApi = member !== undefined } = this.options;
      const api = importsApi ? { apiPrefix: MEMBER_API } : {};
      const session: BusSession = {
        nc,
        js: jetstream(nc, { timeout: 10_000, ...api }),
        jsm: await jetstreamManager(nc, { checkAPI: false, ...api }),
        ended: ended.signal,
      };
      this.current = session;
      metrics.busConnected.set(this.labels, 1);
      metrics.busSessions.inc();
      for (const build of this.builds) await build(session);
      firstSession();
    } catch (error) {
      this.log.warn({ reason: (error as Error).message }, 'bus session could not be built');
      await nc.close();
      if (error instanceof StartRefused) this.options.onRefusal?.(error);
    }
    await closed;
  }

  private async watchErrors(nc: NatsConnection): Promise<void> {
    for await (const status of nc.status()) {
      if (status.type !== 'error') continue;
      const { error } = status;
      this.log.error({ reason: error.message }, 'bus refused an operation');
      if ('operation' in error && error.operation === 'publish' && 'subject' in error) {
        for (const listener of this.permissionListeners)
          guarded('bus permission', this.log, listener)(String(error.subject));
      }
    }
  }
}
