/** Dead letters by cause: the same code and the same words. */
import type { Schemas } from '../../api/contract';

export type Letter = Schemas['DeadLetterRow'];

export interface Group {
  key: string;
  reason: string;
  detail: string;
  letters: Letter[];
  networks: string[];
  newest: string;
}

/** Ids, numbers and hashes differ between letters of the same cause. */
function cause(detail: string): string {
  return detail.replace(/[0-9a-f]{8,}|\d+/gi, '…').slice(0, 200);
}

export function groupsOf(letters: readonly Letter[]): Group[] {
  const groups = new Map<string, Letter[]>();
  for (const letter of letters) {
    const key = `${letter.reason} ${cause(letter.detail)}`;
    groups.set(key, [...(groups.get(key) ?? []), letter]);
  }
  return [...groups]
    .map(([key, own]) => ({
      key,
      reason: own[0]?.reason ?? '',
      detail: own[0]?.detail ?? '',
      letters: own,
      networks: [...new Set(own.map(({ network }) => network))].sort(),
      newest: own.reduce((latest, { at }) => (at > latest ? at : latest), ''),
    }))
    .sort((a, b) => b.letters.length - a.letters.length);
}
