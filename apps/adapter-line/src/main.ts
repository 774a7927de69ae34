import { runAdapter } from '#adapter-kit';
import { LineModule } from './line.module.js';

await runAdapter('adapter-line', LineModule);
