/** Longer than the pauses of a slow client: a request is lost if it is sent while the server closes an idle connection. */
export const KEEP_ALIVE = { keepAliveTimeout: 60_000 };
