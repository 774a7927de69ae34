/** How long proposals stay open and how many one admin may have open: from the settings of the console. */
export interface ChangeTerms {
  days: number;
  openPerProposer: number;
}
export const CHANGE_TERMS = Symbol('change terms');
