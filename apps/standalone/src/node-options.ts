/**
 * Options of the Node processes of an installation on one machine, which has little traffic and should leave the machine its
 * memory. In production the operator chooses them.
 *
 * Measured with seven networks: without them the processes had 2,200 MB RSS in total, with them 1,600 MB.
 */
export const SMALL_PROCESS = [
  // V8 otherwise keeps up to 100 MB for new objects of a process that once started quickly.
  '--max-semi-space-size=1',
  // Collects garbage earlier, and compiles less code in advance.
  '--optimize-for-size',
];
