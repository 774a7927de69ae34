/** What the hub says -> the text and the number of a message to one person. Pure. */
import type { SmsSettings } from './sms.config.js';

type Signing = Pick<SmsSettings, 'SMS_SIGNATURE' | 'SMS_SIGNATURE_AT'>;

/** Characters that no telephone shows, and that some gateways refuse. */
const CONTROLS = /[^\P{Cc}\n\r]/gu;

/** The text as it is sent, with the signature that the carrier registered. */
export function shownText(text: string, { SMS_SIGNATURE: name, SMS_SIGNATURE_AT: at }: Signing): string {
  const plain = text.toWellFormed().replace(CONTROLS, ' ');
  if (name === '') return plain;
  return at === 'start' ? `【${name}】${plain}` : `${plain}【${name}】`;
}

/** Our number with the suffix that names a conversation. @param number undefined: there is none for it */
export function serviceNumber(code: string, number: number | undefined, digits: number): string {
  return number === undefined ? code : code + String(number).padStart(digits, '0');
}
