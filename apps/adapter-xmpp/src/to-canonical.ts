/** Translates a stanza from a subscriber to a ghost into acts. Pure. */
import type { Element } from '@xmpp/component';
import type { NativeAttachment } from '#adapter-kit';
import {
  bodyOf as bodyOfParts,
  HubError,
  locationPart,
  qualifiedEmoji,
  plainText,
  readGeoUri,
  type Availability,
  type Part,
  type SinglePart,
} from '#protocol';
import { partOf, readStyling } from '#text';
import { bodyOf, isAllFallback, subjectOf, xhtmlText } from './bodies.js';
import { encryptionOf } from './encryption.js';
import { readFiles } from './files.js';
import { NS } from './namespaces.js';
import { isCallSignal, readCallAttempt, readCallInvite, readHangUp, type CallAttempt } from './calls.js';
import {
  isDirectInvitation,
  linkLines,
  readForm,
  readLinks,
  readPlace,
  readRoomInvitation,
} from './payloads.js';
import { readSignals, type Signal } from './chat-signals.js';

/** One act of a message stanza. Targets are stanza ids; the adapter resolves them (references.ts). */
export type XmppAct =
  | {
      act: 'message';
      body: Part;
      media: NativeAttachment[];
      replyTo?: string;
      wants: ('delivered' | 'read')[];
    }
  | { act: 'edit'; target: string; body: SinglePart }
  | { act: 'recall'; target: string }
  | { act: 'call'; attempt: CallAttempt }
  /** @param call as the client names it */
  | { act: 'hangUp'; call: string }
  | { act: 'reaction'; target: string; emoji: string[] }
  | Signal
  | { act: 'bounce'; target: string; error: Element }
  /** The room that invited gets a refusal. */
  | { act: 'decline'; inviter: string }
  /** Automatic stanza that is neither delivered nor refused; it is recorded as a dead letter. */
  | { act: 'notCarried'; kind: string; why: string };

export interface StanzaIds {
  /** XEP-0359: an id that the sender's client never reuses. */
  origin: string | undefined;
  /** The origin-id or message id; undefined when the client gave none. */
  id: string | undefined;
  /** All ids with which later stanzas may refer to this one. */
  all: string[];
}

export function stanzaIds(stanza: Element): StanzaIds {
  const origin = stanza.getChild('origin-id', NS.ids)?.attrs['id'] || undefined;
  const all = [origin, stanza.attrs['id']].filter((id): id is string => id !== undefined && id !== '');
  return { origin, id: all[0], all: [...new Set(all)] };
}

/**
 * Returns at least one act. A chat state counts only in a stanza without other acts.
 * @throws HubError for content that cannot cross; the sender is notified
 */
export function readMessage(stanza: Element): XmppAct[] {
  const type = stanza.attrs['type'];
  if (type === 'error') return [readBounce(stanza)];
  if (type === 'groupchat') throw new HubError('12', 'group chats do not cross networks yet');
  const said = readSaid(stanza);
  const { marks, state } = readSignals(stanza);
  const acts: XmppAct[] = [...said, ...marks];
  if (acts.length > 0) return acts;
  if (state) return [state];
  return [readRest(stanza)];
}

/** Reads acts of the person; empty for an automatic stanza. */
function readSaid(stanza: Element): XmppAct[] {
  const retracted = retractionOf(stanza);
  if (retracted) return [{ act: 'recall', target: targetOf(retracted) }];
  const reaction = readReactions(stanza);
  if (reaction && (isAllFallback(stanza, NS.reactions) || bodyOf(stanza) === '')) return [reaction];
  const encryption = encryptionOf(stanza);
  if (encryption !== undefined)
    throw new HubError(
      '12',
      `end-to-end encryption (${encryption}) cannot cross networks: send it unencrypted`,
    );
  const message = readWords(stanza);
  const attempt = readCallAttempt(stanza, bodyOf(stanza) || xhtmlText(stanza));
  const call: XmppAct | undefined = attempt && { act: 'call', attempt };
  return [message, reaction, call].filter((act) => act !== undefined);
}

/** XEP-0424: a separate element since version 0.4, before that inside XEP-0422 `apply-to`. */
function retractionOf(stanza: Element): Element | undefined {
  const fastened = stanza.getChildren('apply-to', NS.fasten);
  return (
    stanza.getChild('retract', NS.retract) ??
    fastened.find((one) => one.getChild('retract', NS.retractOld) ?? one.getChild('retract', NS.retract)) ??
    stanza.getChild('retract', NS.retractOld)
  );
}

/** A reaction without a target id is ignored if the stanza has a body, else refused. */
function readReactions(stanza: Element): XmppAct | undefined {
  const reactions = stanza.getChild('reactions', NS.reactions);
  if (!reactions) return undefined;
  if (!reactions.attrs['id'] && bodyOf(stanza) !== '') return undefined;
  const emoji = reactions.getChildren('reaction').map((reaction) => qualifiedEmoji(reaction.text().trim()));
  const distinct = [...new Set(emoji)].filter((one) => one !== '' && one.length <= LONGEST_EMOJI);
  return { act: 'reaction', target: targetOf(reactions), emoji: distinct.slice(0, MOST_EMOJI) };
}

/** Limits of the canonical reaction schema. */
const MOST_EMOJI = 32;
const LONGEST_EMOJI = 64;

function readWords(stanza: Element): XmppAct | undefined {
  const replace = stanza.getChild('replace', NS.correct);
  const reply = stanza.getChild('reply', NS.reply) ?? stanza.getChild('attach-to', NS.attaching);
  const { words, place, media } = written(stanza, {
    edits: replace !== undefined,
    quotes: reply !== undefined,
  });
  const part =
    words === '' ? undefined : toPart(words, stanza.getChild('unstyled', NS.styling) === undefined);
  if (replace && (part ?? place))
    return { act: 'edit', target: targetOf(replace), body: part ?? place ?? plainText('') };
  if (!part && !place && media.length === 0) return undefined;
  const replyTo = reply?.attrs['id'];
  return {
    act: 'message',
    body: bodyOfParts([place, part].filter((one) => one !== undefined)),
    media,
    wants: wantsOf(stanza),
    ...(replyTo ? { replyTo } : {}),
  };
}

interface Written {
  words: string;
  place: SinglePart | undefined;
  media: NativeAttachment[];
}

/** Collects all content of a stanza that can be shown. Files of an edit stay URLs, because an edit replaces text only. */
function written(stanza: Element, { edits, quotes }: { edits: boolean; quotes: boolean }): Written {
  const plain = bodyOf(stanza) || xhtmlText(stanza);
  const { media, unreadable } = edits ? { media: [], unreadable: [] } : readFiles(stanza, plain);
  const quoteOf = quotes ? [NS.reply] : [];
  // If the body is only a quote, deliver the quote as the text.
  const text = media.length > 0 ? wordsBeside(stanza, media, quoteOf) : bodyOf(stanza, quoteOf) || plain;
  const urls = new Set(media.map(({ source }) => source['url']));
  const links = readLinks(stanza).filter(({ url }) => !urls.has(url));
  const call = plain === '' ? readCallInvite(stanza) : undefined;
  const lines = [
    subjectOf(stanza),
    text,
    ...unreadable,
    ...linkLines(links, plain),
    call,
    formOf(stanza, plain),
  ];
  return { words: lines.filter(Boolean).join('\n'), place: readPlace(stanza), media };
}

/** Returns the text that accompanies files, without fallback text and without the URLs of the files. */
function wordsBeside(stanza: Element, media: NativeAttachment[], quoteOf: string[]): string {
  return isAllFallback(stanza, NS.sfs) ? '' : withoutAddresses(bodyOf(stanza, [...quoteOf, NS.sfs]), media);
}

/** If a form has a body, the body is its fallback text and the form is not read. */
function formOf(stanza: Element, body: string): string | undefined {
  return body === '' ? readForm(stanza) : undefined;
}

/** Removes lines that contain only the URL of a file. */
function withoutAddresses(text: string, media: NativeAttachment[]): string {
  const urls = new Set(media.map(({ source }) => source['url']));
  return text
    .split('\n')
    .filter((line) => !urls.has(line.trim()))
    .join('\n')
    .trim();
}

function wantsOf(stanza: Element): ('delivered' | 'read')[] {
  const wants: ('delivered' | 'read')[] = [];
  const event = stanza.getChild('x', NS.event);
  if (stanza.getChild('request', NS.receipts) ?? event?.getChild('delivered')) wants.push('delivered');
  if (stanza.getChild('markable', NS.markers) ?? event?.getChild('displayed')) wants.push('read');
  return wants;
}

/** Stanzas without an act of the person: known automatic ones are recorded as not carried, all others are refused. */
function readRest(stanza: Element): XmppAct {
  const invitation = readRoomInvitation(stanza);
  if (invitation) return { act: 'decline', inviter: invitation.inviter };
  if (isDirectInvitation(stanza)) throw new HubError('12', 'group chats do not cross networks yet');
  const hungUp = readHangUp(stanza);
  if (hungUp !== undefined) return { act: 'hangUp', call: hungUp };
  if (isCallSignal(stanza))
    return { act: 'notCarried', kind: 'call', why: 'a signal of a call, which goes on on its page' };
  if (stanza.getChild('event', NS.pubsubEvent))
    return {
      act: 'notCarried',
      kind: 'pep',
      why: 'an event of a node that was not subscribed to (XEP-0163)',
    };
  const [payload] = stanza
    .getChildElements()
    .filter((child) => !SILENT.has(`${child.name} ${child.getNS()}`));
  if (!payload || payload.name === 'body' || payload.name === 'subject')
    throw new HubError('30', 'the message is empty');
  throw new HubError('12', `<${payload.name} xmlns='${payload.getNS()}'/> cannot cross networks`);
}

/** Elements without content of their own: a stanza with only these is empty. */
const SILENT = new Set([
  `origin-id ${NS.ids}`,
  `stanza-id ${NS.ids}`,
  `delay ${NS.delay}`,
  `x ${NS.delayOld}`,
  `nick ${NS.nick}`,
  `queued ${NS.link}`,
  `request ${NS.receipts}`,
  `markable ${NS.markers}`,
  ...['store', 'no-store', 'no-copy', 'no-permanent-store'].map((hint) => `${hint} ${NS.hints}`),
]);

function readBounce(stanza: Element): XmppAct {
  const error = stanza.getChild('error');
  const target = stanza.attrs['id'];
  return error && target
    ? { act: 'bounce', target, error }
    : { act: 'notCarried', kind: 'bounce', why: 'an error that names no stanza of ours' };
}

function targetOf(element: Element): string {
  const id = element.attrs['id'];
  if (!id) throw new HubError('30', `<${element.name}/> names no message`);
  return id;
}

/** @param styled false: the sender disabled styling for this text (XEP-0393 §5) */
function toPart(text: string, styled: boolean): SinglePart {
  const [uri = '', ...label] = text.split('\n');
  const place = readGeoUri(uri);
  if (place) return locationPart({ ...place, label: label.join('\n') || undefined });
  return partOf(styled ? readStyling(text) : undefined, text);
}

/** RFC 6121 §4.7.2. */
export function readAvailability(presence: Element): { availability: Availability; statusText?: string } {
  const statusText = presence.getChildText('status')?.slice(0, 500);
  const status = statusText ? { statusText } : {};
  if (presence.attrs['type'] === 'unavailable') return { availability: 'offline', ...status };
  switch (presence.getChildText('show')) {
    case 'away':
      return { availability: 'away', ...status };
    case 'xa':
      return { availability: 'xa', ...status };
    case 'dnd':
      return { availability: 'dnd', ...status };
    default:
      return { availability: 'available', ...status };
  }
}
