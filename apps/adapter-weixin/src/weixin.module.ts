/** The Nest module of personal WeChat. */
import { adapterModule } from '#adapter-kit';
import { network } from '#protocol';
import { WeixinAdapter } from './weixin.adapter.js';
import { weixinSettings } from './weixin.config.js';

export const WeixinModule = adapterModule(
  weixinSettings,
  (settings, log) => new WeixinAdapter(network(settings.NETWORK), settings, log),
);
