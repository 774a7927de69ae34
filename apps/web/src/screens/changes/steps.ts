/** What a person can do about a change, and who must act next. Pure functions. */
import type { Permission } from '../../api/contract';
import type { Change } from '../../api/exchange';

export type { Change } from '../../api/exchange';
export type Step = 'approve' | 'reject' | 'withdraw' | 'confirm' | 'decline';

export interface Viewer {
  may: (permission: Permission) => boolean;
  /** Id of the person. */
  person: string | undefined;
  network: string | null;
}

type Waiting = Pick<Change, 'state' | 'proposer'> & {
  confirmations: { network: string; state: string }[];
};

export function isOpen({ state }: Pick<Change, 'state'>): boolean {
  return state === 'proposed' || state === 'approved';
}

function isOwn({ proposer }: Pick<Change, 'proposer'>, { person }: Viewer): boolean {
  return proposer !== null && proposer.id === person;
}

/** Whoever proposed a change cannot approve it, but can withdraw it. */
export function stepsFor(change: Waiting, viewer: Viewer): Step[] {
  const { may, network } = viewer;
  if (!isOpen(change)) return [];
  const own = isOwn(change, viewer);
  const awaited = change.confirmations.some((one) => one.network === network && one.state === 'awaited');
  const steps: Step[] = [];
  if (may('exchange:write') && change.state === 'proposed' && !own) steps.push('approve');
  if (may('exchange:write')) steps.push(own ? 'withdraw' : 'reject');
  // Members are asked when two admins have agreed.
  if (may('changes:confirm') && change.state === 'approved' && awaited) steps.push('confirm', 'decline');
  return steps;
}

export type Next =
  { who: 'you' | 'admin' | 'otherAdmin' | 'nobody' } | { who: 'members'; networks: string[] };

/** Who must act next. */
export function nextFor(change: Waiting, viewer: Viewer): Next {
  if (!isOpen(change)) return { who: 'nobody' };
  const steps = stepsFor(change, viewer);
  if (steps.includes('approve') || steps.includes('confirm')) return { who: 'you' };
  if (change.state === 'proposed') return { who: isOwn(change, viewer) ? 'otherAdmin' : 'admin' };
  return {
    who: 'members',
    networks: change.confirmations.filter(({ state }) => state === 'awaited').map(({ network }) => network),
  };
}

/** The terms of a change as pairs, nested names joined with a dot. */
export function termsOf(value: object, prefix = ''): [name: string, value: string][] {
  return Object.entries(value).flatMap(([name, part]: [string, unknown]): [string, string][] => {
    const path = prefix ? `${prefix}.${name}` : name;
    if (Array.isArray(part) && part.every((one) => typeof one !== 'object'))
      return part.length > 0 ? [[path, part.join(', ')]] : [];
    if (typeof part === 'object' && part !== null) return termsOf(part, path);
    return part === undefined ? [] : [[path, typeof part === 'string' ? part : JSON.stringify(part)]];
  });
}

/** Kinds whose effect the API can tell from the traffic of a day. */
const WITHOUT_EFFECT = ['route.', 'number.', 'network.enable'];
const WITH_EFFECT = ['agreement.', 'tariff.', 'phase.', 'network.'];

export function hasEffect({ change: { kind } }: Pick<Change, 'change'>): boolean {
  return (
    WITH_EFFECT.some((beginning) => kind.startsWith(beginning)) &&
    !WITHOUT_EFFECT.some((beginning) => kind.startsWith(beginning))
  );
}
