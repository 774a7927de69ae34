/** What callbacks tell, kept for all processes of an adapter: any of them may get the callback that another one waits for. */
import { hash } from 'node:crypto';
import type { Memory } from '#adapter-kit';
import { sleep } from '#service';

const POLL_MS = 250;

export class SharedNotes {
  /** @param memory asked for at each use: it is there from the start of the adapter on. @param waitMs of `awaited` */
  constructor(
    private readonly memory: () => Pick<Memory, 'get' | 'put'>,
    private readonly waitMs: number,
  ) {}

  /** @param what kind of note. @param id native id that it is about. @throws HubError 91 */
  put(what: string, id: string, value: string): Promise<void> {
    return this.memory().put(keyOf(what, id), value);
  }

  /** @throws HubError 91 */
  async get(what: string, id: string): Promise<string | undefined> {
    const value = await this.memory().get(keyOf(what, id));
    return typeof value === 'string' ? value : undefined;
  }

  /** @returns undefined when no process was told in time. @throws HubError 91 */
  async awaited(what: string, id: string): Promise<string | undefined> {
    const until = Date.now() + this.waitMs;
    for (;;) {
      const value = await this.get(what, id);
      if (value !== undefined || Date.now() >= until) return value;
      await sleep(POLL_MS);
    }
  }
}

function keyOf(what: string, id: string): string {
  return `${what}.${hash('sha256', id, 'base64url')}`;
}
