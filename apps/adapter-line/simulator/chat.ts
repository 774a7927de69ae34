/** The chats between people and the official account: message ids, quote tokens, reply tokens, content. */
import { Clock, unguessable, type Faults } from '#simulators';
import { ACCOUNT_ID, MessageIds, ulid } from './ids.js';
import { LinePerson } from './line-person.js';
import type { MessageObject } from './message-rules.js';
import type { WebhookSender } from './webhook-sender.js';

const REPLY_MS = 60_000;

export interface SentMessage {
  id: string;
  quoteToken: string;
}
export interface Content {
  bytes: Buffer;
  type: string;
}

export class Chat {
  readonly clock = new Clock();
  readonly people = new Map<string, LinePerson>();
  readonly contents = new Map<string, Content>();
  /** Name that the account shows for messages without a sender name. */
  readonly accountName = 'Hutong';
  private readonly ids = new MessageIds();
  /** Quote token -> message id. */
  private readonly quotable = new Map<string, string>();
  private readonly replyTokens = new Map<string, { person: LinePerson; until: number }>();

  constructor(
    private readonly webhooks: WebhookSender,
    readonly faults: Faults,
  ) {}

  person(userId: string): LinePerson {
    const known = this.people.get(userId);
    if (known) return known;
    const person = new LinePerson(userId, this);
    this.people.set(userId, person);
    return person;
  }

  /** A person sends a message. @param message without its id @returns its id */
  say(person: LinePerson, message: Record<string, unknown>, content?: Content): string {
    const { id, quoteToken } = this.newMessage();
    if (content) this.contents.set(id, content);
    this.tell(person, {
      type: 'message',
      replyToken: this.replyToken(person),
      message: { ...message, id, quoteToken },
    });
    return id;
  }

  /** Events for the webhook of the account. */
  tell(person: LinePerson, event: Record<string, unknown>): void {
    const now = Date.now();
    const common = { mode: 'active', timestamp: now, source: { type: 'user', userId: person.native } };
    this.webhooks.enqueue(person.native, { ...event, ...common, webhookEventId: ulid(now) });
  }

  replyToken(person: LinePerson): string {
    const token = unguessable(32);
    this.replyTokens.set(token, { person, until: this.clock.now() + REPLY_MS });
    return token;
  }

  /** @returns undefined for a token that is used, expired or unknown */
  takeReplyToken(token: string): LinePerson | undefined {
    const found = this.replyTokens.get(token);
    this.replyTokens.delete(token);
    return found && found.until > this.clock.now() ? found.person : undefined;
  }

  isQuotable(token: string): boolean {
    return this.quotable.has(token);
  }

  /** Delivers messages of the account, unless the person has blocked it. */
  show(person: LinePerson, messages: readonly MessageObject[]): SentMessage[] {
    return messages.map((message) => {
      const sent = this.newMessage();
      const target = message.quoteToken === undefined ? undefined : this.quotable.get(message.quoteToken);
      if (person.follows)
        person.receive(
          { from: ACCOUNT_ID, name: message.sender?.name ?? this.accountName, id: sent.id, target },
          message,
        );
      return sent;
    });
  }

  private newMessage(): SentMessage {
    const sent = { id: this.ids.next(), quoteToken: unguessable(43) };
    this.quotable.set(sent.quoteToken, sent.id);
    return sent;
  }
}
