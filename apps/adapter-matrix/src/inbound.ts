/** What homeservers push, onto the bus: one transaction after the other, answered only when all of it is stored. */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { EMPTY, HubError, toHubError, type Content, type EventId, type Network, type Party } from '#protocol';
import type { Hub } from '#adapter-kit';
import { Ephemera } from './ephemera.js';
import type { Ghosts } from './ghosts.js';
import type { MatrixClient } from './matrix.client.js';
import { MatrixEvent, MemberContent, Transaction } from './matrix.events.js';
import type { Portal, Portals } from './portals.js';
import { readEvent } from './to-canonical.js';
import { isOurs, localpart, subscriberAddress } from './user-ids.js';

const PAGES_AT_MOST = 50;
/** Nothing pushed for this long: time to look. */
const QUIET_MS = 10_000;
/** A room is looked at this long after something happened in it: often at first, then hardly. */
const LOOKS_MS = [QUIET_MS, 60_000, 600_000];
/** Well within the week for which an event is recognised: older ones are never read again. */
const READ_BACK_MS = 24 * 3600_000;
const UNDERSTOOD = new Set(['14', '15']);

interface PagedEvent {
  event_id?: string;
  state_key?: string;
  origin_server_ts?: number;
}

export class Inbound {
  private readonly done = new LRUCache<string, true>({ max: 1000 });
  private tail: Promise<unknown> = Promise.resolve();
  /** Events read, however they came to us. */
  private readonly known = new LRUCache<string, true>({ max: 50_000 });
  /** Rooms where something happened lately: should the homeserver's push fail, they are read. */
  private readonly active = new LRUCache<string, { at: number; looks: number }>({ max: 5000 });
  private lastPush = 0;
  private readonly timer: NodeJS.Timeout;
  private readonly ephemera: Ephemera;

  constructor(
    private readonly network: Network,
    private readonly serverName: string,
    private readonly hub: Hub,
    private readonly client: MatrixClient,
    private readonly ghosts: Ghosts,
    private readonly portals: Portals,
  ) {
    this.ephemera = new Ephemera(network, serverName, hub, portals);
    this.timer = setInterval(() => this.readWhatWasNotPushed(), QUIET_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Something happened in this room. */
  touch(room: string): void {
    this.active.set(room, { at: Date.now(), looks: 0 });
  }

  /** Resolves when everything in it is stored; the homeserver repeats it until then. Throws 30 for what is no transaction. */
  transaction(id: string, body: unknown): Promise<void> {
    if (this.done.has(id)) return Promise.resolve();
    const parsed = Transaction.safeParse(body);
    if (!parsed.success) return Promise.reject(new HubError('30', 'not a transaction'));
    const { events, ephemeral } = parsed.data;
    this.lastPush = Date.now();
    const work = this.tail.then(async () => {
      await this.durable(events);
      for (const raw of ephemeral ?? parsed.data['de.sorunome.msc2409.ephemeral'] ?? [])
        await this.ephemera.read(raw);
      this.done.set(id, true);
    });
    this.tail = work.catch(() => undefined);
    return work;
  }

  /** Read in order, stored together: the bus keeps the order. */
  private async durable(events: unknown[]): Promise<void> {
    const stored: Promise<unknown>[] = [];
    for (const raw of events) {
      const event = MatrixEvent.safeParse(raw);
      if (!event.success) {
        this.hub.log.warn({ issue: event.error.issues[0]?.message }, 'unreadable event in a transaction');
        continue;
      }
      stored.push((await this.begin(event.data)).stored);
    }
    await Promise.all(stored);
  }

  /** An event that can never be stored is told to the person and skipped: it must not stop the queue behind it. */
  private async begin(event: MatrixEvent): Promise<{ stored: Promise<unknown> }> {
    const refuse = async (thrown: unknown) => {
      const error = toHubError(thrown);
      if (error.verdict === 'retry') throw error;
      this.hub.log.info({ event: event.event_id, code: error.code, reason: error.detail }, 'event refused');
    };
    try {
      const { stored } = await this.read(event);
      return { stored: stored.catch(refuse) };
    } catch (error) {
      await refuse(error);
      return { stored: Promise.resolve() };
    }
  }

  private async read(event: MatrixEvent): Promise<{ stored: Promise<unknown> }> {
    const { sender, room_id: room, event_id: id } = event;
    const nothing = { stored: Promise.resolve() };
    if (!sender || !room || !id) return nothing;
    this.known.set(id, true);
    this.touch(room);
    if (event.type === 'm.room.member') return { stored: this.member(event, sender, room) };
    // Our own ghosts' events come back to us: an echo, whatever they say (promise 5).
    if (isOurs(sender, this.serverName)) return nothing;
    const portal = this.portals.inRoom(room);
    if (!portal || portal.user !== sender) return nothing;
    const act = readEvent(event);
    const submit = (content: Content, wants: ('delivered' | 'read')[] = []) => ({
      stored: this.hub.submitMessage({
        nativeId: id,
        conversation: room,
        from: this.person(sender),
        to: portal.foreign,
        sentAt: new Date(event.origin_server_ts ?? Date.now()),
        content,
        requestStatus: wants,
      }),
    });
    switch (act.act) {
      case 'message': {
        const inReplyTo =
          act.replyTo === undefined ? undefined : (await this.hub.findNative(act.replyTo))?.id;
        return submit({ body: act.body, ...(inReplyTo ? { inReplyTo } : {}) }, ['delivered', 'read']);
      }
      case 'edit':
        return submit({ replaces: await this.target(act.target), body: act.body });
      case 'reaction': {
        const target = await this.target(act.target);
        await this.hub.recent.put(`reaction.${keyOf(id)}`, { target, key: act.key });
        return submit({
          inReplyTo: target,
          body: EMPTY,
          reactions: await this.reactions(target, sender, act.key, true),
        });
      }
      case 'redaction':
        return this.redaction(act.target, sender, submit);
      case 'encrypted':
        await this.tell(
          portal,
          id,
          'Encrypted messages cannot cross to another network: please use an unencrypted room.',
        );
        return nothing;
      case 'nothing':
        return nothing;
    }
  }

  /** Of a reaction: it is taken back. Of a message: it is recalled. */
  private async redaction(
    redacted: string,
    sender: string,
    submit: (content: Content) => { stored: Promise<unknown> },
  ): Promise<{ stored: Promise<unknown> }> {
    const reaction = (await this.hub.recent.get(`reaction.${keyOf(redacted)}`)) as
      { target: EventId; key: string } | undefined;
    if (reaction)
      return submit({
        inReplyTo: reaction.target,
        body: EMPTY,
        reactions: await this.reactions(reaction.target, sender, reaction.key, false),
      });
    return submit({ replaces: await this.target(redacted), body: EMPTY });
  }

  private async target(nativeId: string): Promise<EventId> {
    const found = await this.hub.findNative(nativeId);
    if (!found) throw new HubError('25', 'the message that this refers to never crossed');
    return found.id;
  }

  /** Matrix tells single changes; the full set is kept here, so that both can travel. */
  private async reactions(
    target: EventId,
    sender: string,
    emoji: string,
    added: boolean,
  ): Promise<NonNullable<Content['reactions']>> {
    const key = `reactions.${target}.${keyOf(sender)}`;
    const before = ((await this.hub.recent.get(key)) as string[] | undefined) ?? [];
    const current = added ? [...new Set([...before, emoji])] : before.filter((one) => one !== emoji);
    await this.hub.recent.put(key, current);
    return { add: added ? [emoji] : [], remove: added ? [] : [emoji], current };
  }

  private async member(event: MatrixEvent, sender: string, room: string): Promise<void> {
    const content = MemberContent.safeParse(event.content);
    const subject = event.state_key;
    if (!content.success || !subject) return;
    if (isOurs(subject, this.serverName)) {
      if (content.data.membership === 'invite' && !isOurs(sender, this.serverName))
        await this.invited(subject, sender, room, content.data.is_direct ?? false);
      return;
    }
    const portal = this.portals.inRoom(room);
    if (!portal || portal.user !== subject) return;
    if (content.data.membership === 'join' && portal.membership !== 'joined')
      await this.joined(portal, event.event_id ?? '');
    if (content.data.membership === 'leave' || content.data.membership === 'ban')
      await this.left(portal, event.event_id ?? '');
  }

  /** A person invites a ghost: the start of a conversation, if there is such a person over there. */
  private async invited(ghost: string, sender: string, room: string, direct: boolean): Promise<void> {
    const address = await this.ghosts.addressOf(ghost).catch(() => undefined);
    if (!address) return;
    const reply = await this.hub
      .resolve(address, subscriberAddress(this.network, sender))
      .catch((error: unknown) => ({ code: toHubError(error).code, party: undefined }));
    const userId = await this.ghosts.ensure(reply.party ?? { address });
    const path = `/rooms/${encodeURIComponent(room)}`;
    if (UNDERSTOOD.has(reply.code) || !direct) {
      const reason = direct
        ? `There is no such person on that network (${reply.code}).`
        : 'Groups do not cross networks yet.';
      await this.client.as(userId, 'POST', `${path}/leave`, { reason });
      return;
    }
    await this.client.as(userId, 'POST', `${path}/join`, {});
    const portal = await this.portals.adopt(room, sender, address);
    await this.ask(portal);
    await this.readBefore(userId, room);
  }

  /**
   * COMPAT(Synapse 1.160): after its crash under load, its queue towards us was seen to stand still for good, with the
   * application service "up". Rooms where something happened lately are read when nothing is pushed any more.
   */
  private readWhatWasNotPushed(): void {
    if (Date.now() - this.lastPush < QUIET_MS || !this.client.connected) return;
    const rooms = [...this.active.keys()].filter((room) => this.isDue(room));
    this.tail = this.tail
      .then(async () => {
        for (const room of rooms) await this.catchUp(room);
      })
      .catch((error: unknown) => this.hub.log.warn({ reason: toHubError(error).detail }, 'rooms not read'));
  }

  private isDue(room: string): boolean {
    const lately = this.active.get(room);
    if (!lately || Date.now() - lately.at < (LOOKS_MS[lately.looks] ?? 0)) return false;
    if (++lately.looks >= LOOKS_MS.length) this.active.delete(room);
    return true;
  }

  private async catchUp(room: string): Promise<void> {
    const portal = this.portals.inRoom(room);
    if (portal?.membership !== 'joined') return;
    await this.readBefore(await this.ghosts.ensure({ address: portal.foreign }), room);
  }

  /**
   * Reads a room backwards to the first event that is known, and takes over what lies between: what was written before
   * a ghost was in it, which the homeserver does not push, or what it failed to push.
   */
  private async readBefore(ghost: string, room: string): Promise<void> {
    const path = `/rooms/${encodeURIComponent(room)}/messages`;
    const missed: PagedEvent[] = [];
    for (let from: string | undefined = '', pages = 0; from !== undefined && pages < PAGES_AT_MOST; pages++) {
      const query = { dir: 'b', limit: '100', ...(from ? { from } : {}) };
      const page: { chunk?: PagedEvent[]; end?: string } = await this.client.as(
        ghost,
        'GET',
        path,
        undefined,
        query,
      );
      const chunk = page.chunk ?? [];
      const first = chunk.findIndex((event) => this.isKnown(event));
      missed.push(...(first < 0 ? chunk : chunk.slice(0, first)));
      from = first < 0 && chunk.length > 0 ? page.end : undefined;
    }
    const events = missed
      .filter((event) => event.state_key === undefined)
      .map((event) => ({ ...event, room_id: room }));
    await this.durable(events.reverse());
  }

  private isKnown({ event_id: id, origin_server_ts: at }: PagedEvent): boolean {
    return (id !== undefined && this.known.has(id)) || (at ?? 0) < Date.now() - READ_BACK_MS;
  }

  private async joined(portal: Portal, eventId: string): Promise<void> {
    await this.portals.save({ ...portal, membership: 'joined', requested: false });
    if (portal.requested) {
      await this.hub.submitContact({
        nativeId: `${eventId} accept`,
        from: this.person(portal.user),
        to: portal.foreign,
        action: 'accept',
      });
    }
    await this.ask(portal);
  }

  private async left(portal: Portal, eventId: string): Promise<void> {
    await this.portals.save({ ...portal, membership: 'left', requested: false });
    const action = portal.requested ? 'deny' : 'remove';
    await this.hub.submitContact({
      nativeId: `${eventId} ${action}`,
      from: this.person(portal.user),
      to: portal.foreign,
      action,
    });
  }

  /** In Matrix, who shares a room sees each other's presence: the same is asked of the other network, once. */
  private async ask(portal: Portal): Promise<void> {
    await this.hub.submitContact({
      nativeId: `${portal.user} ${portal.foreign} request`,
      from: this.person(portal.user),
      to: portal.foreign,
      action: 'request',
    });
    this.hub.probe(this.person(portal.user), portal.foreign);
  }

  private async tell(portal: Portal, about: string, text: string): Promise<void> {
    const ghost = await this.ghosts.ensure({ address: portal.foreign });
    await this.client.send(ghost, portal.room, 'm.room.message', `tell-${keyOf(about)}`, {
      msgtype: 'm.notice',
      body: text,
    });
  }

  private person(userId: string): Party {
    return { address: subscriberAddress(this.network, userId), displayName: localpart(userId) };
  }
}

/** Room and event ids as part of a key. */
function keyOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url').slice(0, 27);
}
