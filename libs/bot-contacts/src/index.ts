export { BotAccount, type BotAct, type BotActor } from './bot-account.js';
export { BotInbox, type BotContent, type BotMessage } from './bot-inbox.js';
export * from './correspondents.js';
export { typedAddress } from './read-line.js';
export { recordRefusal } from './refused-input.js';
