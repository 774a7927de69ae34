import { networkOf } from '#protocol';
import { isOpen } from '../registry/registry-index.js';
import { end, pass, type Step } from './step.js';

/** A network speaks only for itself: subject, source and sender must name the same one (promise 8). */
export const authenticateSource: Step = (event, { source, registry, now }) => {
  if (event.source !== `/network/${source}`) return end('31', `${source} gave ${event.source} as the source`);
  if (networkOf(event.data.from.address) !== source)
    return end('31', `${source} spoke for an address of ${networkOf(event.data.from.address)}`);
  const member = registry.members.get(source);
  if (isOpen(member, now)) return pass(event);
  // The network has left: its users get 15, not 36, since they did nothing wrong.
  if (member?.status === 'leaving' || member?.status === 'gone')
    return end('15', `${source} left the exchange`);
  return end('36', `${source} is ${member ? member.status : 'not a member'}`);
};
