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

/** Text of people in one line. Characters that control the direction or position of others are removed. */
export function printable(text: string): string {
  return text
    .replace(/\s+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Co}]/gu, '')
    .trim();
}
