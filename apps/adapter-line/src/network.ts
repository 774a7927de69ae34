/** LINE as the rest of the repository sees it. */
import { simulatedBot, simulatedPerson, type NetworkManifest } from '#network-manifest';
import { OPEN_FIELDS } from '#phones';
import { ACCOUNT_ID, userIdOf } from '../simulator/ids.js';
import { look } from '../simulator/look.js';
import { LINE_CAPABILITIES, lineSettings } from './line.config.js';

export const line: NetworkManifest = {
  slug: 'line',
  slugIsAWord: true,
  name: 'LINE (simulated official account)',
  app: 'adapter-line',
  settings: lineSettings,
  capabilities: LINE_CAPABILITIES,
  module: async () => (await import('./line.module.js')).LineModule,
  standalone: simulatedBot({
    slug: 'line',
    ports: { simulator: 8098, adapter: 8099 },
    path: '/webhook',
    words: ['aoi', 'emi'],
    nativeOf: userIdOf,
    channel: ACCOUNT_ID,
    person: simulatedPerson('line', {
      abilities: ['reply', 'recall', 'sendFile'],
      nobody: userIdOf('nobody'),
      fields: OPEN_FIELDS,
      lines: { greeting: 'Hello from LINE!', answer: 'Nice to read you here.' },
    }),
    look,
    options: (secretOf) => ({ channelSecret: secretOf('secret'), channelToken: secretOf('token') }),
    open: async (options) => (await import('../simulator/index.js')).LineSimulator.open(options),
    connect: (simulator, url) => simulator.connect(url),
    environment: (secretOf, LINE_API_URL) => ({
      LINE_API_URL,
      LINE_DATA_URL: LINE_API_URL,
      LINE_CHANNEL_SECRET: secretOf('secret'),
      LINE_CHANNEL_TOKEN: secretOf('token'),
    }),
  }),
  deployment: {
    port: 8099,
    isCalled: true,
    environment: {
      LINE_CHANNEL_SECRET: '${LINE_CHANNEL_SECRET:-}',
      LINE_CHANNEL_TOKEN: '${LINE_CHANNEL_TOKEN:-}',
      MEDIA_HOSTS: '${LINE_MEDIA_HOSTS:-profile.line-scdn.net}',
    },
  },
};
