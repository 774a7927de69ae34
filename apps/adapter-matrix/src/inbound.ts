/** What homeservers push, onto the bus: one transaction after the other, answered only when all of it is stored. */
import { createHash } from 'node:crypto';
import {
  EMPTY,
  HubError,
  reportWords,
  toHubError,
  type Content,
  type EventId,
  type Network,
  type ResultCode,
} from '#protocol';
import type { Hub, NativeMedia } from '#adapter-kit';
import { awaitedLater, tolerate } from '#service';
import { CatchUp } from './catch-up.js';
import { Ephemera } from './ephemera.js';
import type { Ghosts } from './ghosts.js';
import type { MatrixClient } from './matrix.client.js';
import { MatrixEvent, Transaction } from './matrix.events.js';
import { Membership } from './membership.js';
import type { Portal, Portals } from './portals.js';
import { readEvent, type MatrixAct } from './to-canonical.js';
import { isOurs, person } from './user-ids.js';

export class Inbound {
  private tail: Promise<unknown> = Promise.resolve();
  private readonly ephemera: Ephemera;
  private readonly membership: Membership;
  private readonly catchUp: CatchUp;

  constructor(
    private readonly network: Network,
    private readonly serverName: string,
    private readonly hub: Hub,
    private readonly client: MatrixClient,
    private readonly ghosts: Ghosts,
    private readonly portals: Portals,
  ) {
    this.ephemera = new Ephemera(network, serverName, hub, portals);
    this.catchUp = new CatchUp(
      serverName,
      hub,
      client,
      portals,
      (address) => ghosts.ensure({ address }),
      (events) => this.durable(this.readable(events)),
      (work) => this.inTurn(work),
    );
    this.membership = new Membership(network, serverName, hub, client, ghosts, portals, (ghost, room) =>
      this.catchUp.readRoom(ghost, room),
    );
  }

  stop(): void {
    this.catchUp.stop();
  }

  /** The homeserver is back. */
  homeserverReturned(awaySince: Date): void {
    this.catchUp.homeserverReturned(awaySince);
  }

  /** Something happened in this room. */
  touch(room: string): void {
    this.catchUp.touch(room);
  }

  /** Resolves when everything in it is stored; the homeserver repeats it until then. Throws 30 for what is no transaction. */
  async transaction(body: unknown): Promise<void> {
    const parsed = Transaction.safeParse(body);
    if (!parsed.success) throw new HubError('30', 'not a transaction');
    const { ephemeral } = parsed.data;
    const events = this.readable(parsed.data.events);
    this.catchUp.pushed();
    // Pushed before we knew that it is back: what it had written down when it went is read first.
    await this.client.heard();
    return this.inTurn(async () => {
      await this.catchUp.before(events);
      await this.durable(events);
      for (const raw of ephemeral ?? parsed.data['de.sorunome.msc2409.ephemeral'] ?? [])
        await this.ephemera.read(raw);
    });
  }

  /** One thing after the other; what fails stops nothing behind it. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.tail.then(work);
    this.tail = done.catch((thrown: unknown) => {
      const { code, detail: reason } = toHubError(thrown);
      this.hub.log.warn({ code, reason }, 'events not taken: they come again');
      this.catchUp.refused();
    });
    return done;
  }

  private readable(events: unknown[]): MatrixEvent[] {
    return events.flatMap((raw) => {
      const event = MatrixEvent.safeParse(raw);
      if (event.success) return [event.data];
      this.hub.log.warn({ issue: event.error.issues[0]?.message }, 'unreadable event in a transaction');
      return [];
    });
  }

  /** Read in order, stored together: the bus keeps the order. */
  private async durable(events: MatrixEvent[]): Promise<void> {
    const stored: Promise<unknown>[] = [];
    const ids: string[] = [];
    for (const event of events) {
      const { event_id: id = '' } = event;
      if (this.catchUp.isKnown(id)) continue;
      const begun = await this.begin(event);
      // Awaited below, unless something behind it fails first: then all of them come again.
      stored.push(awaitedLater(begun.stored));
      ids.push(id);
    }
    await Promise.all(stored);
    for (const id of ids) this.catchUp.stored(id);
  }

  /** An event that can never be stored is told to the person and skipped: it must not stop the queue behind it. */
  private async begin(event: MatrixEvent): Promise<{ stored: Promise<unknown> }> {
    const refuse = async (thrown: unknown) => {
      const error = toHubError(thrown);
      if (error.verdict === 'retry') throw error;
      this.hub.log.info({ event: event.event_id, code: error.code, reason: error.detail }, 'event refused');
      await this.tellWhy(event, error.code);
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
    this.touch(room);
    if (event.type === 'm.room.member') return { stored: this.membership.read(event, sender, room) };
    // Our own ghosts' events come back to us: an echo, whatever they say (promise 5).
    if (isOurs(sender, this.serverName)) return nothing;
    const portal = this.portals.inRoom(room);
    if (!portal || portal.user !== sender) return nothing;
    const act = understood(event);
    const submit = (content: Content, wants: ('delivered' | 'read')[] = [], media?: NativeMedia) => ({
      stored: this.hub.submitMessage({
        nativeId: id,
        conversation: room,
        from: person(this.network, sender),
        to: portal.foreign,
        sentAt: sentAt(event),
        content,
        ...(media ? { media: [media] } : {}),
        requestStatus: wants,
      }),
    });
    switch (act.act) {
      case 'message': {
        const inReplyTo =
          act.replyTo === undefined ? undefined : (await this.hub.findNative(act.replyTo))?.id;
        return submit(
          { body: act.body, ...(inReplyTo ? { inReplyTo } : {}) },
          ['delivered', 'read'],
          act.media,
        );
      }
      case 'edit':
        return submit(
          { replaces: await this.target(act.target), body: act.body },
          [],
          await this.exchangedMedium(portal, act),
        );
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

  /** The medium of an edit, if it is another one than before; most edits of a medium change its caption only. */
  private async exchangedMedium(
    { room, foreign }: Portal,
    { target, media }: Extract<MatrixAct, { act: 'edit' }>,
  ): Promise<NativeMedia | undefined> {
    const url = media?.source['mxc'];
    if (!url) return undefined;
    const ghost = await this.ghosts.ensure({ address: foreign });
    const before = await tolerate('event that was edited', this.hub.log, () =>
      this.client.eventContent(ghost, room, target),
    );
    return typeof before?.['url'] === 'string' && before['url'] !== url ? media : undefined;
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

  /** By the ghost, to whom the event was said. */
  private async tellWhy(
    { sender, room_id: room, event_id: id }: MatrixEvent,
    code: ResultCode,
  ): Promise<void> {
    const portal = room === undefined ? undefined : this.portals.inRoom(room);
    if (!portal || portal.user !== sender || id === undefined) return;
    await this.tell(portal, id, reportWords(code, 'en')).catch((error: unknown) =>
      this.hub.log.warn({ event: id, reason: toHubError(error).detail }, 'refusal not told'),
    );
  }

  private async tell(portal: Portal, about: string, text: string): Promise<void> {
    const ghost = await this.ghosts.ensure({ address: portal.foreign });
    await this.client.send(ghost, portal.room, 'm.room.message', `tell-${keyOf(about)}`, {
      msgtype: 'm.notice',
      body: text,
    });
  }
}

/** What cannot be read can never be read. */
function understood(event: MatrixEvent): MatrixAct {
  try {
    return readEvent(event);
  } catch (cause) {
    throw new HubError('30', 'an event that cannot be read', { cause });
  }
}

/** Other homeservers write what they like; the ECMAScript time range ends somewhere. */
function sentAt({ origin_server_ts: at }: MatrixEvent): Date {
  const said = new Date(at ?? Number.NaN);
  return Number.isNaN(said.getTime()) ? new Date() : said;
}

/** Room and event ids as part of a key. */
function keyOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url').slice(0, 27);
}
