import { runAdapter } from '#adapter-kit';
import { OpenModule } from './open.module.js';

await runAdapter('adapter-open', OpenModule);
