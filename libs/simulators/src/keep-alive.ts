/** Longer than the pauses of a client on a slow machine: a request that is sent while the server closes an idle connection is lost. */
export const KEEP_ALIVE = { keepAliveTimeout: 60_000 };
