import { networkSettings } from '#official-account/settings';

export const wecomSettings = networkSettings('wecom');
