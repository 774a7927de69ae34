import type { Network } from '#protocol';
import type { ConsentView } from './consent-view.js';
import type { Directory } from './directory.js';
import type { Absences } from './pipeline/step.js';
import type { RegistryView } from './registry-view.js';

/** What is known here without asking anybody. */
export interface Knowledge {
  registry: RegistryView;
  consents: ConsentView;
  directory: Directory;
  absences: Absences & { added(network: Network): void };
}
