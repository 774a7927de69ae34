/** What the sessions with gateways of CMPP, SGIP and SMGP have in common. */
import { USUAL_LIMITS, type MakeFrame, type Session, type SessionLimits } from '#adapter-session';
import type { Connectivity } from '#adapter-kit';
import { toHubError } from '#protocol';

/** N of the documents: how often a message, or a question whether the link lives, is sent before the gateway counts as gone. */
export const ATTEMPTS = 3;

/** @param responseMs T of the documents @param window W of the documents */
export function gatewayLimits(responseMs: number, window: number): SessionLimits {
  return { ...USUAL_LIMITS, responseMs, window };
}

/**
 * Sends a message, and again under the same number while the gateway does not answer. A gateway that is silent to the end
 * gets a new connection.
 * @throws HubError 91 not sent · 103 sent, and no answer came
 */
export async function sendMessage<Frame>(session: Session<Frame>, make: MakeFrame<Frame>): Promise<Frame> {
  try {
    return await session.request(make, { attempts: ATTEMPTS });
  } catch (thrown) {
    if (toHubError(thrown).code === '103') session.hangUp('the gateway did not answer a message');
    throw thrown;
  }
}

export function followConnectivity<Frame>(session: Session<Frame>, connectivity: Connectivity): void {
  session.on('up', () => (connectivity.connected = true));
  session.on('down', () => (connectivity.connected = false));
}
