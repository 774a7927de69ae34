/**
 * Links to attachments, for networks that can only show words. Signed, so that none can be guessed or extended, and short,
 * since some networks count characters. `<id>.<expiry, seconds since 1970 in base 36>.<signature>`
 */
import { hash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { ExternalPart } from './content.js';
import type { EventId } from './ids.js';
import type { MediaUrl } from './attachments.js';

/** What the hub stores for a link, under `linkKey`. */
export const MediaLink = z
  .object({ part: ExternalPart.required({ url: true, seal: true, size: true, hash: true }) })
  .meta({ id: 'MediaLink' });
export type MediaLink = z.infer<typeof MediaLink>;

const SIGNATURE_LENGTH = 22;

/** The id of a link: always the same for the same attachment of the same event. */
export function linkId(event: EventId, url: MediaUrl): string {
  return hash('sha256', `${event} ${url}`, 'base64url').slice(0, 16);
}

export function linkKey(id: string): string {
  return `link.${id}`;
}

/** Key that exists while a link to this object is valid. */
export function linkedKey(object: string, id = '>'): string {
  return `linked.${object}.${id}`;
}

export function signLink(secret: string, id: string, until: Date): string {
  const end = Math.floor(until.getTime() / 1000).toString(36);
  return `${id}.${end}.${signature(secret, id, end)}`;
}

/** @returns the id of the link; undefined if the signature is wrong. `expired`: the signature is right, the link has expired */
export function readLink(
  secret: string,
  token: string,
  now = new Date(),
): { id: string; expired: boolean } | undefined {
  const [id = '', end = '', given = ''] = token.split('.');
  const [expected, actual] = [Buffer.from(signature(secret, id, end)), Buffer.from(given)];
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) return undefined;
  return { id, expired: parseInt(end, 36) * 1000 <= now.getTime() };
}

function signature(secret: string, id: string, end: string): string {
  return createHmac('sha256', secret).update(`${id}.${end}`).digest('base64url').slice(0, SIGNATURE_LENGTH);
}
