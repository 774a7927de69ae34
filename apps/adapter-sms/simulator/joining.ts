/** Puts the parts of long messages together, as a handset does: in any order, a repeated part once. */
import { textOf } from './alphabets.js';
import { partOf, type Part, type ShortMessage } from './carried-message.js';

/** Long messages of which parts are missing. A handset has room for few; the oldest is shown with its gaps. */
const MOST_INCOMPLETE = 32;
const GAP = '…';

interface Incomplete {
  first: string;
  parts: (ShortMessage | undefined)[];
}

export interface Joined {
  service: string;
  /** Of the part that came first. */
  id: string;
  text: string;
}

export class Joining {
  private readonly incomplete = new Map<string, Incomplete>();

  /** @param part that the protocol names beside the text; otherwise the one in the header. @returns what can be shown now */
  take(message: ShortMessage, id: string, part: Part | undefined = partOf(message.header)): Joined[] {
    const { service, alphabet } = message;
    if (!part || part.total === 1) return [{ service, id, text: textOf(message.text, alphabet) }];
    const key = `${service} ${part.reference} ${part.total}`;
    const known = this.incomplete.get(key) ?? {
      first: id,
      parts: Array<undefined>(part.total).fill(undefined),
    };
    this.incomplete.set(key, known);
    known.parts[part.number - 1] ??= message;
    if (known.parts.every((each) => each !== undefined)) return [this.show(key, known)];
    const [oldest] = this.incomplete;
    return this.incomplete.size > MOST_INCOMPLETE && oldest ? [this.show(...oldest)] : [];
  }

  private show(key: string, { first, parts }: Incomplete): Joined {
    this.incomplete.delete(key);
    return { service: key.split(' ')[0] ?? '', id: first, text: joined(parts) };
  }
}

/** Bytes are joined before they are read: a character may be cut between two parts. */
function joined(parts: readonly (ShortMessage | undefined)[]): string {
  let text = '';
  let run: ShortMessage[] = [];
  const read = (): void => {
    const [head] = run;
    if (head) text += textOf(Buffer.concat(run.map((part) => part.text)), head.alphabet);
    run = [];
  };
  for (const part of parts) {
    if (!part || (run[0] && run[0].alphabet !== part.alphabet)) read();
    if (part) run.push(part);
    else text += GAP;
  }
  read();
  return text;
}
