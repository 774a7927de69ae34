/** Carries out the commands of adapters: opens call pages, and tells open ones what the other person did. */
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { HubError, type CallCommandAnswer, type GatewayCommand } from '#protocol';
import { LOG, runInBackground, SETTINGS, SettingsError, type Log } from '#service';
import type { z } from 'zod';
import type { MediaGatewaySettings } from '../media-gateway.config.js';
import { CallPage, type CallTools, type OpenCall } from './call-page.js';
import { CallPages } from './call-pages.js';
import { CallSignals } from './call-signals.js';
import { JanusClient } from './janus.client.js';
import { SessionRefused } from './session-description.js';

@Injectable()
export class CallsService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly janus: JanusClient | undefined;
  private readonly baseUrl: string;

  constructor(
    private readonly pages: CallPages,
    private readonly signals: CallSignals,
    @Inject(SETTINGS) private readonly settings: MediaGatewaySettings,
    @Inject(LOG) private readonly log: Log,
  ) {
    const { JANUS_URL: url, JANUS_SECRET: secret, MEDIA_LINK_URL: base = '' } = settings;
    this.baseUrl = base.replace(/\/$/, '');
    if (url !== undefined && base === '')
      throw new SettingsError('MEDIA_LINK_URL: needed with JANUS_URL, for the links to call pages');
    this.janus = url === undefined ? undefined : new JanusClient(url, secret, log);
  }

  /** False: this gateway has no call pages. */
  get isOn(): boolean {
    return this.janus !== undefined;
  }

  onApplicationBootstrap(): void {
    this.janus?.start();
  }

  /** The other sides are told before the bus goes. */
  async beforeApplicationShutdown(): Promise<void> {
    this.signals.stop();
    await Promise.all(this.pages.all.map((page) => page.stop()));
    this.janus?.stop();
  }

  /** @throws HubError 30: the session description is refused; 65: too many pages; 14: nobody is there to be told of an answer */
  async carryOut({ network, command }: z.infer<typeof GatewayCommand>): Promise<CallCommandAnswer> {
    if (command.do === 'open') return this.open({ ...command, network });
    const page = this.pages.find(network, command.call, command.side);
    if (!page && command.action === 'accepted') throw new HubError('14', 'this call page is not open');
    // The adapter does not wait for Janus: what fails ends the call, and is signalled.
    if (page) runInBackground('what a call page is told', this.log, () => page.tell(command));
    return { code: '00' };
  }

  /** The same command again gets the same page. Without Janus there is none. */
  private open(call: OpenCall): CallCommandAnswer {
    if (!this.janus?.connected) return { code: '00' };
    const page = this.pages.find(call.network, call.call, call.side) ?? this.newPage(call);
    return { code: '00', url: `${this.baseUrl}/call/${page.token}` };
  }

  private newPage(call: OpenCall): CallPage {
    if (call.side === 'callee' && call.offer === undefined)
      throw new HubError('30', 'offer: missing; the callee needs the session description of the caller');
    this.pages.checkRoomFor(call.network);
    const page = pageOf(call, this.tools());
    this.pages.add(page);
    return page;
  }

  private tools(): CallTools {
    const { CALL_PRIVATE_ADDRESSES: allowed, CALL_RTP_ADDRESS: rtpAddress } = this.settings;
    return {
      attach: (onEnd) => {
        if (!this.janus) throw new HubError('91', 'there is no Janus');
        return this.janus.attach(onEnd);
      },
      send: (network, signal) => this.signals.send(network, signal),
      rules: { privateAddresses: allowed === '1' },
      rtpAddress,
      log: this.log,
      onEnd: (page) => this.pages.remove(page),
    };
  }
}

/** @throws HubError 30 */
function pageOf(call: OpenCall, tools: CallTools): CallPage {
  try {
    return new CallPage(call, tools);
  } catch (error) {
    if (error instanceof SessionRefused)
      throw new HubError('30', `offer: refused: ${error.message}`, { cause: error });
    throw error;
  }
}
