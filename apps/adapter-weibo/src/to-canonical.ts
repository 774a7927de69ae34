/** Callbacks of Weibo -> what a person did. Pure. What is of no known type becomes words. */
import { createHash } from 'node:crypto';
import type { BotAct, BotContent } from '#bot-contacts';
import { microblogFaces } from '#emoji';
import { locationPart, PHRASES, plainText } from '#protocol';
import type { Callback } from './weibo.formats.js';

/** Events after which Weibo lets the account write for 48 hours, as after a message, and a person expects an answer. */
const ASKING = new Set(['follow', 'subscribe', 'scan', 'scan_follow', 'click']);

/** Callbacks have no id, and a repeated one says exactly the same. The readers write its fields in one order. */
export function idOf(callback: Callback): string {
  return createHash('sha256')
    .update(JSON.stringify(Object.entries(callback)))
    .digest('base64url');
}

export function readCallback(callback: Callback, now = Date.now()): BotAct {
  const { type, sender: from, text, key } = callback;
  const subtype = callback.subtype.toLowerCase();
  const id = idOf(callback);
  const actor = { id, from, replyToken: id };
  if (type === 'event' && ASKING.has(subtype))
    return { act: 'asked', ...actor, opensAt: sentAt(callback, now) };
  // A post that mentions the account is public and for nobody in particular.
  if (type === 'event' || type === 'mention')
    return lost(`${from} ${type} ${subtype} ${key} ${text}`, `"${subtype || type}" is for the account alone`);
  return { act: 'message', ...actor, sentAt: sentAt(callback, now), ...contentOf(callback) };
}

function lost(id: string, why: string): BotAct {
  return { act: 'lost', kind: 'event', why: why.slice(0, 100), id: id.slice(0, 1000) };
}

/** "Mon Jul 16 18:09:20 +0800 2012", or seconds since 1970. What cannot be read, or is in the future, is now. */
function sentAt({ createdAt }: Callback, now: number): Date {
  const at = /^\d{1,12}$/.test(createdAt) ? Number(createdAt) * 1000 : Date.parse(createdAt);
  return new Date(at > 0 && at < now ? at : now);
}

function contentOf(callback: Callback): Omit<BotContent, 'sentAt'> {
  const { type, text, fid } = callback;
  if (type === 'text' && text) return { typed: microblogFaces.toEmoji(text) };
  const part = type === 'position' ? placeIn(callback) : undefined;
  if (part) return { part };
  if ((type === 'image' || type === 'voice') && fid) {
    const media = { source: { fid }, disposition: 'attachment' as const };
    if (type === 'image') return { media: { ...media, contentType: 'image/*' } };
    return { media: { ...media, contentType: 'audio/*', meta: { voice: true } } };
  }
  const name = type
    .replaceAll(/\p{C}+/gu, ' ')
    .slice(0, 40)
    .toWellFormed();
  return { part: plainText(PHRASES.zh.notShown(name || '?', microblogFaces.toEmoji(text))) };
}

function placeIn({ longitude: east, latitude: north }: Callback) {
  const [longitude, latitude] = [Number(east), Number(north)];
  if (east === '' || north === '' || !(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180))
    return undefined;
  return locationPart({ latitude, longitude });
}
