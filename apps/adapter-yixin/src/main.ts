import { runAdapter } from '#adapter-kit';
import { YixinModule } from './yixin.module.js';

await runAdapter('adapter-yixin', YixinModule);
