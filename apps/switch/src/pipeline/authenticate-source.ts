import { networkOf } from '#protocol';
import { end, pass, type Step } from './step.js';

/** A network speaks only for itself: subject, source and sender must name the same one (promise 8). */
export const authenticateSource: Step = (event, { source, members }) => {
  if (event.source !== `/network/${source}`) return end('31', `${source} gave ${event.source} as the source`);
  if (networkOf(event.data.from.address) !== source)
    return end('31', `${source} spoke for an address of ${networkOf(event.data.from.address)}`);
  const member = members.get(source);
  if (member?.status !== 'live') return end('36', `${source} is ${member ? member.status : 'not a member'}`);
  return pass(event);
};
