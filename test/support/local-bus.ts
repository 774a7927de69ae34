/** Requests and replies in memory, for tests of what is sent and not of how. Stands in for a `BusConnection`. */
import { pino } from 'pino';
import type { MsgHdrs } from '@nats-io/transport-node';
import type { BusConnection } from '#bus';
import type { Network } from '#protocol';

interface Reply {
  data: Uint8Array;
  headers?: MsgHdrs | undefined;
}
interface Message {
  subject: string;
  data: Uint8Array;
  reply: string;
  respond(payload: string | Uint8Array | undefined, options?: { headers?: MsgHdrs }): void;
}
type Callback = (error: Error | null, message: Message) => void;

export class LocalBus {
  readonly log = pino({ level: 'silent' });
  readonly options: { member?: Network } = {};
  readonly session = {
    ended: new AbortController().signal,
    nc: {
      subscribe: (pattern: string, { callback }: { callback: Callback }) =>
        void this.handlers.set(pattern, callback),
      request: (subject: string, body: string) => this.request(subject, body),
    },
  };
  private readonly handlers = new Map<string, Callback>();

  onSession(build: (session: LocalBus['session']) => void): Promise<void> {
    build(this.session);
    return Promise.resolve();
  }

  /** The same bus, as the adapter of a network sees it. */
  ofMember(member: Network): BusConnection {
    return Object.assign(Object.create(this) as LocalBus, {
      options: { member },
    }) as unknown as BusConnection;
  }

  private request(subject: string, body: string): Promise<Reply> {
    const handler = this.handlers.get(subject) ?? this.handlers.get(anyNetwork(subject));
    if (!handler) return Promise.reject(new Error(`nobody answers on ${subject}`));
    return new Promise((resolve) => {
      const respond: Message['respond'] = (payload = '', options) =>
        resolve({ data: Buffer.from(payload), headers: options?.headers });
      handler(null, { subject, data: Buffer.from(body), reply: '_INBOX.local', respond });
    });
  }
}

/** The subject with a wildcard in place of its last token. */
function anyNetwork(subject: string): string {
  return subject.replace(/[^.]+$/, '*');
}
