/** Names and avatars of people of the XMPP server, from their vCard, their PEP items and their presence. */
import { xml, type Element } from '@xmpp/component';
import type { Hub, NativeAvatar, NativeProfile } from '#adapter-kit';
import { HubError, nativeOf, toHubError, type Address, type Network } from '#protocol';
import { LruCache } from '#service';
import { bareJid, parseJid, subscriberAddress } from './jids.js';
import { NS } from './namespaces.js';
import {
  avatarInMetadata,
  avatarInPresence,
  avatarInVcard,
  nameInVcard,
  nameInVcard4,
  payloadIn,
  pepQuery,
  photoInVcard,
  photoOf,
  type NamedAvatar,
  type Photo,
} from './profile-elements.js';
import type { XmppConnection } from './xmpp.connection.js';

/** Asks a server about one of its people. */
export type Ask = (jid: string, query: Element, from?: string) => Promise<Element>;

/** Pictures that came with a vCard and are about to be fetched. */
const MOST_PHOTOS = 64;

export class People {
  private readonly photos = new LruCache<string, Photo>({ max: MOST_PHOTOS });
  /** The ghost that a person spoke to last: what a person shows to contacts only, it may see. */
  private readonly ghosts = new LruCache<Address, string>({ max: 20_000 });

  constructor(
    private readonly network: Network,
    private readonly hub: Hub,
    private readonly ask: Ask,
  ) {}

  /**
   * What a stanza says about its sender. Errors are left out: they repeat what we sent, with the name of a ghost.
   * @returns true: it says nothing else
   */
  hear(stanza: Element): boolean {
    const { from = '', to = '', type } = stanza.attrs;
    if (type === 'error' || stanza.name === 'iq') return false;
    const address = subscriberAddress(this.network, from);
    this.ghosts.set(address, bareJid(to));
    const event = stanza.name === 'message' ? stanza.getChild('event', NS.pubsubEvent) : undefined;
    const profile = event ? this.inEvent(event, from) : this.inStanza(stanza, from);
    if (profile) this.hub.learn(address, profile);
    return profile !== undefined && event !== undefined && stanza.getChild('body') === undefined;
  }

  /** @throws HubError 91 when the server does not answer */
  async profileOf(address: Address): Promise<NativeProfile> {
    const jid = nativeOf(address);
    const { local } = parseJid(jid);
    const vcard = (await this.answer(address, jid, vcardQuery()))?.getChild('vCard', NS.vcard);
    const photo = vcard && photoInVcard(vcard);
    if (photo) this.photos.set(photo.id, photo);
    const name = vcard && nameInVcard(vcard, local ?? '');
    const avatar = vcard && avatarInVcard(vcard);
    return {
      displayName: name ?? (await this.nameInPep(address, jid)),
      fallbackName: local ?? jid,
      avatar: nativeAvatar(jid, avatar ?? (await this.avatarInPep(address, jid)) ?? null),
    };
  }

  /** An avatar that was named. @throws HubError 107, 91 */
  async open(
    { jid = '', id = '', node, url }: Record<string, string>,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>> {
    if (url !== undefined) return this.hub.attachments.download(url, signal);
    const photo = this.photos.get(id) ?? (await this.fetch(jid, id, node));
    this.photos.delete(id);
    if (!photo) throw new HubError('107', 'the avatar is not there any more');
    return once(photo.bytes);
  }

  private async fetch(jid: string, id: string, node: string | undefined): Promise<Photo | undefined> {
    const address = subscriberAddress(this.network, jid);
    if (node === 'pep') {
      const answer = await this.answer(address, jid, pepQuery({ data: id }));
      return photoOf(payloadIn(answer?.getChild('pubsub', NS.pubsub), NS.avatarData)?.text());
    }
    const vcard = (await this.answer(address, jid, vcardQuery()))?.getChild('vCard', NS.vcard);
    return vcard && photoInVcard(vcard);
  }

  private inStanza(stanza: Element, from: string): NativeProfile | undefined {
    const displayName = stanza.getChildText('nick', NS.nick)?.trim() || undefined;
    const avatar = stanza.name === 'presence' ? avatarInPresence(stanza) : undefined;
    if (displayName === undefined && avatar === undefined) return undefined;
    return { displayName, ...(avatar === undefined ? {} : { avatar: nativeAvatar(bareJid(from), avatar) }) };
  }

  private inEvent(event: Element, from: string): NativeProfile | undefined {
    const metadata = payloadIn(event, NS.avatarMetadata);
    if (metadata) return { avatar: nativeAvatar(bareJid(from), avatarInMetadata(metadata)) };
    const vcard4 = payloadIn(event, NS.vcard4Node);
    const displayName = payloadIn(event, NS.nick)?.text().trim() || (vcard4 && nameInVcard4(vcard4));
    return displayName ? { displayName } : undefined;
  }

  private async nameInPep(address: Address, jid: string): Promise<string | undefined> {
    const nick = await this.payload(address, jid, 'nick', NS.nick);
    const vcard4 = nick?.text().trim() ? undefined : await this.payload(address, jid, 'vcard', NS.vcard4Node);
    return nick?.text().trim() || (vcard4 && nameInVcard4(vcard4));
  }

  private async avatarInPep(address: Address, jid: string): Promise<NamedAvatar | undefined> {
    const metadata = await this.payload(address, jid, 'avatar', NS.avatarMetadata);
    return metadata && avatarInMetadata(metadata);
  }

  private async payload(address: Address, jid: string, node: 'avatar' | 'nick' | 'vcard', name: string) {
    const answer = await this.answer(address, jid, pepQuery(node));
    return payloadIn(answer?.getChild('pubsub', NS.pubsub), name);
  }

  /** undefined: the server answered that there is no such thing, or not for us. @throws HubError 91 */
  private async answer(address: Address, jid: string, query: Element): Promise<Element | undefined> {
    try {
      return await this.ask(jid, query, this.ghosts.get(address));
    } catch (thrown) {
      const error = toHubError(thrown);
      if (error.code === '91') throw error;
      return undefined;
    }
  }
}

/** Uses the stream of the asking domain; any stream, if no domain asks. */
export function askThrough(connections: () => Iterable<XmppConnection>): Ask {
  return (jid, query, from) => {
    const all = [...connections()].filter(({ connected }) => connected);
    const own =
      from === undefined ? undefined : all.find(({ options }) => options.domain === parseJid(from).domain);
    const connection = own ?? all[0];
    if (!connection) return Promise.reject(new HubError('91', 'the server is not connected'));
    return connection.ask(jid, query, own ? { from } : {});
  };
}

function vcardQuery(): Element {
  return xml('vCard', { xmlns: NS.vcard });
}

function nativeAvatar(jid: string, avatar: NamedAvatar): NativeAvatar | null {
  if (avatar === null) return null;
  if ('url' in avatar) return { version: avatar.url, source: { profile: 'avatar', url: avatar.url } };
  return { version: avatar.id, source: { profile: 'avatar', jid, ...avatar } };
}

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** Is that source one of `People`? */
export function isAvatar(source: Record<string, string>): boolean {
  return source['profile'] === 'avatar';
}
