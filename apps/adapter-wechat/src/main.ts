import { runAdapter } from '#adapter-kit';
import { WechatModule } from './wechat.module.js';

await runAdapter('adapter-wechat', WechatModule);
