/** The conversation of `npm run demo`: who says what to whom, made of the lines that the manifests of the networks give. */
import type { LocalAbility } from '#adapter-contract';
import type { NetworkPerson } from '#network-manifest';

export type Line =
  | { who: string; to: string; say: string }
  | { who: string; to: string; answer: number; say: string }
  | { who: string; to: string; edit: number; say: string }
  | { who: string; to: string; react: number; emoji: string }
  | { who: string; to: string; recall: number };

interface Speaker {
  slug: string;
  person: Pick<NetworkPerson, 'abilities' | 'lines'>;
}

const MISTAKEN = 'This line was meant for somebody else.';

/**
 * Everybody greets the next in the round, who answers as well as their client can: as a reply, with a reaction, with a
 * slip that an edit corrects, with a line that is recalled. Numbers name an earlier line, counted from 0.
 */
export function scriptOf(speakers: readonly Speaker[]): Line[] {
  return speakers.reduce<Line[]>((lines, greeting, at) => {
    const answering = speakers[(at + 1) % speakers.length];
    return answering && answering !== greeting
      ? [...lines, ...exchange(greeting, answering, lines.length)]
      : lines;
  }, []);
}

/** @param at number of its first line */
function exchange(greeting: Speaker, answering: Speaker, at: number): Line[] {
  const { abilities, lines } = answering.person;
  const can = (ability: LocalAbility) => abilities.includes(ability);
  const back = { who: answering.slug, to: greeting.slug };
  const first = can('edit') ? withSlip(lines.answer) : lines.answer;
  const played: Line[] = [
    { who: greeting.slug, to: answering.slug, say: greeting.person.lines.greeting },
    can('reply') ? { ...back, answer: at, say: first } : { ...back, say: first },
  ];
  if (can('edit')) played.push({ ...back, edit: at + 1, say: lines.answer });
  if (can('react')) played.push({ ...back, react: at, emoji: '🎉' });
  if (can('recall')) played.push({ ...back, say: MISTAKEN }, { ...back, recall: at + played.length });
  return played;
}

/** "Loud and claer": two letters of the longest word change places. */
function withSlip(text: string): string {
  const [longest = ''] = text.split(/[^\p{L}]+/u).sort((one, other) => other.length - one.length);
  const middle = Math.floor(longest.length / 2);
  const slipped =
    longest.slice(0, middle - 1) +
    longest.charAt(middle) +
    longest.charAt(middle - 1) +
    longest.slice(middle + 1);
  return text.replace(longest, slipped);
}
