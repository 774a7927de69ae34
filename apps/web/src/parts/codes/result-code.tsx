import { Tag, Tooltip } from 'antd';
import { useText } from '../../text/use-text';
import { codeRemedyTexts, codeTexts } from './text';

type Known = keyof typeof codeTexts;

export function isKnown(code: string): code is Known {
  return Object.hasOwn(codeTexts, code);
}

const SUCCESSES = new Set(['00', '08', '94', '104']);

/** A result code with its meaning. */
export function ResultCode({ code }: { code: string }) {
  const say = useText(codeTexts);
  const remedy = useText(codeRemedyTexts);
  if (!isKnown(code)) return <Tag className="hostile">{code}</Tag>;
  return (
    <Tooltip title={remedy(code)}>
      <span>
        <Tag color={SUCCESSES.has(code) ? 'success' : 'error'} variant="outlined">
          {code}
        </Tag>{' '}
        {say(code)}
      </span>
    </Tooltip>
  );
}

/** What to do about a result code. */
export function useCodeRemedy(): (code: string) => string | undefined {
  const remedy = useText(codeRemedyTexts);
  return (code) => (isKnown(code) ? remedy(code) : undefined);
}
