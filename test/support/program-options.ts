/**
 * Options of Node for the programs that tests start: those of the jest worker are not for them. `npm test` names a module that
 * starts their bundles, which load in half the CPU time (docs/decisions/0024). Without it they start as they are compiled.
 */
export const PROGRAM_OPTIONS = { NODE_OPTIONS: process.env['TEST_PROGRAM_OPTIONS'] ?? '' };

/** For tests of what is delivered: the program as it is compiled. */
export const AS_COMPILED = { NODE_OPTIONS: '' };
