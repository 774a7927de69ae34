import { runAdapter } from '#adapter-kit';
import { QqModule } from './qq.module.js';

await runAdapter('adapter-qq', QqModule);
