/** The trace of a message as steps with the time that each took. */
import type { Schemas } from '../../api/contract';

export type Trace = Schemas['Trace'];
export type Checkpoint = Trace['checkpoints'][number];
export type Tone = 'good' | 'bad' | 'waiting' | 'neutral';

export interface Step {
  checkpoint: Checkpoint;
  tone: Tone;
  /** ms since the first step, and since the one before. */
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

export function stepsOf(checkpoints: readonly Checkpoint[]): Step[] {
  const ordered = [...checkpoints].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const first = Date.parse(ordered[0]?.at ?? '');
  return ordered.map((checkpoint, index) => {
    const at = Date.parse(checkpoint.at);
    const before = ordered[index - 1];
    return {
      checkpoint,
      tone: toneOf(checkpoint.stage),
      sinceFirst: at - first,
      sincePrevious: before ? at - Date.parse(before.at) : 0,
    };
  });
}
