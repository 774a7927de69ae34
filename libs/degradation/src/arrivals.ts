/** In which form a feature of one network arrives in another one, by the capability documents of the two. Pure. */
import { levelOf, mapLink, PHRASES, type Capabilities, type Feature } from '#protocol';

export const ARRIVAL_FORMS = [
  /** People of the source network do not have the feature. */
  'absent',
  'unchanged',
  'partly',
  'plain-text',
  /** As a text, in the language of the destination. */
  'words',
  'not-shown',
  'dropped',
  /** The sender gets code 12. */
  'refused',
] as const;
export type ArrivalForm = (typeof ARRIVAL_FORMS)[number];

export type Arrival = { form: Exclude<ArrivalForm, 'words'> } | { form: 'words'; words: string };

const PLACE = { latitude: 39.94, longitude: 116.39 };

export function arrivalOf(feature: Feature, from: Capabilities, to: Capabilities): Arrival {
  // A feature that people of a network do not have is never degraded elsewhere.
  if (levelOf(from, feature) <= 0 && feature !== 'media' && feature !== 'sticker' && feature !== 'location')
    return { form: 'absent' };
  switch (levelOf(to, feature)) {
    case 2:
      return { form: 'unchanged' };
    case 1:
      return { form: 'partly' };
    case 0:
      return fallback(feature, to);
    case -1:
      return { form: 'dropped' };
    case -2:
      return { form: 'refused' };
  }
}

/** What the recipient gets in place of a feature that the destination does not have. */
function fallback(feature: Feature, { language }: Capabilities): Arrival {
  const phrases = PHRASES[language];
  const inWords = (words: string): Arrival => ({ form: 'words', words });
  switch (feature) {
    case 'formatting':
      return { form: 'plain-text' };
    case 'reply':
      return inWords(phrases.replied('…'));
    case 'edit':
      return inWords(phrases.edited('…'));
    case 'recall':
      return inWords(phrases.recalled);
    case 'reaction':
      return inWords(phrases.reacted('👍'));
    case 'media':
      return inWords(phrases.media('image', undefined, '106'));
    case 'sticker':
      return inWords(phrases.sticker('…'));
    case 'location':
      return inWords(phrases.location('…', mapLink(PLACE).replace(/\?.*/, '…')));
    case 'card':
      return inWords(phrases.card('…', undefined));
    case 'call':
      return inWords(phrases.callComes('voice', '…'));
    case 'text':
    case 'delivered':
    case 'read':
    case 'typing':
    case 'presence':
    case 'contact':
      return { form: 'not-shown' };
  }
}
