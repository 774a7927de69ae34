import { runAdapter } from '#adapter-kit';
import { YunxinModule } from './yunxin.module.js';

await runAdapter('adapter-yunxin', YunxinModule);
