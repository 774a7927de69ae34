/** Parts of a stanza beside its body that carry meaning of their own: places, links, calls, forms. As words, or as a part. */
import type { Element } from '@xmpp/component';
import { locationPart, PHRASES, type SinglePart } from '#protocol';
import { NS } from './namespaces.js';

const WORDS = PHRASES.en;
/** Of one stanza; the rest of a longer list is counted in words. */
const MOST_LINKS = 32;
const MOST_OPTIONS = 32;

/** XEP-0080 in a message; undefined when there is none, or none with both coordinates. */
export function readPlace(stanza: Element): SinglePart | undefined {
  const geoloc = stanza.getChild('geoloc', NS.geoloc);
  const [latitude, longitude] = ['lat', 'lon'].map((name) => numberIn(geoloc?.getChildText(name)));
  if (latitude === undefined || longitude === undefined) return undefined;
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return undefined;
  const said = ['text', 'description', 'street', 'locality', 'country'].map((name) =>
    geoloc?.getChildText(name)?.trim(),
  );
  return locationPart({ latitude, longitude, label: said.find(Boolean)?.slice(0, 2000) });
}

function numberIn(text: string | null | undefined): number | undefined {
  const found = text?.trim() ? Number(text) : NaN;
  return Number.isFinite(found) ? found : undefined;
}

export interface Link {
  url: string;
  description: string | undefined;
}

/** XEP-0066, and XEP-0372 where it names an address: what lies elsewhere. */
export function readLinks(stanza: Element): Link[] {
  const outOfBand = stanza.getChildren('x', NS.oob).map((x) => ({
    url: x.getChildText('url')?.trim() ?? '',
    description: x.getChildText('desc')?.trim() || undefined,
  }));
  const references = stanza
    .getChildren('reference', NS.reference)
    .filter(({ attrs }) => attrs['type'] === 'data')
    .map(({ attrs }) => ({ url: attrs['uri'] ?? '', description: undefined }));
  return [...outOfBand, ...references]
    .filter(({ url }) => /^[a-z][a-z0-9+.-]*:/i.test(url))
    .slice(0, MOST_LINKS);
}

/** Of the links, those that the words do not show already. */
export function linkLines(links: Link[], text: string): string[] {
  return links
    .filter(({ url }, at) => !text.includes(url) && links.findIndex((one) => one.url === url) === at)
    .map(({ url, description }) => (description ? `${description}: ${url}` : url));
}

/** XEP-0482: an invitation to a call, in words. */
export function readCallInvite(stanza: Element): string | undefined {
  const invite = versioned(stanza, 'invite', NS.callInvite);
  if (!invite) return undefined;
  const link = invite.getChildElements().find(({ name }) => name === 'external')?.attrs['uri'];
  return WORDS.call(invite.attrs['video'] === 'true' ? 'video' : 'voice', link);
}

/** XEP-0353: somebody's client rings. Undefined for everything that follows in the same call. */
export function readCallProposal(stanza: Element): string | undefined {
  const propose = versioned(stanza, 'propose', NS.jingleMessage);
  if (!propose) return undefined;
  const media = propose.getChildElements().map(({ attrs }) => attrs['media']);
  return WORDS.call(
    media.includes('video') ? 'video' : media.includes('audio') ? 'voice' : undefined,
    undefined,
  );
}

/** Ringing, accepting and ending of calls: automatic, and about a call that never came through. */
export function isCallSignal(stanza: Element): boolean {
  return stanza.getChildElements().some((child) => {
    const namespace = child.getNS() ?? '';
    return namespace.startsWith(NS.jingleMessage) || namespace.startsWith(NS.callInvite);
  });
}

function versioned(stanza: Element, name: string, namespace: string): Element | undefined {
  return stanza
    .getChildElements()
    .find((child) => child.name === name && child.getNS()?.startsWith(namespace));
}

/** XEP-0004: a form that asks for a choice is a poll; any other is its title and what it asks for. */
export function readForm(stanza: Element): string | undefined {
  const form = stanza.getChild('x', NS.form);
  if (!form) return undefined;
  const fields = form.getChildren('field').slice(0, MOST_OPTIONS);
  const question = [form.getChildText('title'), form.getChildText('instructions')].filter(Boolean).join(': ');
  const choice = fields.find((field) => field.getChild('option'));
  const label = (element: Element) => element.attrs['label'] ?? element.getChildText('value') ?? '';
  if (choice) {
    const options = choice.getChildren('option').slice(0, MOST_OPTIONS).map(label);
    return WORDS.poll([question, choice.attrs['label']].filter(Boolean).join(': '), options);
  }
  const lines = [
    question,
    ...fields.map((field) => [field.attrs['label'], field.getChildText('value')].filter(Boolean).join(': ')),
  ];
  return lines.filter((line) => line !== '').join('\n') || undefined;
}

/** XEP-0045 §7.8: a room invites on behalf of somebody, who learns of the refusal through the room. */
export function readRoomInvitation(stanza: Element): { inviter: string } | undefined {
  const inviter = stanza.getChild('x', NS.mucUser)?.getChild('invite')?.attrs['from'];
  return inviter ? { inviter } : undefined;
}

/** XEP-0249: somebody invites to a room themselves. */
export function isDirectInvitation(stanza: Element): boolean {
  return stanza.getChild('x', NS.conference) !== undefined;
}
