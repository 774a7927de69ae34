import { kindOf, networkOf, trafficOf, type Member, type Network, type Phase } from '#protocol';
import { isOpen, mayMeet } from '../registry-index.js';
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
  if (!isAllowed(registry.phase, source, to))
    return end('57', `${source} and ${to} cannot meet yet: in this phase every pair needs the anchor`);
  const agreement = registry.agreementOf(source, to, now);
  if (!agreement) return end('57', `no agreement from ${source} to ${to}`);
  const traffic = trafficOf(event);
  if (traffic && !agreement.classes.includes(traffic.class))
    return end('57', `the agreement from ${source} to ${to} has no ${traffic.class}`);
  return pass(event);
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

function isAllowed(phase: Phase, one: Network, other: Network): boolean {
  return phase.phase === 'mesh' || phase.anchor === one || phase.anchor === other;
}
