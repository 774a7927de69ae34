/** What a message of OneBot contains -> acts of its author. Pure. */
import type { BotAct } from '#bot-contacts';
import type { Content } from '#onebot';
import { partOf, writePlain } from '#text';

export interface Head {
  /** What others refer to. */
  id: string;
  /** What no other message ever has. */
  identity: string;
  from: string;
  /** As it stands in the event. */
  name?: string | undefined;
  sentAt: Date;
}

/** Attachments after the first one become messages of their own: OneBot has albums in one message. */
export function messageActs({ id, identity, from, name, sentAt }: Head, content: Content): BotAct[] {
  const { tree, typed, quotes, location, media } = content;
  const text = writePlain(tree);
  const about = { act: 'message' as const, from, name, sentAt, conversation: id, references: [id] };
  const words = text === '' ? {} : typed ? { typed: text } : { part: partOf(tree, text) };
  const [first, ...others] = media;
  const acts: BotAct[] = [];
  if (text !== '' || first || !location)
    acts.push({ ...about, id: identity, quotes, ...words, ...(first ? { media: first } : {}) });
  if (location)
    acts.push({ ...about, id: acts.length === 0 ? identity : `${identity}.place`, quotes, part: location });
  return [...acts, ...others.map((medium, at) => ({ ...about, id: `${identity}.${at + 2}`, media: medium }))];
}
