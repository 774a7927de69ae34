import { usePreferences } from '../../text/preferences';
import { caseRemedies, caseTitles } from './cases/text';
import type { Case } from './compare';
import { reasonInChinese } from './reason/reasons';

export const RUN_COLOURS = {
  running: 'processing',
  passed: 'success',
  failed: 'error',
  aborted: 'default',
} as const;

export const VERDICT_COLOURS = {
  pass: 'success',
  fail: 'error',
  skipped: 'default',
  pending: 'default',
  running: 'processing',
} as const;

export const STATE_COLOURS = {
  draft: 'default',
  sandbox: 'processing',
  certified: 'success',
  expired: 'warning',
  revoked: 'error',
} as const;

function isKnown(id: string): id is keyof typeof caseTitles {
  return Object.hasOwn(caseTitles, id);
}

/** Titles, reasons and remedies in the language of the person. A case of another version of the suite has the title of its report. */
export function useCaseWords() {
  const { language } = usePreferences();
  return {
    title: ({ id, title }: Pick<Case, 'id' | 'title'>) => (isKnown(id) ? caseTitles[id][language] : title),
    remedy: (id: string) => (isKnown(id) ? caseRemedies[id][language] : undefined),
    /** Of another version of the suite: as in the report. */
    reason: (text: string) => (language === 'zh' ? (reasonInChinese(text) ?? text) : text),
  };
}
