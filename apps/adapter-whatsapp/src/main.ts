import { runAdapter } from '#adapter-kit';
import { WhatsAppModule } from './whatsapp.module.js';

await runAdapter('adapter-whatsapp', WhatsAppModule);
