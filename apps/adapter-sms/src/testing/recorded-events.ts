/** What a link hands to its adapter, as a test reads it. */
import type { DeliveryReport, IncomingSegment, LinkEvents } from '../sms.link.js';

export class RecordedEvents implements LinkEvents {
  readonly segments: IncomingSegment[] = [];
  readonly reports: DeliveryReport[] = [];
  readonly unreadable: { native: string; why: string }[] = [];
  /** Called before anything is recorded: may fail, or take its time. @param id of a segment */
  beforeStored: (id?: string) => Promise<void> = () => Promise.resolve();

  async onSegment(segment: IncomingSegment): Promise<void> {
    await this.beforeStored(segment.id);
    this.segments.push(segment);
  }

  async onReport(report: DeliveryReport): Promise<void> {
    await this.beforeStored();
    this.reports.push(report);
  }

  async onUnreadable(native: string, why: string): Promise<void> {
    await this.beforeStored();
    this.unreadable.push({ native, why });
  }

  get texts(): string[] {
    return this.segments.map(({ text }) => Buffer.from(text).toString('latin1'));
  }
}
