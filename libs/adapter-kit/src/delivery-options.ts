/** What the delivery of events needs: shared by `Delivery`, `NewMessages` and `Changes`. */
import type { Capabilities } from '#protocol';
import type { AnyAdapter } from './adapter.contract.js';
import type { CallEvents } from './calls/call-events.js';
import type { Correlation } from './correlation.js';
import type { UnderWay } from './under-way.js';
import type { AttachmentPreparer } from './message-pieces.js';
import type { ReplyWindows } from './reply-windows.js';

export interface DeliveryOptions {
  adapter: AnyAdapter;
  /** What the network can show, with what this machine can convert. */
  capabilities: () => Capabilities;
  correlation: Correlation;
  attachments: AttachmentPreparer;
  underWay?: UnderWay;
  /** Absent: the adapter takes call events itself. */
  calls?: Pick<CallEvents, 'take' | 'reported'>;
  windows?: Pick<ReplyWindows, 'claim' | 'release'>;
}
