/** Longer than a client on a slow machine pauses: at the end of it, what he sends just then is lost. */
export const KEEP_ALIVE = { keepAliveTimeout: 60_000 };
