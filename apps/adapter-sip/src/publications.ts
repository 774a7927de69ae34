/** What people publish about themselves (PUBLISH, RFC 3903): kept until it expires, known by its entity tag. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '#adapter-session';
import { isSame, readPresence } from './to-canonical.js';
import type { Presence } from './documents/pidf.js';
import { header, type Header, type SipRequest } from './stack/sip-message.js';
import { secondsOf } from './expires.js';

interface Publication {
  tag: string;
  presence: Presence;
  cancelEnd: () => void;
}

export interface PublicationsOptions {
  clock: Clock;
  maxExpires: number;
  /** Others see another presence of this person. */
  changed(user: string, presence: Presence): void;
}

export type Answer = { status: number; headers: Header[] };

const OFFLINE: Presence = { availability: 'offline' };
const MOST_PUBLISHED = 100_000;

export class Publications {
  private readonly known = new Map<string, Publication>();

  constructor(private readonly options: PublicationsOptions) {}

  of(user: string): Presence | undefined {
    return this.known.get(user)?.presence;
  }

  take(user: string, request: SipRequest): Answer {
    const before = this.known.get(user);
    const condition = header(request, 'sip-if-match');
    if (condition !== undefined && condition !== before?.tag) return { status: 412, headers: [] };
    const published = readPresence(request);
    if (published.kind === 'unsupported')
      return { status: 415, headers: [['accept', 'application/pidf+xml']] };
    if (published.kind === 'unreadable') return { status: 400, headers: [] };
    const seconds = secondsOf(request, this.options.maxExpires);
    if (seconds === 0) {
      this.end(user);
      return { status: 200, headers: [['expires', '0']] };
    }
    const presence = published.kind === 'presence' ? published.presence : before?.presence;
    // Without a document there is nothing to publish, and without a condition nothing to renew (§6, step 5).
    if (presence === undefined || (published.kind === 'nothing' && condition === undefined))
      return { status: 400, headers: [] };
    if (!before && this.known.size >= MOST_PUBLISHED)
      return { status: 503, headers: [['retry-after', '60']] };
    return this.keep(user, presence, seconds);
  }

  stop(): void {
    for (const { cancelEnd } of this.known.values()) cancelEnd();
    this.known.clear();
  }

  private keep(user: string, presence: Presence, seconds: number): Answer {
    const before = this.known.get(user);
    before?.cancelEnd();
    const tag = randomBytes(9).toString('base64url');
    const cancelEnd = this.options.clock.after(seconds * 1000, () => this.end(user));
    this.known.set(user, { tag, presence, cancelEnd });
    if (!isSame(before?.presence, presence)) this.options.changed(user, presence);
    return {
      status: 200,
      headers: [
        ['sip-etag', tag],
        ['expires', String(seconds)],
      ],
    };
  }

  private end(user: string): void {
    const before = this.known.get(user);
    before?.cancelEnd();
    this.known.delete(user);
    if (before && before.presence.availability !== 'offline') this.options.changed(user, OFFLINE);
  }
}
