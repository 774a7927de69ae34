import { network } from '#protocol';
import { runAdapter } from '#adapter-kit';
import { OpenAdapter } from './open.adapter.js';
import { openSettings } from './open.config.js';
import { OpenMediaController } from './media.controller.js';
import { OpenController } from './open.controller.js';

await runAdapter({
  name: 'adapter-open',
  settings: openSettings,
  create: (settings, log) => new OpenAdapter(network(settings.NETWORK), settings, log),
  controllers: () => [OpenController, OpenMediaController],
  attach: (adapter, server, tools) => adapter.attach(server, tools),
});
