import { network } from '#protocol';
import { runAdapter } from '#adapter-kit';
import { CaptchaController } from './captcha.controller.js';
import { FetionAdapter } from './fetion.adapter.js';
import { fetionSettings } from './fetion.config.js';

await runAdapter({
  name: 'adapter-fetion',
  settings: fetionSettings,
  create: (settings, log) => new FetionAdapter(network(settings.NETWORK), settings, log),
  controllers: () => [CaptchaController],
});
