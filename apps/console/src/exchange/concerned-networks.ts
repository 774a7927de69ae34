/** Whose operators may read about a change in the audit log. */
import { networkOf } from '#protocol';
import { networksOfGoverned } from '../people/governed-changes.js';
import type { ProposedChange } from './changes.js';

/** `*`: all networks. Changes that name nobody are written with their networks where they are carried out. */
export function networksIn(change: ProposedChange): string[] {
  switch (change.kind) {
    case 'agreement.add':
    case 'agreement.replace':
    case 'tariff.add':
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
