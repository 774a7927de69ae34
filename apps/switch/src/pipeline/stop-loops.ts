import { HOP_LIMIT, networkOf, networksIn } from '#protocol';
import { end, pass, type Step } from './step.js';

/** The path names the networks that the event passed. The source must be the last of them, and none may be entered twice. */
export const stopLoops: Step = (event, { source }) => {
  const passed = networksIn(event.path);
  if (passed.at(-1) !== source) return end('30', 'the path does not end with the source');
  if (passed.length >= HOP_LIMIT) return end('71', `${passed.length} networks passed`);
  if (passed.includes(networkOf(event.data.to)))
    return end('71', `${networkOf(event.data.to)} was passed already`);
  return pass(event);
};
