/** A carrier that is not there, for tests without a network: what is submitted to it is recorded. */
import { Connectivity, type Hub } from '#adapter-kit';
import { network, type Address, type HubError } from '#protocol';
import { HubDouble, type HubDoubleOptions } from '../../../../libs/bot-contacts/src/testing/hub-double.js';
import { SmsAdapter } from '../sms.adapter.js';
import { smsSettings, type SmsSettings } from '../sms.config.js';
import type { IncomingSegment, LinkEvents, Segment, SenderReceipt, SmsLink } from '../sms.link.js';
import { decode, encode } from '../text/alphabets.js';

export const ann = 'im:8613800138000@sms' as Address;
export const alice = 'im:alice@far' as Address;
export const ANN = '8613800138000';
export const CODE = '10690001';

export class ClosedLink implements SmsLink {
  readonly connectivity = new Connectivity(true);
  readonly segmentBytes = { single: 140, joined: 134 };
  readonly alphabets = ['gsm7', 'ucs2'] as const;
  serviceDigits = 20;
  readonly submitted: Segment[] = [];
  /** What the next submits end with. */
  readonly refusals: (HubError | undefined)[] = [];
  events: LinkEvents | undefined;

  start(events: LinkEvents): void {
    this.events = events;
  }
  stop(): Promise<void> {
    return Promise.resolve();
  }
  submit(segment: Segment): Promise<string> {
    const refusal = this.refusals.shift();
    if (refusal) return Promise.reject(refusal);
    this.submitted.push(segment);
    return Promise.resolve(`id-${this.submitted.length}`);
  }
  /** Texts of the segments. */
  get texts(): (string | undefined)[] {
    return this.submitted.map(({ text, alphabet }) => decode(text, alphabet));
  }
}

/** A gateway that asks what became of messages of people. */
export class AskingLink extends ClosedLink {
  readonly receipts: SenderReceipt[] = [];

  tellSender(receipt: SenderReceipt): Promise<void> {
    this.receipts.push(receipt);
    return Promise.resolve();
  }
  /** What the receipts say, in their order. */
  get told(): string[] {
    return this.receipts.map(({ id, state, error }) => `${id} ${state} ${error}`);
  }
}

export function lineSettings(more: NodeJS.ProcessEnv = {}): SmsSettings {
  return smsSettings.parse({ SMS_CODE: CODE, ...more });
}

export interface LineOptions extends HubDoubleOptions {
  settings?: NodeJS.ProcessEnv;
  serviceDigits?: number;
  /** Stands before the hub. */
  wrap?: (hub: Hub) => Hub;
  /** Default: a gateway that asks for no receipts. */
  link?: ClosedLink;
}

/** The adapter, whose person has talked with alice of the network far. */
export async function aLine({
  settings,
  serviceDigits = 20,
  wrap = (hub) => hub,
  link = new ClosedLink(),
  ...options
}: LineOptions = {}) {
  const double = new HubDouble({ talked: true, sends: true, ...options });
  link.serviceDigits = serviceDigits;
  const adapter = new SmsAdapter(network('sms'), lineSettings(settings), link);
  await adapter.start(wrap(double.hub));
  const take = async (segment: IncomingSegment) => link.events?.onSegment(segment);
  let written = 0;
  return {
    adapter,
    double,
    link,
    take,
    traceOf: (segment: IncomingSegment) => double.traceOf(() => take(segment)),
    /** A whole text of ann. */
    write: (text: string, more: Partial<IncomingSegment> = {}) =>
      take({
        person: ANN,
        service: CODE,
        alphabet: 'ucs2',
        text: encode(text, 'ucs2') ?? new Uint8Array(),
        id: `mo-${++written}`,
        native: '',
        ...more,
      }),
  };
}
