/** The Nest module of Weibo: it is called as the WeChat family is. */
import { webhookModule } from '#adapter-webhook';
import { CallbackController } from '#official-account';
import { network } from '#protocol';
import { WeiboAdapter } from './weibo.adapter.js';
import { weiboSettings } from './weibo.config.js';

export const WeiboModule = webhookModule(
  weiboSettings,
  [CallbackController],
  (settings, log) => new WeiboAdapter(network(settings.NETWORK), settings, log),
);
