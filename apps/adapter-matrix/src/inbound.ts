/** Publishes what homeservers push, the events of each room in order; a transaction is answered when all its events are stored. */
import type { Begun } from '#adapter-kit';
import { HubError, toHubError } from '#protocol';
import { allDone, awaitedLater } from '#service';
import { RoomEvents, understood } from './submit-room-events.js';
import { CatchUp } from './catch-up.js';
import { conversationOfEphemeral, inTheirTurns } from './conversations-of.js';
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
      take: async (events) => (await this.begin(this.readable(events))).stored,
      inTurn: (room, work) => this.orRefused(hub.inbound.run(room, work)),
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

  /** Resolves when every event in it is stored; until then the homeserver repeats it. @throws HubError 30 for an invalid body */
  async transaction(body: unknown): Promise<void> {
    const parsed = Transaction.safeParse(body);
    if (!parsed.success) throw new HubError('30', 'not a transaction');
    const lists = parsed.data;
    const events = this.readable(this.listIn(lists, ['events']));
    const ephemeral = this.listIn(lists, ['ephemeral', 'de.sorunome.msc2409.ephemeral']);
    // Messages to the ghosts' devices, which have no keys. Their senders get a notice in the encrypted room.
    for (const raw of this.listIn(lists, ['to_device', 'de.sorunome.msc2409.to_device']))
      this.lost('to-device', 'ghosts have no keys', withoutKeys(raw));
    this.catchUp.pushed();
    // The homeserver is back, which was not noticed yet: read first what it had queued when it was lost.
    await this.parts.client.heard();
    const { hub, serverName } = this.parts;
    const stored = inTheirTurns(events, serverName).map((turn) =>
      hub.inbound.begin(turn.conversations, async () => {
        await this.catchUp.before(turn.events);
        return this.begin(turn.events);
      }),
    );
    const read = ephemeral.map((raw) =>
      hub.inbound.run(conversationOfEphemeral(headOf(raw)), () => this.ephemeral.read(raw)),
    );
    // Also when one fails: its repetition must not begin before the others have ended.
    await this.orRefused(allDone([...stored, ...read]));
  }

  private async orRefused<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (thrown) {
      const { code, detail: reason } = toHubError(thrown);
      this.parts.hub.log.warn({ code, reason }, 'events not stored; the homeserver sends them again');
      this.catchUp.refused();
      throw thrown;
    }
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

  /** Reads events in order and stores them concurrently; the bus keeps their order. */
  private async begin(events: MatrixEvent[]): Promise<Begun> {
    const stored: Promise<unknown>[] = [];
    const ids: string[] = [];
    for (const event of events) {
      const { event_id: id } = event;
      if (this.catchUp.isKnown(id)) continue;
      const begun = await this.beginOne(event);
      // If a later event fails first, the homeserver sends all of them again.
      stored.push(awaitedLater(begun.stored));
      if (id !== undefined) ids.push(id);
    }
    return {
      stored: Promise.all(stored).then(() => {
        for (const id of ids) this.catchUp.stored(id);
      }),
    };
  }

  /** Notifies the person of an event that can never be stored, and skips it: it must not block later events. */
  private async beginOne(event: MatrixEvent): Promise<Begun> {
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

  /** Every event is published, refused to its sender, or recorded as not carried. */
  private async read(event: MatrixEvent): Promise<Begun> {
    const { sender, room_id: room, event_id: id } = event;
    if (!sender || !room || !id) return this.lost('unreadable', 'no sender, room or id', event);
    this.touch(room);
    if (event.type === 'm.room.member') {
      // Awaited, so that events after an invitation find the portal that it created.
      await this.membership.read(event, sender, room);
      return NOTHING;
    }
    // Our own ghosts' events come back to us: an echo, whatever they say (promise 5).
    if (isOurs(sender, this.parts.serverName)) return NOTHING;
    const portal = await this.parts.portals.inRoom(room);
    if (!portal) return this.lost('no-portal', 'a room of no two people', event);
    const act = understood(event);
    if (act.act === 'replaced') await this.upgrades.follow(portal, act.room);
    if (portal.user !== sender) return this.fromStranger(portal, sender, id, event);
    return this.acts.carryOut({ event, id, portal });
  }

  /** A portal is for two people. Anybody else who writes in it gets one notice by the ghost. */
  private async fromStranger(portal: Portal, sender: string, id: string, event: MatrixEvent): Promise<Begun> {
    const key = `stranger.${keyOf(`${portal.room} ${sender}`)}`;
    if (await this.parts.hub.recent.get(key)) return this.lost('third-person', 'not one of the two', event);
    await this.notices.tell(portal, id, `Only what ${portal.user} writes here reaches the other network.`);
    await this.parts.hub.recent.put(key, true);
    return NOTHING;
  }

  private lost(kind: string, why: string, native: unknown): Begun {
    this.parts.hub.notCarried({ kind, why, native: JSON.stringify(native) });
    return NOTHING;
  }

  /** The notice comes from the ghost that the event was for. */
  private async tellWhy(event: MatrixEvent, error: HubError): Promise<void> {
    const { sender, room_id: room, event_id: id } = event;
    const portal = room === undefined ? undefined : await this.parts.portals.inRoom(room);
    const native = JSON.stringify(event);
    if (portal && portal.user === sender && id !== undefined)
      await this.notices.refuseOrRecord(portal, id, error.code, native);
    else this.lost('refused', `${error.code}: ${error.detail}`, event);
  }
}

/** A message to a device, without keys, for the record. */
function withoutKeys(raw: unknown): unknown {
  const event = MatrixEvent.safeParse(raw).data;
  return event ? { type: event.type, sender: event.sender } : raw;
}

function headOf(raw: unknown): Partial<MatrixEvent> {
  return MatrixEvent.safeParse(raw).data ?? {};
}
