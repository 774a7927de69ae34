export { accountModule } from './account.module.js';
export { CallbackController } from './callback.controller.js';
export { OfficialAccountAdapter } from './official-account.adapter.js';
export type { PlatformProfile } from './profile.js';
export { networkSettings } from './settings.js';
