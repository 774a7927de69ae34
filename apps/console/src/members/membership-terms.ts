/** Periods of a membership, from the settings of the console. */
export interface MembershipTerms {
  leaveNoticeDays: number;
  emergencySuspensionHours: number;
}
export const MEMBERSHIP_TERMS = Symbol('membership terms');
