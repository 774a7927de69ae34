/** For how long a request wants to be remembered. */
import { header, type SipRequest } from './stack/sip-message.js';

/** @param most seconds; also for a request that names none */
export function secondsOf(request: SipRequest, most: number): number {
  const asked = header(request, 'expires');
  return asked !== undefined && /^\d{1,10}$/.test(asked) ? Math.min(Number(asked), most) : most;
}
