import { kindOf, networkOf } from '#protocol';
import { end, pass, type Step } from './step.js';

/** May these two networks exchange this now? */
export const checkAgreement: Step = (event, { members }) => {
  const destination = members.get(networkOf(event.data.to));
  if (destination?.status !== 'live')
    return end('91', `${networkOf(event.data.to)} is ${destination?.status ?? 'not a member'}`);
  if (kindOf(event) === 'report') return end('57', 'reports come from the switch alone');
  return pass(event);
};
