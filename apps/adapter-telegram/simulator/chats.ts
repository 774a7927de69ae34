/** The private chats between people and the bot: messages with ids of their chat, reactions, files. */
import { unguessable, type Faults } from '#simulators';
import type { Message, StoredFile } from './messages.js';
import type { Updates } from './updates.js';
import { TelegramPerson } from './telegram-person.js';

export class Chats {
  readonly people = new Map<string, TelegramPerson>();
  private readonly files = new Map<string, StoredFile>();
  private readonly messages = new Map<string, Message>();
  private lastId = 0;
  /** Where clients fetch the files of messages. */
  filesUrl = '';

  constructor(
    readonly updates: Updates,
    readonly faults: Faults,
    readonly bot: { id: number; is_bot: true; first_name: string; username: string },
  ) {}

  person(native: string): TelegramPerson {
    const known = this.people.get(native);
    if (known) return known;
    const person = new TelegramPerson(native, this);
    this.people.set(native, person);
    return person;
  }

  /** Message ids of private chats come from one sequence of the account of the bot. */
  newMessage(person: TelegramPerson, from: object, content: object): Message {
    const message = {
      message_id: ++this.lastId,
      date: Math.floor(Date.now() / 1000),
      chat: person.chat,
      from,
      ...content,
    };
    this.messages.set(`${person.native} ${message.message_id}`, message);
    return message;
  }

  find(person: TelegramPerson, id: number): Message | undefined {
    return this.messages.get(`${person.native} ${id}`);
  }

  remove(person: TelegramPerson, id: number): void {
    this.messages.delete(`${person.native} ${id}`);
  }

  store(bytes: Buffer, name: string): StoredFile {
    const file = {
      file_id: unguessable(40),
      file_unique_id: unguessable(12),
      file_size: bytes.length,
      bytes,
      name,
    };
    this.files.set(file.file_id, file);
    return file;
  }

  file(id: string): StoredFile | undefined {
    return this.files.get(id);
  }
}
