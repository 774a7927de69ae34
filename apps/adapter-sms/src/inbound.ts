/** What people send: joined from segments, and passed on to whom it is for. */
import { createHash, randomUUID } from 'node:crypto';
import type { Delivered, Hub } from '#adapter-kit';
import { recordRefusal, type Correspondents } from '#bot-contacts';
import { plainText, reportWords, type Address, type Network } from '#protocol';
import { PeriodicTask, tolerate } from '#service';
import type { ConversationCodes } from './conversation-codes.js';
import type { Permissions } from './permissions.js';
import type { SenderReceipts } from './sender-receipts.js';
import { SMS_CAPABILITIES, type SmsSettings } from './sms.config.js';
import type { IncomingSegment } from './sms.link.js';
import type { JoinedText } from './text/open-texts.js';
import { decode } from './text/alphabets.js';
import { Reassembly } from './text/reassembly.js';
import { senderOf, suffixOf, wishIn } from './to-canonical.js';
import { wishAnswer } from './wishes.js';

export interface InboundOptions {
  network: Network;
  hub: Hub;
  settings: Pick<
    SmsSettings,
    'SMS_CODE' | 'SMS_SUFFIX_DIGITS' | 'SMS_OPT_OUT' | 'SMS_OPT_IN' | 'SMS_JOIN_MS'
  >;
  contacts: Pick<Correspondents, 'read'>;
  codes: Pick<ConversationCodes, 'correspondentOf'>;
  permissions: Permissions;
  receipts: SenderReceipts;
  /** Words of the account itself. @param service the number that the person wrote to */
  say: (person: string, service: string, text: string, key: string) => Promise<Delivered>;
}

/** A whole text. */
interface Received {
  id: string;
  ids?: string[];
  person: string;
  from: Address;
  /** To which of our numbers. */
  service: string;
  /** undefined: no text. */
  text: string | undefined;
  native: string;
}

const SWEEP_MS = 1000;
const { language } = SMS_CAPABILITIES;

export class Inbound {
  private readonly reassembly: Reassembly;
  private sweeps: PeriodicTask | undefined;

  constructor(private readonly options: InboundOptions) {
    const { hub, settings } = options;
    this.reassembly = new Reassembly({ memory: hub.recent, waitMs: settings.SMS_JOIN_MS });
  }

  async start(): Promise<void> {
    await this.reassembly.start();
    const { log } = this.options.hub;
    this.sweeps = new PeriodicTask(SWEEP_MS, () => this.passOnOverdue(), 'long texts with gaps', log);
  }

  async stop(): Promise<void> {
    await this.sweeps?.stop();
  }

  /** Resolves when it is stored, answered or recorded. @throws HubError for what may succeed when it comes again */
  async take(segment: IncomingSegment): Promise<void> {
    const { hub, network, permissions, receipts } = this.options;
    const { person, native } = segment;
    const from = senderOf(network, person);
    const lost = async (why: string) => {
      if (segment.id !== undefined) await receipts.oweOf({ ...segment, id: segment.id }, '36');
      hub.notCarried({ kind: 'event', why, native: segment.id ?? native });
    };
    if (!from) return lost('a message of a sender that is no telephone number');
    if (permissions.isBlocked(person)) return lost('a message of a number on the block list of the link');
    await hub.inbound.run(person, () => this.takeInTurn({ ...segment, from }));
  }

  /** Passes on what waited for too long. */
  async passOnOverdue(): Promise<void> {
    const { hub, network } = this.options;
    for (const person of this.reassembly.late()) {
      const from = senderOf(network, person);
      if (!from) continue;
      await tolerate('long text with gaps', hub.log, () =>
        hub.inbound.run(person, async () =>
          this.passOn(person, from, await this.reassembly.overdue(person), 'a long text'),
        ),
      );
    }
  }

  private async takeInTurn(segment: IncomingSegment & { from: Address }): Promise<void> {
    const { concatenation, from, person, service, native, alphabet } = segment;
    // Without an id of the gateway each is a message of its own.
    const id = segment.id ?? `mo-${randomUUID()}`;
    await this.options.receipts.remember({ ...segment, id });
    const text = decode(segment.text, alphabet);
    if (!concatenation || concatenation.total === 1 || text === undefined)
      return this.receive({ id, person, from, service, text, native });
    await this.passOn(person, from, await this.reassembly.add({ ...segment, id, concatenation }), native);
  }

  private async passOn(person: string, from: Address, texts: JoinedText[], native: string): Promise<void> {
    for (const { id, ids, service, text } of texts)
      await this.receive({ id, ids, person, from, service, text, native });
    await this.reassembly.passedOn(person, texts);
  }

  private async receive(received: Received): Promise<void> {
    const { hub, receipts } = this.options;
    try {
      await receipts.join(received.ids ?? []);
      await this.carryOut(received);
    } catch (thrown) {
      const code = recordRefusal(hub, thrown, received.native);
      await receipts.owe(received.id, code);
      await this.answer(received, reportWords(code, language));
    }
  }

  private async carryOut(received: Received): Promise<void> {
    const { hub, settings, permissions, receipts } = this.options;
    const { id, person, text } = received;
    if (text === undefined) {
      await receipts.owe(id, '12');
      hub.notCarried({ kind: 'refused', why: 'a message that is no text', native: received.native });
      return this.answer(received, reportWords('12', language));
    }
    const { SMS_OPT_OUT, SMS_OPT_IN } = settings;
    const wish = wishIn(text, SMS_OPT_OUT, SMS_OPT_IN);
    if (!wish) return this.read({ ...received, text });
    await permissions.wish(person, wish);
    await receipts.owe(id, '00');
    hub.log.info({ wish, id }, 'SMS: a person changed whether they get messages');
    await this.answer(received, wishAnswer(wish, language, SMS_OPT_IN[0] ?? ''));
  }

  private async read(received: Received & { text: string }): Promise<void> {
    const { hub, contacts, receipts } = this.options;
    const { id, ids, from, text } = received;
    const reading = await contacts.read(from, id, text, await this.partnerOf(received));
    // It was for the account itself, which has read it.
    if (reading.act !== 'send') await receipts.owe(id, '00');
    switch (reading.act) {
      case 'nothing':
        return hub.notCarried({ kind: 'unanswered', why: reading.why, native: id });
      case 'answer':
        return this.answer(received, reading.text);
      case 'send':
        await hub.submitMessage({
          nativeId: id,
          from: { address: from },
          to: reading.to,
          sentAt: new Date(),
          content: { body: plainText(reading.text) },
          ...(ids ? { references: ids } : {}),
          ...((await receipts.wantsDelivered(id)) ? { requestStatus: ['delivered'] } : {}),
        });
        if (reading.notice !== undefined) await this.answer(received, reading.notice);
    }
  }

  /** Whom the number names that the person wrote to. */
  private async partnerOf({ from, service }: Received): Promise<Address | undefined> {
    const { SMS_CODE, SMS_SUFFIX_DIGITS } = this.options.settings;
    const number = suffixOf(service, SMS_CODE, SMS_SUFFIX_DIGITS);
    return number === undefined ? undefined : this.options.codes.correspondentOf(from, number);
  }

  private async answer({ id, person, service }: Received, words: string): Promise<void> {
    const { hub, say } = this.options;
    const key = `answer-${createHash('sha256').update(id).digest('base64url')}`;
    if (await tolerate('answer of the account', hub.log, () => say(person, service, words, key))) return;
    hub.notCarried({ kind: 'unanswered', why: 'an answer in words was not taken', native: id });
  }
}
