/** The Nest module of QQ. */
import { webhookModule } from '#adapter-webhook';
import { network } from '#protocol';
import { QqAdapter } from './qq.adapter.js';
import { QqCallbackController } from './qq.callback.js';
import { qqSettings, type QqSettings } from './qq.config.js';
import { OfficialProfile } from './official/official.profile.js';
import { OneBotProfile } from './onebot/onebot.profile.js';
import type { Log } from '#service';

export const QqModule = webhookModule(qqSettings, [QqCallbackController], (settings, log) =>
  qqAdapter(settings, log),
);

export function qqAdapter(settings: QqSettings, log: Log): QqAdapter {
  const profile =
    settings.QQ_PROFILE === 'official'
      ? new OfficialProfile(settings, log)
      : new OneBotProfile(settings, log);
  return new QqAdapter(network(settings.NETWORK), profile, log);
}
