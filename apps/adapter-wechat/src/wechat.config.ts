import { networkSettings } from '#official-account/settings';

export const wechatSettings = networkSettings('wechat');
