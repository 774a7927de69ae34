/** The lifecycle as a Markdown table for docs/disputes.md. */
import {
  ACTOR_OF,
  LIFECYCLE,
  REMINDER_DAYS,
  REVIEW_DAYS,
  RULING_DAYS,
  type Action,
  type AwaitingState,
} from './lifecycle.js';

export function lifecycleTable(): string {
  const states = (Object.keys(LIFECYCLE) as AwaitingState[]).map((state) => {
    const { days, awaits, moves, defaultFor } = LIFECYCLE[state];
    const next = Object.entries(moves).map(
      ([action, to]) => `${ACTOR_OF[action as Action]}: \`${action}\` → \`${to}\``,
    );
    return `| \`${state}\` | ${days} + ${REMINDER_DAYS} | ${awaits} | ${next.join(', ')} | default for the ${defaultFor} |`;
  });
  return [
    '| state | deadline, days | who has to act | next step | after the deadline |',
    '|---|---|---|---|---|',
    ...states,
    `| \`default_pending_review\` | ${REVIEW_DAYS} | admin | admin: \`confirm-default\` → \`closed\`, admin: \`overturn-default\` → the state before | \`closed\`, as the default ruling says |`,
    `| \`arbitrated\` | ${RULING_DAYS} | nobody | – | \`closed\`, as ruled |`,
  ].join('\n');
}
