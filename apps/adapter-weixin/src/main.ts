import { runAdapter } from '#adapter-kit';
import { WeixinModule } from './weixin.module.js';

await runAdapter('adapter-weixin', WeixinModule);
