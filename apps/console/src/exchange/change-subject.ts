/** Subject of a change in the audit log. */
import type { E164 } from '#protocol';
import { subjectOfGoverned } from '../people/governed-changes.js';
import type { ProposedChange } from './changes.js';

export function subjectOf(change: ProposedChange): string {
  switch (change.kind) {
    case 'agreement.add':
    case 'tariff.add':
    case 'tariff.pair':
      return `${change.kind.split('.')[0]}/${change.terms.from}>${change.terms.to}`;
    case 'agreement.replace':
    case 'agreement.end':
      return `agreement/${change.id}`;
    case 'route.set':
    case 'route.remove':
      return `route/${change.terms.kind}:${change.terms.key}`;
    case 'number.port':
      return subjectOfNumber(change.terms.number);
    case 'number.restore':
      return subjectOfNumber(change.number);
    case 'phase.set':
      return 'setting/phase';
    case 'difference.resolve':
      return `difference/${change.id}`;
    case 'dispute.rule':
    case 'dispute.review':
      return `dispute/${change.id}`;
    case 'network.suspend':
    case 'network.enable':
    case 'network.remove':
    case 'network.leave':
    case 'risk.lift':
    case 'risk.dismiss':
      return `network/${change.network}`;
    default:
      return subjectOfGoverned(change);
  }
}

function subjectOfNumber(number: E164): string {
  return `number/${number}`;
}
