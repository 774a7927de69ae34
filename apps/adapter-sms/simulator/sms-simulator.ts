/** A carrier with one service, its gateway in one of four protocols, and people with plain telephones. */
import { UsersApi, type SimulatedNetwork } from '#simulators';
import type { Alphabet } from './alphabets.js';
import { RESULT as CMPP_RESULT } from './cmpp-packets.js';
import { Exchange } from './exchange.js';
import { SmsFaults } from './faults.js';
import { CarrierPort, type Gateway, type LinkTimes, type Surroundings } from './gateway.js';
import type { Handset } from './handset.js';
import { Intake } from './intake.js';
import { CmppGateway } from './ismg-cmpp.js';
import { Outbox } from './outbox.js';
import { RESULT as SGIP_RESULT } from './sgip-packets.js';
import { FULL, type Room } from './carried-message.js';
import { SgipGateway } from './smg-sgip.js';
import { STATUS as SMGP_STATUS, type ReportHabits } from './smgp-packets.js';
import { SmgpGateway } from './smgw-smgp.js';
import { STATUS as SMPP_STATUS } from './smpp-numbers.js';
import { SmppAggregator } from './smpp-aggregator.js';
import { SmppCentre, type SmppHabits } from './smsc-smpp.js';

export type SmsProtocol = 'smpp' | 'cmpp' | 'sgip' | 'smgp';

export interface SmsOptions extends Partial<LinkTimes>, Partial<SmppHabits>, Partial<ReportHabits> {
  protocol: SmsProtocol;
  /** For the service; a free port, if absent. */
  carrierPort?: number;
  /** For the people's HTTP API; without it the simulator has none. */
  port?: number;
  /** Name with which the service logs in: system_id, Source_Addr, LoginName, ClientID. */
  account: string;
  secret: string;
  /** Digits of the service; every number that begins with them is the service's. */
  service: string;
  /** In which handsets write, the first one that has all characters; by the protocol, if absent. */
  alphabets?: readonly Alphabet[];
  /** Width of the reference in the parts of a long text; 8, if absent. */
  referenceBits?: 8 | 16;
  /** How a gateway of China writes mobile numbers; `national`: without 86. With it, if absent, and always in SMPP. */
  numbers?: 'international' | 'national';
  /** SMPP: `client`, if the service has the centre, to which the carrier connects. */
  side?: 'centre' | 'client';
  /** Where the service listens, on the loopback interface: SGIP, and the client's side of SMPP; `dial` tells it later. */
  servicePort?: number;
  /** Time for the answer to a message or report, ms. */
  answerMs?: number;
  /** Time until a message is sent again after the service was busy, ms. */
  retryMs?: number;
}

const HABITS: Record<SmsProtocol, { alphabets: readonly Alphabet[]; room: Room; busy: number }> = {
  smpp: { alphabets: ['gsm7', 'ucs2'], room: FULL, busy: SMPP_STATUS.throttled },
  // Msg_Length: less than 160 for the format 0.
  cmpp: { alphabets: ['ascii', 'ucs2'], room: { seven: 159, eight: 140 }, busy: CMPP_RESULT.flow },
  sgip: { alphabets: ['ascii', 'ucs2'], room: FULL, busy: SGIP_RESULT.busy },
  // MsgLength: at most 140 for every format.
  smgp: { alphabets: ['ascii', 'gb18030'], room: { seven: 140, eight: 140 }, busy: SMGP_STATUS.busy },
};

export class SmsSimulator implements SimulatedNetwork {
  readonly name = 'sms';
  readonly faults = new SmsFaults();
  private readonly outbox: Outbox;
  private readonly exchange: Exchange;
  private readonly intake: Intake;
  private readonly gateway: Gateway;
  private door: CarrierPort | undefined;
  private api: UsersApi | undefined;

  private constructor(private readonly options: SmsOptions) {
    const { service, answerMs = 5000, retryMs = 200, referenceBits = 8 } = options;
    const { alphabets, room, busy } = HABITS[options.protocol];
    this.outbox = new Outbox({ answerMs, retryMs });
    this.exchange = new Exchange(
      {
        service,
        alphabets: options.alphabets ?? alphabets,
        referenceBits,
        room,
        inChina: options.protocol !== 'smpp',
      },
      this.faults,
      (message) => this.gateway.message(message),
    );
    this.intake = new Intake(this.exchange, this.faults, busy);
    this.gateway = this.gatewayFor(room);
  }

  private gatewayFor(room: Room): Gateway {
    const { options, outbox, intake, faults } = this;
    const { loginMs = 5000, keepAliveMs = 60_000, silentTimes = 3, numbers = 'international' } = options;
    const around: Surroundings = {
      account: options,
      outbox,
      intake,
      faults,
      times: { loginMs, keepAliveMs, silentTimes },
      room,
      spelled: (handset) => (numbers === 'national' ? handset.replace(/^86(?=1\d{10}$)/, '') : handset),
    };
    switch (options.protocol) {
      case 'smpp': {
        const { standard = 'gsm7', responseIds = 'decimal', receiptIds = 'decimal' } = options;
        const { receiptTags = true } = options;
        if (options.side === 'client') return new SmppAggregator(around, standard);
        return new SmppCentre(around, { standard, responseIds, receiptIds, receiptTags });
      }
      case 'cmpp':
        return new CmppGateway(around);
      case 'smgp':
        return new SmgpGateway(around, {
          labels: options.labels ?? 'lower',
          reportIds: options.reportIds ?? 'raw',
        });
      case 'sgip':
        return new SgipGateway(around);
    }
  }

  static async open(options: SmsOptions): Promise<SmsSimulator> {
    const simulator = new SmsSimulator(options);
    const { gateway } = simulator;
    if (gateway.accept)
      simulator.door = await CarrierPort.open(options.carrierPort ?? 0, (socket) => gateway.accept?.(socket));
    if (options.servicePort !== undefined) simulator.dial(options.servicePort);
    if (options.port !== undefined)
      simulator.api = await UsersApi.open(new Map([[simulator.name, simulator]]), options.port);
    return simulator;
  }

  /** Where the service connects. */
  get carrierPort(): number {
    return this.door?.port ?? 0;
  }

  /** The people's API. @throws Error if the simulator was opened without a port for it */
  get url(): string {
    if (!this.api) throw new Error("the people's API has no port");
    return this.api.url;
  }

  get service(): string {
    return this.options.service;
  }

  /** Links over which the service is logged in. */
  get links(): number {
    return this.gateway.links;
  }

  /** Segments that were submitted and accepted, and those whose acceptance the service did not hear of. */
  get taken(): number {
    return this.intake.taken;
  }

  /** Finds the person, or makes one. @throws Error for what is no number */
  person(native: string): Handset {
    return this.exchange.person(native);
  }

  people(): Handset[] {
    return [...this.exchange.people.values()];
  }

  /** The service listens on this port. @throws Error if this carrier does not dial */
  dial(port: number): void {
    const { dialer, lingers } = this.gateway;
    if (!dialer) throw new Error(`a carrier with ${this.options.protocol} does not dial`);
    dialer.port = port;
    if (lingers) dialer.dial();
    else this.outbox.pump();
  }

  /** Cuts every link. */
  disconnect(): void {
    this.gateway.disconnect();
  }

  /** Resolves when the service has acknowledged all messages and reports. */
  async idle(): Promise<void> {
    await this.outbox.idle();
  }

  async close(): Promise<void> {
    this.outbox.close();
    this.gateway.dialer?.close();
    await this.door?.close();
    await this.api?.close();
  }
}
