/** Networks, and pairs of networks, that stand for all of their class: the number of pairs grows with the square of that of networks. */
import type { Feature } from '#protocol';
import type { Actor } from './cast.js';

/**
 * Pairs that stand for all that can play a scene about some features: each network plays it with one network of each class, on
 * either side. Networks are of one class when they show the same of these features, in the same language, and both or neither
 * report what was read.
 */
export function ofEachClass<Pair extends { one: Actor; other: Actor }>(
  features: Feature[],
  pairs: Pair[],
  canPlay: (pair: Pair) => boolean = () => true,
): Pair[] {
  const classOf = (actor: Actor): string =>
    [
      actor.capabilities.language,
      ...features.map((feature) => actor.shows(feature)),
      features.includes('read') && actor.can('markRead'),
    ].join();
  const played = new Set<string>();
  return pairs.filter(canPlay).filter(({ one, other }) => {
    const before = played.size;
    played.add(`${one.slug} to ${classOf(other)}`);
    played.add(`${classOf(one)} to ${other.slug}`);
    return played.size > before;
  });
}

/** The first of each class. */
export function firstOfEach<Member>(
  classOf: (member: Member) => string,
  members: readonly Member[],
): Member[] {
  const seen = new Set<string>();
  return members.filter((member) => {
    const before = seen.size;
    return seen.add(classOf(member)).size > before;
  });
}
