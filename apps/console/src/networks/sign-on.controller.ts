/** Requests of adapters on the bus: sign-on, heartbeat, sign-off. */
import { Controller, Inject, UseFilters } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { type HandlerExtras, IgnoredFields, RequestBody, RequestContext } from '#bus-transport';
import { resultOf } from '#http';
import {
  subjects,
  ANY,
  networkInSubject,
  RequestProblem,
  SignOff,
  SignOn,
  TEL,
  type Network,
  type ResultCode,
  type SignOffAnswer,
  type SignOnAnswer,
} from '#protocol';
import { LOG, type Log } from '#service';
import { IdFoldingsRepository } from '../addresses/id-foldings.repository.js';
import { ConsoleBus } from '../core/console-bus.js';
import { ProblemReplyFilter } from '../core/problem-reply.filter.js';
import { EventFailuresBoard } from './event-failures.js';
import { LivenessBoard } from './liveness.js';
import { NetworksService } from './networks.service.js';
import { OutboundConsumers } from './outbound-consumers.js';

/** Codes of a refused sign-on: the network is not registered, not approved yet, or has left. */
const TAKES_NO_PART: ReadonlySet<ResultCode> = new Set(['14', '36']);

/** Every console receives every heartbeat, so that each knows which networks are online. */
const EVERY_CONSOLE: HandlerExtras = { by: 'all' };

@Controller()
@UseFilters(ProblemReplyFilter)
export class SignOnController {
  constructor(
    private readonly networks: NetworksService,
    private readonly liveness: LivenessBoard,
    private readonly failures: EventFailuresBoard,
    private readonly bus: ConsoleBus,
    private readonly foldings: IdFoldingsRepository,
    private readonly consumers: OutboundConsumers,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @MessagePattern(subjects.control('signon', ANY), EVERY_CONSOLE)
  async signOn(
    @Payload(new RequestBody(SignOn)) body: SignOn,
    @Payload(new IgnoredFields(SignOn)) ignored: string[],
    @Ctx() context: RequestContext,
  ): Promise<SignOnAnswer> {
    const isFirst = !this.liveness.of(body.network).signedOn;
    const answer = await this.admit(body, context);
    if (isFirst) this.failures.restart(body.network);
    const { network, instance } = body;
    if (ignored.length > 0)
      this.log.warn({ network, instance, ignored }, 'unknown fields of a sign-on ignored');
    return { ...answer, failures: this.failures.of(network), ...warningOf(ignored) };
  }

  @MessagePattern(subjects.control('heartbeat', ANY), EVERY_CONSOLE)
  async heartbeat(
    @Payload(new RequestBody(SignOn)) body: SignOn,
    @Payload(new IgnoredFields(SignOn)) ignored: string[],
    @Ctx() context: RequestContext,
  ): Promise<SignOnAnswer> {
    const answer = await this.admit(body, context);
    return { ...answer, failures: this.failures.of(body.network), ...warningOf(ignored) };
  }

  @MessagePattern(subjects.control('signoff', ANY), EVERY_CONSOLE)
  signOff(@Payload(new RequestBody(SignOff)) body: SignOff, @Ctx() context: RequestContext): SignOffAnswer {
    this.liveness.signOff(speaker(context, body.network), body.instance);
    return { code: '00' };
  }

  private async admit(body: SignOn, context: RequestContext): Promise<SignOnAnswer> {
    const network = speaker(context, body.network);
    // First, because the adapter is online also if the database is not available.
    this.liveness.beat(body);
    try {
      await this.networks.learn(network, body.capabilities, body.build);
    } catch (error) {
      if (TAKES_NO_PART.has(resultOf(error).code)) this.liveness.ignore(network);
      throw error;
    }
    this.liveness.heed(network);
    const peers = (await this.networks.live()).filter((slug) => slug !== network);
    // People write to telephone numbers like to people of a network.
    const ids = (await this.foldings.list()).filter((one) => peers.includes(one.network));
    await this.consumers.arrange(network);
    const instances = body.sharesPartitions ? this.liveness.processesOf(network).working : undefined;
    return {
      code: '00',
      peers: [...peers, TEL],
      ids,
      ...(instances ? { instances } : {}),
      durable: this.bus.storage.isDurable,
    };
  }
}

function warningOf(ignored: string[]): Pick<SignOnAnswer, 'ignored'> {
  return ignored.length > 0 ? { ignored } : {};
}

/** @throws RequestProblem 31 unless the body names the network of the subject, which NATS has checked */
function speaker(context: RequestContext, claimed: Network): Network {
  const network = networkInSubject(context.subject);
  if (network === claimed) return network;
  const field = {
    path: 'network',
    expected: network,
    got: claimed,
    fix: `send network: "${network}", or use the credentials and the subject of ${claimed}`,
  };
  throw new RequestProblem('31', `network: ${network} signed on as ${claimed}. ${field.fix}`, {
    fields: [field],
  });
}
