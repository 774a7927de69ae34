/** What people send beside texts and files: locations, cards and stickers. */
import type { Phone } from '#phones';
import type { Body } from '../shared/events.js';
import type { Act } from './acts.js';

export type Thing = Extract<Act, { do: 'place' | 'card' | 'sticker' }>;

/** @returns native id of the message. @throws Error when the clients of the network cannot send it */
export async function sendThing(phone: Phone, peer: string, thing: Thing): Promise<string> {
  switch (thing.do) {
    case 'place':
      return phone.sendPlace(peer, thing);
    case 'card':
      return phone.sendCard?.(peer, { name: thing.name, phone: thing.phone }) ?? cannot();
    case 'sticker':
      return phone.sendSticker?.(peer, thing.meaning) ?? cannot();
  }
}

/** As the phone of the sender shows it. */
export function bodyOfThing(thing: Thing): Body {
  switch (thing.do) {
    case 'place':
      return { kind: 'place', text: `${thing.label} ${thing.latitude}, ${thing.longitude}`.trim() };
    case 'card':
      return { kind: 'card', text: `${thing.name} ${thing.phone}` };
    case 'sticker':
      return { kind: 'sticker', text: thing.meaning };
  }
}

export function cannot(): never {
  throw new Error('the clients of this network cannot do this');
}
