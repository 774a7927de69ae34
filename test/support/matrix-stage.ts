/** The inbound side of the Matrix adapter without a homeserver and without a bus: what it says to either is written down. */
import {
  InboundQueue,
  type Hub,
  type LateEvent,
  type LateReport,
  type NotCarried,
  type ReactionChange,
  type Reacting,
} from '#adapter-kit';
import { Correlation } from '../../libs/adapter-kit/src/correlation.js';
import { EventWriter } from '../../libs/adapter-kit/src/event-writer.js';
import { ReactionState } from '../../libs/adapter-kit/src/reaction-state.js';
import { Ingress } from '../../libs/adapter-kit/src/ingress.js';
import {
  addressOf,
  decodeEvent,
  direct,
  network,
  type Address,
  type ContactEvent,
  type EventId,
  type MessageEvent,
  type Network,
} from '#protocol';
import { HubError, type HubEvent, type ReceiptEvent } from '#protocol';
import { Ghosts } from '../../apps/adapter-matrix/src/ghosts.js';
import { Inbound } from '../../apps/adapter-matrix/src/inbound.js';
import { Invitations } from '../../apps/adapter-matrix/src/invitations.js';
import type { MatrixClient } from '../../apps/adapter-matrix/src/matrix.client.js';
import { MatrixEvent } from '../../apps/adapter-matrix/src/matrix.events.js';
import { Portals } from '../../apps/adapter-matrix/src/portals.js';
import { ghostUserId } from '../../apps/adapter-matrix/src/user-ids.js';

type Json = Record<string, unknown>;

export const SERVER = 'matrix.localhost';
export const BEN = `@ben:${SERVER}`;
export const AMY: Address = addressOf(network('xmpp'), 'amy@localhost');
export const GHOST = ghostUserId(AMY, SERVER).userId;
export const PORTAL = `!portal:${SERVER}`;
/** The room that the homeserver makes. */
export const MADE = `!made:${SERVER}`;

interface Request {
  user: string;
  method: string;
  path: string;
  body?: Json | undefined;
}

export class MatrixStage {
  readonly published: HubEvent[] = [];
  readonly notCarried: NotCarried[] = [];
  readonly ended: { event: LateEvent; end: LateReport }[] = [];
  readonly signals: string[] = [];
  /** The link that a caller gets. undefined: there are no call pages. */
  callPage: string | undefined;
  readonly hungUp: string[] = [];
  /** Keys that were read in the memory. */
  readonly reads: string[] = [];
  readonly requests: Request[] = [];
  /** What a homeserver answers: by the beginning of `METHOD path`. A HubError is thrown, a function called. */
  readonly answers = new Map<string, unknown>();
  readonly portals: Portals;
  readonly ghosts: Ghosts;
  readonly invitations: Invitations;
  readonly homeserver: MatrixClient;
  readonly hub: Hub;
  private readonly inbound: Inbound;
  /** By room and user, where it is not `join`. */
  private readonly memberships = new Map<string, string>();
  private readonly correlation: Correlation;

  /**
   * @param stored what earlier processes of the adapter stored, by key, as JSON
   * @param change of the hub that the adapter gets
   */
  constructor(
    readonly stored = new Map<string, string>(),
    change = (hub: Hub) => hub,
  ) {
    const matrix = network('matrix');
    const memory = {
      put: async (key: string, value: unknown) => void this.stored.set(key, JSON.stringify(value)),
      get: async (key: string) => {
        this.reads.push(key);
        const value = this.stored.get(key);
        return value === undefined ? undefined : (JSON.parse(value) as unknown);
      },
      keys: async (filter: string) =>
        [...this.stored.keys()].filter((key) => key.startsWith(filter.replace(/[>*]$/, ''))),
      entries: async function* (filter: string): AsyncGenerator<[string, unknown]> {
        for (const key of await memory.keys(filter)) yield [key, await memory.get(key)];
      },
    };
    const reactions = new ReactionState(matrix, memory);
    this.correlation = new Correlation(matrix, memory);
    const publisher = {
      publish: async (_subject: string, data: string | Uint8Array) => {
        this.published.push(decodeEvent(Buffer.from(data)));
        return { seq: this.published.length, duplicate: false };
      },
    };
    const writer = new EventWriter(matrix, publisher);
    const pending: ConstructorParameters<typeof Ingress>[0]['pending'] = {
      holds: () => false,
      admit: (_conversation, draft) => writer.store(writer.messageEvent(draft, []), 'message'),
    };
    const ingress = new Ingress({ network: matrix, writer, correlation: this.correlation, pending });
    const quiet = () => undefined;
    this.hub = change({
      log: { info: quiet, warn: quiet, debug: quiet, error: quiet },
      memory,
      recent: memory,
      inbound: new InboundQueue(),
      submitMessage: (draft: Parameters<Hub['submitMessage']>[0]) => ingress.submitMessage(draft),
      submitReceipt: (draft: Parameters<Hub['submitReceipt']>[0]) => ingress.submitReceipt(draft),
      submitContact: (draft: Parameters<Hub['submitContact']>[0]) => ingress.submitContact(draft),
      calls: {
        begin: async ({ native }: { native: string }) =>
          this.callPage === undefined ? undefined : { call: native, url: this.callPage },
        hungUp: async (of: { native: string }) => {
          if (this.callPage !== undefined) this.hungUp.push(of.native);
          return this.callPage !== undefined;
        },
      },
      reactionsAfter: (reacting: Reacting, change: ReactionChange) => reactions.after(reacting, change),
      submitOutcome: async (event: LateEvent, end: LateReport) => void this.ended.push({ event, end }),
      notCarried: (input: NotCarried) => void this.notCarried.push(input),
      typing: (_from: unknown, _to: unknown, state: string) => void this.signals.push(`typing ${state}`),
      presence: (_from: unknown, _to: unknown, state: string) => void this.signals.push(`presence ${state}`),
      probe: quiet,
      learn: quiet,
      canonical: (address: Address) => address,
      find: (id: EventId, author: Network) => this.correlation.find(id, author),
      findNative: (native: string) => this.correlation.findNative(native),
      findReferred: (native: string) => this.correlation.findNative(native),
      resolve: async (address: Address) => ({ code: '00', party: { address } }),
      rememberGhost: async () => undefined,
      rememberedGhost: async () => {
        throw new HubError('14', 'nobody of that name');
      },
    } as unknown as Hub);
    const client = this.client();
    this.homeserver = client;
    this.ghosts = new Ghosts(this.hub, client, SERVER);
    this.portals = new Portals(this.hub, client, this.ghosts, SERVER);
    this.invitations = new Invitations(this.hub, this.portals, this.ghosts, client);
    const { hub, ghosts, portals, invitations } = this;
    this.inbound = new Inbound({
      network: matrix,
      serverName: SERVER,
      hub,
      client,
      ghosts,
      portals,
      invitations,
    });
  }

  close(): void {
    this.inbound.stop();
  }

  /** The next process of the adapter, with what this one stored. */
  async restarted(): Promise<MatrixStage> {
    this.close();
    const next = new MatrixStage(this.stored);
    await next.portals.indexEarlierReleases();
    return next;
  }

  /** Ben and amy's ghost are in a room. */
  async inPortal(room = PORTAL): Promise<void> {
    await this.portals.adopt(room, BEN, AMY);
  }

  /** The homeserver pushes events; what is missing of the envelope is ben's in the portal. */
  push(...events: unknown[]): Promise<void> {
    for (const event of events) this.note(event);
    return this.inbound.transaction({ events });
  }

  pushEphemeral(...ephemeral: unknown[]): Promise<void> {
    return this.inbound.transaction({ events: [], ephemeral });
  }

  /** An event of ben's in the portal. */
  event(id: string, type: string, content: unknown, more: Json = {}): Json {
    const now = Date.now();
    return { type, event_id: id, room_id: PORTAL, sender: BEN, origin_server_ts: now, content, ...more };
  }

  member(subject: string, membership: string, sender = subject, more: Json = {}): Json {
    const { content, room = PORTAL, ...rest } = more as { content?: Json; room?: string };
    return this.event(
      `$${membership}-${Math.random()}`,
      'm.room.member',
      { membership, ...content },
      { state_key: subject, sender, room_id: room, ...rest },
    );
  }

  text(id: string, body: string, more: Json = {}): Json {
    return this.event(id, 'm.room.message', { msgtype: 'm.text', body, ...more });
  }

  /** Amy wrote a message, which is in the portal under this event id. */
  async amyWrote(eventId: string, words = eventId): Promise<void> {
    const id = words.padEnd(27, '_').replaceAll(/[^A-Za-z0-9_]/g, '_') as MessageEvent['id'];
    const ref = {
      id,
      author: AMY,
      within: direct(AMY, addressOf(network('matrix'), BEN)),
      native: [eventId],
      at: Date.now(),
    };
    await this.correlation.store(ref, [eventId]);
  }

  messages(): MessageEvent[] {
    return this.published.filter((event) => event.type === 'im.hutong.message.v1');
  }

  receipts(): ReceiptEvent[] {
    return this.published.filter((event) => event.type === 'im.hutong.receipt.v1');
  }

  contacts(): ContactEvent['data']['action'][] {
    return this.published.flatMap((event) =>
      event.type === 'im.hutong.contact.v1' ? [event.data.action] : [],
    );
  }

  /** Words of what crossed, oldest first. */
  words(): string[] {
    return this.messages().map(({ data: { content } }) =>
      content.body.kind === 'single' ? content.body.content : content.body.kind,
    );
  }

  /** Notices that the ghost sent to the person. */
  notices(): string[] {
    return this.requests.flatMap(({ body }) =>
      body?.['msgtype'] === 'm.notice' ? [String(body['body'])] : [],
    );
  }

  did(method: string, part: string): Request[] {
    return this.requests.filter((request) => request.method === method && request.path.includes(part));
  }

  private answer<T>(user: string, method: string, path: string, body: Json | undefined, otherwise: T): T {
    this.requests.push({ user, method, path, body });
    const [, said] =
      [...this.answers].find(([start]) => `${method} ${decodeURIComponent(path)}`.startsWith(start)) ?? [];
    if (said instanceof HubError) throw said;
    return (typeof said === 'function' ? (said as () => T)() : (said ?? otherwise)) as T;
  }

  /** Who is invited to which room is a state of the homeserver. */
  private invite(path: string, body: Json | undefined): void {
    const invited =
      path === '/createRoom'
        ? { room: MADE, users: (body?.['invite'] ?? []) as string[] }
        : { room: /^\/rooms\/(.+)\/invite$/.exec(decodeURIComponent(path))?.[1], users: [body?.['user_id']] };
    if (invited.room === undefined) return;
    for (const user of invited.users) {
      const key = `${invited.room} ${String(user)}`;
      if (this.memberships.get(key) !== 'join') this.memberships.set(key, 'invite');
    }
  }

  private note(raw: unknown): void {
    const event = MatrixEvent.safeParse(raw).data;
    if (event?.type === 'm.room.member')
      this.memberships.set(`${event.room_id} ${event.state_key}`, String(event.content['membership']));
  }

  private client(): MatrixClient {
    const room = (id: string) => `/rooms/${id}`;
    return {
      connected: true,
      heard: async () => undefined,
      ensureUser: async () => undefined,
      profile: async () => ({}),
      as: async (user: string, method: string, path: string, body?: Json) => {
        this.invite(path, body);
        return this.answer(user, method, path, body, path === '/createRoom' ? { room_id: MADE } : {});
      },
      send: async (user: string, where: string, type: string, txn: string, content: Json) => {
        this.answer(user, 'PUT', `${room(where)}/send/${type}/${txn}`, content, undefined);
        return `$${txn}`;
      },
      redact: async (user: string, where: string, id: string, txn: string) => {
        this.answer(user, 'PUT', `${room(where)}/redact/${id}/${txn}`, {}, undefined);
        return '$redaction';
      },
      eventContent: async (user: string, where: string, id: string) =>
        this.answer(user, 'GET', `${room(where)}/event/${id}`, undefined, {}),
      editsOf: async (user: string, where: string, id: string) =>
        this.answer(user, 'GET', `${room(where)}/relations/${id}`, undefined, []),
      messagesBefore: async (user: string, where: string, id: string) =>
        this.answer(user, 'GET', `${room(where)}/context/${id}`, undefined, {}),
      membership: async (user: string, where: string, subject: string) =>
        this.answer(
          user,
          'GET',
          `${room(where)}/state/m.room.member/${subject}`,
          undefined,
          this.memberships.get(`${where} ${subject}`) ?? 'join',
        ),
      join: async (user: string, where: string) =>
        this.answer(user, 'POST', `/join/${where}`, undefined, true),
    } as unknown as MatrixClient;
  }
}
