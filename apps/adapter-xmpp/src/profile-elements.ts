/**
 * What XMPP says about names and avatars, read and written. Read, newest first: user avatars (XEP-0084) and nicknames (XEP-0172)
 * of PEP, vCard4 (XEP-0292), vcard-temp (XEP-0054) with the hash in presence (XEP-0153). Pure.
 */
import { createHash } from 'node:crypto';
import { xml, type Element } from '@xmpp/component';
import { NS } from './namespaces.js';

export interface Photo {
  /** SHA-1 in hex, by which XEP-0084 and XEP-0153 identify an image. */
  id: string;
  type: string;
  bytes: Buffer;
}

/** An avatar that is named: by its hash, in a vCard or in PEP, or by an address of the web. null: there is none. */
export type NamedAvatar = { id: string; node: 'vcard' | 'pep' } | { url: string } | null;

const SHA1 = /^[0-9a-f]{40}$/i;
/** PEP: items that the server publishes to all permitted contacts. */
const PEP_NODES = { avatar: NS.avatarMetadata, nick: NS.nick, vcard: NS.vcard4Node } as const;

/** The name in a vcard-temp: the nickname that the person chose, else the full name. A nickname that repeats the id says nothing. */
export function nameInVcard(vcard: Element, local: string): string | undefined {
  const nickname = textOf(vcard, 'NICKNAME');
  const name = vcard.getChild('N');
  const parts = name ? [textOf(name, 'GIVEN'), textOf(name, 'FAMILY')].filter(Boolean).join(' ') : '';
  const full = textOf(vcard, 'FN') ?? (parts || undefined);
  const repeats = nickname?.toLowerCase() === local.toLowerCase();
  return (repeats ? full : nickname) ?? full ?? nickname;
}

export function photoInVcard(vcard: Element): Photo | undefined {
  const photo = vcard.getChild('PHOTO');
  return photo && photoOf(textOf(photo, 'BINVAL'), textOf(photo, 'TYPE'));
}

export function avatarInVcard(vcard: Element): NamedAvatar {
  const photo = photoInVcard(vcard);
  if (photo) return { id: photo.id, node: 'vcard' };
  const url = textOf(vcard.getChild('PHOTO'), 'EXTVAL');
  return url === undefined ? null : { url };
}

/** vCard4: an element with a `<text/>` in it. */
export function nameInVcard4(vcard: Element): string | undefined {
  return textOf(vcard.getChild('nickname'), 'text') ?? textOf(vcard.getChild('fn'), 'text');
}

/** @returns undefined when the presence does not mention avatars: then it says nothing about them */
export function avatarInPresence(stanza: Element): NamedAvatar | undefined {
  const photo = stanza.getChild('x', NS.vcardUpdate)?.getChild('photo');
  if (!photo) return undefined;
  const id = photo.text().trim().toLowerCase();
  if (id === '') return null;
  return SHA1.test(id) ? { id, node: 'vcard' } : undefined;
}

/** `<metadata/>` without `<info/>` takes the avatar away. */
export function avatarInMetadata(metadata: Element): NamedAvatar {
  const infos = metadata.getChildren('info');
  const inPep = infos.filter(({ attrs }) => attrs['url'] === undefined && SHA1.test(attrs['id'] ?? ''));
  const png = inPep.find(({ attrs }) => attrs['type'] === 'image/png');
  const id = (png ?? inPep[0])?.attrs['id'];
  if (id !== undefined) return { id: id.toLowerCase(), node: 'pep' };
  const url = infos.map(({ attrs }) => attrs['url']).find((address) => address !== undefined);
  return url === undefined ? null : { url };
}

/** The payload of the newest item of a node, in an answer or in an event. */
export function payloadIn(parent: Element | undefined, node: string): Element | undefined {
  const items = parent?.getChildren('items').find(({ attrs }) => attrs['node'] === node);
  return items?.getChildren('item').at(-1)?.getChildElements()[0];
}

export function pepQuery(node: keyof typeof PEP_NODES | { data: string }): Element {
  const [name, item] = typeof node === 'string' ? [PEP_NODES[node], undefined] : [NS.avatarData, node.data];
  return xml(
    'pubsub',
    { xmlns: NS.pubsub },
    xml('items', { node: name, max_items: '1' }, item === undefined ? undefined : xml('item', { id: item })),
  );
}

export function photoOf(base64: string | undefined, type = 'image/jpeg'): Photo | undefined {
  const bytes = Buffer.from(base64 ?? '', 'base64');
  return bytes.length === 0 ? undefined : { id: sha1(bytes), type, bytes };
}

export function sha1(bytes: Buffer): string {
  return createHash('sha1').update(bytes).digest('hex');
}

export function textOf(parent: Element | undefined, name: string): string | undefined {
  return parent?.getChildText(name)?.trim() || undefined;
}

/** Of a ghost, in its presence (XEP-0153). */
export function presencePhoto(id: string | undefined): Element {
  return xml('x', { xmlns: NS.vcardUpdate }, xml('photo', {}, id));
}

export function vcardPhoto({ type, bytes }: Photo): Element {
  return xml('PHOTO', {}, xml('TYPE', {}, type), xml('BINVAL', {}, bytes.toString('base64')));
}

/** Items of a ghost's PEP nodes. @returns undefined for a node that ghosts do not have */
export function ghostItems(
  node: string | undefined,
  name: string,
  photo: Photo | undefined,
): Element | undefined {
  const item = (id: string, payload: Element) => xml('item', { id }, payload);
  switch (node) {
    case NS.avatarMetadata:
      return xml('items', { node }, item(photo?.id ?? 'none', metadataOf(photo)));
    case NS.avatarData: {
      const data = photo && xml('data', { xmlns: NS.avatarData }, photo.bytes.toString('base64'));
      return xml('items', { node }, ...(photo && data ? [item(photo.id, data)] : []));
    }
    case NS.nick:
      return xml('items', { node }, item('current', xml('nick', { xmlns: NS.nick }, name)));
    case NS.vcard4Node:
      return xml(
        'items',
        { node },
        item('current', xml('vcard', { xmlns: NS.vcard4 }, xml('fn', {}, xml('text', {}, name)))),
      );
    default:
      return undefined;
  }
}

/** PEP event for a changed avatar, sent to permitted contacts. */
export function avatarEvent(from: string, to: string, photo: Photo | undefined): Element {
  return xml(
    'message',
    { from, to, type: 'headline' },
    xml(
      'event',
      { xmlns: NS.pubsubEvent },
      xml('items', { node: NS.avatarMetadata }, xml('item', { id: photo?.id ?? 'none' }, metadataOf(photo))),
    ),
  );
}

function metadataOf(photo: Photo | undefined): Element {
  const { id, type, bytes } = photo ?? {};
  return xml(
    'metadata',
    { xmlns: NS.avatarMetadata },
    id === undefined ? undefined : xml('info', { id, type, bytes: String(bytes?.length ?? 0) }),
  );
}
