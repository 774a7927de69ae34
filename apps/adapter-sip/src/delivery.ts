/** Sends to the people of this network, wherever they are: to their phones, or through the trunk. */
import { HubError, nativeOf, toHubError, type Address, type ContactEvent, type Party } from '#protocol';
import type { Log } from '#service';
import { notice, type Envelope, type Payload } from './from-canonical.js';
import type { Ghosts } from './ghosts.js';
import type { Phones, Taken } from './phones.js';
import type { Caller } from './sip.connection.js';
import type { SipAccount } from './sip.config.js';
import { header, type SipRequest } from './stack/sip-message.js';
import { mustHaveTrunk, type Trunk } from './trunk.js';
import type { Uris } from './uris.js';

export interface DeliveryParts {
  log: Log;
  uris: Uris;
  accounts: ReadonlyMap<string, SipAccount>;
  phones: Phones;
  ghosts: Ghosts;
  trunk: Trunk | undefined;
}

export class Delivery {
  constructor(private readonly parts: DeliveryParts) {}

  /** The native id of somebody who exists. @throws HubError 14 */
  reachable(address: Address): string {
    const native = nativeOf(address);
    const { accounts, trunk, uris } = this.parts;
    if (accounts.has(native) || (trunk && uris.isAbroad(native))) return native;
    throw new HubError('14', 'nobody of that name has an account here');
  }

  async envelope(from: Party, user: string, callId: string): Promise<Envelope> {
    const { ghosts, uris } = this.parts;
    const uri = await ghosts.uriOf(from.address);
    return { from: uri, name: ghosts.nameOf(from), to: uris.own(user), callId };
  }

  /** @throws HubError 91, 103, and what the phone or the trunk says */
  send(user: string, envelope: Envelope, payload: Payload): Promise<Taken> {
    const { phones, trunk, uris } = this.parts;
    if (!uris.isAbroad(user)) return phones.send(user, envelope, payload);
    return mustHaveTrunk(trunk).send(uris.own(user), envelope, payload);
  }

  /** What a phone does not understand, or what comes when no phone is there, is not sent again. */
  async sendOnce(user: string, envelope: Envelope, payload: Payload): Promise<void> {
    try {
      await this.send(user, envelope, payload);
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      this.parts.log.debug({ code: error.code, reason: error.detail }, 'a receipt was not shown');
    }
  }

  /** A message to somebody of this network itself. @returns the status of its answer. @throws HubError 14, and as `send` */
  async relay({ native, displayName }: Caller, to: string, request: SipRequest): Promise<number> {
    const { uris } = this.parts;
    const user = this.reachable(uris.ownAddress(to));
    const callId = header(request, 'call-id') ?? '';
    const envelope = { from: uris.own(native), name: displayName, to: uris.own(user), callId };
    const contentType = header(request, 'content-type') ?? 'text/plain';
    try {
      const taken = await this.send(user, envelope, { contentType, body: request.body.toString('utf8') });
      return taken === 'delivered' ? 200 : 202;
    } catch (error) {
      // As a registrar says it: 503 would be about the server, and phones would leave it alone for a while.
      if (toHubError(error).code === '91') return 480;
      throw error;
    }
  }

  /** SIP has no contact requests: the person reads who asks, and how to say yes. */
  async tellOfRequest(user: string, { id, data }: ContactEvent): Promise<void> {
    const envelope = await this.envelope(data.from, user, id);
    const note = data.note ? `：${data.note}` : '';
    const text = `${envelope.name} 想看到您的在线状态${note}。同意请将 ${envelope.from} 加为联系人。`;
    await this.send(user, envelope, notice(text));
  }
}
