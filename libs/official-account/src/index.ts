export { accountModule } from './account.module.js';
export { CallbackController } from './callback.controller.js';
export type { CallbackTaking } from './callback.edge.js';
export { plainReply, type CallbackSecrets, type Envelope } from './callback.js';
export { readFields } from './fields.js';
export { OfficialAccountAdapter } from './official-account.adapter.js';
export type { PlatformProfile } from './profile.js';
export { networkSettings } from './settings.js';
