import { Link } from '@tanstack/react-router';
import { Alert } from 'antd';
import { useText } from '../text/use-text';
import { partTexts } from './text';

/** Says that a change waits for a second person. @param change its id; undefined: shows nothing */
export function Proposed({ change }: { change: string | undefined }) {
  const say = useText(partTexts);
  if (change === undefined) return null;
  return (
    <Alert
      type="info"
      showIcon
      role="status"
      title={say('proposed')}
      action={
        <Link to="/changes" search={{ filter: change }}>
          {say('toChange')}
        </Link>
      }
    />
  );
}
