/** Two processes of the SIP adapter with one address, where phones register. */
import { freePort } from '#engines';
import { oneProcessWorks } from '../../../test/contract/one-process-works.js';
import { openPhones, settingsOf } from './sip.home.js';

oneProcessWorks(async (hub) => {
  const port = await freePort();
  const phones = await openPhones(port, { retryMs: 500 });
  const person = phones.person('ann');
  return {
    slug: 'youxin',
    app: 'adapter-sip',
    settings: settingsOf(hub, port),
    person,
    ready: () => person.whenRegistered(),
    close: () => phones.close(),
  };
});
