/** The call pages of the media gateway, by commands that the switch passes on. */
import { ask, type BusConnection } from '#bus';
import {
  requests,
  toHubError,
  type Capabilities,
  type CallCommand,
  type Network,
  type SessionDescription,
} from '#protocol';
import type { Log } from '#service';
import type { GatewayCall } from './gateway-call.js';

/** The caller waits for the link, and the callee for the message with it. */
const TIMEOUT_MS = 4000;

export interface CallPagesOptions {
  network: Network;
  connection: BusConnection;
  language: () => Capabilities['language'];
  log: Log;
}

type Told = Extract<CallCommand, { do: 'tell' }>['action'];

export class CallPages {
  constructor(private readonly options: CallPagesOptions) {}

  /** @returns the join link. undefined: there is no page for this call; the reason is logged. Opening it again gives the same page */
  async open(
    { key, side, media }: Pick<GatewayCall, 'key' | 'side' | 'media'>,
    peer: string,
    offer: SessionDescription | undefined,
  ): Promise<string | undefined> {
    const about = { do: 'open' as const, call: key, side, media, peer, language: this.options.language() };
    try {
      return (await this.command({ ...about, ...(offer === undefined ? {} : { offer }) })).url;
    } catch (thrown) {
      const { code, detail } = toHubError(thrown);
      this.options.log.info({ code, reason: detail }, 'no call page');
      return undefined;
    }
  }

  /** @throws RequestProblem when the gateway does not know the page, HubError 91 */
  async tell(
    { key, side }: Pick<GatewayCall, 'key' | 'side'>,
    action: Told,
    session?: SessionDescription,
  ): Promise<void> {
    const about = { do: 'tell' as const, call: key, side, action };
    await this.command({ ...about, ...(session === undefined ? {} : { session }) });
  }

  private command(body: CallCommand) {
    const { connection, network } = this.options;
    return ask(connection, requests.call(network), body, TIMEOUT_MS);
  }
}
