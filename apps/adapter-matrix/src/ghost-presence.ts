/** The presence of ghosts: sent to the homeserver when it changes, and repeated before the homeserver drops it. */
import type { Availability } from '#protocol';
import { guarded, tolerate, type Log } from '#service';
import { presenceContent } from './from-canonical.js';
import type { MatrixClient } from './matrix.client.js';

/** COMPAT(Synapse): a user who does not sync is shown offline after 30 s, so the presence of ghosts is sent again before. */
const PRESENCE_EVERY_MS = 20_000;
const MAX_PRESENT = 500;

export class GhostPresence {
  private readonly present = new Map<
    string,
    { availability: Availability; statusText: string | undefined }
  >();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly client: MatrixClient,
    private readonly log: Log,
  ) {
    this.timer = setInterval(
      guarded('presence of ghosts', log, () => this.sayAgain()),
      PRESENCE_EVERY_MS,
    );
    this.timer.unref();
  }

  async show(ghost: string, availability: Availability, statusText: string | undefined): Promise<void> {
    this.present.delete(ghost);
    if (availability !== 'offline' && availability !== 'unknown')
      this.present.set(ghost, { availability, statusText });
    for (const oldest of this.present.keys()) {
      if (this.present.size <= MAX_PRESENT) break;
      this.present.delete(oldest);
    }
    await this.say(ghost, availability, statusText);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async sayAgain(): Promise<void> {
    for (const [ghost, { availability, statusText }] of this.present)
      await tolerate('presence of ghosts', this.log, () => this.say(ghost, availability, statusText));
  }

  private async say(
    ghost: string,
    availability: Availability,
    statusText: string | undefined,
  ): Promise<void> {
    await this.client.as(
      ghost,
      'PUT',
      `/presence/${encodeURIComponent(ghost)}/status`,
      presenceContent(availability, statusText),
    );
  }
}
