/** Who joins and leaves: invitations of ghosts, and what joining or leaving says of a contact. */
import { toHubError, type Address, type Network, type Party } from '#protocol';
import type { Hub } from '#adapter-kit';
import type { Ghosts } from './ghosts.js';
import type { MatrixClient } from './matrix.client.js';
import { MemberContent, type MatrixEvent } from './matrix.events.js';
import type { Portal, Portals } from './portals.js';
import { learnMember } from './profiles.js';
import { isOurs, person, subscriberAddress } from './user-ids.js';

const UNDERSTOOD = new Set(['14', '15']);

export class Membership {
  constructor(
    private readonly network: Network,
    private readonly serverName: string,
    private readonly hub: Hub,
    private readonly client: MatrixClient,
    private readonly ghosts: Ghosts,
    private readonly portals: Portals,
    /** Takes over what was written in the room before the ghost was in it. */
    private readonly readBefore: (ghost: string, room: string) => Promise<void>,
  ) {}

  async read(event: MatrixEvent, sender: string, room: string): Promise<void> {
    const content = MemberContent.safeParse(event.content);
    const subject = event.state_key;
    if (!content.success || !subject) return;
    if (isOurs(subject, this.serverName)) {
      if (content.data.membership === 'invite' && !isOurs(sender, this.serverName))
        await this.invited(event.event_id ?? '', subject, sender, room, content.data.is_direct ?? false);
      return;
    }
    const portal = this.portals.inRoom(room);
    if (!portal || portal.user !== subject) return;
    if (content.data.membership === 'join') learnMember(this.hub, this.network, subject, event.content);
    if (content.data.membership === 'join' && portal.membership !== 'joined')
      await this.joined(portal, event.event_id ?? '');
    if (content.data.membership === 'leave' || content.data.membership === 'ban')
      await this.left(portal, event.event_id ?? '');
  }

  /** A person invites a ghost: the start of a conversation, if there is such a person over there. */
  private async invited(
    eventId: string,
    ghost: string,
    sender: string,
    room: string,
    direct: boolean,
  ): Promise<void> {
    const address = await this.knownAddress(ghost);
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
    await this.ask(portal, eventId);
    await this.readBefore(userId, room);
  }

  /** undefined: no such person was ever here, so that nobody could accept. */
  private async knownAddress(ghost: string): Promise<Address | undefined> {
    try {
      return await this.ghosts.addressOf(ghost);
    } catch (error) {
      const { code } = toHubError(error);
      if (code === '14' || code === '30') return undefined;
      throw error;
    }
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
    await this.ask(portal, eventId);
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
  private async ask(portal: Portal, eventId: string): Promise<void> {
    await this.hub.submitContact({
      nativeId: `${eventId} request`,
      from: this.person(portal.user),
      to: portal.foreign,
      action: 'request',
    });
    this.hub.probe(this.person(portal.user), portal.foreign);
  }

  private person(userId: string): Party {
    return person(this.network, userId);
  }
}
