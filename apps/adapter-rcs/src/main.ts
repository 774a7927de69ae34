import { runAdapter } from '#adapter-kit';
import { RcsModule } from './rcs.module.js';

await runAdapter('adapter-rcs', RcsModule);
