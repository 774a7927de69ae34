/** What time it is: injected where deadlines depend on it, so that a test need not wait for them. */
export type Clock = () => Date;
export const CLOCK = Symbol('clock');
export const wallClock: Clock = () => new Date();
