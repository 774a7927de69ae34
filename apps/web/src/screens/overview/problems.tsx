import { Link } from '@tanstack/react-router';
import { Alert, Flex } from 'antd';
import type { Problem } from '../../api/overview';
import { Moment } from '../../parts/moment';
import { useText } from '../../text/use-text';
import { problemTexts, todoTexts } from './problem/text';
import { overviewTexts } from './text';

function isKnown(kind: string): kind is keyof typeof problemTexts {
  return Object.hasOwn(problemTexts, kind);
}

/** The day and party of a statement, from its number: HT20260301-fetion. */
function statementIn(number: string): { date: string; party: string } | undefined {
  const [, year, month, day, party] = /^HT(\d{4})(\d\d)(\d\d)-(.+)$/.exec(number) ?? [];
  return party === undefined ? undefined : { date: `${year}-${month}-${day}`, party };
}

/** To the page where something can be done about it. */
function Way({ problem: { kind, subject } }: { problem: Problem }) {
  const text = useText(overviewTexts)('openProblem');
  switch (kind) {
    case 'network-unavailable':
    case 'network-suspended':
    case 'certificate-expires':
    case 'credential-expires':
      return (
        <Link to="/networks" search={{ network: subject }}>
          {text}
        </Link>
      );
    case 'dead-letters':
      return (
        <Link to="/dead-letters" search={{ filter: subject }}>
          {text}
        </Link>
      );
    case 'webhook-disabled':
      return (
        <Link to="/settings" search={{ tab: 'webhooks' }}>
          {text}
        </Link>
      );
    case 'position-overdue': {
      const statement = statementIn(subject);
      return statement ? (
        <Link to="/days" search={statement}>
          {text}
        </Link>
      ) : null;
    }
    case 'day-not-closed':
      return (
        <Link to="/days" search={{ date: subject }}>
          {text}
        </Link>
      );
  }
}

/** What is not well, with what to do; first on the screen. */
export function Problems({ problems }: { problems: Problem[] }) {
  const say = useText(overviewTexts);
  const sayProblem = useText(problemTexts);
  const sayTodo = useText(todoTexts);
  if (problems.length === 0)
    return <Alert type="success" showIcon title={say('well')} description={say('wellTeach')} />;
  return (
    <Flex vertical gap="small" role="region" aria-label={say('problems', { count: problems.length })}>
      {problems.map((problem) => (
        <Alert
          key={`${problem.kind} ${problem.subject}`}
          type={problem.severity === 'critical' ? 'error' : 'warning'}
          showIcon
          title={
            <span className="hostile">
              {isKnown(problem.kind) ? sayProblem(problem.kind, { subject: problem.subject }) : problem.words}
            </span>
          }
          action={<Way problem={problem} />}
          description={
            <>
              <span className="hostile">{isKnown(problem.kind) ? sayTodo(problem.kind) : problem.todo}</span>
              {problem.at && (
                <span className="quiet">
                  {' '}
                  <Moment at={problem.at} only="relative" />
                </span>
              )}
            </>
          }
        />
      ))}
    </Flex>
  );
}
