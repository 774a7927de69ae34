/** The registrar (RFC 3261 §10): where the phones of each person are now. Bindings survive a restart of the adapter. */
import type { Memory } from '#adapter-kit';
import { HubError } from '#protocol';
import { TurnsByKey } from '#service';
import type { Flow } from './stack/flow.js';
import { cseqOf, header, headerList, type Header, type SipRequest } from './stack/sip-message.js';
import { parseNameAddr, parseUri } from './stack/sip-uri.js';

export interface Binding {
  /** As the phone gave it: the Request-URI of what it gets. */
  contact: string;
  transport: Flow['transport'];
  address: string;
  port: number;
  callId: string;
  sequence: number;
  /** ms since 1970. */
  until: number;
}

export type Registered =
  { status: 200; headers: Header[] } | { status: 400 | 423 | 500 | 403; headers: Header[] };

export interface RegistrarOptions {
  memory: Pick<Memory, 'get' | 'put' | 'entries'>;
  minExpires: number;
  maxExpires: number;
  now?: () => number;
}

const MOST_PHONES = 10;
const KEY = 'phones.';

export class Registrar {
  private readonly bindings = new Map<string, Binding[]>();
  /** The connection that each binding came over; after a restart there is none. */
  private readonly flows = new WeakMap<Binding, Flow>();
  private readonly turns = new TurnsByKey();

  constructor(private readonly options: RegistrarOptions) {}

  async load(): Promise<void> {
    for await (const [key, value] of this.options.memory.entries(`${KEY}*`))
      this.bindings.set(Buffer.from(key.slice(KEY.length), 'base64url').toString(), value as Binding[]);
  }

  /** The phones of a person, the latest first. */
  phonesOf(user: string): { binding: Binding; flow: Flow | undefined }[] {
    const now = this.now();
    return (this.bindings.get(user) ?? [])
      .filter(({ until }) => until > now)
      .map((binding) => ({ binding, flow: this.flows.get(binding) }));
  }

  /** One REGISTER after the other for each person, whose order is that of their numbers (§10.3, step 7). */
  register(user: string, request: SipRequest, flow: Flow): Promise<Registered> {
    return this.turns.run(user, () => this.change(user, request, flow));
  }

  /** A phone that does not answer any more, or whose connection is gone. */
  forget(user: string, binding: Binding): Promise<void> {
    return this.turns.run(user, async () => {
      const kept = this.current(user).filter((one) => one !== binding);
      if (kept.length < this.current(user).length) await this.store(user, kept);
    });
  }

  private async change(user: string, request: SipRequest, flow: Flow): Promise<Registered> {
    const contacts = headerList(request, 'contact');
    const cseq = cseqOf(request)?.number ?? 0;
    const callId = header(request, 'call-id') ?? '';
    const before = this.current(user);
    if (contacts.includes('*')) {
      if (contacts.length > 1 || header(request, 'expires') !== '0') return { status: 400, headers: [] };
      await this.store(user, []);
      return this.listed(user);
    }
    let after = before;
    for (const text of contacts) {
      const contact = parseNameAddr(text);
      if (!contact || !parseUri(contact.uri)) return { status: 400, headers: [] };
      const known = after.find((one) => one.contact === contact.uri);
      // A request that was overtaken by a newer one changes nothing.
      if (known?.callId === callId && known.sequence >= cseq) continue;
      const seconds = this.seconds(contact.params.get('expires') ?? header(request, 'expires'));
      if (seconds > 0 && seconds < this.options.minExpires)
        return { status: 423, headers: [['min-expires', String(this.options.minExpires)]] };
      after = after.filter((one) => one !== known);
      if (seconds === 0) continue;
      const { address, port } = flow.remote;
      const binding: Binding = {
        contact: contact.uri,
        transport: flow.transport,
        address,
        port,
        callId,
        sequence: cseq,
        until: this.now() + seconds * 1000,
      };
      this.flows.set(binding, flow);
      after = [binding, ...after];
    }
    if (after.length > MOST_PHONES) return { status: 403, headers: [] };
    if (after !== before) await this.store(user, after);
    return this.listed(user);
  }

  private async store(user: string, bindings: Binding[]): Promise<void> {
    await this.options.memory.put(KEY + Buffer.from(user).toString('base64url'), bindings);
    this.bindings.set(user, bindings);
  }

  private listed(user: string): Registered {
    const contacts = this.current(user).map(({ contact, until }): Header => {
      return ['contact', `<${contact}>;expires=${Math.max(1, Math.round((until - this.now()) / 1000))}`];
    });
    return { status: 200, headers: [...contacts, ['date', new Date(this.now()).toUTCString()]] };
  }

  private current(user: string): Binding[] {
    const now = this.now();
    return (this.bindings.get(user) ?? []).filter(({ until }) => until > now);
  }

  private seconds(text: string | undefined): number {
    const asked = text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : this.options.maxExpires;
    return Math.min(asked, this.options.maxExpires);
  }

  private now(): number {
    return this.options.now?.() ?? Date.now();
  }
}

/** @throws HubError 91 */
export function nobodyThere(user: string): HubError {
  return new HubError('91', `no phone of ${user} is registered now`, { retryAfterMs: 30_000 });
}
