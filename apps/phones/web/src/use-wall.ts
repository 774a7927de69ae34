/** The state of the wall: what the server has told, and whether it can be reached. */
import { useEffect, useReducer, useState } from 'react';
import { apply, EMPTY_WALL, type WallState } from '../../shared/chats.js';
import type { WallEvent, WallView } from '../../shared/events.js';
import { Refused, type Api } from './api.js';

export type Reached = 'connecting' | 'yes' | 'lost' | 'locked';

export function useWall(api: Api): { view: WallView | undefined; state: WallState; reached: Reached } {
  const [state, tell] = useReducer(
    (before: WallState, events: WallEvent[]) => events.reduce(apply, before),
    EMPTY_WALL,
  );
  const [view, setView] = useState<WallView>();
  const [reached, setReached] = useState<Reached>('connecting');
  useEffect(() => {
    const closing = new AbortController();
    const run = async () => {
      try {
        await api.follow(tell, (lost) => setReached(lost ? 'lost' : 'yes'), closing.signal);
      } catch (error) {
        if (error instanceof Refused) setReached('locked');
      }
    };
    run().catch(() => setReached('lost'));
    api.wall().then(setView, () => undefined);
    return () => closing.abort();
  }, [api]);
  return { view, state, reached };
}
