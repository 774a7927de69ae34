/** Maps `errcode` of the platforms to result codes. */
import { HubError, type ResultCode } from '#protocol';
import type { PlatformProfile } from './profile.js';

/** The token is not valid: get a new one and repeat the call once. */
const STALE_TOKEN = new Set([40001, 40014, 42001, 41001]);

const RESULT_OF: Readonly<Record<number, ResultCode>> = {
  // Not valid even after a new token was requested: another instance has just renewed it.
  40001: '91',
  40014: '91',
  42001: '91',
  41001: '91',
  [-1]: '65',
  [-1000]: '65',
  45011: '65',
  9001002: '65',
  // Quotas of the account: nobody can send until the operator raises the quota or the next day begins.
  45009: '102',
  45047: '102',
  45015: '101',
  40003: '14',
  46004: '14',
  43004: '40',
  43019: '40',
  43101: '40',
  48002: '40',
  50005: '40',
  40008: '12',
  40033: '30',
  44002: '30',
  44004: '30',
  45002: '61',
  45001: '61',
  47001: '30',
  40004: '12',
  40005: '12',
  40006: '61',
  40007: '12',
  40037: '30',
  44001: '30',
  44003: '30',
  45003: '61',
  45004: '61',
  45005: '61',
  45006: '61',
  45007: '61',
  45008: '61',
  47003: '30',
  45066: '65',
  45067: '30',
  45065: '94',
  40013: '36',
  40125: '36',
  40164: '36',
  48001: '36',
  48004: '36',
  50002: '36',
};

const RETRY_AFTER_MS = 2000;

export function isStaleToken(errcode: number): boolean {
  return STALE_TOKEN.has(errcode);
}

export function platformError(profile: PlatformProfile, errcode: number, errmsg: string): HubError {
  const code = profile.errors[errcode] ?? RESULT_OF[errcode] ?? '100';
  const words = `${profile.name} answered ${errcode} ${errmsg}`.slice(0, 300);
  return code === '65'
    ? new HubError(code, words, { retryAfterMs: RETRY_AFTER_MS })
    : new HubError(code, words);
}
