/** What a person can do about a change. */
import type { Permission, Schemas } from '../../api/contract';

export type Change = Schemas['Change'];
export type Step = 'approve' | 'reject' | 'confirm' | 'decline';

interface Viewer {
  may: (permission: Permission) => boolean;
  network: string | null;
}

export function isOpen({ state }: Pick<Change, 'state'>): boolean {
  return state === 'proposed' || state === 'approved';
}

export function stepsFor(
  change: { state: Change['state']; confirmations: { network: string; state: string }[] },
  { may, network }: Viewer,
): Step[] {
  if (!isOpen(change)) return [];
  const awaited = change.confirmations.some((one) => one.network === network && one.state === 'awaited');
  return [
    ...(may('exchange:write') && change.state === 'proposed' ? (['approve'] as const) : []),
    ...(may('exchange:write') ? (['reject'] as const) : []),
    ...(may('changes:confirm') && awaited ? (['confirm', 'decline'] as const) : []),
  ];
}

/** The terms of a change as pairs, nested names joined with a dot. */
export function termsOf(value: object, prefix = ''): [name: string, value: string][] {
  return Object.entries(value).flatMap(([name, part]: [string, unknown]): [string, string][] => {
    const path = prefix ? `${prefix}.${name}` : name;
    if (Array.isArray(part) && part.every((one) => typeof one !== 'object')) return [[path, part.join(', ')]];
    if (typeof part === 'object' && part !== null) return termsOf(part, path);
    return part === undefined ? [] : [[path, typeof part === 'string' ? part : JSON.stringify(part)]];
  });
}
