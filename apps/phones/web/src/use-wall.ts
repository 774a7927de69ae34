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
        setView(await api.wall());
      } catch (error) {
        // Following, which begins now, shows the same.
        setReached(error instanceof Refused ? 'locked' : 'lost');
      }
      try {
        await api.follow(tell, (lost) => setReached(lost ? 'lost' : 'yes'), closing.signal);
      } catch (error) {
        setReached(error instanceof Refused ? 'locked' : 'lost');
      }
    };
    run().catch(() => setReached('lost'));
    return () => closing.abort();
  }, [api]);
  return { view, state, reached };
}
