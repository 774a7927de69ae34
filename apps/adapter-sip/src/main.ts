import { runAdapter } from '#adapter-kit';
import { SipModule } from './sip.module.js';

await runAdapter('adapter-sip', SipModule);
