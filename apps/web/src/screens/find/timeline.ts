/** The trace of a message as steps with the time that each took. */
import type { Schemas } from '../../api/contract';

export type Trace = Schemas['Trace'];
export type Checkpoint = Trace['checkpoints'][number];
export type Tone = 'good' | 'bad' | 'waiting' | 'neutral';

/** `sent`: in the network of the sender, before it reached the exchange. */
export type StepName = 'sent' | 'receipt' | 'report' | Checkpoint['stage'];

export interface Step {
  name: StepName;
  /** Stage of a receipt or a report, which travel like messages. */
  stage: Checkpoint['stage'] | undefined;
  tone: Tone;
  network: string;
  kind: string;
  code: string;
  detail: string | null;
  at: string;
  /** ms since the message was accepted, and since the step before; 0 where clocks of two networks would be compared. */
  sinceFirst: number;
  sincePrevious: number;
}

function toneOf(stage: Checkpoint['stage']): Tone {
  switch (stage) {
    case 'delivered':
    case 'read':
    case 'submitted':
      return 'good';
    case 'failed':
      return 'bad';
    case 'stored':
    case 'unknown':
      return 'waiting';
    case 'accepted':
    case 'routed':
      return 'neutral';
  }
}

export function toneOfState(state: Trace['state']): Tone {
  return state === 'on the way' ? 'waiting' : toneOf(state);
}

function nameOf({ kind, stage }: Checkpoint): StepName {
  return kind === 'receipt' || kind === 'report' ? kind : stage;
}

function sentStep({ sentAt, from, checkpoints }: Pick<Trace, 'sentAt' | 'from' | 'checkpoints'>): Step[] {
  if (sentAt === null) return [];
  return [
    {
      name: 'sent',
      stage: undefined,
      tone: 'neutral',
      network: from.split('@').at(-1) ?? '',
      kind: checkpoints[0]?.kind ?? 'message',
      code: '00',
      detail: null,
      at: sentAt,
      sinceFirst: 0,
      sincePrevious: 0,
    },
  ];
}

/** The step in the network of the sender comes first, whatever its clock says; the others are in the order of time. */
export function stepsOf(trace: Pick<Trace, 'sentAt' | 'from' | 'checkpoints'>): Step[] {
  const ordered = [...trace.checkpoints].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const first = Date.parse(ordered[0]?.at ?? '');
  const steps = ordered.map((checkpoint, index): Step => {
    const at = Date.parse(checkpoint.at);
    const before = ordered[index - 1];
    return {
      ...checkpoint,
      name: nameOf(checkpoint),
      tone: toneOf(checkpoint.stage),
      sinceFirst: at - first,
      sincePrevious: before ? at - Date.parse(before.at) : 0,
    };
  });
  return steps.length > 0 ? [...sentStep(trace), ...steps] : [];
}
