/** Accounts and the messages between them, sent by a client or by the app's server for a user. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '#simulators';
import { ActionError } from './action-error.js';
import type { Copier } from './copier.js';
import type { Content } from './message-type.js';
import type { Nos } from './nos.js';
import { YunxinPerson } from './yunxin-person.js';

const RECALL_MS = 120_000;

export type ClientType = 'AOS' | 'REST';

export interface Message {
  id: bigint;
  at: number;
  from: string;
  to: string;
  content: Content;
  ext: string;
}

export interface Extras {
  clientType: ClientType;
  /** Whether the app's server gets a copy. */
  route: boolean;
  ext: string;
}

export class Exchange {
  private readonly accounts = new Map<string, YunxinPerson>();
  private readonly messages = new Map<bigint, Message>();
  /** Increases with each message and stays below 2^53. */
  /** Ids of Yunxin have 19 digits: more than a JavaScript number holds exactly. */
  private lastId = 1_000_000n * BigInt(Date.now());

  constructor(
    private readonly clock: Clock,
    private readonly copier: Copier,
    readonly nos: Nos,
  ) {}

  register(accid: string, name: string): YunxinPerson {
    const person = new YunxinPerson(accid, name, this);
    this.accounts.set(accid.toLowerCase(), person);
    return person;
  }

  find(accid: string): YunxinPerson | undefined {
    return this.accounts.get(accid.toLowerCase());
  }

  /** @throws ActionError 414 for an unknown account */
  get(accid: string): YunxinPerson {
    const person = this.find(accid);
    if (!person) throw new ActionError(414, `${accid} not register`);
    return person;
  }

  send(fromAccid: string, toAccid: string, content: Content, extras: Extras): Message {
    const from = this.get(fromAccid);
    const to = this.get(toAccid);
    const [id, at] = [++this.lastId, Date.now()];
    const message = { id, at, from: from.native, to: to.native, content, ext: extras.ext };
    this.messages.set(message.id, message);
    to.receive(from, content, String(message.id));
    if (extras.route) this.copy(message, from, content, extras);
    return message;
  }

  /** Succeeds also for an unknown message, as documented. @throws ActionError for a message that is too old */
  recall(id: bigint, from: string, to: string, anyTime: boolean): void {
    const message = this.messages.get(id);
    if (!message || message.from !== from || message.to !== to) return;
    if (!anyTime && this.clock.now() - message.at > RECALL_MS) throw new ActionError(508, 'too old');
    this.messages.delete(id);
    this.get(to).seeRecall(from, String(id));
  }

  /** Messages between two accounts, in both directions, oldest first. */
  between(one: string, other: string, begin: number, end: number): Message[] {
    const ends = new Set([this.get(one).native, this.get(other).native]);
    return [...this.messages.values()].filter(
      ({ from, to, at }) => ends.has(from) && ends.has(to) && at >= begin && at <= end,
    );
  }

  login(person: YunxinPerson): string {
    const timestamp = String(Date.now());
    this.copier.enqueue(person.native, {
      eventType: '2',
      accid: person.native,
      clientType: 'AOS',
      code: '200',
      clientIp: '127.0.0.1',
      sdkVersion: '152',
      deviceId: `device-${person.native}`,
      timestamp,
    });
    return timestamp;
  }

  private copy(message: Message, from: YunxinPerson, { type, attach }: Content, extras: Extras): void {
    const isText = type.name === 'TEXT';
    this.copier.enqueue(message.from, {
      eventType: '1',
      convType: 'PERSON',
      to: message.to,
      fromAccount: message.from,
      fromClientType: extras.clientType,
      fromDeviceId: extras.clientType === 'REST' ? '' : `device-${message.from}`,
      fromNick: from.name,
      msgTimestamp: String(message.at),
      msgType: type.name,
      body: isText ? type.text(attach) : '',
      attach: isText ? '' : JSON.stringify(attach),
      msgidClient: randomUUID(),
      msgidServer: String(message.id),
      resendFlag: '0',
      ext: extras.ext,
    });
  }
}
