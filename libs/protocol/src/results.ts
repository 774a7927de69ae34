/**
 * Result codes: a closed list in the manner of ISO 8583 field 39. One table says, for every code, what kind of
 * end it is, what the subscriber reads, what the operator reads, and what HTTP and the bus make of it.
 */
import { z } from 'zod';

/** final: never send this again · retryable: the same may succeed later · after-change: only once somebody changes something. */
export type ResultClass = 'success' | 'final' | 'retryable' | 'after-change';

/** What the consumer of a bus message does with it after this result. */
export type BusVerdict = 'ack' | 'retry' | 'dead';

interface Result {
  name: string;
  class: ResultClass;
  subscriber: { en: string; zh: string };
  operator: string;
  http: number;
  bus: BusVerdict;
}

function result<Class extends ResultClass>(
  name: string,
  kind: Class,
  http: number,
  bus: BusVerdict,
  en: string,
  zh: string,
  operator: string,
): Result & { class: Class } {
  return { name, class: kind, http, bus, subscriber: { en, zh }, operator };
}

export const RESULTS = {
  '00': result('accepted', 'success', 202, 'ack', 'Sent.', '已发送。', 'Accepted and stored on the bus.'),
  '08': result(
    'stored',
    'success',
    202,
    'ack',
    'Stored; it will be delivered when the other network is back.',
    '已暂存，对方网络恢复后送达。',
    'Kept for a network that is away (stand-in), or by a network for a person who has not answered its invitation.',
  ),
  '12': result(
    'unsupported-content',
    'final',
    415,
    'ack',
    'The other network cannot show this kind of message.',
    '对方网络不支持此类消息。',
    'The destination declared this feature as rejected (level -2), or has no form for it.',
  ),
  '14': result(
    'unknown-recipient',
    'final',
    404,
    'ack',
    'There is no such person on the other network.',
    '对方网络没有此用户。',
    'The destination network does not know the recipient.',
  ),
  '15': result(
    'unknown-network',
    'final',
    404,
    'ack',
    'That network is not connected.',
    '该网络未接入。',
    'No member network has this name, or it has left.',
  ),
  '25': result(
    'cannot-recall',
    'final',
    409,
    'ack',
    'This message can no longer be changed or recalled.',
    '此消息已无法修改或撤回。',
    'The target is unknown at the destination, too old, or of another author.',
  ),
  '30': result(
    'malformed',
    'final',
    400,
    'dead',
    'The message could not be read.',
    '消息格式错误。',
    'The event does not match its schema; the original is in the dead letters.',
  ),
  '31': result(
    'not-authenticated',
    'final',
    401,
    'dead',
    'The sender could not be verified.',
    '无法验证发送方。',
    'A network spoke for an address that is not its own, or with a wrong credential.',
  ),
  '36': result(
    'sender-not-allowed',
    'after-change',
    403,
    'ack',
    'Your network may not send messages to others at present.',
    '您的网络暂不能互通。',
    'The source network is not live (suspended or not admitted).',
  ),
  '40': result(
    'no-consent',
    'after-change',
    403,
    'ack',
    'The person does not accept this message.',
    '对方不接受此消息。',
    'Blocked or no consent; may stand for an unknown recipient.',
  ),
  '57': result(
    'not-certified',
    'after-change',
    403,
    'ack',
    'This kind of message is not agreed between the two networks.',
    '两网未开通此类消息。',
    'No agreement or certification covers this class of traffic.',
  ),
  '61': result(
    'too-large',
    'final',
    413,
    'ack',
    'The message is too large.',
    '消息过大。',
    'Over the size limit of the bus or of the destination.',
  ),
  '65': result(
    'rate-limited',
    'retryable',
    429,
    'retry',
    'Too many messages at once; please wait.',
    '发送过于频繁，请稍候。',
    'A limit of the destination or of the switch was reached.',
  ),
  '68': result(
    'expired',
    'final',
    410,
    'ack',
    'The message could not be delivered in time.',
    '消息已过期未送达。',
    'The expiry time passed before delivery.',
  ),
  '71': result(
    'loop',
    'final',
    508,
    'ack',
    'The message went in a circle and was stopped.',
    '消息循环，已终止。',
    'Hop limit reached, or the network is already in the path.',
  ),
  '91': result(
    'network-down',
    'retryable',
    503,
    'retry',
    'The other network cannot be reached.',
    '对方网络暂不可达。',
    'The destination is unreachable and has no stand-in.',
  ),
  '92': result(
    'no-route',
    'final',
    404,
    'ack',
    'There is no way to this address.',
    '无法路由到此地址。',
    'No route matches; the switch never guesses.',
  ),
  '93': result(
    'legal-block',
    'final',
    451,
    'ack',
    'The message cannot be delivered.',
    '消息无法送达。',
    'Blocked for legal reasons.',
  ),
  '94': result(
    'duplicate',
    'success',
    409,
    'ack',
    'Already sent.',
    '已发送。',
    'Seen before; the first result stands.',
  ),
  '96': result(
    'switch-fault',
    'retryable',
    500,
    'retry',
    'Something went wrong on the way; it is being tried again.',
    '系统故障，正在重试。',
    'A fault on our side; see the log at the same time.',
  ),
  '100': result(
    'network-detail',
    'final',
    502,
    'ack',
    'The other network refused the message.',
    '对方网络拒绝了消息。',
    "The network's own refusal; its words are in the detail.",
  ),
  '101': result(
    'window-closed',
    'after-change',
    409,
    'ack',
    'On the other network people can be written to only for a while after their own last message. Ask the person to write first.',
    '对方网络只允许在对方最近一次发言后的一段时间内回复，请等对方先发消息。',
    'The reply window of the destination network is closed (WeChat: 48 hours).',
  ),
  '102': result(
    'window-used-up',
    'after-change',
    429,
    'ack',
    'So many messages in a row are not allowed there: wait until the person answers.',
    '对方网络限制了连续发送的条数，请等对方回复后再发。',
    'The number of messages for this reply window is used up.',
  ),
  '103': result(
    'outcome-unknown',
    'final',
    502,
    'ack',
    'It is not known whether the message arrived; it is not sent again, so that it cannot come twice.',
    '无法确认消息是否送达；为避免重复，系统不会重发。',
    'The network did not answer and knows no idempotency: a second attempt might double the message.',
  ),
  '104': result(
    'sent-as-sms',
    'success',
    202,
    'ack',
    'The person is offline; the message went to his phone as an SMS.',
    '对方不在线，消息已以短信方式发出。',
    'Taken over by the SMS service of the destination network.',
  ),
  '105': result(
    'media-too-large',
    'success',
    202,
    'ack',
    'Your message arrived, but without its picture or file: it is too large.',
    '消息已送达，但其中的图片或文件过大，未能送达。',
    'The medium is over the limit of the hub or of the destination; the rest of the message was delivered.',
  ),
  '106': result(
    'media-not-taken',
    'success',
    202,
    'ack',
    'Your message arrived, but without its picture or file: the other network does not take this kind.',
    '消息已送达，但对方网络不支持其中的图片或文件类型。',
    'The destination takes no media of this type, and it could not be turned into one that it takes.',
  ),
  '107': result(
    'media-gone',
    'success',
    202,
    'ack',
    'Your message arrived, but without its picture or file, which was no longer there. Please send it again.',
    '消息已送达，但其中的图片或文件已失效，请重新发送。',
    'The source network no longer had the medium, or it expired in the media store, or its address is refused.',
  ),
  '108': result(
    'media-damaged',
    'success',
    202,
    'ack',
    'Your message arrived, but without its picture or file, which was damaged on the way. Please send it again.',
    '消息已送达，但其中的图片或文件在传输中损坏，请重新发送。',
    'The content is not what its hash says; the rest of the message was delivered.',
  ),
} as const satisfies Record<string, Result>;

export type ResultCode = keyof typeof RESULTS;
export type SuccessCode = {
  [Code in ResultCode]: (typeof RESULTS)[Code]['class'] extends 'success' ? Code : never;
}[ResultCode];
export type FailureCode = Exclude<ResultCode, SuccessCode>;
export function isSuccess(code: ResultCode): code is SuccessCode {
  return RESULTS[code].class === 'success';
}
/**
 * It was delivered, but not as it was sent: the sender is told. Not of 08: during an outage that would be a word for every
 * message, about which nobody can do anything; he misses his "delivered", and is told if it expires.
 */
const WITH_A_WORD: ReadonlySet<ResultCode> = new Set(['104', '105', '106', '107', '108']);
export function isWorthAWord(code: ResultCode): boolean {
  return WITH_A_WORD.has(code);
}
export const RESULT_CODES = Object.keys(RESULTS).sort((a, b) => Number(a) - Number(b)) as ResultCode[];
export const ResultCode = z
  .enum(RESULT_CODES as [ResultCode, ...ResultCode[]])
  .meta({ id: 'ResultCode', description: 'Closed list; docs/generated/result-codes.md' });

/** Of the detail of an error, characters: it travels in outcomes, replies and dead letters. */
export const MOST_DETAIL = 1000;

/** An error that says what to do: its code carries class, texts, HTTP status and bus verdict (see RESULTS). */
export class HubError extends Error {
  override readonly name = 'HubError';
  constructor(
    readonly code: ResultCode,
    detail: string,
    options?: { cause?: unknown; retryAfterMs?: number },
  ) {
    const short = detail.length > MOST_DETAIL ? `${detail.slice(0, MOST_DETAIL - 1)}…` : detail;
    super(`${code} ${RESULTS[code].name}: ${short}`, options);
    this.detail = short;
    this.retryAfterMs = options?.retryAfterMs;
  }
  /** For the operator and the log: never message content, never a secret. */
  readonly detail: string;
  readonly retryAfterMs: number | undefined;
  get verdict(): BusVerdict {
    return RESULTS[this.code].bus;
  }
}

/** Any thrown thing as a HubError: unknown faults are ours (96) and retried. */
export function toHubError(thrown: unknown): HubError {
  if (thrown instanceof HubError) return thrown;
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return new HubError('96', detail, { cause: thrown });
}
