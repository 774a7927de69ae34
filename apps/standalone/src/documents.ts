/** Every document that is made from the code, by file name. */
import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { DatabasePulse } from '#database';
import { adapterSettings } from '#adapter-kit';
import { BusLink } from '#bus';
import { problemsPage } from '#http';
import { asyncApi, jsonSchema, resultCodesPage } from '#protocol';
import { describeSettings, LOG, metricsPage, metricsSettings, SETTINGS, silentLog } from '#service';
import { z } from 'zod';
import { FETION_CAPABILITIES } from '../../adapter-fetion/src/fetion.capabilities.js';
import { fetionSettings } from '../../adapter-fetion/src/fetion.config.js';
import { matrixCapabilities } from '../../adapter-matrix/src/matrix.capabilities.js';
import { matrixSettings } from '../../adapter-matrix/src/matrix.config.js';
import { openInterfaceAsyncApi, openInterfaceOpenApi } from '../../adapter-open/src/documents.js';
import { openSettings } from '../../adapter-open/src/open.config.js';
import { capabilitiesOf, loadProfile, PROFILE_NAMES } from '../../adapter-open/src/profiles.js';
import { wechatSettings } from '../../adapter-wechat/src/wechat.config.js';
import { OFFICIAL_ACCOUNT, WECOM } from '../../adapter-wechat/src/wechat.profiles.js';
import { xmppCapabilities } from '../../adapter-xmpp/src/xmpp.capabilities.js';
import { xmppSettings } from '../../adapter-xmpp/src/xmpp.config.js';
import { yixinSettings } from '../../adapter-yixin/src/yixin.config.js';
import { YIXIN } from '../../adapter-yixin/src/yixin.profile.js';
import { YUNXIN_CAPABILITIES } from '../../adapter-yixin/src/yunxin/yunxin.capabilities.js';
import { clearingSettings } from '../../clearing/src/clearing.config.js';
import { createHttp } from '../../console/src/console.app.js';
import { consoleSettings } from '../../console/src/console.config.js';
import { CLOCK, wallClock } from '../../console/src/core/clock.js';
import { ConsoleBus } from '../../console/src/core/console-bus.js';
import { CoreModule } from '../../console/src/core/core.module.js';
import { openApi } from '../../console/src/http/open-api.js';
import { CoreModule as MediaGatewayCore } from '../../media-gateway/src/core/core.module.js';
import { createHttp as createMediaGatewayHttp } from '../../media-gateway/src/media-gateway.app.js';
import { mediaGatewaySettings } from '../../media-gateway/src/media-gateway.config.js';
import { openApi as mediaGatewayDocument } from '../../media-gateway/src/open-api.js';
import { recorderSettings } from '../../recorder/src/recorder.config.js';
import { switchSettings } from '../../switch/src/switch.config.js';
import { degradationPage } from './degradation-page.js';

export async function generatedDocuments(): Promise<Record<string, string>> {
  // Only the shape of the API is read: nothing connects.
  const core = CoreModule.of([
    { provide: SETTINGS, useValue: {} },
    { provide: LOG, useValue: silentLog },
    { provide: CLOCK, useValue: wallClock },
    { provide: DataSource, useValue: {} },
    { provide: ConsoleBus, useValue: { link: { options: {} } } },
    { provide: DatabasePulse, useValue: {} },
  ]);
  const app = await createHttp(core, silentLog);
  return {
    'asyncapi.json': json(asyncApi()),
    'event.schema.json': json(jsonSchema()),
    'openapi.json': json(openApi(app)),
    'media-gateway.openapi.json': json(await mediaGatewayOpenApi()),
    'result-codes.md': resultCodesPage(),
    'problems.md': problemsPage(),
    'metrics.md': await metricsPage(),
    'settings.md': settingsPage(),
    'degradation.md': degradationPage(NETWORKS),
    'open-interface.asyncapi.json': json(openInterfaceAsyncApi()),
    'open-interface.openapi.json': json(openInterfaceOpenApi()),
  };
}

async function mediaGatewayOpenApi(): Promise<object> {
  const core = MediaGatewayCore.of([
    { provide: SETTINGS, useValue: {} },
    { provide: LOG, useValue: silentLog },
    { provide: BusLink, useValue: { options: {} } },
  ]);
  return mediaGatewayDocument(await createMediaGatewayHttp(core, silentLog));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

export const APPS: Record<string, z.ZodObject> = {
  'every process': z.object(metricsSettings),
  switch: switchSettings,
  console: consoleSettings,
  recorder: recorderSettings,
  clearing: clearingSettings,
  'media-gateway': mediaGatewaySettings,
  'every adapter': adapterSettings,
  'adapter-xmpp': xmppSettings,
  'adapter-matrix': matrixSettings,
  'adapter-fetion': fetionSettings,
  'adapter-wechat': wechatSettings,
  'adapter-yixin': yixinSettings,
  'adapter-open': openSettings,
};

const NETWORKS = {
  xmpp: xmppCapabilities(100),
  matrix: matrixCapabilities(50),
  fetion: FETION_CAPABILITIES,
  wechat: OFFICIAL_ACCOUNT.capabilities,
  wecom: WECOM.capabilities,
  yixin: YIXIN.capabilities,
  yunxin: YUNXIN_CAPABILITIES,
  ...Object.fromEntries(
    PROFILE_NAMES.map((name) => [
      name === 'generic' ? 'open' : name,
      capabilitiesOf(name, loadProfile(name)),
    ]),
  ),
};

function settingsPage(): string {
  const lines = [
    '# Settings',
    '',
    'Environment variables, read once at start; a wrong one stops the app with a line that names it. Generated by `npm run docs`.',
    '',
  ];
  for (const [app, schema] of Object.entries(APPS)) {
    lines.push(`## ${app}`, '', '| name | default | what |', '|---|---|---|');
    for (const { name, default: fallback, what } of describeSettings(schema))
      lines.push(`| \`${name}\` | ${fallback} | ${what} |`);
    lines.push('');
  }
  return lines.join('\n');
}
