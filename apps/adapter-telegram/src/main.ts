import { runAdapter } from '#adapter-kit';
import { TelegramModule } from './telegram.module.js';

await runAdapter('adapter-telegram', TelegramModule);
