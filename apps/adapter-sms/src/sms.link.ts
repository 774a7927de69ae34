/**
 * A link to a carrier's gateway, whatever protocol it speaks: CMPP, SGIP, SMGP or SMPP. One segment is one short message;
 * the adapter splits texts before and joins them afterwards.
 */
import type { Connectivity } from '#adapter-kit';

/** How the bytes of a segment are to be read. `gsm7`: septets unpacked, one in each byte. */
export type Alphabet = 'gsm7' | 'ascii' | 'latin1' | 'ucs2' | 'gb18030' | 'binary';

/** Which part of a longer text a segment is (3GPP TS 23.040, 9.2.3.24.1 and 9.2.3.24.8). */
export interface Concatenation {
  /** 8 or 16 bits wide. */
  bits: 8 | 16;
  reference: number;
  total: number;
  /** From 1. */
  part: number;
}

export interface Segment {
  /** Digits, without `+`. Of the person. */
  person: string;
  /** Digits of our own number: the code that the carrier gave us, and the suffix that names a conversation. */
  service: string;
  alphabet: Alphabet;
  /** Without a user data header: `concatenation` and `ports` are what the link writes into it or read from it. */
  text: Uint8Array;
  concatenation?: Concatenation;
}

/** From a person. */
export interface IncomingSegment extends Segment {
  /** Given by the gateway, the same when it sends the segment again; undefined: the protocol gives none (SMPP). */
  id?: string;
  /** The gateway asks what becomes of it: in any case, or if it fails. Absent: it does not ask. */
  receipt?: ReceiptWish;
  /** The segment as it came, hexadecimal, for dead letters. */
  native: string;
}

export type ReceiptWish = 'always' | 'failures';

/** What became of a segment that was submitted. */
export type ReportState = 'delivered' | 'failed' | 'expired' | 'rejected' | 'unknown';

export interface DeliveryReport {
  /** As `submit` returned it. */
  messageId: string;
  person: string;
  state: ReportState;
  /** The gateway's own words: `UNDELIV`, `MK:0012`, `27`. */
  detail: string;
}

/** What became of a segment of a person, for the gateway that asked. */
export interface SenderReceipt {
  /** `id` of the segment. */
  id: string;
  person: string;
  service: string;
  state: ReportState;
  /** Why it failed: three digits. 000: it did not. */
  error: string;
  submittedAt: Date;
  doneAt: Date;
}

/**
 * What the link calls. The link answers the gateway when the promise resolves; when it rejects with a retryable error,
 * the link answers with its protocol's code for "busy" (or closes), so that the gateway sends it again.
 */
export interface LinkEvents {
  onSegment(segment: IncomingSegment): Promise<void>;
  /** Only final states; intermediate ones (ACCEPTD, ENROUTE) end in the link. */
  onReport(report: DeliveryReport): Promise<void>;
  /** Something that the link cannot read. */
  onUnreadable(native: string, why: string): Promise<void>;
}

export interface SmsLink {
  readonly connectivity: Connectivity;
  /** Bytes of text in one segment without, and with, concatenation, for an alphabet. */
  readonly segmentBytes: { single: number; joined: number };
  /** Alphabets in which this gateway takes text, the preferred one for each kind of text first. */
  readonly alphabets: readonly Alphabet[];
  /** Most digits of `service`. */
  readonly serviceDigits: number;
  start(events: LinkEvents): void;
  stop(): Promise<void>;
  /**
   * @returns the gateway's id of the segment, in the form in which reports name it
   * @throws HubError 91 not sent · 65 the gateway asks to slow down (with the time to wait, where known) · 103 sent, and
   * no answer came · a final code otherwise
   */
  submit(segment: Segment): Promise<string>;
  /**
   * Tells the gateway what became of a segment that asked for it. May be called again for the same segment. Absent: this gateway
   * never asks.
   * @throws HubError 91, 65: not told, try again · a final code: the gateway refuses it
   */
  tellSender?(receipt: SenderReceipt): Promise<void>;
}
