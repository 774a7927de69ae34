import { runAdapter } from '#adapter-kit';
import { XmppModule } from './xmpp.module.js';

await runAdapter('adapter-xmpp', XmppModule);
