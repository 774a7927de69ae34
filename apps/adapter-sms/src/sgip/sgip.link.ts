/** The link to a gateway of China Unicom: we dial it to submit, and it dials us to deliver. */
import { allDone, runInBackground, type Log } from '#service';
import { Deliveries } from '../deliveries.js';
import type { SessionSeams } from '../duplex-link.js';
import { SEGMENT_BYTES, SERVICE_DIGITS, TEXT_ALPHABETS } from '../message-format.js';
import { whyNot } from '../pdu.js';
import type { LinkEvents, Segment, SmsLink } from '../sms.link.js';
import type { SgipSettings } from './sgip.config.js';
import { resultError } from './sgip.errors.js';
import { SgipInbound } from './sgip.inbound.js';
import { SgipOutbound } from './sgip.outbound.js';
import { sgipCodec, type SgipFrame } from './sgip.pdu.js';
import { submitOf } from './sgip.protocol.js';

class SgipLink implements SmsLink {
  readonly segmentBytes = SEGMENT_BYTES;
  readonly alphabets = TEXT_ALPHABETS;
  readonly serviceDigits = SERVICE_DIGITS;
  private readonly deliveries: Deliveries;
  private readonly inbound: SgipInbound;
  private readonly outbound: SgipOutbound;

  constructor(
    private readonly settings: SgipSettings,
    private readonly log: Log,
    seams: SessionSeams<SgipFrame>,
  ) {
    this.deliveries = new Deliveries(log);
    this.inbound = new SgipInbound(settings, this.deliveries, log, seams.clock);
    this.outbound = new SgipOutbound(
      settings,
      log,
      async ({ pdu, bytes }) => {
        await this.deliveries.takeUnreadable(bytes, whyNot(pdu));
      },
      seams,
    );
  }

  get connectivity() {
    return this.outbound.connectivity;
  }

  start(events: LinkEvents): void {
    this.deliveries.start(events);
    runInBackground('link to an SGIP gateway', this.log, () =>
      allDone([this.inbound.listen(), this.outbound.run()]),
    );
  }

  async stop(): Promise<void> {
    this.inbound.stop();
    await this.outbound.stop();
  }

  /** @returns the sequence number of the submit, by which its report names it */
  async submit(segment: Segment): Promise<string> {
    const body = submitOf(segment, this.settings);
    const { pdu, bytes } = await this.outbound.send((sequence) => sgipCodec.frame('submit', sequence, body));
    if (pdu.name !== 'submitResponse') return this.deliveries.unreadableAnswer(bytes, whyNot(pdu));
    if (pdu.body.result !== 0) throw resultError(pdu.body.result, 'message');
    return pdu.sequence;
  }
}

/** @param seams for tests: another clock, another way to dial */
export function openSgipLink(settings: SgipSettings, log: Log, seams: SessionSeams<SgipFrame> = {}): SmsLink {
  return new SgipLink(settings, log, seams);
}
