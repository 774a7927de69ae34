/** A number at a carrier on the hub, through which people write to everybody by SMS. */
import { Connectivity } from '#adapter-kit';
import type {
  Adapter,
  Delivered,
  DeliveryContext,
  Hub,
  MessageRef,
  NativeProfile,
  Profiling,
  ReceiptDelivering,
  ReportShowing,
  Resolving,
} from '#adapter-kit';
import { Correspondents } from '#bot-contacts';
import { HubError, nativeOf, reportWords } from '#protocol';
import type { Address, MessageEvent, Network, ReportEvent, ResolveReply, ResultCode } from '#protocol';
import { allDone } from '#service';
import { plainWords } from '#text';
import { ConversationCodes } from './conversation-codes.js';
import { serviceNumber } from './from-canonical.js';
import { Inbound } from './inbound.js';
import { Permissions } from './permissions.js';
import { Rates } from './rates.js';
import { Reports } from './reports.js';
import { SenderReceipts } from './sender-receipts.js';
import { Sending } from './sending.js';
import { RECEIPT_CAPABILITIES, SMS_CAPABILITIES, type SmsSettings } from './sms.config.js';
import type { SmsLink } from './sms.link.js';
import { isPerson } from './to-canonical.js';

/** What exists between `start` and `stop`. */
interface Running {
  contacts: Correspondents;
  codes: ConversationCodes;
  permissions: Permissions;
  sending: Sending;
  reports: Reports;
  receipts: SenderReceipts;
  inbound: Inbound;
}

/** Words to one person, from somebody. */
interface Said {
  from: MessageEvent['data']['from'];
  to: Address;
  words: string;
  key: string;
  uncertain?: boolean;
}

export class SmsAdapter implements Adapter, Profiling, ReportShowing, Resolving {
  /** Where the gateway asks what became of messages of people. */
  readonly deliverReceipt?: ReceiptDelivering['deliverReceipt'];
  /** A link of a carrier is one login, and the wishes of people are kept in the memory of the process. */
  readonly worksAlone = true;
  private running: Running | undefined;
  private readonly stopping = new AbortController();

  constructor(
    readonly network: Network,
    private readonly settings: SmsSettings,
    readonly link: SmsLink,
  ) {
    if (!link.tellSender) return;
    this.deliverReceipt = async (_event, targets) => {
      for (const target of targets) await this.tellSender(target, '00');
    };
  }

  capabilities() {
    return this.deliverReceipt ? RECEIPT_CAPABILITIES : SMS_CAPABILITIES;
  }

  get connectivity(): Connectivity {
    return this.link.connectivity;
  }

  async start(hub: Hub): Promise<void> {
    const { network, settings, link } = this;
    const { signal: stopping } = this.stopping;
    const { SMS_PER_SECOND: perSecond, SMS_PER_NUMBER: perNumber } = settings;
    const rates = new Rates({ memory: hub.memory, perSecond, perNumber, stopping });
    const sending = new Sending({ hub, link, rates, settings });
    const permissions = new Permissions({ memory: hub.memory, settings });
    const codes = new ConversationCodes(hub.memory, this.suffixDigits);
    const contacts = new Correspondents(hub, SMS_CAPABILITIES.language);
    const reports = new Reports({ hub, stopping });
    const receipts = new SenderReceipts({
      memory: hub.recent,
      link,
      log: hub.log,
      stopping,
      gaveUp: (native) =>
        hub.notCarried({ kind: 'unanswered', why: 'the gateway took no receipt for 48 hours', native }),
    });
    const inbound = new Inbound({
      network,
      hub,
      settings,
      contacts,
      codes,
      permissions,
      receipts,
      say: async (person, service, text, key) => {
        const sent = await sending.send({ person, service, text, key });
        reports.areOfAccount(sent.native);
        return sent;
      },
    });
    this.running = { contacts, codes, permissions, sending, reports, receipts, inbound };
    await inbound.start();
    receipts.start();
    link.start({
      onSegment: (segment) => inbound.take(segment),
      onReport: (report) => reports.take(report),
      onUnreadable: (native, why) => {
        hub.notCarried({ kind: 'unreadable', why, native });
        return Promise.resolve();
      },
    });
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.link.stop();
    await this.running?.inbound.stop();
  }

  async deliver(
    { data }: MessageEvent,
    { idempotencyKey: key, uncertain }: DeliveryContext,
  ): Promise<Delivered> {
    const { from, to, content } = data;
    return this.say({ from, to, words: plainWords(content.body), key, uncertain });
  }

  /** In words to the person, and by a receipt where the gateway asked: each is done though the other one fails. */
  async showReport({ id: key, data }: ReportEvent, target: MessageRef | undefined): Promise<void> {
    const { from, to, code } = data;
    const words = reportWords(code, SMS_CAPABILITIES.language);
    const inWords = async () => {
      const { native } = await this.say({ from, to, words, key });
      this.on().reports.areOfAccount(native);
    };
    await allDone([target ? this.tellSender(target, code) : Promise.resolve(), inWords()]);
  }

  profileOf(address: Address): Promise<NativeProfile> {
    return Promise.resolve({ fallbackName: `+${personOf(address)}` });
  }

  /** A carrier does not say whether a number exists. */
  resolve(address: Address): Promise<ResolveReply> {
    const isKnown = isPerson(nativeOf(address));
    return Promise.resolve({ code: isKnown ? '00' : '14' });
  }

  /** The id of a message of a person is that of its first segment. */
  private async tellSender({ native: [id] }: MessageRef, code: ResultCode): Promise<void> {
    if (id !== undefined) await this.on().receipts.tell(id, code);
  }

  private async say({ from, to, words, key, uncertain }: Said): Promise<Delivered> {
    const { contacts, codes, permissions, sending } = this.on();
    const person = personOf(to);
    await permissions.check(person);
    const number = await codes.numberOf(to, from.address);
    const service = serviceNumber(this.settings.SMS_CODE, number, this.suffixDigits);
    return contacts.say(to, from, words, (text) => sending.send({ person, service, text, key, uncertain }));
  }

  /** 0 where our number has no room for more. */
  private get suffixDigits(): number {
    const { SMS_CODE, SMS_SUFFIX_DIGITS } = this.settings;
    return SMS_CODE.length + SMS_SUFFIX_DIGITS <= this.link.serviceDigits ? SMS_SUFFIX_DIGITS : 0;
  }

  private on(): Running {
    if (!this.running) throw new HubError('91', 'the adapter has not started');
    return this.running;
  }
}

/** @throws HubError 14 for an id that nobody can have */
function personOf(address: Address): string {
  const native = nativeOf(address);
  if (isPerson(native)) return native;
  throw new HubError('14', 'a person is a telephone number with its country code, in digits');
}
