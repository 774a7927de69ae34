/** A stanza of a subscriber to a ghost -> what he did. Pure. */
import type { Element } from '@xmpp/component';
import type { NativeMedia } from '#adapter-kit';
import {
  EMPTY,
  HubError,
  locationPart,
  readGeoUri,
  type Availability,
  type Part,
  type SinglePart,
} from '#protocol';
import { partOf, readStyling } from '#text';
import { readFile } from './files.js';
import { NS } from './namespaces.js';

/** What a message stanza does. Targets are ids as they stand in the stanza; whose they are, the adapter finds out. */
export type XmppAct =
  | {
      act: 'message';
      body: Part;
      media?: NativeMedia;
      replyTo?: string;
      wants: ('delivered' | 'read')[];
    }
  | { act: 'edit'; target: string; body: SinglePart }
  | { act: 'recall'; target: string }
  | { act: 'reaction'; target: string; emoji: string[] }
  | { act: 'delivered'; target: string }
  | { act: 'read'; target: string }
  | { act: 'typing'; state: 'composing' | 'paused' | 'stopped' }
  | { act: 'bounce'; target: string; error: Element }
  | { act: 'nothing' };

export interface StanzaIds {
  /** The identity of the stanza: origin-id (XEP-0359) or message id; undefined when the client gave none. */
  id: string | undefined;
  /** Every id under which others may refer to it. */
  all: string[];
}

export function stanzaIds(stanza: Element): StanzaIds {
  const origin = stanza.getChild('origin-id', NS.ids)?.attrs['id'];
  const all = [origin, stanza.attrs['id']].filter((id): id is string => id !== undefined && id !== '');
  return { id: all[0], all: [...new Set(all)] };
}

/** @throws HubError 12 for an encrypted message: it is refused, never passed on as its "I sent you ..." hint */
export function readMessage(stanza: Element): XmppAct {
  if (stanza.attrs['type'] === 'error') return readBounce(stanza);
  const retract = stanza.getChild('retract', NS.retract);
  if (retract) return { act: 'recall', target: targetOf(retract) };
  const reactions = stanza.getChild('reactions', NS.reactions);
  if (reactions) {
    const emoji = reactions.getChildren('reaction').map((reaction) => reaction.text().trim());
    return {
      act: 'reaction',
      target: targetOf(reactions),
      emoji: [...new Set(emoji)].filter((one) => one !== ''),
    };
  }
  if (stanza.getChild('encrypted', NS.omemo) ?? stanza.getChild('encryption', NS.eme))
    throw new HubError('12', 'end-to-end encrypted messages cannot cross networks');
  const text = stanza.getChildText('body') ?? '';
  const file = stanza.getChild('replace', NS.correct) ? undefined : readFile(stanza, text);
  if (file) return withFile(stanza, text, file);
  if (text !== '') return readText(stanza, text);
  const displayed = stanza.getChild('displayed', NS.markers);
  if (displayed) return { act: 'read', target: targetOf(displayed) };
  const received = stanza.getChild('received', NS.receipts);
  if (received) return { act: 'delivered', target: targetOf(received) };
  return readState(stanza);
}

/** What is written beside a file is about it, but for what stands there for clients that know no files. */
function withFile(stanza: Element, text: string, media: NativeMedia): XmppAct {
  const marked = stanza.getChildren('fallback', NS.fallback).some(({ attrs }) => attrs['for'] === NS.sfs);
  const said = (marked ? withoutFallback(stanza, text, NS.sfs, '') : text).trim();
  const body = said === '' || said === media.source['url'] ? EMPTY : toPart(stanza, said);
  const replyTo = stanza.getChild('reply', NS.reply)?.attrs['id'];
  return { act: 'message', body, media, wants: wantsOf(stanza), ...(replyTo ? { replyTo } : {}) };
}

function wantsOf(stanza: Element): ('delivered' | 'read')[] {
  const wants: ('delivered' | 'read')[] = [];
  if (stanza.getChild('request', NS.receipts)) wants.push('delivered');
  if (stanza.getChild('markable', NS.markers)) wants.push('read');
  return wants;
}

function readText(stanza: Element, text: string): XmppAct {
  const replace = stanza.getChild('replace', NS.correct);
  const reply = stanza.getChild('reply', NS.reply);
  const body = toPart(stanza, reply ? withoutFallback(stanza, text, NS.reply) : text);
  if (replace) return { act: 'edit', target: targetOf(replace), body };
  const replyTo = reply?.attrs['id'];
  return { act: 'message', body, wants: wantsOf(stanza), ...(replyTo ? { replyTo } : {}) };
}

function readState(stanza: Element): XmppAct {
  const state = stanza.getChildElements().find((child) => child.getNS() === NS.states)?.name;
  switch (state) {
    case 'composing':
    case 'paused':
      return { act: 'typing', state };
    case 'active':
    case 'inactive':
    case 'gone':
      return { act: 'typing', state: 'stopped' };
    default:
      return { act: 'nothing' };
  }
}

function readBounce(stanza: Element): XmppAct {
  const error = stanza.getChild('error');
  const target = stanza.attrs['id'];
  return error && target ? { act: 'bounce', target, error } : { act: 'nothing' };
}

function targetOf(element: Element): string {
  const id = element.attrs['id'];
  if (!id) throw new HubError('30', `<${element.name}/> names no message`);
  return id;
}

/** XEP-0428: the ranges are counted in code points. @param nothing what stands for a text that is fallback altogether */
function withoutFallback(stanza: Element, text: string, purpose: string, nothing = text): string {
  const marks = stanza
    .getChildren('fallback', NS.fallback)
    .filter((fallback) => fallback.attrs['for'] === purpose);
  const [range] = marks.flatMap((fallback) => fallback.getChildren('body'));
  if (!range) return text;
  const points = Array.from(text);
  const start = Number(range.attrs['start'] ?? 0);
  const end = Number(range.attrs['end'] ?? points.length);
  if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end < start) return text;
  const rest = [...points.slice(0, start), ...points.slice(end)].join('');
  return rest === '' ? nothing : rest;
}

function toPart(stanza: Element, text: string): SinglePart {
  const styled = stanza.getChild('unstyled', NS.styling) === undefined;
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
