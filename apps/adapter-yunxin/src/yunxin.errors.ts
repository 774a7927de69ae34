/** Codes of Yunxin's answers -> result codes. */
import { HubError, type ResultCode } from '#protocol';
import type { YunxinAnswer } from './yunxin.client.js';

const RESULT_OF: Record<number, ResultCode> = {
  301: '40',
  302: '36',
  315: '36',
  403: '40',
  404: '14',
  405: '61',
  408: '103',
  413: '36',
  // Yunxin refused our checksum: the clock or the secret is wrong. All events wait until an operator corrects it.
  414: '91',
  415: '91',
  416: '65',
  419: '102',
  422: '40',
  500: '103',
  503: '91',
  508: '25',
};

/** Yunxin answers 414 for wrong parameters, wrong checksums and unknown accounts; only the description differs. */
export function isUnknownAccount({ code, desc }: YunxinAnswer): boolean {
  return code === 404 || (code === 414 && /not (?:register|exist)/i.test(desc ?? ''));
}

export function yunxinError(action: string, answer: YunxinAnswer): HubError {
  const code = isUnknownAccount(answer) ? '14' : (RESULT_OF[answer.code] ?? '100');
  return new HubError(code, `Yunxin ${action} answered ${answer.code} ${answer.desc ?? ''}`.slice(0, 300));
}
