/** What a dispute asks of whom. The API says which steps are possible; accepting and withdrawing are choices, not duties. */
import type { Schemas } from '../../api/contract';
import type { useMay } from '../../api/me';

export type Dispute = Schemas['Dispute'];
export type DisputeDetail = Schemas['DisputeDetail'];
export type Action = Dispute['allowed'][number]['action'];
export type Actor = Dispute['allowed'][number]['by'];

type Allowed = Pick<Dispute, 'allowed'>;

/** @returns the side that has to act; undefined: nobody, the dispute is closed or only its date is awaited */
export function awaited({ allowed }: Allowed): Actor | undefined {
  return allowed.find(({ action }) => action !== 'accept' && action !== 'withdraw')?.by;
}

interface Viewer {
  network: string | null | undefined;
  may: ReturnType<typeof useMay>;
}

export function sideOf(
  { claimant, respondent }: Pick<Dispute, 'claimant' | 'respondent'>,
  { network, may }: Viewer,
): Actor | undefined {
  if (may('disputes:write') && network === claimant) return 'claimant';
  if (may('disputes:write') && network === respondent) return 'respondent';
  return may('disputes:arbitrate') ? 'admin' : undefined;
}

export function actionsOf(
  dispute: Allowed & Pick<Dispute, 'claimant' | 'respondent'>,
  viewer: Viewer,
): Action[] {
  const side = sideOf(dispute, viewer);
  return dispute.allowed.filter(({ by }) => by === side).map(({ action }) => action);
}

/** Steps with evidence need the hash of the event. */
export function needsHash(action: Action): boolean {
  return action === 'answer' || action === 'represent';
}

/** red: a default ruling is next or the deadline is near. */
export function urgency(
  { deadline, reminded }: Pick<Dispute, 'deadline' | 'reminded'>,
  now: Date,
): 'red' | 'blue' | 'gray' {
  if (deadline === null) return 'gray';
  const days = (Date.parse(deadline) - now.getTime()) / 86_400_000;
  return reminded || days < 3 ? 'red' : 'blue';
}
