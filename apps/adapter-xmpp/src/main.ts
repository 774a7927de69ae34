import { network } from '#protocol';
import { runAdapter } from '#adapter-kit';
import { XmppAdapter } from './xmpp.adapter.js';
import { xmppSettings } from './xmpp.config.js';

await runAdapter({
  name: 'adapter-xmpp',
  settings: xmppSettings,
  create: (settings, log) => new XmppAdapter(network(settings.NETWORK), settings, log),
});
