/** Reads payloads of a stanza other than its body: locations, links and forms. Returns text or a content part. */
import type { Element } from '@xmpp/component';
import { locationPart, PHRASES, type SinglePart } from '#protocol';
import { NS } from './namespaces.js';

const WORDS = PHRASES.en;
/** Maximum number of links, and of form fields or options, that are read from a stanza. Further ones are left out. */
const MOST_LINKS = 32;
const MOST_OPTIONS = 32;

/** Reads the location of a message (XEP-0080); undefined without a valid latitude and longitude. */
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

/** Reads URLs from out-of-band data (XEP-0066) and from references of type `data` (XEP-0372). */
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

/** Returns a line for each link whose URL is not in the text. */
export function linkLines(links: Link[], text: string): string[] {
  return links
    .filter(({ url }, at) => !text.includes(url) && links.findIndex((one) => one.url === url) === at)
    .map(({ url, description }) => (description ? `${description}: ${url}` : url));
}

/** Describes a form (XEP-0004) in text: a form with options as a poll, any other by its title and fields. */
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

/** XEP-0045 §7.8: the room sends the invitation for `inviter`, and forwards the refusal to them. */
export function readRoomInvitation(stanza: Element): { inviter: string } | undefined {
  const inviter = stanza.getChild('x', NS.mucUser)?.getChild('invite')?.attrs['from'];
  return inviter ? { inviter } : undefined;
}

/** XEP-0249: the inviter sends the invitation, without the room. */
export function isDirectInvitation(stanza: Element): boolean {
  return stanza.getChild('x', NS.conference) !== undefined;
}
