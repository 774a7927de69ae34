import type { Schemas } from '../../../api/contract';

type Level = Schemas['RiskRow']['risk'];

export const LEVEL_COLOURS: Record<Level, string> = {
  normal: 'success',
  warned: 'warning',
  throttled: 'error',
  suspended: 'error',
};
