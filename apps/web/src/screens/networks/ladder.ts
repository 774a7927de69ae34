/** The steps of the delivery ladder of telephone numbers. */
import type { Schemas } from '../../api/contract';

export type LadderStep = NonNullable<Schemas['StandIn']['ladder']>[number];

export const LADDER_STEPS = ['rcs', 'sms', 'voice'] as const satisfies LadderStep[];

export const LADDER_WORD = {
  rcs: 'stepRcs',
  sms: 'stepSms',
  voice: 'stepVoice',
} as const satisfies Record<LadderStep, string>;
