/** Presence documents: PIDF (RFC 3863) with the activities of RPID (RFC 4480). Pure. */
import type { Availability } from '#protocol';
import { escapeXml, readXml, type XmlElement } from '#service';
import { localChild, localName } from './imdn.js';

export const PIDF_TYPE = 'application/pidf+xml';
const NS = {
  pidf: 'urn:ietf:params:xml:ns:pidf',
  model: 'urn:ietf:params:xml:ns:pidf:data-model',
  rpid: 'urn:ietf:params:xml:ns:pidf:rpid',
};
const LONGEST_NOTE = 500;

export interface Presence {
  availability: Availability;
  statusText?: string;
}

const BUSY = new Set(['busy', 'on-the-phone', 'meeting', 'presentation', 'performance', 'in-transit']);
const AWAY = new Set(['away', 'meal', 'travel', 'sleeping', 'vacation', 'permanent-absence', 'holiday']);

/** @returns undefined: no presence document */
export function readPidf(text: string): Presence | undefined {
  const root = readXml(text);
  if (!root || localName(root.name) !== 'presence') return undefined;
  const note = noteOf(root);
  return { availability: availabilityOf(root), ...(note ? { statusText: note } : {}) };
}

/** Open if any tuple is (RFC 3863 §4.1.4); without a basic status nobody knows. */
function availabilityOf(root: XmlElement): Availability {
  const tuples = root.children.filter(({ name }) => localName(name) === 'tuple');
  const basics = tuples.map((tuple) => localChild(localChild(tuple, 'status'), 'basic')?.text.trim());
  const activities = allElements(root)
    .filter(({ name }) => localName(name) === 'activities')
    .flatMap(({ children }) => children.map(({ name }) => localName(name)));
  if (!basics.includes('open')) return basics.includes('closed') ? 'offline' : 'unknown';
  if (activities.some((activity) => BUSY.has(activity))) return 'dnd';
  return activities.some((activity) => AWAY.has(activity)) ? 'away' : 'available';
}

function noteOf(root: XmlElement): string | undefined {
  const note = allElements(root).find(({ name, text }) => localName(name) === 'note' && text.trim() !== '');
  return note?.text.trim().slice(0, LONGEST_NOTE);
}

function allElements(root: XmlElement): XmlElement[] {
  return [root, ...root.children.flatMap(allElements)];
}

export function printPidf(entity: string, { availability, statusText }: Presence): string {
  const basic = availability === 'offline' || availability === 'unknown' ? 'closed' : 'open';
  const activity = activityOf(availability);
  const note = statusText ? `<note>${escapeXml(statusText)}</note>` : '';
  const person =
    activity === undefined
      ? ''
      : `<dm:person id="p1"><rpid:activities><rpid:${activity}/></rpid:activities></dm:person>`;
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\r\n` +
    `<presence xmlns="${NS.pidf}" xmlns:dm="${NS.model}" xmlns:rpid="${NS.rpid}" entity="${escapeXml(entity)}">` +
    `<tuple id="t1"><status><basic>${basic}</basic></status>${note}</tuple>${person}</presence>`
  );
}

function activityOf(availability: Availability): string | undefined {
  switch (availability) {
    case 'away':
    case 'xa':
      return 'away';
    case 'dnd':
      return 'busy';
    case 'available':
    case 'offline':
    case 'unknown':
      return undefined;
  }
}
