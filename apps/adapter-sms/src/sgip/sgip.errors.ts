/** Error codes of SGIP (5.2) -> our result codes. Pure. */
import { HubError, type FailureCode } from '#protocol';

const OF_RESULT: Record<number, FailureCode> = {
  1: '31',
  2: '31',
  // Too many connections.
  3: '91',
  4: '31',
  5: '30',
  6: '14',
  7: '30',
  8: '61',
  // The number of an earlier message with other content: the gateway took neither this one nor, for all we know, that one.
  9: '103',
  // The node is busy.
  11: '65',
  21: '91',
  22: '92',
  23: '92',
  24: '36',
  25: '100',
  26: '100',
  27: '12',
  29: '14',
  // The queue of the message centre is full.
  33: '65',
};

/** Results of our own answers. */
export const ANSWER = { taken: 0, malformed: 5, busy: 11, refused: 32 } as const;
export const LOGIN_ANSWER = { accepted: 0, refused: 1, repeated: 2, wrongType: 4, busy: 11 } as const;

export function resultError(result: number, request: 'login' | 'message'): HubError {
  const usual: FailureCode = request === 'login' ? '91' : '100';
  return new HubError(OF_RESULT[result] ?? usual, `SGIP refused the ${request} with result ${result}`);
}
