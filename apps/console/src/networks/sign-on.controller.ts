/** Requests of adapters on the bus: sign-on, heartbeat, sign-off. */
import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { type HandlerExtras, RequestContext } from '#bus-transport';
import { resultOf } from '#http';
import {
  subjects,
  ANY,
  firstIssue,
  HubError,
  networkInSubject,
  SignOff,
  SignOn,
  TEL,
  type ControlReply,
  type Network,
  type ResultCode,
} from '#protocol';
import { IdFoldingsRepository } from '../addresses/id-foldings.repository.js';
import { ConsoleBus } from '../core/console-bus.js';
import { LivenessBoard } from './liveness.js';
import { NetworksService } from './networks.service.js';
import { OutboundConsumers } from './outbound-consumers.js';

/** Codes of a refused sign-on: the network is not registered, not approved yet, or has left. */
const TAKES_NO_PART: ReadonlySet<ResultCode> = new Set(['14', '36']);

/** Every console receives every heartbeat, so that each knows which networks are online. */
const EVERY_CONSOLE: HandlerExtras = { by: 'all' };

@Controller()
export class SignOnController {
  constructor(
    private readonly networks: NetworksService,
    private readonly liveness: LivenessBoard,
    private readonly bus: ConsoleBus,
    private readonly foldings: IdFoldingsRepository,
    private readonly consumers: OutboundConsumers,
  ) {}

  @MessagePattern(subjects.control('signon', ANY), EVERY_CONSOLE)
  signOn(@Payload() body: unknown, @Ctx() context: RequestContext): Promise<ControlReply> {
    return replyTo(() => this.admit(body, context));
  }

  @MessagePattern(subjects.control('heartbeat', ANY), EVERY_CONSOLE)
  heartbeat(@Payload() body: unknown, @Ctx() context: RequestContext): Promise<ControlReply> {
    return replyTo(() => this.admit(body, context));
  }

  @MessagePattern(subjects.control('signoff', ANY), EVERY_CONSOLE)
  signOff(@Payload() body: unknown, @Ctx() context: RequestContext): Promise<ControlReply> {
    return replyTo(() => {
      const off = SignOff.safeParse(body);
      if (!off.success) throw new HubError('30', firstIssue(off.error));
      this.liveness.signOff(speaker(context, off.data.network), off.data.instance);
      return Promise.resolve({ code: '00' as const });
    });
  }

  private async admit(body: unknown, context: RequestContext): Promise<ControlReply> {
    const parsed = SignOn.safeParse(body);
    if (!parsed.success) throw new HubError('30', firstIssue(parsed.error));
    const network = speaker(context, parsed.data.network);
    // First, because the adapter is online also if the database is not available.
    this.liveness.beat(parsed.data);
    try {
      await this.networks.learn(network, parsed.data.capabilities, parsed.data.build);
    } catch (error) {
      if (TAKES_NO_PART.has(resultOf(error).code)) this.liveness.ignore(network);
      throw error;
    }
    this.liveness.heed(network);
    const peers = (await this.networks.live()).filter((slug) => slug !== network);
    // People write to telephone numbers like to people of a network.
    const ids = (await this.foldings.list()).filter((one) => peers.includes(one.network));
    await this.consumers.arrange(network);
    const instances = parsed.data.sharesPartitions ? this.liveness.processesOf(network).working : undefined;
    return {
      code: '00',
      peers: [...peers, TEL],
      ids,
      ...(instances ? { instances } : {}),
      durable: this.bus.storage.isDurable,
    };
  }
}

/** @throws HubError 31 unless the body names the network of the subject, which NATS has checked */
function speaker(context: RequestContext, claimed: Network): Network {
  const network = networkInSubject(context.subject);
  if (network !== claimed) throw new HubError('31', `${network} signed on as ${claimed}`);
  return network;
}

async function replyTo(work: () => Promise<ControlReply>): Promise<ControlReply> {
  try {
    return await work();
  } catch (error) {
    const { code, detail } = resultOf(error);
    return { code, detail };
  }
}
