export { ACCOUNT_NUMBER, BUSINESS_ID, numberOf, PHONE_ID } from './ids.js';
export type { WhatsAppPerson } from './whatsapp-person.js';
export { WhatsAppSimulator, type WhatsAppOptions } from './whatsapp-simulator.js';
