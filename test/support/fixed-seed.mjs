/** Runs before each test file: properties of fast-check use the seed of the run, so that a failure can be repeated. */
import fc from 'fast-check';

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.TEST_SEED ?? 1) });
