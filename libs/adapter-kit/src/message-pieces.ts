/** One message as the pieces that a network takes one after the other: words, and media. */
import {
  bodyOf,
  cardOf,
  cleanName,
  deliveryKey,
  leaves,
  levelOf,
  networkOf,
  markdownText,
  plainText,
  textParts,
  wordsOf,
  type Capabilities,
  type Degradation,
  type ExternalPart,
  type LeafPart,
  type MediaFailure,
  type MessageEvent,
  type Part,
  type SinglePart,
} from '#protocol';
import {
  isMarkdown,
  isReadableMarkdown,
  splitText,
  splitTree,
  treeOfBody,
  writeMarkdown,
  type TextLimits,
} from '#text';
import { isPlaceholder } from '#degradation';
import type { InWords, OutgoingAttachment, Prepared } from './attachments/outgoing.js';

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
  medium?: OutgoingAttachment;
  /** The hub's own words in place of a medium, with which the words of `event` begin. */
  lead?: string;
}

export interface AttachmentPreparer {
  prepare(event: MessageEvent, part: ExternalPart): Promise<Prepared>;
  /** What is said in place of a medium that the network refused at its handover. */
  instead(event: MessageEvent, part: ExternalPart, why: MediaFailure): Promise<InWords>;
  ofText(part: SinglePart, filename: string): Promise<OutgoingAttachment>;
  /** Files make way for it. */
  pauseTransfersForText(): void;
}

/** Does the network take these words in one message? Asked where its limits are not of the text alone. */
export type Fits = (event: MessageEvent) => boolean;

export function fitsBy(adapter: { fits?(event: MessageEvent): boolean }): Fits {
  return (event) => adapter.fits?.(event) ?? true;
}

interface Room {
  to: Capabilities;
  fits: Fits;
}

/** A part of the message, as it goes. */
type Step = { words: LeafPart } | { medium: OutgoingAttachment };

/** More media than this in one message are not for reading. */
const MOST_MEDIA = 10;

/** @throws HubError, and then nothing is left on the disk */
export async function piecesOf(
  event: MessageEvent,
  to: Capabilities,
  media: AttachmentPreparer,
  fits: Fits = () => true,
): Promise<Pieces> {
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
  return { pieces: inOrder(event, steps, { to, fits }, count), degradations, failure };
}

/** A network without cards of its own, but with files. */
function isCardFile(part: SinglePart, to: Capabilities): boolean {
  return levelOf(to, 'card') === 1 && to.media?.file !== undefined && cardOf(part) !== undefined;
}

/**
 * Words alone are said together. One medium and its caption are one message where the network has such. Otherwise every part is
 * a message of its own, under a key that stays its own: what was a file at the first attempt may be words at the next.
 */
function inOrder(event: MessageEvent, steps: Step[], room: Room, media: number): Piece[] {
  const { to } = room;
  const whole = deliveryKey(networkOf(event.data.from.address), event.id);
  const captioned = media === 1 && to.media?.captions === true && steps.every(isCaption);
  if (media > 0 && !captioned)
    return steps.flatMap((step, at): Piece[] => {
      const key = at === 0 ? whole : `${whole}-p${at}`;
      if ('medium' in step) return [{ key, event: saying(event, []), medium: step.medium }];
      return split(saying(event, [step.words]), room).map((said, n) => ({
        key: n === 0 ? key : `${key}-${n}`,
        event: said,
        ...(n === 0 ? leadOf([step.words]) : {}),
      }));
    });
  const medium = steps.flatMap((step) => ('medium' in step ? [step.medium] : []))[0];
  const words = steps.flatMap((step) => ('words' in step ? [step.words] : []));
  return split(saying(event, words), room).map((said, at) => ({
    key: at === 0 ? whole : `${whole}-${at}`,
    event: said,
    ...(at === 0 && medium ? { medium } : {}),
    ...(at === 0 ? leadOf(words) : {}),
  }));
}

function leadOf(parts: LeafPart[]): Pick<Piece, 'lead'> {
  const standIns = parts.filter(isPlaceholder);
  return standIns.length > 0 ? { lead: standIns.map(({ content }) => content).join('\n') } : {};
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
function split(event: MessageEvent, { to, fits }: Room): MessageEvent[] {
  const { body } = event.data.content;
  const texts = textParts(body);
  if (texts.length === 0 || texts.length !== leaves(body).length) return [event];
  for (let limits: TextLimits = to.limits; ; limits = narrower(limits, body)) {
    const pieces = splitFor(event, limits);
    if (pieces.every(fits) || (limits.textBytes ?? Infinity) <= SMALLEST_BYTES) return pieces;
  }
}

/** What the network takes around a text is found by trying. */
function narrower(limits: TextLimits, body: Part): TextLimits {
  const bytes = Math.min(limits.textBytes ?? Infinity, Buffer.byteLength(wordsOf(body)));
  return { ...limits, textBytes: Math.floor(bytes * NARROWER) };
}

const NARROWER = 0.7;
const SMALLEST_BYTES = 100;

function splitFor(event: MessageEvent, limits: TextLimits): MessageEvent[] {
  const { body } = event.data.content;
  // Markdown that is too long to be read in a bounded time is words: as such it is split in a bounded time.
  const said = textParts(body).some((part) => isMarkdown(part) && isReadableMarkdown(part.content))
    ? splitTree(treeOfBody(body), limits, writeMarkdown).map((tree) => markdownText(writeMarkdown(tree)))
    : splitText(wordsOf(body), limits).map(plainText);
  if (said.length === 1) return [event];
  return said.map((piece) => ({
    ...event,
    data: { ...event.data, content: { ...event.data.content, body: piece } },
  }));
}
