/** The way to the network: its webhook, or the WebSocket that it opened. */
import { HubError, isSuccess } from '#protocol';
import type { Answer, OpenEvent } from './open.schema.js';

export interface Link {
  readonly connected: boolean;
  /** @returns what the network said. @throws HubError with its code, or 91 when it said nothing */
  send(event: OpenEvent): Promise<Answer>;
  lookUp(native: string): Promise<Answer>;
  stop(): void;
}

/** Fields of an answer without which a refusal would read as a success. */
export const REFUSAL: ReadonlySet<string> = new Set(['code']);

/** The network's refusal, as it is. */
export function taken(answer: Answer): Answer {
  if (answer.code !== undefined && !isSuccess(answer.code))
    throw new HubError(answer.code, `the network refused: ${answer.detail ?? 'no reason given'}`);
  return answer;
}
