/** The Matrix adapter: an application service with a ghost for each remote person and a direct room for each pair. */
import {
  addressOf,
  HubError,
  nativeOf,
  network as networkSlug,
  networkOf,
  type Address,
  type Availability,
  type ContactEvent,
  type MessageEvent,
  type Network,
  type Party,
  type PresenceEvent,
  type ReceiptEvent,
  type ReportEvent,
  type ResolveReply,
  type TypingEvent,
} from '#protocol';
import {
  type Abilities,
  type Adapter,
  type ChangeContext,
  type Connectivity,
  type Delivered,
  type DeliveryContext,
  firstNative,
  type Hub,
  lastNative,
  type MessageRef,
  type NativeProfile,
  type OutgoingAttachment,
  presentableParty,
} from '#adapter-kit';
import type { MediaFile } from '#media';
import { runInBackground, tolerate, type Log } from '#service';
import { ContactRequests } from './contact-requests.js';
import { editContent, failureContent, fitsInEvent, mediaContent, messageContent } from './from-canonical.js';
import { Ghosts } from './ghosts.js';
import { Inbound } from './inbound.js';
import { Invitations } from './invitations.js';
import { matrixCapabilities } from './matrix.capabilities.js';
import { MatrixClient } from './matrix.client.js';
import { isForbidden } from './matrix.errors.js';
import { MatrixMedia } from './media.js';
import type { MatrixSettings } from './matrix.config.js';
import type { MatrixSession } from './matrix.session.js';
import { DeliveredMarks } from './delivered-marks.js';
import { GhostPresence } from './ghost-presence.js';
import { ReactionState } from './reaction-state.js';
import { Profiles, readProfile } from './profiles.js';
import { Portals, type Portal } from './portals.js';
import { readAvailability } from './to-canonical.js';
import { ghostUserId, isOurs } from './user-ids.js';

const USER_ID = /^@[^:\s]+:\S+$/;
const THUMBNAIL_SIDE = 400;
const THUMBNAIL_BYTES = 64 * 1024;

export class MatrixAdapter implements Adapter, Omit<Abilities, 'deliverCall'> {
  /** Who is in which room is kept in memory, by the process to which the homeserver sends its transactions. */
  readonly worksAlone = true;
  private readonly client: MatrixClient;
  private readonly media: MatrixMedia;
  private readonly serverName: string;
  private session: MatrixSession | undefined;
  private readonly ghostPresence: GhostPresence;
  private readonly profiles: Profiles;

  constructor(
    readonly network: Network,
    private readonly settings: MatrixSettings,
    log: Log,
  ) {
    this.client = new MatrixClient(settings, log);
    this.media = new MatrixMedia(settings);
    this.serverName = settings.MATRIX_SERVER_NAME;
    this.ghostPresence = new GhostPresence(this.client, log);
    this.profiles = new Profiles(this.client, this.media, () => this.started.ghosts);
  }

  get hsToken(): string {
    return this.settings.MATRIX_HS_TOKEN;
  }

  capabilities() {
    return matrixCapabilities(this.settings.MATRIX_UPLOAD_MB);
  }

  fits(event: MessageEvent): boolean {
    return fitsInEvent(event);
  }

  get connectivity(): Connectivity {
    return this.client.connectivity;
  }

  async start(hub: Hub): Promise<void> {
    const { client, network, serverName } = this;
    const ghosts = new Ghosts(hub, client, serverName);
    const portals = new Portals(hub, client, ghosts, serverName);
    await portals.indexEarlierReleases();
    const invitations = new Invitations(hub, portals, ghosts, client);
    await invitations.start();
    const parts = { network, serverName, hub, client, ghosts, portals, invitations };
    const inbound = new Inbound(parts);
    this.session = {
      ...parts,
      contactRequests: new ContactRequests(hub, portals),
      reactionState: new ReactionState(hub, client),
      deliveredMarks: new DeliveredMarks(hub, client),
      inbound,
    };
    runInBackground('homeserver', hub.log, () =>
      client.keepConnected((awaySince) => inbound.homeserverReturned(awaySince)),
    );
  }

  async stop(): Promise<void> {
    this.ghostPresence.stop();
    this.session?.inbound.stop();
    await this.session?.invitations.stop();
    this.client.stop();
  }

  /** Called by the homeserver. While the adapter starts, the homeserver keeps the transaction and sends it again. */
  async transaction(body: unknown): Promise<void> {
    return this.started.inbound.transaction(body);
  }

  /** @throws HubError 91 before the start is done */
  private get started(): MatrixSession {
    if (!this.session) throw new HubError('91', 'the adapter is starting');
    return this.session;
  }

  /** The homeserver asks whether a ghost exists. Registers it if the person exists. @throws HubError 14 otherwise */
  async createGhost(userId: string): Promise<void> {
    const address = await this.started.ghosts.addressOf(userId);
    const reply = await this.started.hub.resolve(address);
    if (reply.code !== '00') throw new HubError(reply.code, reply.detail ?? 'no such person');
    await this.started.ghosts.ensure(reply.party ?? { address });
  }

  /** Answers `/thirdparty/user`, by which a person finds the ghost of a remote person. */
  async lookUp(
    network: string,
    native: string,
  ): Promise<{ userid: string; protocol: string; fields: object }[]> {
    if (network === '' || native === '') return [];
    const address = this.started.hub.canonical(addressOf(networkSlug(network), native));
    const reply = await this.started.hub.resolve(address);
    if (reply.code !== '00') return [];
    return [
      {
        userid: ghostUserId(address, this.serverName).userId,
        protocol: 'hutong',
        fields: { network, id: native },
      },
    ];
  }

  async deliver(event: MessageEvent, context: DeliveryContext): Promise<Delivered> {
    return this.tell(event, context, messageContent(event, context.target && firstNative(context.target)));
  }

  async deliverAttachment(
    event: MessageEvent,
    medium: OutgoingAttachment,
    context: DeliveryContext,
  ): Promise<Delivered> {
    const { ghost } = await this.place(event.data.from, event.data.to);
    const url = await this.media.upload(ghost, medium.file);
    const thumbnail = await this.thumbnail(ghost, medium);
    const content = mediaContent(
      event,
      medium,
      url,
      thumbnail,
      context.target && firstNative(context.target),
    );
    return this.tell(event, context, content, medium.part.disposition === 'inline' ? 'm.sticker' : undefined);
  }

  openAttachment(
    { mxc = '' }: Record<string, string>,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>> {
    return this.media.open(mxc, signal);
  }

  async deliverEdit(event: MessageEvent, context: ChangeContext): Promise<Delivered> {
    const { target, piece } = context;
    // References that earlier releases stored do not say whether an event is an attachment, so ask the homeserver.
    const mayBeMedium = piece.medium !== undefined || target.pieces === undefined;
    const { ghost, portal } = await this.place(event.data.from, event.data.to);
    const room = target.conversation ?? portal.room;
    const original = mayBeMedium ? await this.client.eventContent(ghost, room, piece.id) : undefined;
    return this.tell(event, context, editContent(event, piece.id, original));
  }

  async deliverRecall(
    { data }: MessageEvent,
    { target, piece, idempotencyKey }: ChangeContext,
  ): Promise<Delivered> {
    const { ghost, portal } = await this.place(data.from, data.to);
    const room = target.conversation ?? portal.room;
    const redaction = await this.client.redact(ghost, room, piece.id, `${idempotencyKey}-0`);
    return { native: [redaction], conversation: room };
  }

  async deliverReaction(
    { data }: MessageEvent,
    { target, piece, idempotencyKey }: ChangeContext,
  ): Promise<Delivered> {
    const { ghost, portal } = await this.place(data.from, data.to);
    const room = target.conversation ?? portal.room;
    const wanted = data.content.reactions?.current ?? [];
    const native = await this.started.reactionState.set(
      ghost,
      room,
      { id: target.id, event: piece.id },
      wanted,
      idempotencyKey,
    );
    return { native, conversation: room };
  }

  async deliverReceipt({ data }: ReceiptEvent, targets: MessageRef[]): Promise<void> {
    const { ghost, portal } = await this.place(data.from, data.to);
    const last = targets.at(-1);
    if (!last) return;
    const room = last.conversation ?? portal.room;
    const event = lastNative(last);
    if (data.status === 'delivered')
      this.started.deliveredMarks.mark(room, ghost, event, networkOf(data.from.address));
    else
      await this.client.as(
        ghost,
        'POST',
        `/rooms/${encodeURIComponent(room)}/receipt/m.read/${encodeURIComponent(event)}`,
        {},
      );
  }

  async showReport(event: ReportEvent, target: MessageRef | undefined): Promise<void> {
    const portal = await this.started.portals.find(nativeOf(event.data.to), event.data.from.address);
    if (!portal) return;
    const ghost = await this.started.ghosts.ensure(event.data.from);
    await this.client.send(
      ghost,
      target?.conversation ?? portal.room,
      'm.room.message',
      event.id,
      failureContent(event, target && firstNative(target)),
    );
  }

  /** Delivers a contact request as an invitation to the direct room: joining accepts it, declining denies it. */
  async deliverContact(event: ContactEvent): Promise<void> {
    const { data } = event;
    if (data.action !== 'request') return;
    const { portal } = await this.place(data.from, data.to);
    await this.started.contactRequests.arrived(event, portal);
  }

  async showTyping({ data }: TypingEvent): Promise<void> {
    const portal = await this.started.portals.find(nativeOf(data.to), data.from.address);
    if (!portal) return;
    const ghost = await this.started.ghosts.ensure(data.from);
    const typing = data.state === 'composing';
    await this.client.as(
      ghost,
      'PUT',
      `/rooms/${encodeURIComponent(portal.room)}/typing/${encodeURIComponent(ghost)}`,
      typing ? { typing, timeout: data.ttlMs } : { typing },
    );
  }

  async showPresence({ data }: PresenceEvent): Promise<void> {
    if (!(await this.started.portals.find(nativeOf(data.to), data.from.address))) return;
    await this.ghostPresence.show(
      await this.started.ghosts.ensure(data.from),
      data.availability,
      data.statusText,
    );
  }

  /** Matrix shows presence to users who share a room, so the answer is for joined portals only. */
  async presenceOf(
    subscriber: Address,
    asker: Address,
  ): Promise<{ availability: Availability; statusText?: string } | undefined> {
    const user = nativeOf(subscriber);
    const portal = await this.started.portals.find(user, asker);
    if (portal?.membership !== 'joined') return undefined;
    const ghost = await this.started.ghosts.ensure({ address: asker });
    const { presence, status_msg: status } = await this.client.as<{ presence: string; status_msg?: string }>(
      ghost,
      'GET',
      `/presence/${encodeURIComponent(user)}/status`,
    );
    return {
      availability: readAvailability(presence),
      ...(status ? { statusText: status.slice(0, 500) } : {}),
    };
  }

  async resolve(address: Address): Promise<ResolveReply> {
    const user = nativeOf(address);
    if (!USER_ID.test(user) || isOurs(user, this.serverName)) return { code: '14' };
    const profile = await this.client.profile(user);
    if (!profile) return { code: '14' };
    const { displayName, fallbackName } = readProfile(user, profile);
    return {
      code: '00',
      party: presentableParty({ address, displayName: displayName ?? fallbackName }),
    };
  }

  profileOf(address: Address): Promise<NativeProfile> {
    return this.profiles.of(address);
  }

  showAvatar(party: Party, picture: MediaFile | undefined): Promise<void> {
    return this.profiles.show(party, picture);
  }

  /** Makes a thumbnail of a large image or video. undefined: clients make their own. */
  private async thumbnail(
    ghost: string,
    { file, as }: OutgoingAttachment,
  ): Promise<{ url: string; file: MediaFile } | undefined> {
    if ((as !== 'image' && as !== 'video') || file.size < THUMBNAIL_BYTES) return undefined;
    const small = await tolerate('thumbnail', this.started.hub.log, () =>
      this.started.hub.attachments.thumbnail(file, THUMBNAIL_SIDE, THUMBNAIL_BYTES),
    );
    if (!small) return undefined;
    await using gone = small;
    return { url: await this.media.upload(ghost, gone), file: gone };
  }

  private async tell(
    event: MessageEvent,
    context: DeliveryContext,
    content: Record<string, unknown>,
    type = 'm.room.message',
  ): Promise<Delivered> {
    const { ghost, portal } = await this.place(event.data.from, event.data.to);
    const room = await this.roomOf(event, context, portal);
    const unanswered = portal.membership === 'invited' && room === portal.room;
    if (unanswered) await this.started.invitations.admit(room);
    const send = (where: string) =>
      this.client.send(ghost, where, type, context.idempotencyKey, content, context.delayedSince);
    let used = portal;
    let native: string;
    try {
      native = await send(room);
    } catch (error) {
      const reopened =
        isForbidden(error) && room === portal.room
          ? await this.started.portals.reopen(portal, event.data.from)
          : undefined;
      if (!reopened) throw error;
      used = reopened;
      native = await send(used.room);
    }
    const conversation = used === portal ? room : used.room;
    this.started.inbound.touch(conversation);
    if (used.membership !== 'invited' || conversation !== used.room)
      return { native: [native], conversation };
    await this.started.invitations.sent(conversation, event);
    return { native: [native], conversation, code: '08' };
  }

  /** Edits go to the room of their message. So do replies, unless that room is closed. */
  private async roomOf({ data }: MessageEvent, { target }: DeliveryContext, portal: Portal): Promise<string> {
    const place = target?.conversation;
    if (place === undefined || place === portal.room) return portal.room;
    const isUsable = data.content.replaces !== undefined || (await this.started.portals.isOpen(place));
    return isUsable ? place : portal.room;
  }

  /** The ghost and the room in which it writes. @throws HubError 14 when the recipient does not exist */
  private async place(from: Party, to: Address): Promise<{ ghost: string; portal: Portal }> {
    const user = nativeOf(to);
    if (!USER_ID.test(user) || isOurs(user, this.serverName))
      throw new HubError('14', 'not a user of this homeserver');
    const ghost = await this.started.ghosts.ensure(from);
    return { ghost, portal: await this.started.portals.ensure(user, from) };
  }
}
