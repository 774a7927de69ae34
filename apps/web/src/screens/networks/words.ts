import type { networkTexts } from './text';
import type { AdmissionStep } from './admission';

type Key = keyof typeof networkTexts;

export const STEP_TEXTS: Record<AdmissionStep, Key> = {
  applied: 'stepApplied',
  approved: 'stepApproved',
  signedOn: 'stepSignedOn',
  certified: 'stepCertified',
  live: 'stepLive',
};

/** How a step is done, by whoever acts next. */
export const HOW_TEXTS: Record<AdmissionStep, Key> = {
  applied: 'howApplied',
  approved: 'howApproved',
  signedOn: 'howSignedOn',
  certified: 'howCertified',
  live: 'howLive',
};

export const LEVEL_TEXTS: Record<string, Key> = {
  2: 'level2',
  1: 'level1',
  0: 'level0',
  '-1': 'levelMinus1',
  '-2': 'levelMinus2',
};

export const STATUS_COLOURS = {
  applied: 'default',
  approved: 'processing',
  live: 'success',
  suspended: 'error',
  leaving: 'warning',
  gone: 'default',
} as const;

export const RISK_COLOURS = {
  normal: 'default',
  warned: 'warning',
  throttled: 'warning',
  suspended: 'error',
} as const;

export const HEALTH_COLOURS = {
  well: 'success',
  noAdapter: 'error',
  noNetwork: 'error',
  stopped: 'default',
} as const;
