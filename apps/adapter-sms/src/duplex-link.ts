/** A link of one connection that both sides send messages on, as those of CMPP and SMGP are. */
import {
  Session,
  type MakeFrame,
  type PeerRequest,
  type SessionConnection,
  type SessionOptions,
  type SessionProtocol,
} from '#adapter-session';
import { Connectivity } from '#adapter-kit';
import { runInBackground, type Log } from '#service';
import { Deliveries } from './deliveries.js';
import { ATTEMPTS, followConnectivity, gatewayLimits, sendMessage } from './gateway-session.js';
import { SEGMENT_BYTES, SERVICE_DIGITS, TEXT_ALPHABETS } from './message-format.js';
import type { LinkEvents, Segment, SmsLink } from './sms.link.js';

/** What one of the protocols says, and what it means by what the gateway says. */
export interface Dialect<Frame> {
  protocol: SessionProtocol<Frame>;
  /** @throws HubError when the gateway refuses */
  logIn: (connection: SessionConnection<Frame>) => Promise<void>;
  activeTest: MakeFrame<Frame>;
  goodbye: MakeFrame<Frame>;
  /** @throws HubError 12, 30 or 61 when the segment has no room or no name in this protocol */
  submit: (segment: Segment) => MakeFrame<Frame>;
  /** @returns the gateway's id @throws HubError when it refused the segment, and 103 when its answer cannot be read */
  submitted: (response: Frame, deliveries: Deliveries) => Promise<string>;
  /** Answers a request of the gateway. @returns true when the session ends with it */
  take: (request: PeerRequest<Frame>, deliveries: Deliveries) => Promise<boolean>;
}

export interface DuplexSettings {
  SMS_HOST: string;
  SMS_PORT: number;
  SMS_ACCOUNT: string;
  SMS_WINDOW: number;
  SMS_RESPONSE_MS: number;
  SMS_KEEPALIVE_MS: number;
}

export type SessionSeams<Frame> = Pick<SessionOptions<Frame>, 'clock' | 'dial'>;

/** Time to say goodbye, ms. */
const GOODBYE_MS = 1000;

export class DuplexLink<Frame> implements SmsLink {
  readonly connectivity = new Connectivity();
  readonly segmentBytes = SEGMENT_BYTES;
  readonly alphabets = TEXT_ALPHABETS;
  readonly serviceDigits = SERVICE_DIGITS;
  private readonly deliveries: Deliveries;
  private readonly session: Session<Frame>;

  constructor(
    private readonly dialect: Dialect<Frame>,
    settings: DuplexSettings,
    private readonly log: Log,
    seams: SessionSeams<Frame> = {},
  ) {
    this.deliveries = new Deliveries(log);
    this.session = new Session<Frame>({
      protocol: dialect.protocol,
      limits: gatewayLimits(settings.SMS_RESPONSE_MS, settings.SMS_WINDOW),
      log,
      logFields: { account: settings.SMS_ACCOUNT },
      endpoint: () => ({ host: settings.SMS_HOST, port: settings.SMS_PORT }),
      logIn: dialect.logIn,
      onRequest: (request) => this.take(request),
      keepAlive: {
        everyMs: settings.SMS_KEEPALIVE_MS,
        onlyWhenIdle: true,
        attempts: ATTEMPTS,
        make: dialect.activeTest,
      },
      signOff: (connection) =>
        connection.request(dialect.goodbye, { outsideWindow: true, responseMs: GOODBYE_MS }),
      ...seams,
    });
    followConnectivity(this.session, this.connectivity);
  }

  start(events: LinkEvents): void {
    this.deliveries.start(events);
    runInBackground('link to a gateway', this.log, () => this.session.run());
  }

  stop(): Promise<void> {
    return this.session.stop();
  }

  async submit(segment: Segment): Promise<string> {
    const response = await sendMessage(this.session, this.dialect.submit(segment));
    return this.dialect.submitted(response, this.deliveries);
  }

  private async take(request: PeerRequest<Frame>): Promise<void> {
    if (await this.dialect.take(request, this.deliveries))
      this.session.hangUp('the gateway ended the session');
  }
}
