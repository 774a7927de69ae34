/** Where the requests of a call go: to one phone, or through the trunk. */
import type { Flow } from '../stack/flow.js';
import type { Invitation, InviteListener } from '../stack/invite-clients.js';
import type { SipEndpoint } from '../stack/sip-endpoint.js';
import type { SipRequest, SipResponse } from '../stack/sip-message.js';

export interface Line {
  /** Where it leads: the contact of a phone, or TRUNK. */
  readonly place: string;
  /** @throws HubError 91 */
  invite(request: SipRequest, listener: InviteListener): Promise<Invitation>;
  /** A request within a call. @throws HubError 91, 103 */
  request(request: SipRequest): Promise<SipResponse>;
  /** @throws HubError 91 */
  acknowledge(request: SipRequest): Promise<void>;
  /** Value of our Contact for this side. */
  contact(): Promise<string>;
}

export const TRUNK = 'trunk';

/** @param place contact of the phone @param flowTo the connection of the phone, or another one if it has ended. @throws HubError 91 */
export function lineTo(
  endpoint: SipEndpoint,
  contactFor: (flow: Flow) => string,
  place: string,
  flowTo: () => Promise<Flow>,
): Line {
  return {
    place,
    invite: async (request, listener) => endpoint.invite(request, await flowTo(), listener),
    request: async (request) => endpoint.request(request, await flowTo()),
    acknowledge: async (request) => endpoint.acknowledge(request, await flowTo()),
    contact: async () => contactFor(await flowTo()),
  };
}
