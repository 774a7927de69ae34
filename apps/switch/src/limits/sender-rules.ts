/** Which limits hold for a network: those of its agreement, or a tenth of them while too many complain about it. */
import type { Limits, RiskLevel } from '#protocol';

/** Limits of a throttled network whose agreement names none, before they are cut to a tenth. */
const THROTTLED_DEFAULTS: Required<Limits> = {
  perSecond: 100,
  perSenderPerMinute: 60,
  newContactsPerDay: 50,
};
const THROTTLED_TO = 0.1;

export function limitsFor(agreed: Limits | undefined, risk: RiskLevel | undefined): Limits | undefined {
  if (risk !== 'throttled') return agreed;
  const { perSecond, perSenderPerMinute, newContactsPerDay } = { ...THROTTLED_DEFAULTS, ...agreed };
  return {
    perSecond: perSecond * THROTTLED_TO,
    perSenderPerMinute: perSenderPerMinute * THROTTLED_TO,
    newContactsPerDay: newContactsPerDay * THROTTLED_TO,
  };
}

/** Limits of every sender, whatever was agreed. */
export interface SenderRules {
  /** Different people to whom one sender may write in a day. */
  recipientsPerDay: number;
  /** Different people to whom one sender may send the same text within a minute. */
  sameWordsPerMinute: number;
}

export const SENDER_RULES: SenderRules = { recipientsPerDay: 1000, sameWordsPerMinute: 30 };
