import { network } from '#protocol';
import { runAdapter } from '#adapter-kit';
import { AppserviceController } from './appservice.controller.js';
import { MatrixAdapter } from './matrix.adapter.js';
import { matrixSettings } from './matrix.config.js';

await runAdapter({
  name: 'adapter-matrix',
  settings: matrixSettings,
  create: (settings, log) => new MatrixAdapter(network(settings.NETWORK), settings, log),
  controllers: () => [AppserviceController],
});
