export {
  FetionService,
  type AccountWish as FetionAccountWish,
  type FetionAccount,
  type FetionOptions,
} from './fetion-service.js';
// The names that another network's simulator may have as well.
export type { Faults as FetionFaults } from './faults.js';
export type { Subscriber as FetionSubscriber } from './subscriber.js';
export type { Relation as FetionRelation } from './users.js';
