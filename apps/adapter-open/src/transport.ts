/** How events reach the network: through its webhook (`open.client.ts`), or through the WebSocket that it opened (`open.connection.ts`). */
import type { Answer, OpenEvent } from './open.schema.js';

export interface Transport {
  readonly connected: boolean;
  /** @returns the network's answer. @throws HubError with the code of its refusal, or 91 when it did not answer */
  send(event: OpenEvent): Promise<Answer>;
  lookUp(native: string): Promise<Answer>;
  stop(): void;
}
