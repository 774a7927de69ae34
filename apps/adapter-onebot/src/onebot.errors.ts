/** Result codes -> return codes of OneBot 11: what a bot reads when an action failed. */
import { RESULTS, type HubError, type ResultCode } from '#protocol';

/** OneBot 11, "WebSocket 通信方式": 1400 for a request that cannot be read, 1404 for an action that does not exist. */
export const BAD_REQUEST = 1400;
export const NO_SUCH_ACTION = 1404;
/** OneBot 11, "公开 API": parameters are missing or wrong; the operation failed. */
const BAD_PARAMETERS = 100;
const FAILED = 103;

const RETCODE_OF: Partial<Record<ResultCode, number>> = { '30': BAD_PARAMETERS, '12': NO_SUCH_ACTION };

export interface Failed {
  status: 'failed';
  retcode: number;
  data: null;
  /** For the author of the bot. */
  message: string;
  /** COMPAT(go-cqhttp): the same for people. */
  wording: string;
}

export function failed(retcode: number, message: string, wording = message): Failed {
  return { status: 'failed', retcode, data: null, message, wording };
}

export function failedWith({ code, detail }: HubError): Failed {
  const wording = `${RESULTS[code].subscriber.zh} (${code})`;
  return failed(RETCODE_OF[code] ?? FAILED, `${code} ${detail}`, wording);
}
