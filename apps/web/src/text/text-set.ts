/** Texts of a screen. Both languages stand together, so that a new text cannot be added in one of them alone. */
export type Language = 'zh' | 'en';
export const LANGUAGES = ['zh', 'en'] as const satisfies readonly Language[];
export type TextPair = Readonly<Record<Language, string>>;
export type TextSet = Readonly<Record<string, TextPair>>;

/** Names of the arguments of an ICU message: `{count, plural, ...}` and `{name}`. */
function argumentsOf(message: string): string[] {
  const names = new Set<string>();
  let depth = 0;
  for (const match of message.matchAll(/\{\s*([a-zA-Z]\w*)\s*(,|\})|\{|\}/g)) {
    const [, name, end] = match;
    if (name !== undefined) names.add(name);
    if (match[0] === '{' || end === ',') depth++;
    else if (match[0] === '}') depth--;
  }
  if (depth !== 0) names.add('(unbalanced braces)');
  return [...names].sort();
}

/** @returns what is missing or different between the languages of a set */
export function faultsOfTexts(texts: TextSet): string[] {
  return Object.entries(texts).flatMap(([key, pair]) => {
    const missing = LANGUAGES.filter((language) => !pair[language]?.trim());
    if (missing.length > 0) return missing.map((language) => `${key}: no text in "${language}"`);
    const [zh, en] = [argumentsOf(pair.zh).join(), argumentsOf(pair.en).join()];
    return zh === en ? [] : [`${key}: "zh" takes {${zh}}, "en" takes {${en}}`];
  });
}
