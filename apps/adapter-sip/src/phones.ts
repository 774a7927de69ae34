/** Sends a MESSAGE to the phones of a person: to all at once, and the first that has it counts. */
import { HubError, toHubError } from '#protocol';
import { LruCache, runInBackground, TurnsByKey, type Log } from '#service';
import { messageRequest, type Envelope, type Payload } from './from-canonical.js';
import { nobodyThere, type Binding, type Registrar } from './registrar.js';
import { sipError } from './sip.errors.js';
import type { Flow } from './stack/flow.js';
import { newTag, type SipEndpoint } from './stack/sip-endpoint.js';
import type { SipResponse } from './stack/sip-message.js';
import { parseUri } from './stack/sip-uri.js';
import { printMessage } from './stack/sip-writer.js';

/** RFC 3428 §8: larger requests must not go out as datagrams. */
const MOST_DATAGRAM = 1300;
const VIA_BYTES = 120;
const USUAL_PORT = 5060;
const MOST_PLAIN = 20_000;

/** What a phone, or the trunk, said: it has it itself, or has handed it on. */
export type Taken = 'delivered' | 'handed on';

export class Phones {
  /** Phones that take plain text only, by their contact. */
  private readonly plain = new LruCache<string, true>({ max: MOST_PLAIN });
  /** What one person writes to one phone arrives in order, also where another phone was faster. */
  private readonly turns = new TurnsByKey();
  /** What is cut off when the adapter stops says nothing about the phone. */
  stopping = false;

  constructor(
    private readonly endpoint: SipEndpoint,
    private readonly registrar: Registrar,
    private readonly log: Log,
  ) {}

  /** The phones of a person, and how each is reached. */
  of(user: string): { uri: string; flowTo: () => Promise<Flow> }[] {
    return this.registrar.phonesOf(user).map(({ binding, flow }) => ({
      uri: binding.contact,
      flowTo: () => this.flowTo(binding, flow),
    }));
  }

  /** The phone of this person that is reached over this connection, or from that address. */
  over(user: string, { remote }: Flow): { uri: string } | undefined {
    const { address, port } = remote;
    const known = this.registrar.phonesOf(user).map(({ binding }) => binding);
    const binding = known.find((one) => one.address === address && one.port === port);
    return binding && { uri: binding.contact };
  }

  /**
   * @throws HubError 91 when no phone is there or all are busy, 103 when nobody answered, and what the phones say
   */
  async send(user: string, envelope: Envelope, payload: Payload): Promise<Taken> {
    const phones = this.registrar.phonesOf(user);
    if (phones.length === 0) throw nobodyThere(user);
    const attempts = phones.map(({ binding, flow }) => this.inTurn(user, binding, flow, envelope, payload));
    try {
      return await Promise.any(attempts);
    } catch (thrown) {
      throw worst((thrown as AggregateError).errors.map(toHubError));
    }
  }

  private inTurn(
    user: string,
    binding: Binding,
    flow: Flow | undefined,
    envelope: Envelope,
    payload: Payload,
  ): Promise<Taken> {
    return this.turns.run(`${binding.contact} ${envelope.from}`, async () => {
      try {
        return await this.toPhone(binding, await this.flowTo(binding, flow), envelope, payload);
      } catch (thrown) {
        const error = toHubError(thrown);
        // Nobody answered for 32 s, or the connection is gone: the phone registers again when it is back.
        const isGone = error.code === '103' || flow?.open === false;
        if (isGone && !this.stopping)
          runInBackground('phone that is gone', this.log, () => this.registrar.forget(user, binding));
        throw error;
      }
    });
  }

  private async toPhone(binding: Binding, flow: Flow, envelope: Envelope, payload: Payload): Promise<Taken> {
    const { contact } = binding;
    const tag = newTag();
    const { plain } = payload;
    const whole = messageRequest(contact, envelope, payload, 1, tag);
    const isTooLarge = !flow.reliable && printMessage(whole).length + VIA_BYTES > MOST_DATAGRAM;
    const simple = plain && messageRequest(contact, envelope, { ...payload, ...plain }, 2, tag);
    if (simple && (isTooLarge || this.plain.has(contact)))
      return taken(await this.endpoint.request(simple, flow));
    const response = await this.endpoint.request(whole, flow);
    if (response.status !== 415 || !simple) return taken(response);
    this.plain.set(contact, true);
    return taken(await this.endpoint.request(simple, flow));
  }

  /**
   * The connection over which it registered; after a restart one to where it registered from, at the port of its contact. The
   * host of the contact is the phone's to choose, and could be any machine that we can reach. @throws HubError 91
   */
  private async flowTo(
    { transport, address, port, contact }: Binding,
    flow: Flow | undefined,
  ): Promise<Flow> {
    if (flow?.open) return flow;
    if (transport === 'UDP') return this.endpoint.udpFlow(address, port);
    return this.endpoint.flowTo(transport, address, parseUri(contact)?.port ?? USUAL_PORT);
  }
}

export function taken(response: SipResponse): Taken {
  if (response.status >= 300) throw sipError(response);
  return response.status === 202 ? 'handed on' : 'delivered';
}

/** One phone may have it: then nobody knows. One may take it later: then it is sent again. */
function worst(errors: HubError[]): HubError {
  const of = (code: string) => errors.find((error) => error.code === code);
  return of('103') ?? of('91') ?? errors[0] ?? new HubError('91', 'no phone took it');
}
