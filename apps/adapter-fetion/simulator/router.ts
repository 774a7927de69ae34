/** Routes a message to a client, to a phone or into the store, and determines the response to its sender. */
import { hex32 } from './login-secrets.js';
import { type Directory, isMobile, type Message, telOf, type User } from './users.js';

export const CODE = { ok: 200, sms: 280, forbidden: 403, unknown: 404, unavailable: 503 } as const;

export interface Sent {
  code: number;
  reason?: string;
  /** Only for an accepted message. */
  message?: Message;
}

/** Route of a message: to the recipient's client or phone, to their phone only, or to any mobile number. */
export type Way = 'CatMsg' | 'SendCatSMS' | 'SendDirectCatSMS';

/** Maximum number of stored messages for each user, to bound the memory of the process. */
const MAX_KEPT = 50_000;

export class Router {
  /** @param phone finds the subscriber of a mobile number that was never registered with Fetion */
  constructor(
    private readonly directory: Directory,
    private readonly phone: (mobile: string) => User,
  ) {}

  send(from: User, uri: string, text: string, way: Way = 'CatMsg', type = 'text/plain'): Sent {
    const to = this.recipient(uri, way);
    if (!to) return { code: CODE.unknown };
    if (to.blacklist.has(from))
      return { code: CODE.forbidden, reason: 'sender is in the blacklist of the receiver' };
    if (from.blacklist.has(to))
      return { code: CODE.forbidden, reason: 'receiver is in the blacklist of the sender' };
    if (to.waiting.length + to.unacknowledged.size >= MAX_KEPT) return { code: CODE.unavailable };
    const message = { id: hex32(), from, to, text, type, date: new Date() };
    return { code: way === 'CatMsg' ? deliver(message) : textTo(message), message };
  }

  /** Typing and nudges reach only users who are online; a sender gets no error otherwise. */
  info(from: User, uri: string, body: string): number {
    const to = this.directory.uri(uri);
    if (!to) return CODE.unknown;
    if (to.blacklist.has(from)) return CODE.forbidden;
    if (to.online) to.client?.info(from, body);
    return CODE.ok;
  }

  private recipient(uri: string, way: Way): User | undefined {
    const mobile = telOf(uri);
    const known = this.directory.uri(uri);
    if (known || way !== 'SendDirectCatSMS' || mobile === undefined) return known;
    return isMobile(mobile) ? this.phone(mobile) : undefined;
  }
}

function deliver(message: Message): number {
  const { to } = message;
  if (to.online && to.client) to.client.message(message);
  else if (to.sms) return textTo(message);
  else to.waiting.push({ message, offline: true });
  return CODE.ok;
}

function textTo(message: Message): number {
  message.from.smsSent++;
  message.to.sms?.(message);
  return CODE.sms;
}
