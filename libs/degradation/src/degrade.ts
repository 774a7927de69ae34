/**
 * Degradation: content that a destination cannot show is replaced by content that it can show, dropped, or rejected, by the
 * rules of its capabilities. The event records each rule. A function of message and capabilities only.
 */
import {
  bodyOf,
  cardOf,
  contentKind,
  DEGRADATION_RULES,
  leaves,
  levelOf,
  LOCATION,
  mapLink,
  mediaKindOf,
  PHRASES,
  placeOf,
  plainText,
  textParts,
  wordsOf,
  type Capabilities,
  type Content,
  type Degradation,
  type ExternalPart,
  type Feature,
  type LeafPart,
  type Level,
  type MediaFailure,
  type MessageEvent,
  type Part,
  type Phrases,
  type SinglePart,
} from '#protocol';
import { isMarkdown, plainOf, withLead } from '#text';

export type Degraded =
  | { verdict: 'pass'; event: MessageEvent }
  | { verdict: 'drop'; feature: Feature }
  | { verdict: 'reject'; feature: Feature };

const KIND_FEATURE = { new: 'text', edit: 'edit', recall: 'recall', reaction: 'reaction' } as const;

export type Refused = Exclude<Degraded, { verdict: 'pass' }>;

/** undefined: the destination shows the message, perhaps degraded. */
export function refusedBy(to: Capabilities, event: MessageEvent): Refused | undefined {
  const feature = KIND_FEATURE[contentKind(event.data.content)];
  const level = levelOf(to, feature);
  if (level === -2) return { verdict: 'reject', feature };
  if (level === -1) return { verdict: 'drop', feature };
  return undefined;
}

export function degradeMessage(event: MessageEvent, to: Capabilities, by: string): Degraded {
  const refused = refusedBy(to, event);
  if (refused) return refused;
  const record: Degradation[] = [];
  const phrases = PHRASES[to.language];
  const note: Note = (lacking, rule, code) => {
    record.push({
      feature: lacking,
      level: code ? 0 : atMostPartial(levelOf(to, lacking)),
      rule,
      by,
      ...(code ? { code } : {}),
    });
  };
  let content = event.data.content;
  content = { ...content, body: bodyShown(content.body, to, phrases, note) };
  content = withoutReply(content, to, phrases, note);
  if (record.length === 0) return { verdict: 'pass', event };
  const degradations = [...(event.data.degradations ?? []), ...record];
  return { verdict: 'pass', event: { ...event, data: { ...event.data, content, degradations } } };
}

/**
 * An edit, recall or reaction as a message in words. Called by the destination's adapter, because only the adapter knows the
 * target message: whether its author sends the change, and whether it is not too old.
 */
export function inWords(event: MessageEvent, to: Capabilities, by: string, rule: string): MessageEvent {
  const kind = contentKind(event.data.content);
  if (kind === 'new') return event;
  const record: Degradation[] = [...(event.data.degradations ?? [])];
  const content = changeInWords(event.data.content, kind, PHRASES[to.language]);
  record.push({ feature: kind, level: 0, rule, by });
  return { ...event, data: { ...event.data, content, degradations: record } };
}

type Note = (feature: Feature, rule: string, code?: MediaFailure) => void;

function atMostPartial(level: Level): Exclude<Level, 2> {
  return level === 2 ? 1 : level;
}

function changeInWords(content: Content, kind: 'edit' | 'recall' | 'reaction', phrases: Phrases): Content {
  const { replaces: _replaces, inReplyTo, reactions, ...rest } = content;
  switch (kind) {
    case 'edit':
      return {
        ...rest,
        ...(inReplyTo ? { inReplyTo } : {}),
        body: editedWords(content.body, phrases),
      };
    case 'recall':
      return { ...rest, body: plainText(phrases.recalled) };
    case 'reaction': {
      const added = reactions?.add.join(' ');
      return { ...rest, body: plainText(added ? phrases.reacted(added) : phrases.unreacted) };
    }
  }
}

/** An edit with empty words removed the caption of an attachment. */
function editedWords(body: Part, phrases: Phrases): Part {
  const empty = leaves(body).every(({ kind }) => kind === 'single') && wordsOf(body) === '';
  return empty && textParts(body).length === leaves(body).length
    ? plainText(phrases.wordsRemoved)
    : bodyOf(ledBy(phrases.edited(''), body));
}

function withoutReply(content: Content, to: Capabilities, phrases: Phrases, note: Note): Content {
  if (content.inReplyTo === undefined || contentKind(content) === 'reaction' || levelOf(to, 'reply') > 0)
    return content;
  note('reply', DEGRADATION_RULES.replyInWords);
  const { inReplyTo: _gone, body, ...rest } = content;
  return { ...rest, body: bodyOf(ledBy(phrases.replied(''), body)) };
}

/** The parts, with a text before the first words. */
function ledBy(lead: string, body: Part): LeafPart[] {
  const [words] = textParts(body);
  const parts = leaves(body);
  if (!words) return [plainText(lead.trimEnd()), ...parts.filter(({ kind }) => kind !== 'null')];
  return parts.map((part) => (part === words ? withLead(words, lead) : part));
}

function bodyShown(body: Part, to: Capabilities, phrases: Phrases, note: Note): Part {
  const parts = leaves(body);
  const shown = parts.map((part) => partShown(part, to, phrases, note));
  if (shown.every((part, at) => part === parts[at])) return body;
  return body.kind === 'multi' ? { ...body, parts: shown } : bodyOf(shown);
}

function partShown(part: LeafPart, to: Capabilities, phrases: Phrases, note: Note): LeafPart {
  switch (part.kind) {
    case 'null':
      return part;
    case 'external':
      return mediaShown(part, to, phrases, note);
    case 'single':
      return singleShown(part, to, phrases, note);
  }
}

function singleShown(part: SinglePart, to: Capabilities, phrases: Phrases, note: Note): LeafPart {
  const place = placeOf(part);
  if (place && levelOf(to, 'location') <= 0) {
    note('location', DEGRADATION_RULES.mapLink);
    return plainText(phrases.location(place.label, mapLink(place)));
  }
  if (part.contentType === LOCATION && !place) {
    note('location', DEGRADATION_RULES.unreadablePlace);
    return plainText(phrases.location(undefined, ''));
  }
  const card = cardOf(part);
  if (card && levelOf(to, 'card') <= 0) {
    note('card', DEGRADATION_RULES.cardInWords);
    return plainText(phrases.card(card.name, card.phone ?? card.id));
  }
  if (isMarkdown(part) && levelOf(to, 'formatting') <= 0) {
    const plain = plainOf(part);
    if (plain !== part.content) note('formatting', DEGRADATION_RULES.plainText);
    return { ...part, ...plainText(plain) };
  }
  return part;
}

/** Placeholder for a missing attachment. Existing attachments are handled by the destination's adapter, which can convert the file. */
function mediaShown(part: ExternalPart, to: Capabilities, phrases: Phrases, note: Note): LeafPart {
  const feature = mediaFeature(part);
  if (part.url !== undefined && levelOf(to, feature) >= 0) return part;
  const why = part.failure ?? '106';
  note(feature, DEGRADATION_RULES.placeholder, why);
  return placeholder(part, mediaInWords(part, why, phrases));
}

/** A sticker is an inline image with a description. */
export function mediaFeature(part: ExternalPart): 'media' | 'sticker' {
  return part.disposition === 'inline' ? 'sticker' : 'media';
}

/**
 * Placeholder: words in place of an attachment. The part keeps the disposition of the attachment, so that an edit of the
 * sender's words keeps the placeholder.
 */
export function placeholder({ disposition }: ExternalPart, words: string): SinglePart {
  return { ...plainText(words), disposition };
}

export function isPlaceholder(part: LeafPart): part is SinglePart {
  return textParts(part).length === 1 && (part.disposition === 'attachment' || part.disposition === 'inline');
}

export function mediaInWords(part: ExternalPart, why: MediaFailure, phrases: Phrases): string {
  return mediaFeature(part) === 'sticker'
    ? phrases.sticker(part.description)
    : phrases.media(mediaKindOf(part), part.filename ?? part.description, why);
}
