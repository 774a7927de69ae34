import {
  agreementFor,
  certificationRefusal,
  kindOf,
  networkOf,
  trafficOf,
  type Member,
  type Network,
} from '#protocol';
import { isOpen } from '../registry/registry-index.js';
import { end, pass, type Ended, type Step } from './step.js';

/** May these two networks exchange this now? */
export const checkAgreement: Step = (event, { source, registry, now }) => {
  if (kindOf(event) === 'report') return end('57', 'reports come from the switch alone');
  const to = networkOf(event.data.to);
  const destination = registry.members.get(to);
  if (!isOpen(destination, now)) return closed(to, destination);
  const sender = registry.members.get(source);
  const wanted = trafficOf(event)?.class;
  const uncertified = sender && certificationRefusal(sender, destination, wanted);
  if (uncertified !== undefined) return end('57', uncertified);
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
