/** We dial the gateway to submit: when there is a message, and until none came for a while. */
import { randomInt } from 'node:crypto';
import { Session, systemClock, type MakeFrame, type SessionConnection } from '#adapter-session';
import { Connectivity } from '#adapter-kit';
import { HubError } from '#protocol';
import { guarded, runInBackground, tolerate, type Log } from '#service';
import { monthToSecond } from '../beijing-time.js';
import type { SessionSeams } from '../duplex-link.js';
import { gatewayLimits, sendMessage } from '../gateway-session.js';
import { whyNot } from '../pdu.js';
import type { SgipSettings } from './sgip.config.js';
import { resultError } from './sgip.errors.js';
import { sgipCodec, sgipSequence, type SgipFrame } from './sgip.pdu.js';
import { bindOf, SGIP_PROTOCOL } from './sgip.protocol.js';

/** Time to say goodbye, ms. */
const UNBIND_MS = 1000;
const COUNTS = 2 ** 32;

export class SgipOutbound {
  /** Also true without a connection, when it was ended because there was nothing to send. */
  readonly connectivity = new Connectivity();
  private readonly session: Session<SgipFrame>;
  /**
   * Of all connections, and begun anywhere: if it began anew with each connection or process, two messages of one second could
   * have the same number, and the reports about them would be mixed up.
   */
  private count = randomInt(COUNTS);
  private inHand = 0;
  private cancelIdle: () => void = () => undefined;
  private coming: Promise<void> | undefined;
  private leaving: Promise<void> | undefined;

  constructor(
    private readonly settings: SgipSettings,
    private readonly log: Log,
    /** What the gateway may ask on this connection. */
    onRequest: (frame: SgipFrame) => Promise<void>,
    private readonly seams: SessionSeams<SgipFrame> = {},
  ) {
    this.session = new Session<SgipFrame>({
      protocol: SGIP_PROTOCOL,
      limits: gatewayLimits(settings.SMS_RESPONSE_MS, settings.SMS_WINDOW),
      log,
      logFields: { account: settings.SMS_ACCOUNT },
      endpoint: () => ({ host: settings.SMS_HOST, port: settings.SMS_PORT }),
      logIn: (connection) => this.logIn(connection),
      async onRequest({ frame, answer }) {
        if (frame.pdu.name === 'unbind') answer(sgipCodec.frame('unbindResponse', frame.pdu.sequence, {}));
        else await onRequest(frame);
      },
      signOff: (connection) =>
        connection.request(this.unbind, { outsideWindow: true, responseMs: UNBIND_MS }),
      ...seams,
    });
    this.session.on('up', () => {
      this.connectivity.connected = true;
      this.leaveWhenIdle();
    });
    this.session.on('down', () => {
      this.cancelIdle();
      if (!this.leaving) this.connectivity.connected = false;
    });
  }

  run(): Promise<void> {
    return this.session.run();
  }

  async stop(): Promise<void> {
    this.cancelIdle();
    await this.session.stop();
  }

  /** @returns the response @throws HubError 91 not sent · 103 sent, and no answer came */
  async send(make: (sequence: string) => SgipFrame): Promise<SgipFrame> {
    this.inHand++;
    this.cancelIdle();
    try {
      await this.untilUp();
      return await sendMessage(this.session, this.numbered(make));
    } finally {
      this.inHand--;
      this.leaveWhenIdle();
    }
  }

  private readonly unbind: MakeFrame<SgipFrame> = () => sgipCodec.frame('unbind', this.nextSequence(), {});

  private numbered(make: (sequence: string) => SgipFrame): MakeFrame<SgipFrame> {
    return () => make(this.nextSequence());
  }

  private nextSequence(): string {
    const sequence = sgipSequence(this.settings.SMS_NODE, monthToSecond(new Date()), this.count);
    this.count = (this.count + 1) % COUNTS;
    return sequence;
  }

  private async logIn(connection: SessionConnection<SgipFrame>): Promise<void> {
    const bind = this.numbered((sequence) => sgipCodec.frame('bind', sequence, bindOf(this.settings)));
    const { pdu } = await connection.request(bind, { outsideWindow: true });
    if (pdu.name !== 'bindResponse') throw new HubError('30', `SGIP answered the login with: ${whyNot(pdu)}`);
    if (pdu.body.result !== 0) throw resultError(pdu.body.result, 'login');
  }

  /** @throws HubError 91 when the next attempt fails, or there is none in time */
  private async untilUp(): Promise<void> {
    await this.leaving;
    if (this.session.state === 'up') return;
    this.coming ??= this.nextAttempt().finally(() => (this.coming = undefined));
    this.session.resume();
    await this.coming;
  }

  private nextAttempt(): Promise<void> {
    const { clock = systemClock } = this.seams;
    return new Promise((resolve, reject) => {
      const end = (error?: HubError) => {
        cancel();
        this.session.off('up', isUp).off('down', failed);
        if (error) reject(error);
        else resolve();
      };
      const isUp = () => end();
      const failed = () => end(new HubError('91', 'the gateway of SGIP cannot be reached'));
      const cancel = clock.after(this.settings.SMS_RESPONSE_MS, failed);
      this.session.on('up', isUp).on('down', failed);
    });
  }

  private leaveWhenIdle(): void {
    const { clock = systemClock } = this.seams;
    this.cancelIdle();
    if (this.inHand > 0 || this.session.state !== 'up') return;
    this.cancelIdle = clock.after(
      this.settings.SMS_IDLE_MS,
      guarded('idle connection to an SGIP gateway', this.log, () => this.leave()),
    );
  }

  /** 3.1: whoever has nothing more to send ends the connection. */
  private leave(): void {
    if (this.leaving) return;
    this.leaving = this.signOff().finally(() => (this.leaving = undefined));
    runInBackground('idle connection to an SGIP gateway', this.log, () => this.leaving);
  }

  private async signOff(): Promise<void> {
    await tolerate('unbind from an SGIP gateway', this.log, () =>
      this.session.request(this.unbind, { outsideWindow: true, responseMs: UNBIND_MS }),
    );
    this.session.halt('nothing to send');
  }
}
