/** Return codes of OneBot 11 and 12 -> result codes. */
import { HubError, type ResultCode } from '#protocol';

export interface Refused {
  retcode: number;
  /** What the implementation says in words: `message`, or `wording` of go-cqhttp. */
  words: string;
}

/** No such action; the codes of OneBot 12 follow its specification, "返回码". */
const RESULT_OF: Record<number, ResultCode> = {
  1401: '91',
  1403: '91',
  1404: '12',
  10002: '12',
  10005: '12',
  10102: '91',
};

export function oneBotError(action: string, { retcode, words }: Refused): HubError {
  const detail = `QQ: ${action} answered ${retcode} ${words}`.slice(0, 300);
  // The implementations of OneBot 11 say in words alone that nobody has the number, or that the two are no contacts.
  if (/not (?:a )?friend|no such user|uid|好友|不存在|user_id/i.test(words))
    return new HubError('14', detail);
  const code = RESULT_OF[retcode];
  if (code !== undefined) return new HubError(code, detail);
  // 36xxx: the implementation is tired of being asked. 33xxx, 34xxx: network, and platform.
  if (retcode >= 36_000 && retcode < 37_000) return new HubError('65', detail);
  return new HubError(retcode >= 33_000 && retcode < 34_000 ? '91' : '100', detail);
}
