/** One message as the pieces that a network takes one after the other: words, and media. */
import {
  bodyOf,
  cardOf,
  cleanName,
  deliveryKey,
  leaves,
  levelOf,
  networkOf,
  PLAIN,
  plainText,
  splitText,
  textParts,
  wordsOf,
  type Capabilities,
  type Degradation,
  type ExternalPart,
  type LeafPart,
  type MediaFailure,
  type MessageEvent,
  type SinglePart,
} from '#protocol';
import type { OutgoingMedium, Prepared } from './outgoing.js';

export interface Pieces {
  pieces: Piece[];
  degradations: Degradation[];
  /** The first reason for which a medium does not come. */
  failure: MediaFailure | undefined;
}

/** `event` has the words, which with a medium are its caption. */
export interface Piece {
  /** The network's idempotency is by this. */
  key: string;
  event: MessageEvent;
  medium?: OutgoingMedium;
}

export interface Preparing {
  prepare(event: MessageEvent, part: ExternalPart): Promise<Prepared>;
  ofText(part: SinglePart, filename: string): Promise<OutgoingMedium>;
  /** Files make way for it. */
  textFlows(): void;
}

/** A part of the message, as it goes. */
type Step = { words: LeafPart } | { medium: OutgoingMedium };

/** More media than this in one message are not for reading. */
const MOST_MEDIA = 10;

/** @throws HubError, and then nothing is left on the disk */
export async function piecesOf(event: MessageEvent, to: Capabilities, media: Preparing): Promise<Pieces> {
  const steps: Step[] = [];
  const degradations: Degradation[] = [...(event.data.degradations ?? [])];
  let failure = degradations.find(({ code }) => code !== undefined)?.code;
  let count = 0;
  try {
    for (const part of leaves(event.data.content.body)) {
      if (part.kind === 'external') {
        const { url: _tooMany, ...announced } = part;
        const prepared = await media.prepare(event, ++count > MOST_MEDIA ? announced : part);
        degradations.push(...prepared.degradations);
        if (prepared.act === 'words') failure ??= prepared.failure;
        steps.push(prepared.act === 'medium' ? { medium: prepared.medium } : { words: prepared.words });
      } else if (part.kind === 'single' && isCardFile(part, to)) {
        const name = cleanName(cardOf(part)?.name) ?? 'contact';
        steps.push({ medium: await media.ofText(part, `${name}.vcf`) });
        count++;
      } else if (part.kind !== 'null') steps.push({ words: part });
    }
  } catch (error) {
    for (const step of steps) if ('medium' in step) await step.medium.file[Symbol.asyncDispose]();
    throw error;
  }
  return { pieces: inOrder(event, steps, to, count), degradations, failure };
}

/** A network without cards of its own, but with files. */
function isCardFile(part: SinglePart, to: Capabilities): boolean {
  return levelOf(to, 'card') === 1 && to.media?.file !== undefined && cardOf(part) !== undefined;
}

/**
 * Words alone are said together. One medium and its caption are one message where the network has such. Otherwise every part is
 * a message of its own, under a key that stays its own: what was a file at the first attempt may be words at the next.
 */
function inOrder(event: MessageEvent, steps: Step[], to: Capabilities, media: number): Piece[] {
  const whole = deliveryKey(networkOf(event.data.from.address), event.id);
  const captioned = media === 1 && to.media?.captions === true && steps.every(isCaption);
  if (media > 0 && !captioned)
    return steps.flatMap((step, at) => {
      const key = at === 0 ? whole : `${whole}-p${at}`;
      if ('medium' in step) return [{ key, event: saying(event, []), medium: step.medium }];
      return split(saying(event, [step.words]), to).map((said, n) => ({
        key: n === 0 ? key : `${key}-${n}`,
        event: said,
      }));
    });
  const medium = steps.flatMap((step) => ('medium' in step ? [step.medium] : []))[0];
  const words = steps.flatMap((step) => ('words' in step ? [step.words] : []));
  return split(saying(event, words), to).map((said, at) => ({
    key: at === 0 ? whole : `${whole}-${at}`,
    event: said,
    ...(at === 0 && medium ? { medium } : {}),
  }));
}

/** The medium itself, or words in the narrow sense: a place has no room in a caption. */
function isCaption(step: Step): boolean {
  return 'medium' in step || textParts(step.words).length === 1;
}

function saying(event: MessageEvent, parts: LeafPart[]): MessageEvent {
  const { body } = event.data.content;
  const same = body.kind === 'multi' && parts.length === body.parts.length;
  const said = same ? { ...body, parts } : bodyOf(parts);
  return { ...event, data: { ...event.data, content: { ...event.data.content, body: said } } };
}

/** A text too long for the network, as several; each piece but the first stands alone. Only words are split. */
function split(event: MessageEvent, { limits }: Capabilities): MessageEvent[] {
  const { body } = event.data.content;
  const texts = textParts(body);
  const [first] = texts;
  if (first === undefined || texts.length !== leaves(body).length) return [event];
  const said = splitText(wordsOf(body), limits);
  if (said.length === 1) return [event];
  const contentType = texts.length === 1 ? first.contentType : PLAIN;
  return said.map((text) => ({
    ...event,
    data: { ...event.data, content: { ...event.data.content, body: { ...plainText(text), contentType } } },
  }));
}
