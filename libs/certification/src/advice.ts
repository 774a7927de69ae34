/** What a report says besides its cases: what the level allows, and what to do about each failure. Pure functions. */
import { classesCovered, type CertificationLevel, type TrafficClass } from '#protocol';
import type { Documented } from './case.js';
import { CASES } from './suite.js';

const WORDS: Record<TrafficClass, string> = {
  message: 'texts',
  contact: 'contact requests',
  sms: 'SMS',
  media: 'attachments',
  group: 'groups',
  call: 'calls',
};

export function allowedWords(level: CertificationLevel | null): string {
  if (level === null) return 'The adapter exchanges messages with test networks only.';
  const classes = classesCovered(level).map((one) => WORDS[one]);
  return `The adapter may exchange with other networks, as agreements allow: ${classes.join(', ')}.`;
}

export interface Advice {
  remedy: string;
  documented: Documented;
}

/** undefined: a case of another version of the suite */
export function adviceFor(id: string): Advice | undefined {
  return CASES.find((one) => one.id === id);
}

export function documentedWords({ file, heading }: Documented): string {
  return `docs/${file}, “${heading}”`;
}
