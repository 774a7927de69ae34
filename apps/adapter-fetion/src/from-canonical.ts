/** Events -> what a Fetion client would send. Pure. */
import { letterShortcuts } from '#emoji';
import type { Availability, MessageEvent } from '#protocol';
import { plainWords } from '#text';
import type { Header } from './sipc-frame.js';

export interface Outgoing {
  headers: Header[];
  body: string;
}

export function message(uri: string, text: string): Outgoing {
  return {
    headers: [
      ['T', uri],
      ['C', 'text/plain'],
      ['K', 'SaveHistory'],
      ['N', 'CatMsg'],
    ],
    body: text,
  };
}

/** Clients of Fetion show no emoji, but pictures in place of shortcuts such as `(y)`. */
export function textOf(event: MessageEvent): string {
  return letterShortcuts.toShortcuts(plainWords(event.data.content.body));
}

/** @returns undefined for an unknown presence, which Fetion cannot show */
export function basicPresence(availability: Availability): number | undefined {
  switch (availability) {
    case 'available':
      return 400;
    case 'away':
    case 'xa':
      return 100;
    case 'dnd':
      return 600;
    case 'offline':
      return 0;
    case 'unknown':
      return undefined;
  }
}
