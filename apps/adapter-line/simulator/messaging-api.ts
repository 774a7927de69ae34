/** The part of the Messaging API for chats with single persons. */
import { randomUUID } from 'node:crypto';
import type { Incoming, Outgoing } from '#simulators';
import { ACCOUNT_ID, USER_ID } from './ids.js';
import type { Chat, SentMessage } from './chat.js';
import { wrongIn, type MessageObject } from './message-rules.js';
import type { WebhookSender } from './webhook-sender.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const RETRY_KEY_MS = 24 * 3600_000;

type Body = Record<string, unknown>;
interface Answer {
  status: number;
  body: object;
  headers?: Record<string, string>;
}
interface Accepted {
  requestId: string;
  sentMessages: SentMessage[];
  at: number;
}

export class MessagingApi {
  /** Number of messages in this month that count against the limit. */
  consumption = 0;
  private readonly accepted = new Map<string, Accepted>();

  constructor(
    private readonly chat: Chat,
    private readonly webhooks: WebhookSender,
    private readonly account: { channelToken: string; monthlyLimit: number | undefined },
  ) {}

  async answer(call: Incoming): Promise<Outgoing> {
    const requestId = randomUUID();
    if (call.header('authorization') !== `Bearer ${this.account.channelToken}`)
      return outgoing(
        refused(
          401,
          'Authentication failed. Confirm that the access token in the authorization header is valid.',
        ),
        requestId,
      );
    const [, messageId] = /^\/v2\/bot\/message\/([^/]+)\/content$/.exec(call.path) ?? [];
    if (messageId !== undefined) return this.content(messageId);
    const body = call.body.length === 0 ? {} : bodyIn(call.body);
    if (!body) return outgoing(refused(400, 'The request body could not be parsed as JSON'), requestId);
    const silence = call.method === 'POST' ? this.chat.faults.takeSilence() : undefined;
    if (silence === 'lost') return 'hang-up';
    const route = `${call.method} ${call.path}`;
    const answer = await this.route(route, body, call.header('x-line-retry-key'), requestId);
    return silence === 'taken' ? 'hang-up' : outgoing(answer, requestId);
  }

  private async route(route: string, body: Body, retryKey: string, requestId: string): Promise<Answer> {
    const [, userId] = /^GET \/v2\/bot\/profile\/([^/]+)$/.exec(route) ?? [];
    if (userId !== undefined) return this.profile(userId);
    switch (route) {
      case 'POST /v2/bot/message/push':
        return this.push(body, retryKey, requestId);
      case 'POST /v2/bot/message/reply':
        return this.reply(body, retryKey);
      case 'POST /v2/bot/chat/loading/start':
        return this.loading(body);
      case 'GET /v2/bot/info':
        return ok({
          userId: ACCOUNT_ID,
          basicId: '@hutong',
          displayName: this.chat.accountName,
          chatMode: 'bot',
          markAsReadMode: 'manual',
        });
      case 'GET /v2/bot/message/quota':
        return ok(
          this.account.monthlyLimit === undefined
            ? { type: 'none' }
            : { type: 'limited', value: this.account.monthlyLimit },
        );
      case 'GET /v2/bot/message/quota/consumption':
        return ok({ totalUsage: this.consumption });
      case 'PUT /v2/bot/channel/webhook/endpoint':
        await this.webhooks.connect(String(body['endpoint']));
        return ok({});
      default:
        return refused(404, 'Not found');
    }
  }

  /** A repeated retry key within 24 hours is not executed again; it gets the answer of the first request. */
  private push(body: Body, retryKey: string, requestId: string): Answer {
    const to = typeof body['to'] === 'string' ? body['to'] : '';
    if (retryKey !== '' && !UUID.test(retryKey)) return refused(400, 'Invalid retry key');
    const before = this.accepted.get(retryKey);
    if (before && this.chat.clock.now() - before.at < RETRY_KEY_MS)
      return {
        status: 409,
        body: { message: 'The retry key is already accepted', sentMessages: before.sentMessages },
        headers: { 'x-line-accepted-request-id': before.requestId },
      };
    const trouble = this.chat.faults.takeRefusal();
    if (trouble !== undefined)
      return refused(trouble, 'The API rate limit has been exceeded. Try again later.');
    if (!USER_ID.test(to))
      return refused(400, "The property, 'to', in the request body is invalid (line: -, column: -)");
    const person = this.chat.people.get(to);
    if (!person) return refused(400, 'Failed to send messages');
    const { monthlyLimit = Infinity } = this.account;
    if (this.consumption >= monthlyLimit) return refused(429, 'You have reached your monthly limit.');
    const messages = messagesIn(body, this.chat);
    if (!Array.isArray(messages)) return messages;
    this.consumption++;
    const sentMessages = this.chat.show(person, messages);
    if (retryKey !== '') this.accepted.set(retryKey, { requestId, sentMessages, at: this.chat.clock.now() });
    return ok({ sentMessages });
  }

  private reply(body: Body, retryKey: string): Answer {
    if (retryKey !== '') return refused(400, 'The retry key is not supported for this endpoint');
    const messages = messagesIn(body, this.chat);
    if (!Array.isArray(messages)) return messages;
    const person = this.chat.takeReplyToken(String(body['replyToken']));
    return person
      ? ok({ sentMessages: this.chat.show(person, messages) })
      : refused(400, 'Invalid reply token');
  }

  private loading(body: Body): Answer {
    const seconds = Number(body['loadingSeconds'] ?? 20);
    if (!(seconds >= 5 && seconds <= 60 && seconds % 5 === 0))
      return refused(400, 'loadingSeconds must be a multiple of 5 from 5 to 60');
    const person = this.chat.people.get(String(body['chatId']));
    if (!person) return refused(400, "The property, 'chatId', in the request body is invalid");
    person.seeLoading();
    return { status: 202, body: {} };
  }

  private profile(userId: string): Answer {
    const person = this.chat.people.get(userId);
    if (!person?.follows) return refused(404, 'Not found');
    const { native, name: displayName, pictureUrl } = person;
    return ok({ userId: native, displayName, language: 'en', ...(pictureUrl ? { pictureUrl } : {}) });
  }

  private content(messageId: string): Outgoing {
    const trouble = this.chat.faults.takeTrouble();
    if (trouble === 'fails') return outgoing(refused(500, 'Internal error'), randomUUID());
    const found = this.chat.contents.get(messageId);
    if (!found) return outgoing(refused(404, 'Not found'), randomUUID());
    return { status: 200, type: found.type, body: found.bytes, breaksOff: trouble === 'breaks-off' };
  }
}

/** @returns the refusal, for messages that the API does not accept */
function messagesIn(body: Body, chat: Chat): MessageObject[] | Answer {
  const wrong = wrongIn(body['messages']);
  if (wrong) return { status: 400, body: { message: 'The request body has 1 error(s)', details: [wrong] } };
  const messages = body['messages'] as MessageObject[];
  const unquotable = messages.some(
    ({ quoteToken }) => quoteToken !== undefined && !chat.isQuotable(quoteToken),
  );
  return unquotable ? refused(400, 'Invalid quote token') : messages;
}

function ok(body: object): Answer {
  return { status: 200, body };
}

function refused(status: number, message: string): Answer {
  return { status, body: { message } };
}

function outgoing({ status, body, headers = {} }: Answer, requestId: string): Outgoing {
  return {
    status,
    type: 'application/json',
    body: JSON.stringify(body),
    headers: { 'x-line-request-id': requestId, ...headers },
  };
}

function bodyIn(bytes: Buffer): Body | undefined {
  try {
    const json: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof json === 'object' && json !== null ? (json as Body) : undefined;
  } catch {
    return undefined;
  }
}
