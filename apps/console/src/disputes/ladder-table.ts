/** The ladder for people to read, made from the ladder itself. */
import { ACTOR_OF, LADDER, type Action, type OpenState } from './ladder.js';

export function ladderTable(): string {
  const rows = (Object.keys(LADDER) as OpenState[]).map((state) => {
    const { days, awaits, moves, silence } = LADDER[state];
    const next = Object.entries(moves)
      .map(([action, to]) => `${ACTOR_OF[action as Action]}: \`${action}\` → \`${to}\``)
      .join(', ');
    return `| \`${state}\` | ${days} | ${awaits} | ${next || '–'} | ${said(silence)} |`;
  });
  return ['| state | days | waits for | next step | silence means |', '|---|---|---|---|---|', ...rows].join(
    '\n',
  );
}

function said(silence: string): string {
  if (silence in LADDER) return `\`${silence}\``;
  return `\`closed\`, ${silence === 'as ruled' ? silence : silence.replace('for ', 'for the ')}`;
}
