/** Which limits hold for a network: those of its agreement, and a tenth of them while too many complain about it. */
import type { Limits, RiskLevel } from '#protocol';

/** For a throttled network whose agreement names none; a tenth of these is left to it. */
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

/** What holds for every sender, whatever was agreed. */
export interface HouseRules {
  /** Different people whom one sender writes to, a day. */
  recipientsPerDay: number;
  /** To so many different people one sender may say the same within a minute. */
  sameWordsPerMinute: number;
}

export const HOUSE_RULES: HouseRules = { recipientsPerDay: 1000, sameWordsPerMinute: 30 };
