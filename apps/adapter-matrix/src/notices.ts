/** Notices to a person in their own room. The ghost sends them as m.notice, which no bot answers. */
import { createHash } from 'node:crypto';
import { reportWords, toHubError, type ResultCode } from '#protocol';
import type { Hub } from '#adapter-kit';
import type { Ghosts } from './ghosts.js';
import type { MatrixClient } from './matrix.client.js';
import type { Portal } from './portals.js';

export const ENCRYPTED =
  'Encrypted messages cannot cross to another network: please use an unencrypted room.';

export class Notices {
  constructor(
    private readonly hub: Hub,
    private readonly client: MatrixClient,
    private readonly ghosts: Ghosts,
  ) {}

  /** Tells the person why an event does not cross, once for each event. @throws HubError while the homeserver is away */
  refuse(portal: Portal, about: string, code: ResultCode): Promise<void> {
    return this.tell(portal, about, reportWords(code, 'en'));
  }

  /** As `refuse`; if the person can never be notified, records the event as not carried. */
  async refuseOrRecord(portal: Portal, about: string, code: ResultCode, native: string): Promise<void> {
    try {
      await this.refuse(portal, about, code);
    } catch (thrown) {
      const { code: because, detail } = toHubError(thrown);
      // The homeserver is away: it will push the event again.
      if (because === '91') throw thrown;
      this.hub.notCarried({
        kind: 'refused',
        why: `${code}, and the sender cannot be told: ${detail}`,
        native,
      });
    }
  }

  async tell(portal: Portal, about: string, text: string): Promise<void> {
    const ghost = await this.ghosts.ensure({ address: portal.foreign });
    await this.client.send(ghost, portal.room, 'm.room.message', `tell-${keyOf(about)}`, {
      msgtype: 'm.notice',
      body: text,
    });
  }
}

/** Room and event ids as part of a key. */
export function keyOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url').slice(0, 27);
}
