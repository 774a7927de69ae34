export { BOT_ID, userIdOf } from './ids.js';
export type { TelegramPerson } from './telegram-person.js';
export { TelegramSimulator, type TelegramOptions } from './telegram-simulator.js';
