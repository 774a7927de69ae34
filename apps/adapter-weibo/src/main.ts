import { runAdapter } from '#adapter-kit';
import { WeiboModule } from './weibo.module.js';

await runAdapter('adapter-weibo', WeiboModule);
