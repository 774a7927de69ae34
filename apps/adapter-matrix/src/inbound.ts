/** What homeservers push, onto the bus: one transaction after the other, answered only when all of it is stored. */
import { HubError, toHubError } from '#protocol';
import { awaitedLater } from '#service';
import { RoomEvents, understood } from './submit-room-events.js';
import { CatchUp } from './catch-up.js';
import { EphemeralEvents } from './ephemeral-events.js';
import { MatrixEvent, Transaction } from './matrix.events.js';
import { Membership } from './membership.js';
import { keyOf, Notices } from './notices.js';
import type { InboundParts } from './matrix.session.js';
import type { Portal } from './portals.js';
import { References } from './references.js';
import { RoomUpgrades } from './room-upgrades.js';
import { isOurs } from './user-ids.js';

const NOTHING = { stored: Promise.resolve() };

export class Inbound {
  private tail: Promise<unknown> = Promise.resolve();
  private readonly ephemeral: EphemeralEvents;
  private readonly membership: Membership;
  private readonly catchUp: CatchUp;
  private readonly notices: Notices;
  private readonly upgrades: RoomUpgrades;
  private readonly acts: RoomEvents;

  constructor(private readonly parts: InboundParts) {
    const { hub, client, ghosts, portals } = parts;
    this.ephemeral = new EphemeralEvents(parts);
    this.notices = new Notices(hub, client, ghosts);
    this.upgrades = new RoomUpgrades(hub, portals);
    const references = new References(hub, client, ghosts);
    this.acts = new RoomEvents({ ...parts, references, notices: this.notices });
    this.catchUp = new CatchUp({
      ...parts,
      ghostOf: (address) => ghosts.ensure({ address }),
      take: (events) => this.durable(this.readable(events)),
      inTurn: (work) => this.inTurn(work),
    });
    this.membership = new Membership({ ...parts, upgrades: this.upgrades }, (ghost, room) =>
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
    const lists = parsed.data;
    const events = this.readable(this.listIn(lists, ['events']));
    const ephemeral = this.listIn(lists, ['ephemeral', 'de.sorunome.msc2409.ephemeral']);
    // To the ghosts' devices, which have no keys: their senders learn of it in the encrypted room.
    for (const raw of this.listIn(lists, ['to_device', 'de.sorunome.msc2409.to_device']))
      this.lost('to-device', 'ghosts have no keys', headOf(raw));
    this.catchUp.pushed();
    // Pushed before we knew that it is back: what it had written down when it went is read first.
    await this.parts.client.heard();
    return this.inTurn(async () => {
      await this.catchUp.before(events);
      await this.durable(events);
      for (const raw of ephemeral) await this.ephemeral.read(raw);
    });
  }

  /** One thing after the other; what fails stops nothing behind it. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.tail.then(work);
    this.tail = done.catch((thrown: unknown) => {
      const { code, detail: reason } = toHubError(thrown);
      this.parts.hub.log.warn({ code, reason }, 'events not taken: they come again');
      this.catchUp.refused();
    });
    return done;
  }

  private readable(events: unknown[]): MatrixEvent[] {
    return events.flatMap((raw) => {
      const event = MatrixEvent.safeParse(raw);
      if (event.success) return [event.data];
      this.lost('unreadable', `no event: ${event.error.issues[0]?.message}`, raw);
      return [];
    });
  }

  /** The first of these names that is a list; a homeserver repeats a refused transaction for ever, so nothing is refused. */
  private listIn(lists: Record<string, unknown>, names: string[]): unknown[] {
    for (const name of names) {
      const list = lists[name];
      if (Array.isArray(list)) return list;
      if (list !== undefined) this.lost('unreadable', `${name} is no list`, list);
    }
    return [];
  }

  /** Read in order, stored together: the bus keeps the order. */
  private async durable(events: MatrixEvent[]): Promise<void> {
    const stored: Promise<unknown>[] = [];
    const ids: string[] = [];
    for (const event of events) {
      const { event_id: id } = event;
      if (this.catchUp.isKnown(id)) continue;
      const begun = await this.begin(event);
      // Awaited below, unless something behind it fails first: then all of them come again.
      stored.push(awaitedLater(begun.stored));
      if (id !== undefined) ids.push(id);
    }
    await Promise.all(stored);
    for (const id of ids) this.catchUp.stored(id);
  }

  /** An event that can never be stored is told to the person and skipped: it must not stop the queue behind it. */
  private async begin(event: MatrixEvent): Promise<{ stored: Promise<unknown> }> {
    const refuse = async (thrown: unknown) => {
      const error = toHubError(thrown);
      if (error.verdict === 'retry') throw error;
      this.parts.hub.log.info(
        { event: event.event_id, code: error.code, reason: error.detail },
        'event refused',
      );
      await this.tellWhy(event, error);
    };
    try {
      const { stored } = await this.read(event);
      return { stored: stored.catch(refuse) };
    } catch (error) {
      await refuse(error);
      return { stored: Promise.resolve() };
    }
  }

  /** Nothing is passed over: what is not taken is refused to its sender or recorded as not carried. */
  private async read(event: MatrixEvent): Promise<{ stored: Promise<unknown> }> {
    const { sender, room_id: room, event_id: id } = event;
    if (!sender || !room || !id) return this.lost('unreadable', 'no sender, room or id', event);
    this.touch(room);
    if (event.type === 'm.room.member') {
      // Awaited: what stands behind an invitation finds the portal that it made.
      await this.membership.read(event, sender, room);
      return NOTHING;
    }
    // Our own ghosts' events come back to us: an echo, whatever they say (promise 5).
    if (isOurs(sender, this.parts.serverName)) return NOTHING;
    const portal = this.parts.portals.inRoom(room);
    if (!portal) return this.lost('no-portal', 'a room of no two people', event);
    const act = understood(event);
    if (act.act === 'replaced') await this.upgrades.follow(portal, act.room);
    if (portal.user !== sender) return this.fromStranger(portal, sender, id, event);
    return this.acts.carryOut({ event, id, portal });
  }

  /** A portal is for two: whoever else writes in it is told once, by the ghost. */
  private async fromStranger(
    portal: Portal,
    sender: string,
    id: string,
    event: MatrixEvent,
  ): Promise<{ stored: Promise<unknown> }> {
    const key = `stranger.${keyOf(`${portal.room} ${sender}`)}`;
    if (await this.parts.hub.recent.get(key)) return this.lost('third-person', 'not one of the two', event);
    await this.notices.tell(portal, id, `Only what ${portal.user} writes here reaches the other network.`);
    await this.parts.hub.recent.put(key, true);
    return NOTHING;
  }

  private lost(kind: string, why: string, native: unknown): { stored: Promise<unknown> } {
    this.parts.hub.notCarried({ kind, why, native: JSON.stringify(native) });
    return NOTHING;
  }

  /** By the ghost, to whom the event was said. */
  private async tellWhy(event: MatrixEvent, error: HubError): Promise<void> {
    const { sender, room_id: room, event_id: id } = event;
    const portal = room === undefined ? undefined : this.parts.portals.inRoom(room);
    const native = JSON.stringify(event);
    if (portal && portal.user === sender && id !== undefined)
      await this.notices.refuseOrRecord(portal, id, error.code, native);
    else this.lost('refused', `${error.code}: ${error.detail}`, event);
  }
}

/** Of a message to a device: who and what, without keys. */
function headOf(raw: unknown): unknown {
  const event = MatrixEvent.safeParse(raw).data;
  return event ? { type: event.type, sender: event.sender } : raw;
}
