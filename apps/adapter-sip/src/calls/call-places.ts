/** Where the two ends of a call are: phones of a person, or the trunk. */
import { HubError, type Address, type Party } from '#protocol';
import type { Delivery } from '../delivery.js';
import type { Phones } from '../phones.js';
import type { Caller } from '../sip.connection.js';
import type { Flow } from '../stack/flow.js';
import { newTag, type SipEndpoint } from '../stack/sip-endpoint.js';
import { header, type Header, type SipRequest } from '../stack/sip-message.js';
import { parseNameAddr, parseUri } from '../stack/sip-uri.js';
import { nobodyThere } from '../registrar.js';
import { mustHaveTrunk, type Trunk } from '../trunk.js';
import type { Uris } from '../uris.js';
import type { Place } from './callee-leg.js';
import { inviteRequest } from './invite-request.js';
import { lineTo, TRUNK, type Line } from './line.js';
import type { PlacedDialog } from './call-records.js';

export interface CallPlacesOptions {
  endpoint: SipEndpoint;
  contactFor: (flow: Flow) => string;
  uris: Uris;
  delivery: Delivery;
  phones: Phones;
  trunk: Trunk | undefined;
  /** Calls through the trunk are allowed. */
  trunkCalls: boolean;
}

export interface Found {
  native: string;
  onTrunk: boolean;
  /** Empty: nobody is there. */
  phones: readonly Place[];
}

export class CallPlaces {
  constructor(private readonly options: CallPlacesOptions) {}

  /** Whom an INVITE is for. A trunk may send it to our account, with the number in To. */
  dialled(request: SipRequest, isTrunk: boolean): string {
    const { trunk } = this.options;
    const user = parseUri(request.uri)?.user;
    const isAccount = isTrunk && (user === undefined || user === trunk?.account);
    return isAccount ? (parseNameAddr(header(request, 'to') ?? '')?.uri ?? request.uri) : request.uri;
  }

  /** To whoever sent an INVITE. */
  backTo(flow: Flow, isTrunk: boolean, native: string): { line: Line; contact: string } {
    const { endpoint, contactFor, trunk, phones } = this.options;
    const flowTo = () => Promise.resolve(flow);
    const place = phones.over(native, flow)?.uri ?? '';
    const line = isTrunk && trunk ? trunk.line(contactFor) : lineTo(endpoint, contactFor, place, flowTo);
    return { line, contact: contactFor(flow) };
  }

  /** @throws HubError 14 nobody of that name, 92 a number that the trunk does not call */
  async of(from: Party, to: Address, callId: string, offer: string): Promise<Found> {
    const { delivery, uris } = this.options;
    const native = delivery.reachable(to);
    const envelope = await delivery.envelope(from, native, callId);
    if (uris.isAbroad(native))
      return { native, onTrunk: true, phones: [this.onTrunk(native, envelope, offer)] };
    return { native, onTrunk: false, phones: this.phonesOf(native, { ...envelope, offer }) };
  }

  /** To the phone that has a dialog since another process. @returns undefined: it is gone */
  again({ place }: PlacedDialog, native: string): Line | undefined {
    const { endpoint, contactFor, trunk, phones } = this.options;
    if (place === TRUNK) return trunk?.line(contactFor);
    const phone = phones.of(native).find(({ uri }) => uri === place);
    return phone && lineTo(endpoint, contactFor, place, phone.flowTo);
  }

  /** @returns empty: no phone is there. @throws HubError 14 nobody of that name */
  ofNeighbour(caller: Caller, native: string, offer: string): readonly Place[] {
    const { delivery, uris } = this.options;
    if (uris.isAbroad(delivery.reachable(uris.ownAddress(native))))
      throw new HubError('14', 'a number is called through the hub');
    const from = { from: uris.own(caller.native), name: caller.displayName, callId: newTag() };
    return this.phonesOf(native, { ...from, to: uris.own(native), offer });
  }

  /** Where a caller is called back; what the phones show is whom they called. @throws HubError 14, 91, 92 */
  async back(caller: Caller, to: Address | { own: string }, isTrunk: boolean): Promise<readonly Place[]> {
    const { delivery, uris } = this.options;
    const { native } = caller;
    const callId = newTag();
    if (typeof to === 'object') delivery.reachable(uris.ownAddress(to.own));
    const from =
      typeof to === 'object'
        ? { from: uris.own(to.own), name: undefined, to: uris.own(native), callId }
        : await delivery.envelope({ address: to }, native, callId);
    if (isTrunk) return [this.onTrunk(native, from, undefined)];
    const phones = this.phonesOf(native, { ...from, offer: undefined });
    if (phones.length === 0) throw nobodyThere(native);
    return phones;
  }

  private phonesOf(
    native: string,
    parts: Omit<Parameters<typeof inviteRequest>[0], 'uri' | 'contact'>,
  ): Place[] {
    const { endpoint, contactFor, phones } = this.options;
    return phones.of(native).map(({ uri, flowTo }) => ({
      line: lineTo(endpoint, contactFor, uri, flowTo),
      invite: (contact) => inviteRequest({ ...parts, uri, contact }),
    }));
  }

  /** @throws HubError 92 */
  private onTrunk(
    native: string,
    { from, name, callId }: { from: string; name: string | undefined; callId: string },
    offer: string | undefined,
  ): Place {
    const { trunkCalls, uris, contactFor } = this.options;
    const trunk = mustHaveTrunk(this.options.trunk);
    if (!trunkCalls) throw new HubError('92', 'no calls go through the trunk: SIP_TRUNK_CALLS');
    const uri = uris.own(native);
    const { callerId } = trunk;
    const headers: Header[] = callerId === undefined ? [] : [['p-asserted-identity', `<${callerId}>`]];
    return {
      line: trunk.line(contactFor),
      invite: (contact) => inviteRequest({ uri, from, name, to: uri, callId, contact, offer, headers }),
    };
  }
}
