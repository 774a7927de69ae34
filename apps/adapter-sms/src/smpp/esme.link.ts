/** SMPP 3.4 as ESME: we connect to the gateway (SMSC), as transceiver, or once for each direction. */
import { Connectivity } from '#adapter-kit';
import { Session, USUAL_LIMITS, type MakeFrame, type SessionConnection } from '#adapter-session';
import { toHubError } from '#protocol';
import { runInBackground, tolerate, type Log } from '#service';
import type { LinkEvents, Segment, SmsLink } from '../sms.link.js';
import { IncomingMessages } from './incoming.js';
import { bodyOf, formOf } from './outgoing.js';
import { canonicalId } from './receipts.js';
import type { SmppSettings } from './smpp.config.js';
import { smppError } from './smpp.errors.js';
import {
  COMMAND,
  nack,
  readId,
  requestPdu,
  smppProtocol,
  STATUS,
  writeBind,
  type SmppPdu,
} from './smpp.pdu.js';

type Options = Pick<ConstructorParameters<typeof Session<SmppPdu>>[0], 'dial' | 'clock' | 'reconnectDelayMs'>;

/** 140 bytes on the air; the header with an 8-bit reference takes six of them. */
export const SEGMENT_BYTES = { single: 140, joined: 134 } as const;
/** A number has 20 digits and a NUL (4.4.1). */
export const SERVICE_DIGITS = 20;
const SIGN_OFF_MS = 1000;
const PEER = 'the SMPP gateway';

export class EsmeLink implements SmsLink {
  readonly connectivity = new Connectivity();
  readonly segmentBytes = SEGMENT_BYTES;
  readonly serviceDigits = SERVICE_DIGITS;
  readonly alphabets: SmsLink['alphabets'];
  private readonly sender: Session<SmppPdu>;
  private readonly receiver: Session<SmppPdu> | undefined;
  private incoming: IncomingMessages | undefined;
  /** Number of the connection on which messages come. */
  private connection = 1;
  private enquires = false;

  constructor(
    private readonly settings: SmppSettings,
    private readonly log: Log,
    private readonly options: Options = {},
  ) {
    this.alphabets = [settings.SMS_DEFAULT_ALPHABET, 'ucs2'];
    const isOne = settings.SMS_BIND === 'transceiver';
    this.sender = this.session(isOne ? COMMAND.bindTransceiver : COMMAND.bindTransmitter);
    this.receiver = isOne ? undefined : this.session(COMMAND.bindReceiver);
    this.sender.on('up', () => (this.connectivity.connected = true));
    this.sender.on('down', () => (this.connectivity.connected = false));
    (this.receiver ?? this.sender).on('down', () => this.incoming?.broken(this.connection++));
  }

  start(events: LinkEvents): void {
    const { SMS_RECEIPT_IDS: receiptIds } = this.settings;
    const { log } = this;
    const options = { form: formOf(this.settings), receiptIds, givesReceipts: false, log };
    this.incoming = new IncomingMessages(options, events);
    for (const session of this.sessions)
      runInBackground('session with a gateway', this.log, () => session.run());
  }

  async stop(): Promise<void> {
    await Promise.all(this.sessions.map((session) => session.stop()));
  }

  async submit(segment: Segment): Promise<string> {
    const response = await this.answerTo(requestPdu(COMMAND.submit, bodyOf(segment, this.settings)));
    if (response.status !== STATUS.ok) throw smppError('submit_sm', response.status);
    return canonicalId(readId(response), this.settings.SMS_RESPONSE_IDS);
  }

  /** A message without an answer may be one that is slow, or the first of a gateway that is dead: then none is sent to it any more. */
  private async answerTo(message: MakeFrame<SmppPdu>): Promise<SmppPdu> {
    try {
      return await this.sender.request(message);
    } catch (thrown) {
      if (toHubError(thrown).code === '103')
        runInBackground('enquiry after a message without an answer', this.log, () => this.enquire());
      throw thrown;
    }
  }

  private async enquire(): Promise<void> {
    if (this.enquires || this.sender.state !== 'up') return;
    this.enquires = true;
    const ask = () => this.sender.request(requestPdu(COMMAND.enquireLink), { outsideWindow: true });
    const answer = await tolerate('enquire_link', this.log, ask);
    this.enquires = false;
    if (!answer) this.sender.hangUp('the gateway answers nothing');
  }

  private get sessions(): Session<SmppPdu>[] {
    return this.receiver ? [this.sender, this.receiver] : [this.sender];
  }

  private session(bind: number): Session<SmppPdu> {
    const { SMS_HOST: host, SMS_PORT: port, SMS_SYSTEM_ID: account, ...settings } = this.settings;
    return new Session<SmppPdu>({
      protocol: smppProtocol(PEER),
      limits: { ...USUAL_LIMITS, window: settings.SMS_WINDOW, responseMs: settings.SMS_RESPONSE_MS },
      log: this.log,
      logFields: { account },
      endpoint: () => ({ host, port }),
      logIn: (connection) => this.bind(connection, bind),
      onRequest: (request) =>
        this.incoming?.take(request, this.connection) ??
        request.answer(nack(request.frame, STATUS.temporary)),
      keepAlive: {
        everyMs: settings.SMS_ENQUIRE_MS,
        onlyWhenIdle: true,
        make: requestPdu(COMMAND.enquireLink),
      },
      signOff: (connection) =>
        connection.request(requestPdu(COMMAND.unbind), { responseMs: SIGN_OFF_MS, outsideWindow: true }),
      ...this.options,
    });
  }

  private async bind(connection: SessionConnection<SmppPdu>, command: number): Promise<void> {
    const { SMS_SYSTEM_ID: systemId, SMS_PASSWORD: password, SMS_SYSTEM_TYPE: systemType } = this.settings;
    const body = writeBind({ systemId, password, systemType });
    const { status } = await connection.request(requestPdu(command, body), { outsideWindow: true });
    if (status !== STATUS.ok) throw smppError('bind', status);
  }
}
