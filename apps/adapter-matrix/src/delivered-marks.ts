import type { Hub } from '#adapter-kit';
import { guarded } from '#service';
import { deliveredContent } from './from-canonical.js';
import type { MatrixClient } from './matrix.client.js';
import { digest16 } from './digest.js';

const DELIVERED_EVERY_MS = 1000;

/** Sends "delivered" marks: each covers all earlier messages, so at most one per room and second is sent. */
export class DeliveredMarks {
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  private readonly newest = new Map<string, { ghost: string; event: string; network: string }>();

  constructor(
    private readonly hub: Hub,
    private readonly client: MatrixClient,
  ) {}

  mark(room: string, ghost: string, event: string, network: string): void {
    this.newest.set(room, { ghost, event, network });
    if (this.waiting.has(room)) return;
    this.waiting.set(
      room,
      setTimeout(
        guarded('delivered mark', this.hub.log, () => this.show(room)),
        DELIVERED_EVERY_MS,
      ),
    );
  }

  private async show(room: string): Promise<void> {
    this.waiting.delete(room);
    const mark = this.newest.get(room);
    this.newest.delete(room);
    if (!mark) return;
    await this.client.send(
      mark.ghost,
      room,
      'com.beeper.message_send_status',
      `delivered-${digest16(mark.event)}`,
      deliveredContent(mark.event, mark.ghost, mark.network),
    );
  }
}
