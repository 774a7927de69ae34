/** The ladder for people to read, made from the ladder itself. */
import {
  ACTOR_OF,
  LADDER,
  REMINDER_DAYS,
  REVIEW_DAYS,
  RULING_DAYS,
  type Action,
  type AwaitingState,
} from './ladder.js';

export function ladderTable(): string {
  const stages = (Object.keys(LADDER) as AwaitingState[]).map((state) => {
    const { days, awaits, moves, defaultFor } = LADDER[state];
    const next = Object.entries(moves).map(
      ([action, to]) => `${ACTOR_OF[action as Action]}: \`${action}\` → \`${to}\``,
    );
    return `| \`${state}\` | ${days} + ${REMINDER_DAYS} | ${awaits} | ${next.join(', ')} | default for the ${defaultFor} |`;
  });
  return [
    '| state | days | waits for | next step | without it |',
    '|---|---|---|---|---|',
    ...stages,
    `| \`default_pending_review\` | ${REVIEW_DAYS} | admin | admin: \`confirm-default\` → \`closed\`, admin: \`overturn-default\` → the stage before | \`closed\`, as the default says |`,
    `| \`arbitrated\` | ${RULING_DAYS} | nobody | – | \`closed\`, as ruled |`,
  ].join('\n');
}
