import { networkSettings } from '#official-account';

export const wecomSettings = networkSettings('wecom');
