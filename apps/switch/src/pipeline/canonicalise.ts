import { HubError, type HubEvent } from '#protocol';
import type { RegistryIndex } from '../registry/registry-index.js';
import { end, pass, type Step } from './step.js';

/**
 * All spellings of a person are one person, so that a block, a limit or a conversation cannot be passed by another one. An id that
 * its network could not have given ends here. After `authenticateSource`: a refusal goes to nobody but the source's own people.
 */
export const canonicalise: Step = (event, { registry }) => {
  try {
    return pass(registry.canonical.event(event));
  } catch (error) {
    if (error instanceof HubError) return end(error.code, error.detail);
    throw error;
  }
};

/** For what is decided before the pipeline: in which queue an event waits. An event that cannot be made canonical ends in the pipeline. */
export function canonicalOrSame(event: HubEvent, registry: RegistryIndex): HubEvent {
  try {
    return registry.canonical.event(event);
  } catch (error) {
    if (error instanceof HubError) return event;
    throw error;
  }
}
