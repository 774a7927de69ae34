/** The current time. Injected into code with deadlines, so that tests do not have to wait. */
export type Clock = () => Date;
export const CLOCK = Symbol('clock');
export const wallClock: Clock = () => new Date();
