/** A simulated Fetion with many accounts, for the bench. */
import { FetionService } from '../../apps/adapter-fetion/simulator/index.js';
import { helpIfAsked } from '#service';

helpIfAsked(
  'fetion-service.main.js <accounts>: a simulated Fetion with so many accounts. npm run bench starts this.\n',
);

const service = await FetionService.open();
const accounts = Array.from({ length: Number(process.argv[2]) }, (_, at) =>
  service.account({ mobile: `13${String(at).padStart(9, '0')}`, password: 'secret' }),
);
process.send?.({
  url: service.httpUrl,
  accounts: accounts.map(({ mobile, password }) => `${mobile} ${password}`),
});
