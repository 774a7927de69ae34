import { HOP_LIMIT, networkOf } from '#protocol';
import { end, pass, type Step } from './step.js';

/** The path names the networks passed; the source itself must be the last of them, and none may be entered twice. */
export const stopLoops: Step = (event, { source }) => {
  if (event.path.at(-1) !== source) return end('30', 'the path does not end with the source');
  if (event.path.length >= HOP_LIMIT) return end('71', `${event.path.length} networks passed`);
  if (event.path.includes(networkOf(event.data.to)))
    return end('71', `${networkOf(event.data.to)} was passed already`);
  return pass(event);
};
