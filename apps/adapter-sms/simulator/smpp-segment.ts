/** What a message of SMPP 3.4 says to a handset, and what an answer says. */
import type { Alphabet } from './alphabets.js';
import { Malformed } from './bytes.js';
import type { Surroundings } from './gateway.js';
import { NUMBER } from './numbers.js';
import type { Verdict } from './outbox.js';
import { fits, headerAndText, valid, type Part, type ShortMessage } from './carried-message.js';
import { STATUS, TAG } from './smpp-numbers.js';
import { alphabetOf, UDHI, type SmppMessage } from './smpp-pdu.js';

/** @param standard what data_coding 0 means @returns the result code, for a message that is not accepted */
export function segmentIn(
  { from, to, esmClass, coding, content, tags }: SmppMessage,
  { account, room }: Surroundings,
  standard: Alphabet,
): ShortMessage | number {
  if (!from.startsWith(account.service)) return STATUS.source;
  if (!NUMBER.test(to)) return STATUS.destination;
  const payload = tags.get(TAG.payload);
  if (payload && content.length > 0) return STATUS.parameter;
  try {
    const alphabet = alphabetOf(coding, standard);
    const parts = headerAndText(payload ?? content, (esmClass & UDHI) !== 0);
    // The centre itself cuts a payload into messages.
    if (!payload && !fits(parts, alphabet, room)) return STATUS.messageLength;
    return { handset: to, service: from, alphabet, ...parts };
  } catch (error) {
    if (error instanceof Malformed) return STATUS.submitFailed;
    throw error;
  }
}

/** The sar parameters (5.3.2.22 to 24). */
export function sarPart({ tags }: SmppMessage): Part | undefined {
  const [reference, total, number] = [TAG.sarReference, TAG.sarTotal, TAG.sarNumber].map((tag) =>
    tags.get(tag),
  );
  if (reference?.length !== 2 || !total?.[0] || !number?.[0]) return undefined;
  return valid({ reference: reference.readUInt16BE(), total: total[0], number: number[0] });
}

export function verdictOf(status: number): Verdict {
  switch (status) {
    case STATUS.ok:
      return 'taken';
    case STATUS.systemError:
    case STATUS.queueFull:
    case STATUS.throttled:
    case STATUS.temporary:
      return 'again';
    default:
      return { refused: status };
  }
}
