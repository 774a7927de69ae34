/** Somebody with a plain telephone: short messages and nothing else. */
import { NotHere, Timeline, type Act, type Person, type Sight } from '#simulators';
import { Joining } from './joining.js';
import type { Part, ShortMessage } from './carried-message.js';

/** Short messages that the network keeps for a telephone that is off. */
const MOST_STORED = 1000;

/** The state of a message in reports, as all four protocols spell it. */
export type ReportState = string;

/** Where a telephone sends what its person writes. @returns the id of the message */
export type Post = (handset: Handset, to: string, text: string) => string;

interface Stored {
  message: ShortMessage;
  id: string;
  part: Part | undefined;
  done: (state: ReportState) => void;
}

export class Handset implements Person {
  readonly name: string;
  private readonly seen = new Timeline();
  private readonly joining = new Joining();
  private readonly stored: Stored[] = [];
  private off = false;

  constructor(
    readonly native: string,
    private readonly service: string,
    private readonly post: Post,
  ) {
    this.name = `+${native}`;
  }

  get timeline(): readonly Sight[] {
    return this.seen.sights;
  }

  onSight(listener: (sight: Sight) => void): () => void {
    return this.seen.on(listener);
  }

  contacts(): { native: string; name: string; state: string }[] {
    return [{ native: this.service, name: this.service, state: '' }];
  }

  /** Until `turnOn` the network keeps what is sent to it. */
  turnOff(): void {
    this.off = true;
  }

  turnOn(): void {
    this.off = false;
    for (const { message, id, part, done } of this.stored.splice(0)) this.take(message, id, part, done);
  }

  // Async, so that what it throws is a rejection.
  async act(act: Act): Promise<{ id: string }> {
    if (act.do !== 'write') throw new NotHere(act.do, 'sms');
    if (act.quote !== undefined) throw new NotHere('write', 'sms with a quote');
    return Promise.resolve({ id: this.post(this, act.to, act.text) });
  }

  /** @param done called with the final state, later if the telephone is off */
  take(message: ShortMessage, id: string, part: Part | undefined, done: (state: ReportState) => void): void {
    if (this.off) {
      if (this.stored.length >= MOST_STORED) return done('UNDELIV');
      this.stored.push({ message, id, part, done });
      return;
    }
    for (const { service, text, id: shown } of this.joining.take(message, id, part))
      this.seen.see({ kind: 'text', from: service, id: shown, text });
    done('DELIVRD');
  }
}
