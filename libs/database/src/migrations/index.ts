/** Migrations, oldest first; run at start under a lock. Add a class, never change one that was released. */
import { Clearing1763910000000 } from './clearing.js';
import { Exchange1763900000000 } from './exchange.js';
import { First1763800000000, MediaUse1763800000001 } from './first.js';

export const MIGRATIONS = [
  First1763800000000,
  MediaUse1763800000001,
  Exchange1763900000000,
  Clearing1763910000000,
];
