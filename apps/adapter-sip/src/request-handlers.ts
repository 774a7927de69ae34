/** Requests of people who are known -> who carries them out. */
import { toHubError } from '#protocol';
import type { Contacts } from './contacts.js';
import type { Inbound } from './inbound.js';
import type { Publications } from './publications.js';
import type { Registrar } from './registrar.js';
import type { Handlers } from './sip.connection.js';
import { statusOf } from './sip.errors.js';
import { answer } from './stack/sip-endpoint.js';
import { header, responseTo, type SipRequest, type SipResponse } from './stack/sip-message.js';
import { reasonOf } from './stack/reasons.js';
import { parseNameAddr } from './stack/sip-uri.js';

export interface HandlersOptions {
  registrar: Registrar;
  inbound: Inbound;
  publications: Publications;
  contacts: Contacts;
  isTrunk: Handlers['isTrunk'];
  /** A phone of this person has registered, and is told so first. */
  registered: (user: string) => void;
}

export function requestHandlers(options: HandlersOptions): Handlers {
  const { registrar, inbound, publications, contacts, isTrunk, registered } = options;
  return {
    isTrunk,
    async register(user, request, flow) {
      const { status, headers } = await registrar.register(user, request, flow);
      // What waits for a phone goes out after the answer.
      if (status === 200) setImmediate(registered, user);
      return answer(request, status, headers);
    },
    message: (caller, request) => inbound.message(caller, request),
    publish: ({ native }, request) =>
      orRefused(request, async () => {
        if (isOtherEvent(request)) return answer(request, 489, [['allow-events', 'presence']]);
        const about = await inbound.remote(request.uri);
        // Nobody publishes the presence of somebody else.
        if (typeof about !== 'object' || about.own !== native) return answer(request, 403);
        const { status, headers } = publications.take(native, request);
        return answer(request, status, headers);
      }),
    subscribe: (caller, request, flow) =>
      orRefused(request, async () => {
        if (isOtherEvent(request)) return answer(request, 489, [['allow-events', 'presence']]);
        // Within a dialog the Request-URI is our Contact; whom it is about stands in To.
        const to = await inbound.remote(parseNameAddr(header(request, 'to') ?? '')?.uri ?? '');
        if (typeof to === 'object') return answer(request, 404);
        const subscribed = await contacts.subscribe(caller.native, to, request, flow);
        const { status, headers } = subscribed;
        if (!('toTag' in subscribed)) return answer(request, status, headers);
        return responseTo(request, status, reasonOf(status), headers, subscribed.toTag);
      }),
  };
}

function isOtherEvent(request: SipRequest): boolean {
  const [event = ''] = (header(request, 'event') ?? '').split(';');
  return event.trim().toLowerCase() !== 'presence';
}

async function orRefused(request: SipRequest, work: () => Promise<SipResponse>): Promise<SipResponse> {
  try {
    return await work();
  } catch (thrown) {
    const { status, headers } = statusOf(toHubError(thrown).code);
    return answer(request, status, headers);
  }
}
