/** Locations (GeoJSON, RFC 7946) and contact cards (vCard, RFC 6350) as parts of a message. */
import { z } from 'zod';
import { parseJson } from './parse-json.js';
import { CARD, LOCATION, type SinglePart } from './content.js';

export interface Place {
  latitude: number;
  longitude: number;
  label?: string | undefined;
}

const Point = z.object({
  type: z.literal('Feature'),
  geometry: z.object({
    type: z.literal('Point'),
    coordinates: z.array(z.number().min(-1e9).max(1e9)).min(2).max(3),
  }),
  properties: z.object({ name: z.string().max(2000).optional() }).nullable(),
});

export function locationPart({ latitude, longitude, label }: Place): SinglePart {
  const feature: z.infer<typeof Point> = {
    type: 'Feature',
    // GeoJSON has the longitude first.
    geometry: { type: 'Point', coordinates: [longitude, latitude] },
    properties: label === undefined ? null : { name: label },
  };
  return { kind: 'single', disposition: 'render', contentType: LOCATION, content: JSON.stringify(feature) };
}

/** @returns undefined for a part that is no readable location */
export function placeOf(part: { contentType: string; content: string }): Place | undefined {
  if (part.contentType !== LOCATION) return undefined;
  const point = Point.safeParse(parseJson(Buffer.from(part.content))).data;
  if (!point) return undefined;
  const [longitude = 0, latitude = 0] = point.geometry.coordinates;
  return { latitude, longitude, label: point.properties?.name };
}

/** `geo:<latitude>,<longitude>` (RFC 5870); undefined for anything else. */
export function readGeoUri(text: string): Place | undefined {
  const match = /^geo:(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)(?:[,;?].*)?$/.exec(text.trim());
  const [latitude, longitude] = [Number(match?.[1]), Number(match?.[2])];
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : undefined;
}

/** A link that every phone can open. */
export function mapLink({ latitude, longitude }: Place): string {
  return `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
}

export interface Card {
  name: string;
  phone?: string | undefined;
  /** Not a telephone number: an id on the source network. */
  id?: string | undefined;
}

export function cardPart({ name, phone, id }: Card): SinglePart {
  const lines = [
    'BEGIN:VCARD',
    'VERSION:4.0',
    `FN:${escaped(name)}`,
    ...(phone === undefined ? [] : [`TEL;VALUE=text:${escaped(phone)}`]),
    ...(id === undefined ? [] : [`X-ID:${escaped(id)}`]),
    'END:VCARD',
  ];
  return { kind: 'single', disposition: 'render', contentType: CARD, content: lines.join('\r\n') };
}

export function cardOf(part: { contentType: string; content: string }): Card | undefined {
  if (part.contentType !== CARD) return undefined;
  // Long lines are folded (RFC 6350 §3.2).
  const card = part.content.replace(/\r?\n[ \t]/g, '');
  const value = (name: string) =>
    unescaped(new RegExp(`^${name}(?:;[^:\\r\\n]*)?:(.*)$`, 'im').exec(card)?.[1]?.trim());
  return { name: value('FN') ?? '', phone: value('TEL'), id: value('X-ID') };
}

function escaped(text: string): string {
  return text.replace(/([\\,;])/g, '\\$1').replace(/\r?\n/g, '\\n');
}

function unescaped(text: string | undefined): string | undefined {
  return text?.replace(/\\(.)/g, (_, char: string) => (char === 'n' || char === 'N' ? '\n' : char));
}
