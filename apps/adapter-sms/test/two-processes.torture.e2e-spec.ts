/** Two processes of the SMS adapter with one login at a carrier. */
import { oneProcessWorks } from '../../../test/contract/one-process-works.js';
import { numberOf } from '../simulator/index.js';
import { openCarrier, settingsOf } from './sms.home.js';

oneProcessWorks(async () => {
  const carrier = await openCarrier('smpp');
  const port = String(carrier.carrierPort);
  return {
    slug: 'sms',
    app: 'adapter-sms',
    settings: settingsOf('smpp', { host: '127.0.0.1', port, listen: 0 }),
    person: carrier.person(numberOf('lin')),
    sessions: () => carrier.links,
    close: () => carrier.close(),
  };
});
