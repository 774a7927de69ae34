/** Calls: proposals (XEP-0353) and invitations (XEP-0482) of people, and what ghosts say about a call. Pure. */
import { createHash } from 'node:crypto';
import { xml, type Element } from '@xmpp/component';
import type { AboutCall } from '#adapter-kit';
import { PHRASES, type CallMedia } from '#protocol';
import { bareJid } from './jids.js';
import { NS } from './namespaces.js';

const WORDS = PHRASES.en;
const INVITES = `${NS.callInvite}0`;

/** A person calls, in a form that only their own server and ours could carry. */
export interface CallAttempt {
  /** As later stanzas of the call name it. */
  id: string;
  media: CallMedia;
  /** The attempt in words, if it gets no call page. */
  words: string;
  /** The sender gets an error as well: their client waits for an answer that words do not give. */
  waits: boolean;
}

/** @param body the text of the stanza: with one, an invitation is that text */
export function readCallAttempt(stanza: Element, body: string): CallAttempt | undefined {
  const propose = versioned(stanza, 'propose', NS.jingleMessage);
  if (propose) {
    const told = propose.getChildElements().map(({ attrs }) => attrs['media']);
    const kind = told.includes('video') ? 'video' : told.includes('audio') ? 'voice' : undefined;
    const words = WORDS.call(kind, undefined);
    return { id: propose.attrs['id'] ?? '', media: kind ?? 'voice', words, waits: true };
  }
  const invite = body === '' ? versioned(stanza, 'invite', NS.callInvite) : undefined;
  if (!invite || linkOf(invite) !== undefined) return undefined;
  const media = mediaOf(invite);
  return { id: stanza.attrs['id'] ?? '', media, words: WORDS.call(media, undefined), waits: false };
}

/** An invitation with a link of its own, in words: whoever gets it can join. */
export function readCallInvite(stanza: Element): string | undefined {
  const invite = versioned(stanza, 'invite', NS.callInvite);
  const link = invite && linkOf(invite);
  return link === undefined ? undefined : WORDS.call(mediaOf(invite), link);
}

function mediaOf(invite: Element | undefined): CallMedia {
  return invite?.attrs['video'] === 'true' ? 'video' : 'voice';
}

function linkOf(invite: Element): string | undefined {
  return invite.getChildElements().find(({ name }) => name === 'external')?.attrs['uri'] || undefined;
}

/** The person gives up their own call, or refuses or leaves one of which a ghost told them. @returns the id of the call */
export function readHangUp(stanza: Element): string | undefined {
  const ended =
    versioned(stanza, 'retract', NS.jingleMessage) ??
    ['retract', 'reject', 'left'].map((name) => versioned(stanza, name, NS.callInvite)).find(Boolean);
  return ended?.attrs['id'] || undefined;
}

/** True for ringing, accept and end: clients send them automatically, for a call that was not delivered. */
export function isCallSignal(stanza: Element): boolean {
  return stanza.getChildElements().some((child) => {
    const namespace = child.getNS() ?? '';
    return namespace.startsWith(NS.jingleMessage) || namespace.startsWith(NS.callInvite);
  });
}

/** Identity of a call of a person: their client made the id, which is unique between the two. */
export function nativeCall({ attrs: { from = '', to = '' } }: Element, id: string): string {
  return createHash('sha256')
    .update(JSON.stringify([bareJid(from), bareJid(to), id]))
    .digest('base64url');
}

/** The client of the caller stops ringing: the call goes on on a page. @param from full JID of the ghost */
export function movedToPage(stanza: Element, { id }: CallAttempt, from: string): Element {
  const to = stanza.attrs['from'] ?? '';
  const propose = versioned(stanza, 'propose', NS.jingleMessage);
  const reject = propose
    ? xml(
        'reject',
        { xmlns: propose.getNS() ?? '', id },
        xml(
          'reason',
          { xmlns: NS.jingle },
          xml('alternative-session', {}),
          xml('text', {}, 'To talk, open the link in the message.'),
        ),
      )
    : xml('reject', { xmlns: INVITES, id });
  return xml('message', { from, to, type: 'chat' }, reject, xml('store', { xmlns: NS.hints }));
}

/**
 * For clients that show invitations; the body says the same, and is no fallback of it: such a client may know no way to join
 * but the link.
 * @param messageId of the message with these elements
 */
export function callElements({ id, link }: AboutCall, messageId: string): Element[] {
  if (link)
    return [
      xml(
        'invite',
        { xmlns: INVITES, video: String(link.media === 'video') },
        xml('external', { uri: link.url }),
      ),
    ];
  // What was never an invitation is not taken back.
  return id === messageId ? [] : [xml('retract', { xmlns: INVITES, id })];
}

function versioned(stanza: Element, name: string, namespace: string): Element | undefined {
  return stanza
    .getChildElements()
    .find((child) => child.name === name && child.getNS()?.startsWith(namespace));
}
