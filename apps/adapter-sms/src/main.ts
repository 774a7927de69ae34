import { runAdapter } from '#adapter-kit';
import { SmsModule } from './sms.module.js';

await runAdapter('adapter-sms', SmsModule);
