/** Who joins and leaves: invitations and removals of ghosts, and what joining or leaving says of a contact. */
import { toHubError, type Address, type Party } from '#protocol';
import { MemberContent, type MatrixEvent } from './matrix.events.js';
import type { InboundParts } from './matrix.session.js';
import type { Portal } from './portals.js';
import { learnMember } from './profiles.js';
import type { RoomUpgrades } from './room-upgrades.js';
import { ghostUserId, isOurs, person, subscriberAddress } from './user-ids.js';

const UNDERSTOOD = new Set(['14', '15']);
const NO_GROUPS = 'Groups do not cross networks yet.';

interface Parts extends InboundParts {
  upgrades: RoomUpgrades;
}

interface Invitation {
  eventId: string;
  ghost: string;
  sender: string;
  room: string;
  direct: boolean;
}

export class Membership {
  /** By room: the same join may be pushed and be read from the state of the room. */
  private readonly joining = new Map<string, Promise<void>>();

  constructor(
    private readonly parts: Parts,
    /** Takes over what was written in the room before the ghost was in it. */
    private readonly readBefore: (ghost: string, room: string) => Promise<void>,
  ) {
    parts.portals.onAnswered(({ user, room }, membership) =>
      this.ofPerson(user, room, membership, `answer ${room}`),
    );
  }

  async read(event: MatrixEvent, sender: string, room: string): Promise<void> {
    const { serverName, hub } = this.parts;
    const content = MemberContent.safeParse(event.content);
    const subject = event.state_key;
    if (!content.success || !subject) {
      hub.notCarried({ kind: 'unreadable', why: 'a membership of nobody', native: JSON.stringify(event) });
      return;
    }
    const { membership, is_direct: direct = false } = content.data;
    const eventId = event.event_id ?? '';
    if (!isOurs(subject, serverName)) {
      if (membership === 'join' && this.parts.portals.inRoom(room)?.user === subject)
        learnMember(hub, this.parts.network, subject, event.content);
      return this.ofPerson(subject, room, membership, eventId);
    }
    // What ghosts do themselves, and that we invite persons, we know.
    if (isOurs(sender, serverName)) return;
    if (membership === 'invite') await this.invited({ eventId, ghost: subject, sender, room, direct });
    if (membership === 'leave' || membership === 'ban')
      await this.removed(subject, room, membership === 'ban', eventId);
  }

  private async ofPerson(user: string, room: string, membership: string, eventId: string): Promise<void> {
    const { portals, invitations } = this.parts;
    const portal = portals.inRoom(room);
    if (portal?.user !== user) return;
    if (membership === 'join' && portal.membership !== 'joined') await this.joined(portal, eventId);
    if (membership === 'leave' || membership === 'ban') await this.left(portal, eventId);
    await invitations.answered(room);
  }

  /** A person invites a ghost: the start of a conversation, if there is such a person over there. */
  private async invited(invitation: Invitation): Promise<void> {
    const { network, hub, client, ghosts, portals } = this.parts;
    const { eventId, ghost, sender, room } = invitation;
    const address = await this.knownAddress(ghost);
    if (!address) {
      hub.notCarried({ kind: 'unknown-ghost', why: 'nobody of that name was ever here', native: ghost });
      return;
    }
    const reply = await hub
      .resolve(address, subscriberAddress(network, sender))
      .catch((error: unknown) => ({ code: toHubError(error).code, party: undefined }));
    const userId = await ghosts.ensure(reply.party ?? { address });
    const refusal = UNDERSTOOD.has(reply.code)
      ? `There is no such person on that network (${reply.code}).`
      : await this.enter(userId, invitation, address);
    if (refusal !== undefined) {
      await client.as(userId, 'POST', `/rooms/${encodeURIComponent(room)}/leave`, { reason: refusal });
      return;
    }
    // Who opens a room of their own to somebody that asked for them has answered. Before that room takes the place of ours.
    const known = portals.find(sender, address);
    if (known?.requested) await this.accept(known, eventId);
    const portal = await portals.adopt(room, sender, address);
    await this.ask(portal, eventId);
    await this.readBefore(userId, room);
  }

  /** Joins a room that is for the two of them. @returns why it does not */
  private async enter(
    userId: string,
    { sender, room, direct }: Invitation,
    address: Address,
  ): Promise<string | undefined> {
    const { client, portals, upgrades } = this.parts;
    const known = portals.inRoom(room);
    const isReturn = known?.user === sender && known.foreign === address;
    if (!isReturn && portals.isOpen(room)) return NO_GROUPS;
    await client.as(userId, 'POST', `/rooms/${encodeURIComponent(room)}/join`, {});
    // Clients mark a room as direct when they make it with the invitation; later invitations bear no mark.
    if (direct || isReturn || (await upgrades.isReplacement(room, sender, address))) return undefined;
    return (await this.othersIn(room, userId, sender)) ? NO_GROUPS : undefined;
  }

  private async othersIn(room: string, userId: string, sender: string): Promise<boolean> {
    const path = `/rooms/${encodeURIComponent(room)}/members`;
    const query = { not_membership: 'leave' };
    const { chunk = [] } = await this.parts.client.as<{ chunk?: MatrixEvent[] }>(
      userId,
      'GET',
      path,
      undefined,
      query,
    );
    return chunk.some(
      ({ state_key: member, content }) =>
        member !== userId && member !== sender && ['join', 'invite'].includes(String(content['membership'])),
    );
  }

  /** undefined: no such person was ever here, so that nobody could accept. */
  private async knownAddress(ghost: string): Promise<Address | undefined> {
    try {
      return await this.parts.ghosts.addressOf(ghost);
    } catch (error) {
      const { code } = toHubError(error);
      if (code === '14' || code === '30') return undefined;
      throw error;
    }
  }

  /**
   * The person puts the ghost out of the room. Invited again, it returns; until then the next message makes another room,
   * and after a ban, which is an answer like declining, in a week.
   */
  private async removed(ghost: string, room: string, banned: boolean, eventId: string): Promise<void> {
    const { portals, serverName } = this.parts;
    const portal = portals.inRoom(room);
    if (!portal || ghostUserId(portal.foreign, serverName).userId !== ghost) return;
    const wasOpen = portals.isOpen(room);
    const { declinedAt: _before, ...rest } = portal;
    if (wasOpen) await this.ended(portal, eventId);
    if (banned) await portals.save({ ...rest, closed: true, membership: 'declined', declinedAt: Date.now() });
    else await portals.save({ ...rest, closed: true, membership: 'left' });
    await this.parts.invitations.answered(room);
  }

  private joined(portal: Portal, eventId: string): Promise<void> {
    const { room } = portal;
    const before = this.joining.get(room);
    if (before) return before;
    const work = this.join(portal, eventId).finally(() => this.joining.delete(room));
    this.joining.set(room, work);
    return work;
  }

  private async join(portal: Portal, eventId: string): Promise<void> {
    const { portals } = this.parts;
    await this.ask(portal, eventId);
    // The foreign person may have asked meanwhile, too.
    if (portals.inRoom(portal.room)?.requested) await this.accept(portal, eventId);
    const { declinedAt: _before, ...rest } = portals.inRoom(portal.room) ?? portal;
    // Last: after a crash before it, all of this is done again.
    await portals.save({ ...rest, membership: 'joined', requested: false });
  }

  private async accept({ user, foreign }: Portal, eventId: string): Promise<void> {
    await this.parts.hub.submitContact({
      nativeId: `${eventId} accept`,
      from: this.person(user),
      to: foreign,
      action: 'accept',
    });
  }

  /** Who leaves is invited again by the next message; who declined an invitation, not within a week. */
  private async left(portal: Portal, eventId: string): Promise<void> {
    if (portal.membership === 'left' || portal.membership === 'declined') return;
    const { portals } = this.parts;
    const declined = portal.membership === 'invited';
    await this.ended(portal, eventId);
    await portals.save({
      ...portal,
      requested: false,
      ...(declined ? { membership: 'declined', declinedAt: Date.now() } : { membership: 'left' }),
    });
  }

  /** @param portal as it was before. Of an earlier room of the two, nothing ends. */
  private async ended(portal: Portal, eventId: string): Promise<void> {
    const { hub, portals } = this.parts;
    if (portals.find(portal.user, portal.foreign)?.room !== portal.room) return;
    const action = portal.requested ? 'deny' : 'remove';
    await hub.submitContact({
      nativeId: `${eventId} ${action}`,
      from: this.person(portal.user),
      to: portal.foreign,
      action,
    });
  }

  /** In Matrix, who shares a room sees each other's presence: the same is asked of the other network, once. */
  private async ask(portal: Portal, eventId: string): Promise<void> {
    const { hub } = this.parts;
    await hub.submitContact({
      nativeId: `${eventId} request`,
      from: this.person(portal.user),
      to: portal.foreign,
      action: 'request',
    });
    hub.probe(this.person(portal.user), portal.foreign);
  }

  private person(userId: string): Party {
    return person(this.parts.network, userId);
  }
}
