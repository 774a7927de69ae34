import { networkSettings } from '#official-account';

export const wechatSettings = networkSettings('wechat');
