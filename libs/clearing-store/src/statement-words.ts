/** Words and forms on a statement, in Chinese and English: a bank reads either. */
import type { StatementLine, TransferKind } from '#clearing';
import type { LegalParty } from './statement-heads.repository.js';

export const KIND_WORDS: Record<TransferKind, string> = {
  termination: '落地费 termination',
  switch: '交换费 switch',
  share: '分成 share',
  waiver: '互免 waiver',
  adjustment: '调整 adjustment',
};

export const DIRECTION_WORDS: Record<StatementLine['direction'], string> = { out: '发 out', in: '收 in' };

const CLASS_WORDS: Record<string, string> = {
  message: '消息 message',
  media: '媒体 media',
  sms: '短信 sms',
  contact: '好友 contact',
  group: '群 group',
  call: '呼叫 call',
};

export function classWords(trafficClass: string | null): string {
  return trafficClass === null ? '' : (CLASS_WORDS[trafficClass] ?? trafficClass);
}

/** Both legal names, Chinese first. Empty: the party was not registered as a company. */
export function legalName(company: LegalParty | undefined): string {
  return [company?.zh, company?.en].filter(Boolean).join(' ');
}

/** 2026-11-22 23:00:00 in the zone: the Swedish form of dates is that of ISO 8601. */
export function localTime(at: Date, zone: string): string {
  return new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(at);
}

/** Emoji and pictographs, of which the font of the PDF has few; signs such as © and arrows come before U+231A, and it has them. */
const PICTOGRAPHS =
  /(?:(?![\u00A9-\u2319])[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}])+/gu;
const VARIATION_SELECTORS = /[\uFE00-\uFE0F]/g;

/**
 * Text of people in one line. Characters that control the direction or position of others are removed. Emoji, which would be
 * empty boxes, are written by their numbers in Unicode: "[U+1F389]".
 */
export function printable(text: string): string {
  return text
    .replace(/\s+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Co}]/gu, '')
    .replace(VARIATION_SELECTORS, '')
    .replace(PICTOGRAPHS, (run) => `[${Array.from(run, numberOf).join(' ')}]`)
    .trim();
}

function numberOf(character: string): string {
  return `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`;
}
