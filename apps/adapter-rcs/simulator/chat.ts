/** The chats between people and the chatbot: messages, statuses, files. */
import { randomUUID } from 'node:crypto';
import { Clock, unguessable, type Faults } from '#simulators';
import type { Content, FileAt, Outbound, Status, Writer } from './dialect.js';
import type { Notifier } from './notifier.js';
import { RcsPerson } from './rcs-person.js';

interface Sent extends Outbound {
  id: string;
  /** Shown on a telephone, or sent as an SMS. */
  arrived: boolean;
}

export class Chat {
  readonly clock = new Clock();
  readonly people = new Map<string, RcsPerson>();
  /** Contents of files by id. */
  readonly files = new Map<string, { bytes: Buffer; type: string; name: string }>();
  private readonly sent = new Map<string, Sent>();
  /** Address of the simulator. */
  url = '';

  constructor(
    private readonly writer: Writer,
    private readonly notifier: Notifier,
    readonly faults: Faults,
  ) {}

  person(number: string): RcsPerson {
    const known = this.people.get(number);
    if (known) return known;
    const person = new RcsPerson(number, this);
    this.people.set(number, person);
    return person;
  }

  /** A person sends a message. @param quote a message of the chatbot. @returns its id */
  say(person: RcsPerson, content: Content, quote?: string): string {
    const id = randomUUID();
    const answers = quote === undefined ? undefined : this.sent.get(quote)?.contribution;
    const about = { contribution: randomUUID(), ...(answers === undefined ? {} : { answers }) };
    this.notifier.enqueue(person.native, this.writer.message(person.native, id, content, about));
    return id;
  }

  /** The chatbot sent a message. @returns its id */
  take(message: Outbound): string {
    const sent = { ...message, id: message.id ?? randomUUID(), arrived: false };
    this.sent.set(sent.id, sent);
    this.tell(sent, 'sent');
    const person = this.people.get(sent.to);
    if (!person) this.fail(sent.id, '1', 'no such telephone');
    else if (!person.off) this.show(sent, person);
    return sent.id;
  }

  /** A telephone is on again: what waits for it comes. */
  showWaiting(person: RcsPerson): void {
    for (const sent of this.sent.values())
      if (sent.to === person.native && !sent.arrived) this.show(sent, person);
  }

  private show(sent: Sent, person: RcsPerson): void {
    const { id, content, sms } = sent;
    if (person.has5g) {
      sent.arrived = true;
      if ('text' in content) person.receive({ kind: 'text', id, text: content.text });
      else person.receive({ kind: 'media', id, ...this.shown(content.url) });
      return this.tell(sent, 'delivered');
    }
    if (sms === undefined) return this.fail(id, '2', 'no telephone for 5G messages');
    sent.arrived = true;
    person.receive({ kind: 'text', id, text: sms, state: 'sms' });
    this.tell(sent, 'sms', 'SMS');
  }

  /** @returns undefined for an unknown message */
  revoke(id: string): true | undefined {
    const sent = this.sent.get(id);
    if (!sent) return undefined;
    this.tell(sent, sent.arrived ? 'revoke-failed' : 'revoked');
    if (!sent.arrived) this.sent.delete(id);
    return true;
  }

  read(id: string): void {
    const sent = this.sent.get(id);
    if (!sent) throw new Error(`the chatbot sent no message ${id}`);
    this.tell(sent, 'displayed');
  }

  fail(id: string, code: string, text: string): void {
    const sent = this.sent.get(id);
    if (!sent) throw new Error(`the chatbot sent no message ${id}`);
    this.tell(sent, 'failed', code, text);
  }

  /** Statuses are not in order with one another: each has a queue of its own. */
  private tell({ id, to }: Sent, status: Status, code = '', text = ''): void {
    this.notifier.enqueue(`${id} ${status}`, this.writer.status(to, id, status, code, text));
  }

  keep(bytes: Buffer, type: string, name: string): FileAt {
    const id = unguessable(24);
    this.files.set(id, { bytes, type, name });
    return { url: `${this.url}/files/${id}`, type, name, size: bytes.length };
  }

  fileAt(url: string): { bytes: Buffer; type: string; name: string } | undefined {
    return this.files.get(url.split('/').at(-1) ?? '');
  }

  private shown(url: string) {
    const { type = '', name = '' } = this.fileAt(url) ?? {};
    const [kind = ''] = type.split('/');
    const state = { image: 'image', audio: 'voice', video: 'video' }[kind] ?? 'file';
    return { state, media: { url: url.replace('/files/', '/of-a-person/'), name } };
  }
}
