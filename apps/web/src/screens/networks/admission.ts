/** How far a network is on its way into the exchange, and who acts next. */
import type { Network } from '../../api/lists';

export const ADMISSION_STEPS = ['applied', 'approved', 'signedOn', 'certified', 'live'] as const;
export type AdmissionStep = (typeof ADMISSION_STEPS)[number];
export type Actor = 'admin' | 'operator';

/** Who has to do a step. */
const ACTORS: Record<AdmissionStep, Actor> = {
  applied: 'operator',
  approved: 'admin',
  signedOn: 'operator',
  certified: 'operator',
  live: 'admin',
};

export interface Admission {
  /** Index of the step that comes next; the number of steps: the network is live. */
  next: number;
  actor: Actor | undefined;
}

type Member = Pick<Network, 'status' | 'test'> & { adapter: Pick<Network['adapter'], 'state' | 'signedOn'> };

function isDone(step: AdmissionStep, { status, test, adapter }: Member): boolean {
  const live = status === 'live' || status === 'leaving' || status === 'suspended';
  switch (step) {
    case 'applied':
      return true;
    case 'approved':
      return status !== 'applied';
    case 'signedOn':
      return live || adapter.signedOn || adapter.state !== 'draft';
    case 'certified':
      return test || adapter.state === 'certified';
    case 'live':
      return live;
  }
}

/** @returns undefined for a network that has left */
export function admissionOf(member: Member): Admission | undefined {
  if (member.status === 'gone') return undefined;
  const next = ADMISSION_STEPS.findIndex((step) => !isDone(step, member));
  const step = ADMISSION_STEPS[next];
  return step === undefined
    ? { next: ADMISSION_STEPS.length, actor: undefined }
    : { next, actor: ACTORS[step] };
}

export type Health = 'well' | 'noAdapter' | 'noNetwork' | 'stopped';

/** Whether messages reach the network: our side is its adapter, the other side its own servers. */
export function healthOf({
  status,
  adapter,
}: Pick<Network, 'status'> & { adapter: Pick<Network['adapter'], 'signedOn' | 'nativeConnected'> }): Health {
  if (status !== 'live' && status !== 'leaving') return 'stopped';
  if (!adapter.signedOn) return 'noAdapter';
  return adapter.nativeConnected ? 'well' : 'noNetwork';
}
