/** Reasons of a certification report in Chinese. Pure. */
import { reasonTexts } from './text';

interface Form {
  pattern: RegExp;
  zh: string;
}

const PLACE = /\{(\w+)\}/g;

/** What is put in becomes a named group. Forms with more fixed words come first: `{what} did not arrive` fits almost everything. */
const FORMS: Form[] = Object.values(reasonTexts)
  .toSorted((one, other) => fixedLength(other.en) - fixedLength(one.en))
  .map(({ zh, en }) => ({ zh, pattern: new RegExp(`^${patternOf(en)}$`, 's') }));

function fixedLength(text: string): number {
  return text.replaceAll(PLACE, '').length;
}

function patternOf(text: string): string {
  return text
    .split(PLACE)
    .map((part, at) => (at % 2 === 0 ? part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&') : `(?<${part}>.*)`))
    .join('');
}

/** @returns the reason in Chinese, with the same ids and codes; undefined: a reason of another version of the suite */
export function reasonInChinese(reason: string): string | undefined {
  for (const { pattern, zh } of FORMS) {
    const found = pattern.exec(reason);
    if (!found) continue;
    return zh.replaceAll(PLACE, (_, name: string) => {
      const value = found.groups?.[name] ?? '';
      return reasonInChinese(value) ?? value;
    });
  }
  return undefined;
}
