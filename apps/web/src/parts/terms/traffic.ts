/** Classes of traffic and kinds of routes, of which agreements, tariffs and statements speak. */
import { useText } from '../../text/use-text';
import type { TextSet } from '../../text/text-set';
import { classTexts, routeTexts } from './text';

function useWord(texts: TextSet): (name: string) => string {
  const say = useText(texts);
  return (name) => (Object.hasOwn(texts, name) ? say(name) : name);
}

/** A class of traffic in words. */
export function useClassWord(): (name: string) => string {
  return useWord(classTexts);
}

/** A kind of route in words. */
export function useRouteWord(): (name: string) => string {
  return useWord(routeTexts);
}
