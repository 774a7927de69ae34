/** Membership events: invitations and removals of ghosts, and the contact changes that joining and leaving mean. */
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
  /** Joins under way, by room: the same join may be pushed and also be read from the state of the room. */
  private readonly joining = new Map<string, Promise<void>>();

  constructor(
    private readonly parts: Parts,
    /** Processes the events of a room from before the ghost was in it. */
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
      if (membership === 'join' && (await this.parts.portals.inRoom(room))?.user === subject)
        learnMember(hub, this.parts.network, subject, event.content);
      return this.ofPerson(subject, room, membership, eventId);
    }
    // Events that ghosts caused themselves, and our own invitations of people, are known.
    if (isOurs(sender, serverName)) return;
    if (membership === 'invite') await this.invited({ eventId, ghost: subject, sender, room, direct });
    if (membership === 'leave' || membership === 'ban')
      await this.removed(subject, room, membership === 'ban', eventId);
  }

  private async ofPerson(user: string, room: string, membership: string, eventId: string): Promise<void> {
    const { portals, invitations } = this.parts;
    const portal = await portals.inRoom(room);
    if (portal?.user !== user) return;
    if (membership === 'join' && portal.membership !== 'joined') await this.joined(portal, eventId);
    if (membership === 'leave' || membership === 'ban') await this.left(portal, eventId);
    await invitations.answered(room);
  }

  /** A person invites a ghost: starts a conversation, if the remote person exists. */
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
    // A person who invites somebody that asked to be their contact has accepted. Publish that before their room replaces ours.
    const known = await portals.find(sender, address);
    if (known?.requested) await this.accept(known, eventId);
    const portal = await portals.adopt(room, sender, address);
    await this.ask(portal, eventId);
    await this.readBefore(userId, room);
  }

  /** Joins a room for exactly these two. @returns the reason when it does not join */
  private async enter(
    userId: string,
    { sender, room, direct }: Invitation,
    address: Address,
  ): Promise<string | undefined> {
    const { client, portals, upgrades } = this.parts;
    const known = await portals.inRoom(room);
    const isReturn = known?.user === sender && known.foreign === address;
    if (!isReturn && (await portals.isOpen(room))) return NO_GROUPS;
    await client.as(userId, 'POST', `/rooms/${encodeURIComponent(room)}/join`, {});
    // Clients mark a room as direct only in the invitation that creates it, not in later ones.
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

  /** @returns undefined when no ghost of that person was ever here, so that nobody can accept */
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
   * The person removes the ghost from the room. It returns when it is invited again; until then the next message creates
   * another room. A ban counts as declining: the next message creates a room only after a week.
   */
  private async removed(ghost: string, room: string, banned: boolean, eventId: string): Promise<void> {
    const { portals, serverName } = this.parts;
    const portal = await portals.inRoom(room);
    if (!portal || ghostUserId(portal.foreign, serverName).userId !== ghost) return;
    const wasOpen = await portals.isOpen(room);
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
    // The remote person may have sent a contact request meanwhile.
    await portals.inRoom(portal.room);
    if (portals.knownIn(portal.room)?.requested) await this.accept(portal, eventId);
    const { declinedAt: _before, ...rest } = portals.knownIn(portal.room) ?? portal;
    // Stored last, so that after a crash all steps before it are repeated.
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

  /** A person who leaves is invited again by the next message; one who declined, not within a week. */
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

  /** @param portal its state before the event. Leaving an earlier room of the pair ends nothing. */
  private async ended(portal: Portal, eventId: string): Promise<void> {
    const { hub, portals } = this.parts;
    if ((await portals.find(portal.user, portal.foreign))?.room !== portal.room) return;
    const action = portal.requested ? 'deny' : 'remove';
    await hub.submitContact({
      nativeId: `${eventId} ${action}`,
      from: this.person(portal.user),
      to: portal.foreign,
      action,
    });
  }

  /** Users of Matrix who share a room see each other's presence, so the adapter subscribes once on the other network. */
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
