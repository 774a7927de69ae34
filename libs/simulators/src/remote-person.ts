/** A person of a simulated network in another process, through its users' API. */
import { inBackground } from './in-background.js';
import { NotHere, type Act, type Sight } from './person.js';
import { Timeline } from './timeline.js';
import type { PersonView, Refusal } from './users-api.js';

const RETRY_MS = 500;

export class RemotePerson {
  private readonly seen = new Timeline();
  private readonly closing = new AbortController();

  private constructor(
    private readonly url: string,
    readonly native: string,
    readonly name: string,
  ) {
    inBackground(`sights of ${native}`, () => this.follow());
  }

  /** @throws Error with a readable text, for a person who cannot exist */
  static async find(api: string, network: string, native: string): Promise<RemotePerson> {
    const url = `${api}/${encodeURIComponent(network)}/${encodeURIComponent(native)}`;
    const { name } = (await call(url)) as PersonView;
    return new RemotePerson(url, native, name);
  }

  get timeline(): readonly Sight[] {
    return this.seen.sights;
  }

  onSight(listener: (sight: Sight) => void): () => void {
    return this.seen.on(listener);
  }

  /** @throws NotHere if the network does not have this act, or Error with a readable text */
  async act(act: Act): Promise<{ id: string }> {
    return (await call(`${this.url}/acts`, { method: 'POST', body: JSON.stringify(act) })) as { id: string };
  }

  async contacts(): Promise<PersonView['contacts']> {
    return ((await call(this.url)) as PersonView).contacts;
  }

  close(): void {
    this.closing.abort();
  }

  private async follow(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      try {
        const fresh = (await call(`${this.url}/sights?after=${this.timeline.length}`, { signal })) as Sight[];
        for (const { n: _n, ...sight } of fresh) this.seen.see(sight);
      } catch {
        // The simulator does not run (yet).
        if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }
}

async function call(url: string, init?: RequestInit): Promise<unknown> {
  const response = await fetch(url, init);
  const body = (await response.json()) as Partial<Refusal>;
  if (response.ok) return body;
  if (body.notHere) throw new NotHere(body.notHere.act, body.notHere.network);
  throw new Error(body.error ?? `HTTP ${response.status}`);
}
