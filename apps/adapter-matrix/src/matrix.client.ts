/** The homeserver's client API as our ghosts use it (matrix-js-sdk underneath). Every call may be repeated safely. */
import { ClientPrefix, createClient, Method, type MatrixClient as SdkClient } from 'matrix-js-sdk';
import pLimit, { type LimitFunction } from 'p-limit';
import { Connectivity } from '#adapter-kit';
import { HubError } from '#protocol';
import { backoff, runInBackground, sleep, type Log } from '#service';
import { errcodeOf, fromMatrix, isForbidden, statusOf } from './matrix.errors.js';
import type { MatrixSettings } from './matrix.config.js';
import { GHOST_PREFIX, localpart } from './user-ids.js';

type Json = Record<string, unknown>;

export interface Around {
  event?: unknown;
  events_before?: unknown[];
}

/** For a device the homeserver stores transaction ids on disk, so a retry after a crash of the homeserver is not shown twice. */
const DEVICE = 'HUTONG';
const REQUEST_MS = 30_000;

export class MatrixClient {
  private readonly sdk: SdkClient;
  private readonly limit: LimitFunction;
  readonly connectivity = new Connectivity();
  private lostAt: Date | undefined;
  private onReturn: (awaySince: Date) => void = () => undefined;
  private readonly stopping = new AbortController();

  constructor(
    private readonly settings: MatrixSettings,
    private readonly log: Log,
  ) {
    const silent = { trace: noop, debug: noop, info: noop, warn: noop, error: noop, getChild: () => silent };
    this.sdk = createClient({
      baseUrl: settings.MATRIX_URL,
      accessToken: settings.MATRIX_AS_TOKEN,
      userId: `@${GHOST_PREFIX}:${settings.MATRIX_SERVER_NAME}`,
      disableVoip: true,
      logger: silent,
    });
    this.limit = pLimit(settings.MATRIX_IN_FLIGHT);
  }

  get connected(): boolean {
    return this.connectivity.connected;
  }

  /** Connects to the homeserver and asks it to push at once. Otherwise a homeserver that found us down waits for minutes. */
  async keepConnected(onReturn: (awaySince: Date) => void): Promise<void> {
    this.onReturn = onReturn;
    for (let attempt = 1; !this.stopping.signal.aborted; attempt++) {
      if (!this.connected && (await this.lookWhetherBack())) attempt = 1;
      await sleep(this.connected ? 500 : backoff(attempt, 200, 3000), this.stopping.signal);
    }
  }

  /** The homeserver called us, so it is reachable. Call this before the content of its request is read. */
  async heard(): Promise<void> {
    if (!this.connected && this.lostAt) await this.lookWhetherBack();
  }

  stop(): void {
    this.stopping.abort();
    this.sdk.stopClient();
  }

  /** As a ghost. @throws HubError */
  as<T = Json>(
    userId: string,
    method: 'GET' | 'PUT' | 'POST',
    path: string,
    body?: Json,
    query: Record<string, string> = {},
  ): Promise<T> {
    return this.request<T>(method, path, { user_id: userId, ...query }, body);
  }

  /** Sends a room event as a ghost's device; the same transaction id gives the same event. */
  async send(
    userId: string,
    room: string,
    type: string,
    txn: string,
    content: Json,
    at?: Date,
  ): Promise<string> {
    const path = `/rooms/${encodeURIComponent(room)}/send/${encodeURIComponent(type)}/${encodeURIComponent(txn)}`;
    const query = { device_id: DEVICE, ...(at ? { ts: String(at.getTime()) } : {}) };
    return (await this.as<{ event_id: string }>(userId, 'PUT', path, content, query)).event_id;
  }

  async redact(userId: string, room: string, target: string, txn: string): Promise<string> {
    const path = `/rooms/${encodeURIComponent(room)}/redact/${encodeURIComponent(target)}/${encodeURIComponent(txn)}`;
    return (await this.as<{ event_id: string }>(userId, 'PUT', path, {}, { device_id: DEVICE })).event_id;
  }

  /** The content of a room event as it was sent. @throws HubError 14 when the ghost may not see it */
  async eventContent(userId: string, room: string, event: string): Promise<Json> {
    const path = `/rooms/${encodeURIComponent(room)}/event/${encodeURIComponent(event)}`;
    return (await this.as<{ content?: Json }>(userId, 'GET', path)).content ?? {};
  }

  /** The newest edits of an event, newest first, without redacted ones. */
  async editsOf(userId: string, room: string, event: string): Promise<unknown[]> {
    const path = `/rooms/${encodeURIComponent(room)}/relations/${encodeURIComponent(event)}/m.replace/m.room.message`;
    const query = { user_id: userId, dir: 'b', limit: '50' };
    return (
      (await this.request<{ chunk?: unknown[] }>('GET', path, query, undefined, false, ClientPrefix.V1))
        .chunk ?? []
    );
  }

  /** An event, and the messages of one user before it, newest first. */
  async messagesBefore(userId: string, room: string, event: string, author: string): Promise<Around> {
    const path = `/rooms/${encodeURIComponent(room)}/context/${encodeURIComponent(event)}`;
    const filter = JSON.stringify({ types: ['m.room.message', 'm.sticker'], senders: [author] });
    return this.as<Around>(userId, 'GET', path, undefined, { limit: '40', filter });
  }

  /** join, invite, leave, ban or knock. undefined: never in the room, or not for this user to see. */
  async membership(userId: string, room: string, subject: string): Promise<string | undefined> {
    const path = `/rooms/${encodeURIComponent(room)}/state/m.room.member/${encodeURIComponent(subject)}`;
    try {
      return (await this.as<{ membership?: string }>(userId, 'GET', path)).membership;
    } catch (error) {
      if (isForbidden(error) || (error instanceof HubError && error.code === '14')) return undefined;
      throw error;
    }
  }

  /** @returns false when the user may not enter */
  async join(userId: string, room: string): Promise<boolean> {
    try {
      await this.as(userId, 'POST', `/join/${encodeURIComponent(room)}`, {});
      return true;
    } catch (error) {
      if (isForbidden(error) || (error instanceof HubError && error.code === '14')) return false;
      throw error;
    }
  }

  /** Registers a ghost with its device. Logs in a ghost that exists, so that its device exists too. */
  async ensureUser(userId: string): Promise<void> {
    const device = { device_id: DEVICE, initial_device_display_name: 'Hutong' };
    try {
      await this.request(
        'POST',
        '/register',
        {},
        { type: 'm.login.application_service', username: localpart(userId), ...device },
        true,
      );
    } catch (error) {
      if (errcodeOf(error) !== 'M_USER_IN_USE') throw fromMatrix(error);
      await this.request(
        'POST',
        '/login',
        {},
        { type: 'm.login.application_service', identifier: { type: 'm.id.user', user: userId }, ...device },
      );
    }
  }

  /** @returns undefined when there is no such user */
  async profile(userId: string): Promise<{ displayname?: unknown; avatar_url?: unknown } | undefined> {
    try {
      return await this.request('GET', `/profile/${encodeURIComponent(userId)}`, {}, undefined, true);
    } catch (error) {
      // COMPAT(Synapse 1.160): 404 M_UNKNOWN for a user that never was; 403 where profiles are hidden from ghosts.
      if (statusOf(error) === 404 || statusOf(error) === 403) return undefined;
      throw fromMatrix(error);
    }
  }

  private request<T = Json>(
    method: 'GET' | 'PUT' | 'POST',
    path: string,
    query: Record<string, string>,
    body?: Json,
    raw = false,
    prefix = ClientPrefix.V3,
  ): Promise<T> {
    return this.limit(async () => {
      try {
        return await this.sdk.http.authedRequest<T>(method as Method, path, query, body, {
          prefix,
          localTimeoutMs: REQUEST_MS,
          priority: 'auto',
        });
      } catch (thrown) {
        const error = fromMatrix(thrown);
        if (error.code === '91') this.lost(error);
        throw raw ? thrown : error;
      }
    });
  }

  private async lookWhetherBack(): Promise<boolean> {
    const back = await this.ping();
    const { lostAt } = this;
    if (back && lostAt) runInBackground('homeserver', this.log, () => this.onReturn(lostAt));
    return back;
  }

  private lost(error: HubError): void {
    if (this.connected) this.log.warn({ reason: error.detail }, 'homeserver not reachable any more');
    this.connectivity.connected = false;
    this.lostAt = new Date();
  }

  private async ping(): Promise<boolean> {
    const path = `/appservice/${encodeURIComponent(this.settings.MATRIX_AS_ID)}/ping`;
    try {
      await this.sdk.http.authedRequest(
        Method.Post,
        path,
        {},
        { transaction_id: `ping-${Date.now()}` },
        { prefix: ClientPrefix.V1, localTimeoutMs: 5000, priority: 'auto' },
      );
      this.log.info('homeserver connected');
      this.connectivity.connected = true;
      return true;
    } catch (error) {
      this.log.debug({ reason: fromMatrix(error).detail }, 'homeserver not reachable');
      return false;
    }
  }
}

function noop(): void {
  // Silences the SDK, which logs every request.
}
