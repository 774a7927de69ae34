/** Networks whose operators may read the audit entries of a change. */
import { networkOf } from '#protocol';
import { networksOfGoverned } from '../people/governed-changes.js';
import type { ProposedChange } from './changes.js';

/** `*`: all networks. Changes without networks name them in the audit entry when they are applied. */
export function networksIn(change: ProposedChange): string[] {
  switch (change.kind) {
    case 'agreement.add':
    case 'agreement.replace':
    case 'tariff.add':
    case 'tariff.pair':
      return [change.terms.from, change.terms.to];
    case 'route.set':
    case 'route.remove':
      return [change.terms.network];
    case 'number.port': {
      const { network, address } = change.terms;
      return network !== undefined ? [network] : address !== undefined ? [networkOf(address)] : [];
    }
    case 'phase.set':
      return ['*'];
    case 'agreement.end':
    case 'number.restore':
    case 'difference.resolve':
    case 'dispute.rule':
    case 'dispute.review':
      return [];
    case 'network.suspend':
    case 'network.enable':
    case 'network.remove':
    case 'network.leave':
    case 'risk.lift':
      return [change.network];
    case 'risk.dismiss':
      return [change.network, change.reporter];
    default:
      return networksOfGoverned(change);
  }
}
