import { runAdapter } from '#adapter-kit';
import { WecomModule } from './wecom.module.js';

await runAdapter('adapter-wecom', WecomModule);
