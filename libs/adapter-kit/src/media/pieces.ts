/** One message as the pieces that a network takes one after the other: words, and media. */
import {
  bodyOf,
  cardOf,
  cleanName,
  leaves,
  levelOf,
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
  event: MessageEvent;
  medium?: OutgoingMedium;
}

export interface Preparing {
  prepare(event: MessageEvent, part: ExternalPart): Promise<Prepared>;
  ofText(part: SinglePart, filename: string): Promise<OutgoingMedium>;
}

type Step = { words: LeafPart } | { medium: OutgoingMedium };

export async function piecesOf(event: MessageEvent, to: Capabilities, media: Preparing): Promise<Pieces> {
  const steps: Step[] = [];
  const degradations: Degradation[] = [...(event.data.degradations ?? [])];
  let failure = degradations.find(({ code }) => code !== undefined)?.code;
  for (const part of leaves(event.data.content.body)) {
    if (part.kind === 'external') {
      const prepared = await media.prepare(event, part);
      degradations.push(...prepared.degradations);
      if (prepared.act === 'words') failure ??= prepared.failure;
      steps.push(prepared.act === 'medium' ? { medium: prepared.medium } : { words: prepared.words });
    } else if (part.kind === 'single' && isCardFile(part, to)) {
      const name = cleanName(cardOf(part)?.name) ?? 'contact';
      steps.push({ medium: await media.ofText(part, `${name}.vcf`) });
    } else if (part.kind !== 'null') steps.push({ words: part });
  }
  return { pieces: inOrder(event, steps, to), degradations, failure };
}

/** A network without cards of its own, but with files. */
function isCardFile(part: SinglePart, to: Capabilities): boolean {
  return levelOf(to, 'card') === 1 && to.media?.file !== undefined && cardOf(part) !== undefined;
}

function inOrder(event: MessageEvent, steps: Step[], to: Capabilities): Piece[] {
  const media = steps.flatMap((step) => ('medium' in step ? [step.medium] : []));
  const words = steps.flatMap((step) => ('words' in step ? [step.words] : []));
  const [only] = media;
  if (only === undefined) return split(saying(event, words), to).map((said) => ({ event: said }));
  if (media.length === 1 && to.media?.captions) {
    const [first, ...rest] = split(saying(event, words), to);
    return [{ event: first ?? event, medium: only }, ...rest.map((said) => ({ event: said }))];
  }
  return grouped(steps).flatMap((group) =>
    'medium' in group
      ? [{ event: saying(event, []), medium: group.medium }]
      : split(saying(event, group.words), to).map((said) => ({ event: said })),
  );
}

/** Words that stand together are said together. */
function grouped(steps: Step[]): ({ words: LeafPart[] } | { medium: OutgoingMedium })[] {
  const groups: ({ words: LeafPart[] } | { medium: OutgoingMedium })[] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if ('medium' in step) groups.push(step);
    else if (last && 'words' in last) last.words.push(step.words);
    else groups.push({ words: [step.words] });
  }
  return groups;
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
