/** Waits for what a person's phone shows. */
import type { Person, Sight } from '#simulators';

export function shown(person: Person, wanted: Partial<Sight>): Promise<Sight> {
  return new Promise((resolve) => {
    const look = (): void => {
      const found = person.timeline.find((sight) =>
        Object.entries(wanted).every(([key, value]) => sight[key as keyof Sight] === value),
      );
      if (!found) return;
      end();
      resolve(found);
    };
    const end = person.onSight(look);
    look();
  });
}
