/** SMS as the rest of the repository sees it. */
import { simulatedBot, simulatedPerson, type NetworkManifest } from '#network-manifest';
import { OPEN_FIELDS } from '#phones';
import { numberOf } from '../simulator/numbers.js';
import { look } from '../simulator/look.js';
import { SMS_CAPABILITIES, smsSettings } from './sms.config.js';

const ACCOUNT = 'hutong';
/** A number of the range that carriers give to services (10690). */
const CODE = '10690001';
/** SMPP has room for eight characters. */
const PASSWORD_LENGTH = 8;

export const sms: NetworkManifest = {
  slug: 'sms',
  slugIsAWord: true,
  name: 'SMS (simulated carrier)',
  app: 'adapter-sms',
  settings: smsSettings,
  capabilities: SMS_CAPABILITIES,
  module: async () => (await import('./sms.module.js')).SmsModule,
  standalone: simulatedBot({
    slug: 'sms',
    ports: { simulator: 8118, adapter: 8119 },
    path: '/',
    routes: [{ kind: 'sms', key: '86' }],
    // For numbers that no app has.
    ladder: ['voice'],
    words: ['laozheng', 'xiaohe'],
    nativeOf: numberOf,
    channel: CODE,
    person: simulatedPerson('sms', {
      abilities: [],
      nobody: '8610000000000',
      fields: OPEN_FIELDS,
      lines: { greeting: '我只有短信，你那边看得到吗？', answer: '看得到，短信也能互通。' },
    }),
    look,
    options: (secretOf) => ({
      protocol: 'smpp' as const,
      account: ACCOUNT,
      secret: secretOf('password').slice(0, PASSWORD_LENGTH),
      service: CODE,
    }),
    // The port of the network is the gateway's; people are controlled through the process of all simulators.
    open: async ({ port: carrierPort, ...options }) =>
      (await import('../simulator/index.js')).SmsSimulator.open({ ...options, carrierPort }),
    // The adapter connects to the gateway.
    connect: () => Promise.resolve(),
    environment: (secretOf, url) => ({
      SMS_PROFILE: 'smpp',
      SMS_HOST: new URL(url).hostname,
      SMS_PORT: new URL(url).port,
      SMS_SYSTEM_ID: ACCOUNT,
      SMS_PASSWORD: secretOf('password').slice(0, PASSWORD_LENGTH),
      SMS_CODE: CODE,
    }),
  }),
  deployment: {
    port: 8119,
    environment: {
      SMS_PROFILE: '${SMS_PROFILE:-smpp}',
      SMS_CODE: '${SMS_CODE:-}',
      SMS_HOST: '${SMS_HOST:-}',
      SMS_PORT: '${SMS_PORT:-}',
      SMS_SYSTEM_ID: '${SMS_SYSTEM_ID:-}',
      SMS_PASSWORD: '${SMS_PASSWORD:-}',
      SMS_ACCOUNT: '${SMS_ACCOUNT:-}',
      SMS_SECRET: '${SMS_SECRET:-}',
      SMS_VERSION: '${SMS_VERSION:-}',
      SMS_SERVICE_ID: '${SMS_SERVICE_ID:-}',
      SMS_CORPORATION_ID: '${SMS_CORPORATION_ID:-}',
      SMS_NODE: '${SMS_NODE:-}',
      SMS_SIGNATURE: '${SMS_SIGNATURE:-}',
    },
  },
};
