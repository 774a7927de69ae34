/** The chats between people and the business: messages, statuses, attachments, the window of 24 hours. */
import { Clock, unguessable, type Faults } from '#simulators';
import { mediaId, wamid } from './ids.js';
import type { WebhookSender } from './webhook-sender.js';
import { WhatsAppPerson } from './whatsapp-person.js';

const WINDOW_MS = 24 * 3600_000;

export interface Content {
  bytes: Buffer;
  type: string;
}

/** A message of the business, as the API got it. */
export interface SentByBusiness {
  id: string;
  person: WhatsAppPerson;
  label: string | undefined;
}

export class Chat {
  readonly clock = new Clock();
  readonly people = new Map<string, WhatsAppPerson>();
  /** Attachments by id. */
  readonly contents = new Map<string, Content>();
  /** The secret part of the address of an attachment -> its id. */
  readonly addresses = new Map<string, string>();
  /** Who wrote the messages that the business can mark as read. */
  readonly authors = new Map<string, WhatsAppPerson>();
  readonly sent = new Map<string, SentByBusiness>();
  /** Address of the simulator. */
  url = '';
  /** Messages that were accepted and reached no device. */
  readonly undelivered: string[] = [];
  /** How many messages reach a device until one does not. */
  private untilOff = Infinity;

  constructor(
    readonly webhooks: WebhookSender,
    readonly faults: Faults,
  ) {}

  person(number: string): WhatsAppPerson {
    const known = this.people.get(number);
    if (known) return known;
    const person = new WhatsAppPerson(number, this);
    this.people.set(number, person);
    return person;
  }

  /** A person sends a message. @returns its id */
  say(person: WhatsAppPerson, message: Record<string, unknown>): string {
    const id = wamid();
    person.lastWroteAt = this.clock.now();
    this.authors.set(id, person);
    const timestamp = String(Math.floor(Date.now() / 1000));
    const contacts = [{ profile: { name: person.name }, wa_id: person.native }];
    const messages = [{ from: person.native, id, timestamp, ...message }];
    this.webhooks.enqueue(person.native, { contacts, messages });
    return id;
  }

  isOpen(person: WhatsAppPerson): boolean {
    return person.lastWroteAt !== undefined && this.clock.now() - person.lastWroteAt < WINDOW_MS;
  }

  /** The business sent a message: it is on its way, then shown. */
  take(person: WhatsAppPerson, label: string | undefined, show: (id: string) => void): string {
    const id = wamid();
    const sent = { id, person, label };
    this.sent.set(id, sent);
    this.tell(sent, 'sent');
    if (this.untilOff-- === 0) {
      this.undelivered.push(id);
      this.untilOff = Infinity;
      return id;
    }
    show(id);
    this.tell(sent, 'delivered');
    return id;
  }

  /** Statuses are not in order with one another: each has a queue of its own. */
  tell({ id, person, label }: SentByBusiness, status: string, errors?: object[]): void {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const pricing = {
      billable: false,
      pricing_model: 'PMP',
      category: 'service',
      type: 'free_customer_service',
    };
    this.webhooks.enqueue(`${id} ${status}`, {
      statuses: [
        {
          id,
          status,
          timestamp,
          recipient_id: person.native,
          ...(errors ? { errors } : { pricing }),
          ...(label === undefined ? {} : { biz_opaque_callback_data: label }),
        },
      ],
    });
  }

  /** A message that was accepted fails. */
  fail(id: string, code: number, title: string): void {
    const sent = this.sent.get(id);
    if (!sent) throw new Error(`the business sent no message ${id}`);
    this.tell(sent, 'failed', [{ code, title, message: title, error_data: { details: title } }]);
  }

  turnDeviceOff(after: number): void {
    this.untilOff = after;
  }

  keep(content: Content): string {
    const id = mediaId();
    this.contents.set(id, content);
    return id;
  }

  /** The address of an attachment, which needs the token of the business. */
  addressOf(id: string): string {
    const secret = unguessable(32);
    this.addresses.set(secret, id);
    return `${this.url}/whatsapp_business/attachments/?mid=${id}&hash=${secret}`;
  }

  /** The address at which the client of a person finds an attachment. */
  shownAt(id: string): string {
    return `${this.url}/of-a-person/${id}`;
  }
}
