/** The gateway dials us, logs in, delivers messages and reports, and leaves. */
import {
  SessionListener,
  systemClock,
  type Clock,
  type PeerRequest,
  type SessionConnection,
} from '#adapter-session';
import { backoff, tolerate, WrongProofs, type Log } from '#service';
import type { Deliveries, Delivery } from '../deliveries.js';
import { gatewayLimits } from '../gateway-session.js';
import { whyNot } from '../pdu.js';
import type { SgipSettings } from './sgip.config.js';
import { ANSWER, LOGIN_ANSWER } from './sgip.errors.js';
import { sgipCodec, type SgipBodies, type SgipFrame } from './sgip.pdu.js';
import { loginAnswer, reportOf, segmentOf, SGIP_PROTOCOL } from './sgip.protocol.js';

/** 3.1: a gateway may open several; between two gateways there are 15 at most. */
const MAX_CONNECTIONS = 16;
const LOGIN_MS = 10_000;
/** 3.1 allows 60 s. Gateways exist that hold their connection; this only finds those that are gone. */
const SILENT_MS = 120_000;

type Request = PeerRequest<SgipFrame>;
type ResponseName = Exclude<keyof SgipBodies & `${string}Response`, 'unbindResponse'>;
/** By the identifier of a command that cannot be read, what it wants to hear. */
const RESPONSE_TO = new Map<number, ResponseName>([
  [3, 'submitResponse'],
  [4, 'deliverResponse'],
  [5, 'reportResponse'],
]);

export class SgipInbound {
  private readonly listener: SessionListener<SgipFrame>;
  private readonly proofs: WrongProofs;
  private stopped = false;
  private cancelPause: () => void = () => undefined;

  constructor(
    private readonly settings: SgipSettings,
    private readonly deliveries: Deliveries,
    private readonly log: Log,
    private readonly clock: Clock = systemClock,
  ) {
    this.proofs = new WrongProofs({ place: 'sgip', log });
    this.listener = new SessionListener<SgipFrame>({
      protocol: SGIP_PROTOCOL,
      limits: gatewayLimits(settings.SMS_RESPONSE_MS, settings.SMS_WINDOW),
      log,
      maxConnections: MAX_CONNECTIONS,
      logInMs: LOGIN_MS,
      peerSilentMs: SILENT_MS,
      logIn: (request, connection) => this.logIn(request, connection),
      onRequest: (request, connection) => this.take(request, connection),
      clock,
    });
  }

  /** Until the port is free: that of a process which is just ending may be taken for a moment. Never rejects. */
  async listen(): Promise<void> {
    const { SMS_LISTEN_HOST: host, SMS_LISTEN_PORT: port } = this.settings;
    for (let attempt = 1; !this.stopped; attempt++) {
      const listening = await tolerate('port for an SGIP gateway', this.log, () =>
        this.listener.listen(port, host),
      );
      if (listening !== undefined) {
        this.log.info({ host, port: listening }, 'SGIP: waiting for the gateway');
        if (this.stopped) this.listener.stop();
        return;
      }
      await this.pause(backoff(attempt, 250, 30_000));
    }
  }

  stop(): void {
    this.stopped = true;
    this.cancelPause();
    this.listener.stop();
  }

  private pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.clock.after(delayMs, resolve);
      this.cancelPause = () => {
        cancel();
        resolve();
      };
    });
  }

  private async logIn(
    { frame: { pdu }, answer }: Request,
    { remoteAddress: address }: SessionConnection<SgipFrame>,
  ): Promise<boolean> {
    if (pdu.name !== 'bind') return false;
    const { name: account, password: secret } = pdu.body;
    const asked = loginAnswer(pdu.body, this.settings);
    const isRight = () => asked === LOGIN_ANSWER.accepted;
    const verdict = await this.proofs.check({ address, account, secret }, isRight);
    const result = verdict === 'wait' ? LOGIN_ANSWER.busy : asked;
    answer(sgipCodec.frame('bindResponse', pdu.sequence, { result, reserve: '' }));
    return result === LOGIN_ANSWER.accepted;
  }

  private async take(request: Request, connection: SessionConnection<SgipFrame>): Promise<void> {
    const { pdu, bytes } = request.frame;
    const answer = (name: ResponseName, result: number) =>
      request.answer(sgipCodec.frame(name, pdu.sequence, { result, reserve: '' }));
    switch (pdu.name) {
      case 'deliver':
        return answer(
          'deliverResponse',
          await this.taken(request, () => segmentOf(pdu.body, pdu.sequence, bytes)),
        );
      case 'report':
        return answer('reportResponse', await this.taken(request, () => reportOf(pdu.body)));
      case 'bind':
        return answer('bindResponse', LOGIN_ANSWER.repeated);
      case 'unbind':
        request.answer(sgipCodec.frame('unbindResponse', pdu.sequence, {}));
        return connection.close('the gateway ended the session');
      default: {
        const verdict = await this.deliveries.takeUnreadable(bytes, whyNot(pdu));
        const name = RESPONSE_TO.get(bytes.readUInt32BE(4));
        // 3.7.2.4.2: what is no command at all ends the connection.
        if (!name) return connection.close('a command that is not known');
        return answer(name, verdict === 'busy' ? ANSWER.busy : ANSWER.malformed);
      }
    }
  }

  /** @returns the result for the gateway */
  private async taken({ frame: { pdu, bytes } }: Request, read: () => Delivery): Promise<number> {
    const content = bytes.subarray(sgipCodec.headerBytes);
    const id = `${pdu.name} ${pdu.sequence}`;
    return ANSWER[await this.deliveries.take({ id, bytes, content, read })];
  }
}
