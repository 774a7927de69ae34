/** Splits one message into pieces, each of which becomes one native message: words and attachments. */
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
  /** Why the first missing attachment is missing. */
  failure: MediaFailure | undefined;
}

/** `event` has the words. With an attachment they are its caption. */
export interface Piece {
  /** Idempotency key of this native message. */
  key: string;
  event: MessageEvent;
  medium?: OutgoingAttachment;
  /** Placeholder for an attachment, with which the words of `event` begin. */
  lead?: string;
}

export interface AttachmentPreparer {
  prepare(event: MessageEvent, part: ExternalPart): Promise<Prepared>;
  /** A link or words in place of an attachment that the network refused. */
  instead(event: MessageEvent, part: ExternalPart, why: MediaFailure): Promise<InWords>;
  ofText(part: SinglePart, filename: string): Promise<OutgoingAttachment>;
  /** A text is about to be sent: transfers of attachments slow down for it. */
  pauseTransfersForText(): void;
}

/** Whether the network takes these words in one message, where its limits count more than the text. */
export type Fits = (event: MessageEvent) => boolean;

export function fitsBy(adapter: { fits?(event: MessageEvent): boolean }): Fits {
  return (event) => adapter.fits?.(event) ?? true;
}

/** The capabilities with the limits that hold for this message. */
export function capabilitiesFor(
  event: MessageEvent,
  adapter: { limitsFor?(event: MessageEvent): TextLimits | undefined },
  to: Capabilities,
): Capabilities {
  const limits = adapter.limitsFor?.(event);
  return limits ? { ...to, limits: { ...to.limits, ...limits } } : to;
}

interface Room {
  to: Capabilities;
  fits: Fits;
}

/** A part of the message in the form in which it is sent. */
type Step = { words: LeafPart } | { medium: OutgoingAttachment };

/** Attachments of one message that are sent; the others become words. */
const MOST_MEDIA = 10;

/** @throws HubError; prepared files have been deleted then */
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

/** Whether a contact card is sent as a file: the network has no cards, but files. */
function isCardFile(part: SinglePart, to: Capabilities): boolean {
  return levelOf(to, 'card') === 1 && to.media?.file !== undefined && cardOf(part) !== undefined;
}

/**
 * Words without attachments are one text. One attachment and its caption are one native message if the network has captions.
 * Otherwise every part is a native message of its own, under a key that depends on its position only: an attachment at the
 * first attempt may be words at the next one.
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

/** The attachment itself, or text. A location cannot be part of a caption. */
function isCaption(step: Step): boolean {
  return 'medium' in step || textParts(step.words).length === 1;
}

function saying(event: MessageEvent, parts: LeafPart[]): MessageEvent {
  const { body } = event.data.content;
  const same = body.kind === 'multi' && parts.length === body.parts.length;
  const said = same ? { ...body, parts } : bodyOf(parts);
  return { ...event, data: { ...event.data, content: { ...event.data.content, body: said } } };
}

/** Splits a text that is too long for the network. Bodies with anything but text are not split. */
function split(event: MessageEvent, { to, fits }: Room): MessageEvent[] {
  const { body } = event.data.content;
  const texts = textParts(body);
  if (texts.length === 0 || texts.length !== leaves(body).length) return [event];
  for (let limits: TextLimits = to.limits; ; limits = narrower(limits, body)) {
    const pieces = splitFor(event, limits);
    if (pieces.every(fits) || (limits.textBytes ?? Infinity) <= SMALLEST_BYTES) return pieces;
  }
}

/** Smaller limits: what the network adds around a text is found by trying. */
function narrower(limits: TextLimits, body: Part): TextLimits {
  const bytes = Math.min(limits.textBytes ?? Infinity, Buffer.byteLength(wordsOf(body)));
  return { ...limits, textBytes: Math.floor(bytes * NARROWER) };
}

const NARROWER = 0.7;
const SMALLEST_BYTES = 100;

function splitFor(event: MessageEvent, limits: TextLimits): MessageEvent[] {
  const { body } = event.data.content;
  // Markdown that is too long to be parsed in bounded time is split as plain text.
  const said = textParts(body).some((part) => isMarkdown(part) && isReadableMarkdown(part.content))
    ? splitTree(treeOfBody(body), limits, writeMarkdown).map((tree) => markdownText(writeMarkdown(tree)))
    : splitText(wordsOf(body), limits).map(plainText);
  if (said.length === 1) return [event];
  return said.map((piece) => ({
    ...event,
    data: { ...event.data, content: { ...event.data.content, body: piece } },
  }));
}
