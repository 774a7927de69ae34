/** Details of the steps of a message in the language of the person. A detail that is no known phrase stays as it is. */
import { featureTexts } from '../../../parts/features/text';
import type { TextSet } from '../../../text/text-set';
import type { Say } from '../../../text/use-text';
import { detailTexts, resolutionTexts, ruleTexts } from './text';

const CONVERTED = /^turned into (\S+)$/;
const LOST = /^(\w+): (.+)$/;

export interface DetailWords {
  resolution: Say<typeof resolutionTexts>;
  rule: Say<typeof ruleTexts>;
  feature: Say<typeof featureTexts>;
  more: Say<typeof detailTexts>;
}

function keyOf<Set extends TextSet>(texts: Set, english: string): (keyof Set & string) | undefined {
  return Object.keys(texts).find((key) => texts[key]?.en === english);
}

function ruleIn(rule: string, { rule: say, more }: DetailWords): string {
  const type = CONVERTED.exec(rule)?.[1];
  if (type !== undefined) return more('converted', { type });
  const key = keyOf(ruleTexts, rule);
  return key ? say(key) : rule;
}

function pieceIn(piece: string, words: DetailWords): string {
  const resolution = keyOf(resolutionTexts, piece);
  if (resolution) return words.resolution(resolution);
  const [, feature = '', rule = ''] = LOST.exec(piece) ?? [];
  if (!Object.hasOwn(featureTexts, feature)) return piece;
  return words.more('lost', {
    feature: words.feature(feature as keyof typeof featureTexts),
    rule: ruleIn(rule, words),
  });
}

/** @param detail as the API gives it: phrases with semicolons between them */
export function detailIn(detail: string, words: DetailWords): string {
  return detail
    .split('; ')
    .map((piece) => pieceIn(piece, words))
    .join('; ');
}
