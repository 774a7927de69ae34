/** Events of the console make queries stale; what is on the screen is then read again. */
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { LiveConnection, type LiveState } from './live-connection';
import { LiveNews, type LiveEvent } from './live-news';
import { meQuery } from './session';

const connection = new LiveConnection();
/** Events that come together cause one reading. */
const TOGETHER_MS = 300;
/** ms between two readings while changes come as events; some figures have no event. */
const WHILE_LIVE_MS = 60_000;

function staleIn(queries: QueryClient): (event: LiveEvent) => void {
  const news = new LiveNews();
  const stale = new Set<unknown>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const readAgain = () => {
    timer = undefined;
    const keys = new Set(stale);
    stale.clear();
    queries
      .invalidateQueries({ predicate: ({ queryKey: [first] }) => keys.has(first) })
      .catch((error: unknown) => reportError(error));
  };
  return (event) => {
    // The session has ended, perhaps in another window: ask who is signed in.
    const signedOut = event.name === 'bye' && event.data['reason'] === 'signed-out';
    const keys = signedOut ? meQuery.queryKey : news.staleAfter(event);
    const all = queries.getQueryCache().getAll();
    for (const key of keys === 'all' ? all.map(({ queryKey: [first] }) => first) : keys) stale.add(key);
    if (stale.size > 0) timer ??= setTimeout(readAgain, TOGETHER_MS);
  };
}

/** Keeps the stream of events open. For the frame of all screens. */
export function useLiveEvents(): LiveState {
  const queries = useQueryClient();
  useEffect(() => connection.start(staleIn(queries)), [queries]);
  return useSyncExternalStore(connection.subscribe, () => connection.state);
}

/** @returns ms until something that has events is read again: seldom while they come */
export function pollMs(withoutEvents: number): number {
  return connection.state === 'live' ? Math.max(withoutEvents, WHILE_LIVE_MS) : withoutEvents;
}
