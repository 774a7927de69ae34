/** A person's timeline: entries with number and time, of which all listeners are notified. */
import type { Sight } from './person.js';

export class Timeline {
  readonly sights: Sight[] = [];
  private readonly listeners = new Set<(sight: Sight) => void>();

  /** @param sight `at`: when another process received it; now, if absent */
  see(sight: Omit<Sight, 'n' | 'at'> & { at?: string }): void {
    const whole = { n: this.sights.length + 1, at: new Date().toISOString(), ...sight };
    this.sights.push(whole);
    for (const listener of this.listeners) listener(whole);
  }

  on(listener: (sight: Sight) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
