import {
  agreementFor,
  isCertifiedFor,
  kindOf,
  networkOf,
  trafficOf,
  type Member,
  type Network,
} from '#protocol';
import { isOpen, mayMeet } from '../registry/registry-index.js';
import { end, pass, type Ended, type Step } from './step.js';

/** May these two networks exchange this now? */
export const checkAgreement: Step = (event, { source, registry, now }) => {
  if (kindOf(event) === 'report') return end('57', 'reports come from the switch alone');
  const to = networkOf(event.data.to);
  const destination = registry.members.get(to);
  if (!isOpen(destination, now)) return closed(to, destination);
  const sender = registry.members.get(source);
  if (sender && !mayMeet(sender, destination))
    return end('57', `one of ${source} and ${to} is not certified: it reaches test networks only`);
  const wanted = trafficOf(event)?.class;
  const short = [sender, destination].find((one) => one && wanted && !isCertifiedFor(one, wanted));
  if (short) return end('57', `${short.network} is certified to ${short.level} only: no ${wanted}`);
  const agreed = agreementFor(registry.agreements, registry.phase, { from: source, to }, wanted, now);
  if ('refusal' in agreed) return end('57', agreed.refusal);
  return { ...pass(event), limits: agreed.agreement.limits };
};

function closed(to: Network, destination: Member | undefined): Ended {
  switch (destination?.status) {
    case 'leaving':
    case 'gone':
      return end('15', `${to} left the exchange`);
    case undefined:
    case 'applied':
    case 'approved':
      return end('15', `${to} is ${destination?.status ?? 'not a member'}`);
    case 'suspended':
    case 'live':
      return end('91', `${to} is ${destination.status}`);
  }
}
