/**
 * Adapters and the media gateway have no permission to reach each other on the bus: the switch stands between them, and says to
 * the gateway which network a command comes from.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { ask, BusConnection } from '#bus';
import {
  HubError,
  requests,
  type CallCommand,
  type CallCommandAnswer,
  type CallSignalAnswer,
  type GatewaySignal,
  type Network,
} from '#protocol';
import { LOG, type Log } from '#service';
import { isOpen } from '../registry/registry-index.js';
import { LocalViews } from '../registry/local-views.js';

/** The adapter waits for this answer before it tells its person anything. */
const GATEWAY_MS = 2000;
const ADAPTER_MS = 3000;

@Injectable()
export class CallsService {
  constructor(
    private readonly link: BusConnection,
    private readonly views: LocalViews,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** @returns without `url` if no media gateway answers: there is no call page then. @throws HubError 36 */
  async command(command: CallCommand, network: Network): Promise<CallCommandAnswer> {
    const member = this.views.registry.current.members.get(network);
    if (!isOpen(member, new Date())) throw new HubError('36', `${network} is not live and makes no calls`);
    try {
      return await ask(this.link, requests.gatewayCommand(), { network, command }, GATEWAY_MS);
    } catch (error) {
      if (!(error instanceof HubError && error.code === '91')) throw error;
      this.log.warn(
        { network, call: command.call, reason: error.detail },
        'the media gateway does not answer',
      );
      return { code: '00' };
    }
  }

  /** @throws HubError 15 for a network that is no member, 91 when its adapter does not answer: the gateway asks again */
  async signal({ network, signal }: z.infer<typeof GatewaySignal>): Promise<CallSignalAnswer> {
    const member = [...this.views.registry.current.members.keys()].find((known) => known === network);
    if (member === undefined) throw new HubError('15', `${network} is not a member`);
    return ask(this.link, requests.askCall(member), signal, ADAPTER_MS);
  }
}
