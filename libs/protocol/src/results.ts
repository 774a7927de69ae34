/**
 * Result codes: a closed list in the manner of ISO 8583 field 39. For each code the table has its class, the text for the
 * subscriber, the text for the operator (what happened, what to do), the HTTP status of the open interface, and what the
 * consumer of a bus message does.
 */
import { z } from 'zod';

/** final: never send this again · retryable: the same event can succeed later · after-change: it can succeed after somebody has changed something. */
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
  '00': result(
    'accepted',
    'success',
    202,
    'ack',
    'Sent.',
    '已发送。',
    'The event is stored on the bus and will be delivered. Nothing to do.',
  ),
  '08': result(
    'stored',
    'success',
    202,
    'ack',
    'Stored. It is delivered when the other network is available again.',
    '已暂存，对方网络恢复后送达。',
    'The destination network is offline and the stand-in stores the message, or the recipient has not answered the invitation of their network. It is delivered later or ends with 68. If the network stays offline, check its adapter.',
  ),
  '12': result(
    'unsupported-content',
    'final',
    415,
    'ack',
    'The other network cannot show this kind of message.',
    '对方网络不支持此类消息。',
    'The destination declares this feature as rejected (level -2) or has no form for it. Look at the capabilities of the destination network; do not resend.',
  ),
  '14': result(
    'unknown-recipient',
    'final',
    404,
    'ack',
    'There is no such person on the other network.',
    '对方网络没有此用户。',
    'The destination network does not know the recipient. Compare the address with the spelling of that network.',
  ),
  '15': result(
    'unknown-network',
    'final',
    404,
    'ack',
    'That network is not connected.',
    '该网络未接入。',
    'No member network has this slug, or the network has left. Check the slug in the list of networks.',
  ),
  '25': result(
    'cannot-recall',
    'final',
    409,
    'ack',
    'This message can no longer be changed or recalled.',
    '此消息已无法修改或撤回。',
    'The destination does not know the target message, it is older than the network allows, or it has another author. The message stays as it is at the recipient.',
  ),
  '30': result(
    'malformed',
    'final',
    400,
    'dead',
    'The message has a form that the exchange cannot read.',
    '系统无法识别此消息的格式。',
    'The event does not match its schema, or its conversation or partition does not fit its addresses. The original is a dead letter: read its reason, correct the adapter that sent it, then replay or discard it.',
  ),
  '31': result(
    'not-authenticated',
    'final',
    401,
    'dead',
    'The sender could not be verified.',
    '无法验证发送方。',
    'A network used an address that is not its own, or invalid credentials. The event is a dead letter. Check the adapter of the source network; if it is correct, treat this as an attack.',
  ),
  '36': result(
    'sender-not-allowed',
    'after-change',
    403,
    'ack',
    'Your network cannot exchange messages with other networks at present.',
    '您的网络暂不能互通。',
    'The source network is not live (not admitted, suspended, or left), or the destination network refuses the account of the adapter. Check the state of the source network, then the account.',
  ),
  '40': result(
    'no-consent',
    'after-change',
    403,
    'ack',
    'The person does not accept this message.',
    '对方不接受此消息。',
    'The recipient or their network blocks the sender, or consent is missing. This code can also hide an unknown recipient. Check blocked addresses and the consent of the recipient.',
  ),
  '57': result(
    'not-certified',
    'after-change',
    403,
    'ack',
    'Your network and the other one have no agreement for this kind of message.',
    '两网未开通此类消息。',
    'No agreement between the two networks covers this class of traffic, or one of the adapters is not certified for it; the detail says which side, and for what. Propose an agreement, or certify the adapter (docs/certification.md).',
  ),
  '61': result(
    'too-large',
    'final',
    413,
    'ack',
    'The message is too large.',
    '消息过大。',
    'The event is larger than the limit of the bus or of the destination. The sender must send less; do not resend.',
  ),
  '65': result(
    'rate-limited',
    'retryable',
    429,
    'retry',
    'Too many messages in a short time. Please wait.',
    '发送过于频繁，请稍候。',
    'A rate limit of the agreement, the switch or the destination network is used up. The event is sent again later. If this happens often, propose a higher limit in the agreement.',
  ),
  '68': result(
    'expired',
    'final',
    410,
    'ack',
    'The message could not be delivered in time.',
    '消息已过期未送达。',
    'The message expired before the destination network could take it. Check how long that network was offline and its stand-in hours.',
  ),
  '71': result(
    'loop',
    'final',
    508,
    'ack',
    'The message came back to where it had been and was stopped.',
    '消息循环，已终止。',
    'The event was already in this network, or its path is longer than the hop limit. Look for a second bridge between the two networks.',
  ),
  '91': result(
    'network-down',
    'retryable',
    503,
    'retry',
    'The other network cannot be reached.',
    '对方网络暂不可达。',
    'The destination network cannot be reached and no stand-in stores its messages. Check its adapter and the connection to the bus.',
  ),
  '92': result(
    'no-route',
    'final',
    404,
    'ack',
    'No network serves this address.',
    '无法路由到此地址。',
    'No network serves this number or domain. Check the address, or propose a route.',
  ),
  '93': result(
    'legal-block',
    'final',
    451,
    'ack',
    'The message cannot be delivered.',
    '消息无法送达。',
    'The sender or the recipient is blocked for legal reasons. Ask an admin of the exchange.',
  ),
  '94': result(
    'duplicate',
    'success',
    409,
    'ack',
    'Already sent.',
    '已发送。',
    'The event was received before, and the result of the first one stands. If a network repeats all its events, check whether its adapter acknowledges them.',
  ),
  '96': result(
    'switch-fault',
    'retryable',
    500,
    'retry',
    'A fault occurred in the exchange. The message is sent again automatically.',
    '系统故障，将自动重试。',
    'The switch or an adapter failed, and the event is sent again. Read the log of the component at the time of the event.',
  ),
  '100': result(
    'network-detail',
    'final',
    502,
    'ack',
    'The other network refused the message.',
    '对方网络拒绝了消息。',
    'The destination network refused the message for a reason that has no code of its own. The detail contains the words of that network.',
  ),
  '101': result(
    'window-closed',
    'after-change',
    409,
    'ack',
    'The other network allows messages only for a limited time after the last message of the person. Ask the person to write first.',
    '对方网络只允许在对方最近一次发言后的一段时间内回复，请等对方先发消息。',
    'The reply window of the destination network is closed (often 48 hours after the last message of the recipient). It opens again when the recipient writes.',
  ),
  '102': result(
    'window-used-up',
    'after-change',
    429,
    'ack',
    'The other network limits the number of messages without an answer. Wait until the person answers.',
    '对方网络限制连续发送的消息条数，请等对方回复后再发。',
    'The destination network allows no more messages until the recipient writes. Its README states the number.',
  ),
  '103': result(
    'outcome-unknown',
    'final',
    502,
    'ack',
    'It is unknown whether the message arrived. It is not sent again, because it could arrive twice.',
    '无法确认消息是否送达；为避免重复，系统不会重发。',
    'The destination network did not answer, and it cannot recognise a repeated message. The message is not sent again because it could arrive twice. Ask the recipient; check the connection to that network.',
  ),
  '104': result(
    'sent-as-sms',
    'success',
    202,
    'ack',
    'The person is offline. The message was sent to their phone as an SMS.',
    '对方不在线，消息已以短信方式发出。',
    'The destination network sent the message as an SMS because the recipient is offline. Nothing to do.',
  ),
  '105': result(
    'media-too-large',
    'success',
    202,
    'ack',
    'Your message arrived without its picture or file, which is too large.',
    '消息已送达，但其中的图片或文件过大，未能送达。',
    'The attachment is larger than the limit of the hub (`MEDIA_MAX_MB`) or of the destination. The rest of the message was delivered.',
  ),
  '106': result(
    'media-not-taken',
    'success',
    202,
    'ack',
    'Your message arrived without its picture or file: the other network does not accept this type.',
    '消息已送达，但对方网络不支持其中的图片或文件类型。',
    'The destination network does not accept attachments of this type, and the hub cannot convert this one. The rest of the message was delivered.',
  ),
  '107': result(
    'media-gone',
    'success',
    202,
    'ack',
    'Your message arrived without its picture or file, which is no longer available. Please send it again.',
    '消息已送达，但其中的图片或文件已失效，请重新发送。',
    'The source network no longer has the attachment, it expired in the media store (`MEDIA_HOURS`), or the hub may not fetch it from its host (`MEDIA_HOSTS`). The rest of the message was delivered.',
  ),
  '108': result(
    'media-damaged',
    'success',
    202,
    'ack',
    'Your message arrived without its picture or file, which was damaged during transfer. Please send it again.',
    '消息已送达，但其中的图片或文件在传输中损坏，请重新发送。',
    'The content of the attachment does not match its SHA-256. The rest of the message was delivered. If this happens often, check the media store and the source adapter.',
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
 * Successes that the sender is notified of, because the message was delivered in another form than it was sent. 08 is not
 * among them: during an outage it would cause one notice for each message. A sender whose message is stored sees no
 * "delivered", and is notified if the message expires.
 */
const NOTIFYING: ReadonlySet<ResultCode> = new Set(['104', '105', '106', '107', '108']);
export function notifiesSender(code: ResultCode): boolean {
  return NOTIFYING.has(code);
}
export const RESULT_CODES = Object.keys(RESULTS).sort((a, b) => Number(a) - Number(b)) as ResultCode[];
export const ResultCode = z
  .enum(RESULT_CODES as [ResultCode, ...ResultCode[]])
  .meta({ id: 'ResultCode', description: 'Closed list; docs/generated/result-codes.md' });

/** Maximum length of the detail of an error, in characters. It is part of outcomes, replies and dead letters. */
export const MAX_DETAIL_LENGTH = 1000;

/** What happened to one event, and what the table says about its code. */
export function operatorText(code: ResultCode, detail: string | undefined): string {
  const general = RESULTS[code].operator;
  const text = detail === undefined || detail === '' ? general : `${detail.replace(/\.$/, '')}. ${general}`;
  return text.slice(0, MAX_DETAIL_LENGTH);
}

/** An error with a result code. Class, texts, HTTP status and bus verdict of the code are in RESULTS. */
export class HubError extends Error {
  override readonly name = 'HubError';
  constructor(
    readonly code: ResultCode,
    detail: string,
    options?: { cause?: unknown; retryAfterMs?: number },
  ) {
    const short = detail.length > MAX_DETAIL_LENGTH ? `${detail.slice(0, MAX_DETAIL_LENGTH - 1)}…` : detail;
    super(`${code} ${RESULTS[code].name}: ${short}`, options);
    this.detail = short;
    this.retryAfterMs = options?.retryAfterMs;
  }
  /** For the operator and the log. Contains no message content and no secrets. */
  readonly detail: string;
  readonly retryAfterMs: number | undefined;
  get verdict(): BusVerdict {
    return RESULTS[this.code].bus;
  }
}

/** Turns anything that was thrown into a HubError. Unknown errors are faults of the hub (96), which are retried. */
export function toHubError(thrown: unknown): HubError {
  if (thrown instanceof HubError) return thrown;
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return new HubError('96', detail, { cause: thrown });
}
