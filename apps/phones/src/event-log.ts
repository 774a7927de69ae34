/** What has happened on the open phones: kept for browsers that come later, told to those that are here. */
import type { PhoneId, WallEvent } from '../shared/events.js';

/** Kept events. The oldest are forgotten first. */
const MOST_EVENTS = 5000;
/** What is true only for a moment is not kept. */
const MOMENTARY: ReadonlySet<WallEvent['type']> = new Set(['typing', 'play']);

type Listener = (event: WallEvent) => void;

export class EventLog {
  /** Bounded by `MOST_EVENTS`. */
  private kept: WallEvent[] = [];
  /** Bounded by the number of browsers, see `streamTo`. */
  private readonly listeners = new Set<Listener>();

  tell(event: WallEvent): void {
    if (!MOMENTARY.has(event.type)) this.keep(event);
    for (const listener of this.listeners) listener(event);
  }

  /** @returns a function that ends it */
  listen(listener: Listener): () => void {
    for (const event of [{ type: 'hello' as const }, ...this.kept, { type: 'ready' as const }])
      listener(event);
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  get watched(): number {
    return this.listeners.size;
  }

  private keep(event: WallEvent): void {
    if (event.type === 'closed') {
      this.forget(event.phone);
      return;
    }
    // Of the path of a message, only the newest state is kept.
    if (event.type === 'travel')
      this.kept = this.kept.filter((one) => one.type !== 'travel' || one.key !== event.key);
    this.kept.push(event);
    if (this.kept.length <= MOST_EVENTS) return;
    const [opened, rest] = [
      this.kept.filter(({ type }) => type === 'opened'),
      this.kept.filter(({ type }) => type !== 'opened'),
    ];
    this.kept = [...opened, ...rest.slice(opened.length - MOST_EVENTS)];
  }

  private forget(phone: PhoneId): void {
    this.kept = this.kept.filter((event) => !('phone' in event) || event.phone !== phone);
  }
}
