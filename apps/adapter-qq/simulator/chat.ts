/** The chats between people and the account, in no particular interface: what is said, quoted, recalled, and its files. */
import { randomBytes } from 'node:crypto';
import { Clock, type Faults } from '#simulators';
import { ACCOUNT } from './ids.js';
import { QqPerson } from './qq-person.js';

export interface Content {
  name: string;
  type: string;
  bytes: Buffer;
}

/** One message, by whomever. */
export interface Said {
  id: number;
  /** Seconds since 1970. */
  time: number;
  person: QqPerson;
  /** Absent: the account said it. */
  byPerson?: true;
  quotes?: number;
  text?: string;
  /** Key of a content. */
  file?: { kind: 'image' | 'voice' | 'video' | 'file'; key: string; name: string };
  place?: { latitude: number; longitude: number; name: string };
  /** A dice that the person threw: a picture of the clients, without words. */
  dice?: number;
}

/** What people do, as an interface reports it to the account. */
export interface Reports {
  said(message: Said): void;
  recalled(message: Said): void;
  befriended(person: QqPerson): void;
  /** Resolves when all reports so far are taken or lost. */
  idle(): Promise<void>;
}

/** What the account says. */
export interface Saying {
  text: string;
  quotes?: number | undefined;
  file?: { kind: string; key: string } | undefined;
}

export class Chat {
  readonly clock = new Clock();
  readonly people = new Map<string, QqPerson>();
  readonly contents = new Map<string, Content>();
  readonly messages = new Map<number, Said>();
  /** Set before anybody says anything. */
  reports!: Reports;
  /** Address of the files. */
  filesUrl = '';
  private lastId = Math.floor(Date.now() / 1000) % 1_000_000_000;

  constructor(
    readonly faults: Faults,
    readonly network: string,
  ) {}

  person(native: string): QqPerson {
    const known = this.people.get(native);
    if (known) return known;
    const person = new QqPerson(native, this);
    this.people.set(native, person);
    return person;
  }

  keep(content: Content): string {
    const key = randomBytes(16).toString('hex').toUpperCase();
    this.contents.set(key, content);
    return key;
  }

  urlOf(key: string): string {
    return `${this.filesUrl}/files/${key}`;
  }

  fromPerson(person: QqPerson, said: Omit<Said, 'id' | 'time' | 'person' | 'byPerson'>): Said {
    const message = this.add({ person, byPerson: true, ...said });
    this.reports.said(message);
    return message;
  }

  /** @returns undefined when the person is no contact of the account */
  fromAccount(person: QqPerson, { text, quotes, file }: Saying): Said | undefined {
    if (!person.isFriend) return undefined;
    const message = this.add({ person, text, ...(quotes === undefined ? {} : { quotes }) });
    const head = { from: ACCOUNT, id: String(message.id), quotes };
    person.receive(head, {
      ...(text.trim() === '' ? {} : { text }),
      ...(file ? { media: { kind: file.kind, url: this.urlOf(file.key) } } : {}),
    });
    return message;
  }

  /** @returns false for a message that the account did not say */
  recallByAccount(id: number): boolean {
    const message = this.messages.get(id);
    if (!message || message.byPerson) return false;
    message.person.seeRecall(String(id));
    return true;
  }

  private add(message: Omit<Said, 'id' | 'time'>): Said {
    const said = { ...message, id: ++this.lastId, time: Math.floor(Date.now() / 1000) };
    this.messages.set(said.id, said);
    return said;
  }
}
