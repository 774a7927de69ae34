import { Alert, Button } from 'antd';
import { ApiProblem } from '../api/problem';
import { problemPage } from '../format/anchor';
import { usePreferences } from '../text/preferences';
import { useText } from '../text/use-text';
import { partTexts, remedyTexts } from './text';

/** An error with its code and what to do. */
export function ProblemAlert({ error, retry }: { error: unknown; retry?: () => void }) {
  const say = useText(partTexts);
  const remedy = useText(remedyTexts);
  const { language } = usePreferences();
  const problem = error instanceof ApiProblem ? error : undefined;
  const kind = problem?.kind ?? 'other';
  const action = remedy(kind in remedyTexts ? (kind as keyof typeof remedyTexts) : 'other');
  const detail = problem?.detail || (error instanceof Error ? error.message : String(error));
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={detail || problem?.title || kind}
      description={
        <>
          <div>{action}</div>
          {problem?.retryAfter !== undefined && <div>{say('wait', { seconds: problem.retryAfter })}</div>}
          <div className="quiet">
            {say('code')}{' '}
            {kind in remedyTexts && problem?.status ? (
              <a href={problemPage(kind, language)} target="_blank" rel="noreferrer">
                <code>{kind}</code>
              </a>
            ) : (
              <code>{kind}</code>
            )}
          </div>
        </>
      }
      action={retry && <Button onClick={retry}>{say('retry')}</Button>}
    />
  );
}
