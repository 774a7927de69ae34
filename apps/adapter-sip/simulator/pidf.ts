/** Presence documents: PIDF (RFC 3863), with the person and activities of RFC 4479 and RFC 4480. */
import { all, escapeXml, first, readXml } from './xml-texts.js';

export const PIDF_TYPE = 'application/pidf+xml';

export type PresenceState = 'online' | 'away' | 'busy' | 'offline';

export interface Presence {
  state: PresenceState;
  mood?: string;
}

/** Activities that mean that a person is there, and would rather not be disturbed. */
const BUSY = ['busy', 'on-the-phone', 'meeting', 'appointment', 'in-transit', 'presentation', 'performance'];
const AWAY = [
  'away',
  'permanent-absence',
  'sleeping',
  'vacation',
  'holiday',
  'meal',
  'breakfast',
  'dinner',
  'travel',
];

export function writePidf(entity: string, { state, mood }: Presence, at: Date): Buffer {
  const activity = state === 'away' || state === 'busy' ? state : undefined;
  const note = mood ? escapeXml(mood) : undefined;
  const person = [
    ...(activity ? [`<rpid:activities><rpid:${activity}/></rpid:activities>`] : []),
    ...(note === undefined ? [] : [`<dm:note>${note}</dm:note>`]),
  ];
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\r\n<presence xmlns="urn:ietf:params:xml:ns:pidf"` +
      ` xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid"` +
      ` entity="${escapeXml(entity)}"><tuple id="phone">` +
      `<status><basic>${state === 'offline' ? 'closed' : 'open'}</basic></status>` +
      `<contact>${escapeXml(entity)}</contact>` +
      `${note === undefined ? '' : `<note>${note}</note>`}<timestamp>${at.toISOString()}</timestamp></tuple>` +
      `${person.length ? `<dm:person id="person">${person.join('')}</dm:person>` : ''}</presence>\r\n`,
  );
}

/** One open tuple is enough to be there. @returns undefined for what is no presence */
export function readPidf(text: string): Presence | undefined {
  const root = readXml(text);
  if (root?.name !== 'presence') return undefined;
  const isOpen = all(root, 'basic').some(({ text: basic }) => basic.toLowerCase() === 'open');
  const activities = all(root, 'activities').flatMap(({ children }) => children.map(({ name }) => name));
  const mood = first(root, 'note')?.text;
  const state = !isOpen
    ? 'offline'
    : activities.some((name) => AWAY.includes(name))
      ? 'away'
      : activities.some((name) => BUSY.includes(name))
        ? 'busy'
        : 'online';
  return { state, ...(mood ? { mood } : {}) };
}
