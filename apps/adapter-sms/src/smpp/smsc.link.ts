/**
 * SMPP 3.4 as SMSC: an aggregator connects to us. It submits what people write (submit_sm), and we deliver to it what is for them
 * (deliver_sm), under ids of ours, which receipts of the aggregator may name. It gets receipts of ours for messages that ask.
 */
import { randomUUID } from 'node:crypto';
import { Connectivity } from '#adapter-kit';
import { SessionListener, USUAL_LIMITS, type PeerRequest, type SessionConnection } from '#adapter-session';
import { HubError, toHubError } from '#protocol';
import {
  allDone,
  PeriodicTask,
  runInBackground,
  secretsEqual,
  tolerate,
  WrongProofs,
  type Log,
} from '#service';
import type { LinkEvents, Segment, SenderReceipt, SmsLink } from '../sms.link.js';
import { SEGMENT_BYTES, SERVICE_DIGITS } from './esme.link.js';
import { IncomingMessages } from './incoming.js';
import { bodyOf, formOf, receiptBody } from './outgoing.js';
import type { SmppSettings } from './smpp.config.js';
import { smppError } from './smpp.errors.js';
import {
  COMMAND,
  nack,
  readBind,
  requestPdu,
  responseTo,
  smppProtocol,
  STATUS,
  TAG,
  writeId,
  writeTag,
  type Bind,
  type SmppPdu,
} from './smpp.pdu.js';

const MOST_CONNECTIONS = 8;
const LOG_IN_MS = 5000;
const SYSTEM_ID = 'hutong';
const PEER = 'an SMPP aggregator';
const BINDS: ReadonlySet<number> = new Set([
  COMMAND.bindReceiver,
  COMMAND.bindTransmitter,
  COMMAND.bindTransceiver,
]);

export class SmscLink implements SmsLink {
  readonly connectivity = new Connectivity();
  readonly segmentBytes = SEGMENT_BYTES;
  readonly serviceDigits = SERVICE_DIGITS;
  readonly alphabets: SmsLink['alphabets'];
  private readonly listener: SessionListener<SmppPdu>;
  /** Bound in either direction; bounded by `MOST_CONNECTIONS`. */
  private bound: SessionConnection<SmppPdu>[] = [];
  /** Those that receive; bounded by `MOST_CONNECTIONS`. */
  private receivers: SessionConnection<SmppPdu>[] = [];
  private incoming: IncomingMessages | undefined;
  private enquiries: PeriodicTask | undefined;
  private turn = 0;
  private readonly proofs: WrongProofs;
  private readonly numbers = new WeakMap<SessionConnection<SmppPdu>, number>();
  private numbered = 1;
  /** Where it listens; for a setting of 0 another one. */
  port = 0;

  constructor(
    private readonly settings: SmppSettings,
    private readonly log: Log,
  ) {
    this.proofs = new WrongProofs({ place: 'smpp', log });
    this.alphabets = [settings.SMS_DEFAULT_ALPHABET, 'ucs2'];
    this.listener = new SessionListener<SmppPdu>({
      protocol: smppProtocol(PEER),
      limits: { ...USUAL_LIMITS, window: settings.SMS_WINDOW, responseMs: settings.SMS_RESPONSE_MS },
      log,
      maxConnections: MOST_CONNECTIONS,
      logInMs: LOG_IN_MS,
      logIn: (request, connection) => this.bind(request, connection),
      onRequest: (request, connection) =>
        this.incoming?.take(request, this.numberOf(connection)) ??
        request.answer(nack(request.frame, STATUS.temporary)),
      onClosed: (connection) => this.closed(connection),
    });
  }

  start(events: LinkEvents): void {
    const { SMS_HOST, SMS_PORT, SMS_RECEIPT_IDS: receiptIds, SMS_ENQUIRE_MS } = this.settings;
    const { log } = this;
    const options = { form: formOf(this.settings), receiptIds, givesReceipts: true, log };
    this.incoming = new IncomingMessages(options, events);
    this.enquiries = new PeriodicTask(SMS_ENQUIRE_MS, () => this.enquire(), 'enquire_link', log);
    runInBackground('listener for aggregators', log, async () => {
      this.port = await this.listener.listen(SMS_PORT, SMS_HOST);
      log.info({ port: this.port }, 'SMS: aggregators may connect');
    });
  }

  async stop(): Promise<void> {
    await this.enquiries?.stop();
    this.listener.stop();
  }

  /** @returns our own id: the response to deliver_sm has none (4.6.2) */
  async submit(segment: Segment): Promise<string> {
    const id = randomUUID();
    await this.deliver(bodyOf(segment, this.settings, id));
    return id;
  }

  async tellSender(receipt: SenderReceipt): Promise<void> {
    await this.incoming?.answered(receipt.id);
    try {
      await this.deliver(receiptBody(receipt, this.settings));
    } catch (thrown) {
      const error = toHubError(thrown);
      // A receipt names its message, so that one which comes twice changes nothing.
      throw error.code === '103' ? new HubError('91', error.detail) : error;
    }
  }

  private async deliver(body: Buffer): Promise<void> {
    const connection = this.receivers[this.turn++ % Math.max(this.receivers.length, 1)];
    if (!connection) throw new HubError('91', 'no aggregator is connected');
    const response = await connection.request(requestPdu(COMMAND.deliver, body));
    if (response.status !== STATUS.ok) throw smppError('deliver_sm', response.status);
  }

  private async bind(
    { frame, answer }: PeerRequest<SmppPdu>,
    connection: SessionConnection<SmppPdu>,
  ): Promise<boolean> {
    const refuse = (response: SmppPdu) => {
      answer(response);
      return false;
    };
    if (!BINDS.has(frame.command)) return refuse(nack(frame, STATUS.wrongState));
    let asked: Bind;
    try {
      asked = readBind(frame);
    } catch (thrown) {
      this.log.debug({ reason: toHubError(thrown).detail }, 'SMS: a bind that cannot be read');
      return refuse(responseTo(frame, STATUS.bindFailed));
    }
    const { systemId: account, password: secret } = asked;
    const claim = { address: connection.remoteAddress, account, secret };
    const verdict = await this.proofs.check(claim, () => this.isAccount(asked));
    // The password may be right: the aggregator is to try it again.
    if (verdict === 'wait') return refuse(responseTo(frame, STATUS.bindFailed));
    if (verdict === 'wrong') return refuse(responseTo(frame, STATUS.wrongPassword));
    if (!connection.open) return false;
    answer(
      responseTo(
        frame,
        STATUS.ok,
        Buffer.concat([writeId(SYSTEM_ID), writeTag(TAG.version, Buffer.of(0x34))]),
      ),
    );
    this.bound = [...this.bound, connection];
    if (frame.command === COMMAND.bindTransmitter) return true;
    this.receivers = [...this.receivers, connection];
    this.connectivity.connected = true;
    return true;
  }

  private isAccount({ systemId, password }: Bind): boolean {
    const { SMS_SYSTEM_ID, SMS_PASSWORD } = this.settings;
    return secretsEqual(systemId, SMS_SYSTEM_ID) && secretsEqual(password, SMS_PASSWORD);
  }

  private closed(connection: SessionConnection<SmppPdu>): void {
    this.bound = this.bound.filter((one) => one !== connection);
    this.receivers = this.receivers.filter((one) => one !== connection);
    this.connectivity.connected = this.receivers.length > 0;
    this.incoming?.broken(this.numberOf(connection));
  }

  private numberOf(connection: SessionConnection<SmppPdu>): number {
    const number = this.numbers.get(connection) ?? this.numbered++;
    this.numbers.set(connection, number);
    return number;
  }

  /** Finds connections that are dead without having been closed. */
  private async enquire(): Promise<void> {
    await allDone(
      this.bound.map(async (connection) => {
        const alive = await tolerate('enquire_link', this.log, () =>
          connection.request(requestPdu(COMMAND.enquireLink), { outsideWindow: true }),
        );
        if (!alive) connection.close('no answer to enquire_link');
      }),
    );
  }
}
