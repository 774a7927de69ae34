/** Lifetime of proposals and maximum number of open proposals of one person, from the settings. */
export interface ChangeTerms {
  days: number;
  openPerProposer: number;
}
export const CHANGE_TERMS = Symbol('change terms');
