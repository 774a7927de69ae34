import { runAdapter } from '#adapter-kit';
import { OneBotModule } from './onebot.module.js';

await runAdapter('adapter-onebot', OneBotModule);
