/** The carrier behind its gateway: handsets by number, what is submitted to them, and what their people write. */
import type { Alphabet } from './alphabets.js';
import type { SmsFaults } from './faults.js';
import { Handset, type ReportState } from './handset.js';
import { NUMBER } from './numbers.js';
import { cut, type Part, type Room, type ShortMessage } from './carried-message.js';

const MOST_HANDSETS = 100_000;
const MOST_DIGITS = 21;
const MOBILE_OF_CHINA = /^1[3-9]\d{9}$/;

export interface Habits {
  /** Digits of the service; what a person writes to must begin with it. */
  service: string;
  /** In which handsets write, the first one that has all characters. */
  alphabets: readonly Alphabet[];
  /** Width of the reference in the parts of a long text. */
  referenceBits: 8 | 16;
  room: Room;
  /** Numbers of handsets are written with and without the country code of China. */
  inChina: boolean;
}

/** What a report says of one segment at one handset. */
export interface Report {
  handset: string;
  state: ReportState;
  at: Date;
}

export class Exchange {
  readonly people = new Map<string, Handset>();
  private reference = 0;
  private written = 0;

  /** @param send one message of a person towards the service */
  constructor(
    private readonly habits: Habits,
    private readonly faults: SmsFaults,
    private readonly send: (message: ShortMessage) => void,
  ) {}

  /** Finds the handset, or makes one. @throws Error for what is no number */
  person(number: string): Handset {
    const digits = this.whole(number);
    const known = this.people.get(digits);
    if (known) return known;
    if (!NUMBER.test(digits)) throw new Error(`${number} is no telephone number`);
    if (this.people.size >= MOST_HANDSETS) throw new Error('there are too many handsets');
    const handset = new Handset(digits, this.habits.service, (from, to, text) => this.write(from, to, text));
    this.people.set(digits, handset);
    return handset;
  }

  /** A segment for one handset. @param reported called with the final state */
  deliver(
    message: ShortMessage,
    id: string,
    part: Part | undefined,
    reported: (report: Report) => void,
  ): void {
    const handset = this.whole(message.handset);
    const report = (state: ReportState): void =>
      reported({ handset: message.handset, state, at: new Date() });
    const failure = this.faults.takeFailure();
    const person = this.people.get(handset);
    if (failure !== undefined || !person) return report(failure ?? 'UNDELIV');
    person.take({ ...message, handset }, id, part, report);
  }

  private write(from: Handset, to: string, text: string): string {
    if (!to.startsWith(this.habits.service) || !/^\d+$/.test(to) || to.length > MOST_DIGITS)
      throw new Error(`nobody has the number ${to}: write to ${this.habits.service}`);
    this.reference = (this.reference + 1) & 0xffff;
    const { alphabets, referenceBits: bits, room } = this.habits;
    const parts = cut(text, alphabets, { reference: this.reference, bits, room });
    if (parts.length > 1 && this.faults.take('losePart')) parts.pop();
    if (parts.length > 1 && this.faults.take('reverse')) parts.reverse();
    for (const part of parts) this.send({ ...part, handset: from.native, service: to });
    return `mo-${++this.written}`;
  }

  /** With the country code. */
  private whole(number: string): string {
    const digits = number.replace(/^\+/, '');
    return this.habits.inChina && MOBILE_OF_CHINA.test(digits) ? `86${digits}` : digits;
  }
}
