import { isLimited } from '../limits/reserve.js';
import { end, pass, type Step } from './step.js';

/** A network about which too many complain is suspended. What is not limited (receipts, typing, presence) still passes. */
export const checkRisk: Step = (event, { source, registry }) =>
  registry.members.get(source)?.risk === 'suspended' && isLimited(event)
    ? end('57', `too many complaints about ${source}: its messages are stopped (risk suspended)`)
    : pass(event);
